// Reads the client's body, counts, times and scans it, and lets through only what has been scanned. The newest chunk
// is always held back until the next one (or the end) has passed the scanner: with the exact content-length that is
// sent upstream, a request in which anything is wrong can never be complete there, so the service never acts on it.
import { clientGone, ProxyError, refused, tooLarge } from '../errors.js';

/**
 * @typedef {object} ScannedBody
 * @property {() => Promise<Uint8Array | null>} next the next scanned chunk, null after the last; rejects with a
 *   ProxyError when the body is refused, too slow, or the client went away
 * @property {() => boolean} complete true once all was scanned and accepted (the last chunk may just be on its way)
 * @property {() => number} bytesRead
 * @property {() => void} cancel stops reading
 */

/**
 * @typedef {object} Pace
 * @property {number} idleMs how long the client may send nothing
 * @property {number} totalMs how long the whole body may take
 * @property {number} minBytesPerSecond on the average of the time spent waiting for the client, once that is `idleMs`
 */

/** Small chunks are gathered up to so many bytes, and no longer than so: a service gives up on a silent connection. */
const GATHER_BYTES = 16_384;
const GATHER_MS = 5_000;

/**
 * @param {import('../../http/body-source.js').BodySource} source
 * @param {import('./form-scanner.js').Scanner} scanner
 * @param {{length: number, limit: number, pace: Pace, signal: AbortSignal}} options `length` is the declared
 *   content-length, checked against what comes
 * @returns {ScannedBody}
 */
export function createScannedBody(source, scanner, { length, limit, pace, signal }) {
  const reader = createPacedReader(source, pace, signal);
  const held = createHolder();
  let bytesRead = 0;
  let complete = false;

  /** @param {Uint8Array} chunk @returns {Uint8Array} what goes on, perhaps nothing for now */
  function accept(chunk) {
    bytesRead += chunk.length;
    if (bytesRead > limit) throw tooLarge();
    if (bytesRead > length) throw refused(400, 'the body is longer than its content-length');
    return scanner.push(chunk);
  }

  async function next() {
    while (!complete) {
      const chunk = await reader.read();
      if (chunk === null) {
        if (bytesRead !== length) throw refused(400, 'the body is shorter than its content-length');
        scanner.end();
        complete = true;
        reader.stop();
      } else if (chunk.length > 0) {
        const scanned = accept(chunk);
        const ready = scanned.length > 0 ? held.exchange(scanned) : null;
        if (ready) return ready;
      }
    }
    return held.release();
  }

  return {
    next,
    complete: () => complete,
    bytesRead: () => bytesRead,
    cancel() {
      reader.stop();
      source.cancel();
    },
  };
}

/**
 * Holds what came last. Crumbs of a slow client are joined, so that hundreds of such clients cost the proxy and the
 * service few writes.
 */
function createHolder() {
  /** @type {Uint8Array | null} */
  let held = null;
  let joined = 0; // bytes of `held` in use, when it is a buffer for crumbs
  let since = 0;

  function release() {
    const ready = held && joined > 0 ? held.subarray(0, joined) : held;
    held = null;
    joined = 0;
    return ready;
  }

  /** @param {Uint8Array} chunk */
  function join(chunk) {
    const size = held ? joined || held.length : 0;
    if (!held || size + chunk.length > GATHER_BYTES || performance.now() - since > GATHER_MS) return false;
    if (joined === 0) {
      const buffer = new Uint8Array(GATHER_BYTES);
      buffer.set(held);
      held = buffer;
    }
    held.set(chunk, size);
    joined = size + chunk.length;
    return true;
  }

  return {
    /**
     * Takes a chunk; gives back what was held when the two do not fit together.
     *
     * @param {Uint8Array} chunk
     */
    exchange(chunk) {
      if (join(chunk)) return null;
      const ready = release();
      held = chunk;
      since = performance.now();
      return ready;
    },
    release,
  };
}

/**
 * Reads with the client's patience limits. One timer and one listener serve the whole body: a pair for each of its
 * chunks costs more than scanning them.
 *
 * @param {import('../../http/body-source.js').BodySource} source
 * @param {Pace} pace
 * @param {AbortSignal} signal aborted when the client goes away
 */
function createPacedReader(source, { idleMs, totalMs, minBytesPerSecond }, signal) {
  const started = performance.now();
  let waitedMs = 0;
  let bytes = 0;
  /** @type {{since: number, reject: (error: unknown) => void} | null} */
  let waiting = null;
  let timer = setTimeout(watch, Math.min(idleMs, totalMs));
  const gone = () => waiting?.reject(clientGone());
  signal.addEventListener('abort', gone, { once: true });

  function watch() {
    const now = performance.now();
    const idleAt = (waiting?.since ?? now) + idleMs;
    const due = waiting ? Math.min(idleAt, started + totalMs) : idleAt;
    if (waiting && now >= due) waiting.reject(tooSlow());
    timer = setTimeout(watch, Math.max(due - now, 1));
  }

  /** @param {Uint8Array | null} chunk */
  function measure(chunk) {
    const now = performance.now();
    waitedMs += now - (waiting?.since ?? now);
    bytes += chunk?.length ?? 0;
    if (chunk && waitedMs >= idleMs && bytes * 1000 < waitedMs * minBytesPerSecond) throw tooSlow();
    return chunk;
  }

  return {
    /** @returns {Promise<Uint8Array | null>} */
    async read() {
      const since = performance.now();
      if (signal.aborted) throw clientGone();
      if (since - started >= totalMs) throw tooSlow();
      try {
        const chunk = await new Promise((resolve, reject) => {
          waiting = { since, reject };
          source.read().then(resolve, reject);
        });
        return measure(chunk);
      } catch (error) {
        // A body that breaks off in the middle is a client that went away.
        throw error instanceof ProxyError ? error : clientGone();
      } finally {
        waiting = null;
      }
    },
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    },
  };
}

function tooSlow() {
  return refused(408, 'the request body came too slowly');
}
