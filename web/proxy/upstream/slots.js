// How many requests may be under way at once: uploads, calls to the service among them, and a short queue before the
// calls. First come, first served; who would wait in vain is told at once. Nobody has more than a share of anything.

import { createShares } from '../../http/shares.js';
import { clientGone, tooManyAtOnce, unavailable } from '../errors.js';

/**
 * @typedef {object} SlotOptions
 * @property {number} maxUploads requests under way at once, from their head to their reply
 * @property {number} maxCalls to the service under way at once
 * @property {number} maxQueued waiting for one of them to end
 * @property {number} queueMs how long one may wait
 */

/** @type {Readonly<SlotOptions>} */
export const DEFAULT_SLOTS = Object.freeze({
  maxUploads: 1024,
  maxCalls: 768,
  maxQueued: 128,
  queueMs: 2_000,
});

/**
 * `marks`: what the caller is known by, each of which has a quarter of every limit.
 *
 * @typedef {object} Slots
 * @property {(marks: readonly string[]) => () => void} upload the function to call when the request has ended; throws
 *   UNAVAILABLE when there is no room, RATE_LIMITED when the caller has its share
 * @property {(signal: AbortSignal, marks: readonly string[]) => Promise<() => void>} take the function to call when the
 *   call has ended; rejects like `upload`, and with ABORTED when `signal` fires first
 * @property {() => {calls: number, queued: number}} state
 */

/** @typedef {{marks: readonly string[], enter: () => void}} Waiting */

/**
 * @param {SlotOptions} options
 * @returns {Slots}
 */
export function createSlots({ maxUploads, maxCalls, maxQueued, queueMs }) {
  const shares = {
    uploads: createShares(maxUploads),
    calls: createShares(maxCalls),
    queue: createShares(maxQueued),
  };
  let uploads = 0;
  let calls = 0;
  /** @type {Set<Waiting>} in the order in which they came */
  const queue = new Set();

  /** @param {readonly string[]} marks */
  const hasRoom = (marks) => calls < maxCalls && shares.calls.hasRoom(marks);

  /** @param {readonly string[]} marks */
  function begin(marks) {
    calls += 1;
    shares.calls.take(marks);
    return once(() => {
      calls -= 1;
      shares.calls.giveBack(marks);
      for (const waiting of queue) if (hasRoom(waiting.marks)) waiting.enter();
    });
  }

  /**
   * @param {AbortSignal} signal
   * @param {readonly string[]} marks
   * @returns {Promise<() => void>}
   */
  function wait(signal, marks) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => leave(() => reject(full())), queueMs);
      const gone = () => leave(() => reject(clientGone()));
      const waiting = { marks, enter: () => leave(() => resolve(begin(marks))) };
      /** @param {() => void} settle */
      function leave(settle) {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
        queue.delete(waiting);
        shares.queue.giveBack(marks);
        settle();
      }
      signal.addEventListener('abort', gone, { once: true });
      queue.add(waiting);
      shares.queue.take(marks);
    });
  }

  return {
    upload(marks) {
      if (uploads >= maxUploads) throw full();
      if (!shares.uploads.hasRoom(marks)) throw tooManyAtOnce();
      uploads += 1;
      shares.uploads.take(marks);
      return once(() => {
        uploads -= 1;
        shares.uploads.giveBack(marks);
      });
    },
    async take(signal, marks) {
      if (signal.aborted) throw clientGone();
      if (hasRoom(marks)) return begin(marks);
      if (queue.size >= maxQueued) throw full();
      if (!shares.queue.hasRoom(marks)) throw tooManyAtOnce();
      return wait(signal, marks);
    },
    state: () => ({ calls, queued: queue.size }),
  };
}

/** @param {() => void} release @returns {() => void} */
function once(release) {
  let isHeld = true;
  return () => {
    if (isHeld) release();
    isHeld = false;
  };
}

function full() {
  return unavailable('too many calls are under way; nothing was sent', { retryAfterMs: 2000 });
}
