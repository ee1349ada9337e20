// Reads bodies to their end into memory, for calls that may become the circuit breaker's probe: a probe must not depend on
// how fast its client sends. All of them together hold a bounded number of bytes.
import { unavailable } from '../errors.js';

/**
 * @typedef {object} Gathering
 * @property {(body: Pick<import('./scanned-body.js').ScannedBody, 'next'>, queue: Uint8Array[]) => Promise<void>} gather
 *   appends the rest of the body to `queue`; rejects like `body.next`, and with UNAVAILABLE when there is no room
 */

/**
 * Eight of the longest bodies. When they are full, those that have been here for `patienceMs` make room: clients that
 * send slowly cannot keep others away.
 *
 * @param {{maxBytes?: number, patienceMs?: number, now?: () => number}} [options]
 * @returns {Gathering}
 */
export function createGathering({
  maxBytes = 32 << 20,
  patienceMs = 5_000,
  now = () => performance.now(),
} = {}) {
  /** @typedef {{bytes: number, since: number, giveUp: () => void}} Entry */
  /** @type {Set<Entry>} in the order in which they came */
  const entries = new Set();
  let total = 0;

  /** @param {Entry} entry */
  function leave(entry) {
    if (entries.delete(entry)) total -= entry.bytes;
  }

  /** @param {number} bytes @param {Entry} entry that needs them */
  function makeRoom(bytes, entry) {
    while (total + bytes > maxBytes) {
      const [oldest] = entries;
      if (oldest === entry || now() - oldest.since < patienceMs) throw noRoom();
      leave(oldest);
      oldest.giveUp();
    }
    total += bytes;
    entry.bytes += bytes;
  }

  return {
    async gather(body, queue) {
      /** @type {Entry} */
      const entry = { bytes: 0, since: now(), giveUp: () => {} };
      const givenUp = new Promise((_, reject) => {
        entry.giveUp = () => reject(noRoom());
      });
      givenUp.catch(() => {}); // when nobody waits at that moment
      entries.add(entry);
      try {
        for (;;) {
          const piece = await Promise.race([body.next(), givenUp]);
          if (piece === null) return;
          makeRoom(piece.length, entry);
          queue.push(piece);
        }
      } finally {
        leave(entry);
      }
    },
  };
}

function noRoom() {
  return unavailable('the service is being tried out; nothing was sent', { retryAfterMs: 1000 });
}
