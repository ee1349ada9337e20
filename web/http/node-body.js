// The body of a message of node:http as a BodySource: reads from the socket only when asked, so that the memory held is
// what node:http has read in one go (64 KiB).

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {import('./body-source.js').BodySource}
 */
export function createNodeSource(incoming) {
  /** @type {{resolve: (piece: Uint8Array | null) => void, reject: (error: Error) => void} | null} */
  let waiting = null;
  let ended = false;
  /** @type {Error | null} */
  let failure = null;

  // Else the stream reads 64 KiB ahead of who asks. The server's option of that name is its sockets' too, and a server
  // whose sockets have 0 stops reading.
  /** @type {any} */ (incoming)._readableState.highWaterMark = 0;
  incoming.on('readable', deliver);
  incoming.once('end', () => {
    ended = true;
    waiting?.resolve(null);
    waiting = null;
  });
  incoming.once('error', fail);
  incoming.once('close', () => fail(new Error('the body broke off')));

  function deliver() {
    // Without anybody who waits the piece stays in the stream, which then reads no further.
    const piece = waiting && incoming.read();
    if (!piece) return;
    waiting?.resolve(piece);
    waiting = null;
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
        if (ended) resolve(null);
        else if (failure) reject(failure);
        else {
          waiting = { resolve, reject };
          deliver();
        }
      });
    },
    cancel() {
      // What still comes may now flow by.
      incoming.off('readable', deliver);
    },
  };
}
