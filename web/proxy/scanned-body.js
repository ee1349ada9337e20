// Reads the client's body, counts, times and scans it, and lets through only what has been scanned. The newest chunk
// is always held back until the next one (or the end) has passed the scanner: with the exact content-length that is
// sent upstream, a request in which anything is wrong can never be complete there, so the service never acts on it.
import { clientGone, ProxyError, refused, tooLarge } from './errors.js';

/**
 * @typedef {object} ScannedBody
 * @property {() => Promise<Uint8Array | null>} next the next scanned chunk, null after the last; rejects with a
 *   ProxyError when the body is refused, too slow, or the client went away
 * @property {() => boolean} complete true once all was scanned and accepted (the last chunk may just be on its way)
 * @property {() => number} bytesRead
 * @property {() => Promise<void>} cancel stops reading
 */

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {import('./form-scanner.js').Scanner} scanner
 * @param {{length: number, limit: number, idleMs: number, totalMs: number, signal: AbortSignal}} options `length` is
 *   the declared content-length, checked against what comes
 * @returns {ScannedBody}
 */
export function createScannedBody(stream, scanner, { length, limit, idleMs, totalMs, signal }) {
  const reader = stream.getReader();
  const deadline = performance.now() + totalMs;
  /** @type {Uint8Array | null} */
  let held = null;
  let bytesRead = 0;
  let complete = false;

  async function read() {
    const wait = Math.min(idleMs, deadline - performance.now());
    const result = await withTimeout(reader.read(), Math.max(wait, 0), signal);
    return result.done ? null : result.value;
  }

  /** @param {Uint8Array} chunk */
  function accept(chunk) {
    bytesRead += chunk.length;
    if (bytesRead > limit) throw tooLarge();
    if (bytesRead > length) throw refused(400, 'the body is longer than its content-length');
    scanner.push(chunk);
  }

  async function next() {
    while (!complete) {
      const chunk = await read();
      if (chunk === null) {
        if (bytesRead !== length) throw refused(400, 'the body is shorter than its content-length');
        scanner.end();
        complete = true;
      } else if (chunk.length > 0) {
        accept(chunk);
        const ready = held;
        held = chunk;
        if (ready) return ready;
      }
    }
    const ready = held;
    held = null;
    return ready;
  }

  return {
    next,
    complete: () => complete,
    bytesRead: () => bytesRead,
    cancel: () => reader.cancel().catch(() => {}),
  };
}

/**
 * @template T
 * @param {Promise<T>} promise of the client's next bytes
 * @param {number} ms
 * @param {AbortSignal} signal aborted when the client goes away
 * @returns {Promise<T>}
 */
function withTimeout(promise, ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(refused(408, 'the request body came too slowly'))),
      ms,
    );
    const gone = () => settle(() => reject(clientGone()));
    /** @param {() => void} action */
    function settle(action) {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
      action();
    }
    signal.addEventListener('abort', gone, { once: true });
    if (signal.aborted) gone();
    promise.then(
      (value) => settle(() => resolve(value)),
      // A body that breaks off in the middle is a client that went away.
      (error) => settle(() => reject(error instanceof ProxyError ? error : clientGone())),
    );
  });
}
