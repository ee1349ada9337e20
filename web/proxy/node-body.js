// The body of a message of node:http as a BodySource: reads from the socket only when asked, so that the memory held is
// what node:http has read in one go (64 KiB).

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {import('./body-source.js').BodySource}
 */
export function createNodeSource(incoming) {
  /** @type {Buffer[]} pieces that came before they were asked for */
  const early = [];
  /** @type {{resolve: (piece: Uint8Array | null) => void, reject: (error: Error) => void} | null} */
  let waiting = null;
  let cancelled = false;
  let ended = false;
  /** @type {Error | null} */
  let failure = null;

  incoming.pause();
  incoming.on('data', (/** @type {Buffer} */ piece) => {
    if (cancelled) return; // the rest of a body that nobody reads
    incoming.pause();
    if (waiting) settle(piece);
    else early.push(piece);
  });
  incoming.once('end', () => {
    ended = true;
    if (waiting) settle(null);
  });
  incoming.once('error', fail);
  incoming.once('close', () => fail(new Error('the body broke off')));

  /** @param {Buffer | null} piece */
  function settle(piece) {
    const { resolve } = /** @type {NonNullable<typeof waiting>} */ (waiting);
    waiting = null;
    resolve(piece);
  }

  /** @param {Error} error */
  function fail(error) {
    if (ended) return;
    failure ??= error;
    waiting?.reject(failure);
    waiting = null;
  }

  return {
    read() {
      return new Promise((resolve, reject) => {
        const piece = early.shift();
        if (piece) resolve(piece);
        else if (ended) resolve(null);
        else if (failure) reject(failure);
        else {
          waiting = { resolve, reject };
          incoming.resume();
        }
      });
    },
    cancel() {
      cancelled = true;
      early.length = 0;
    },
  };
}
