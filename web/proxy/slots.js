// How many calls may be under way at once, with a short queue before them. First come, first served; who would wait in
// vain is told at once.
import { clientGone, unavailable } from './errors.js';

/**
 * @typedef {object} SlotOptions
 * @property {number} maxCalls under way at once
 * @property {number} maxQueued waiting for one of them to end
 * @property {number} queueMs how long one may wait
 */

/** @type {Readonly<SlotOptions>} */
export const DEFAULT_SLOTS = Object.freeze({ maxCalls: 768, maxQueued: 128, queueMs: 2_000 });

/**
 * @typedef {object} Slots
 * @property {(signal: AbortSignal) => Promise<() => void>} take the function to call when the call has ended; rejects
 *   with UNAVAILABLE when there is no room, with ABORTED when `signal` fires first
 * @property {() => {calls: number, queued: number}} state
 */

/**
 * @param {SlotOptions} options
 * @returns {Slots}
 */
export function createSlots({ maxCalls, maxQueued, queueMs }) {
  let calls = 0;
  /** @type {Set<() => void>} in the order in which they came */
  const queue = new Set();

  function releaser() {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      calls -= 1;
      const [next] = queue;
      next?.();
    };
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<() => void>}
   */
  function wait(signal) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => leave(() => reject(full())), queueMs);
      const gone = () => leave(() => reject(clientGone()));
      const enter = () =>
        leave(() => {
          calls += 1;
          resolve(releaser());
        });
      /** @param {() => void} settle */
      function leave(settle) {
        clearTimeout(timer);
        signal.removeEventListener('abort', gone);
        queue.delete(enter);
        settle();
      }
      signal.addEventListener('abort', gone, { once: true });
      queue.add(enter);
    });
  }

  return {
    async take(signal) {
      if (signal.aborted) throw clientGone();
      if (calls < maxCalls) {
        calls += 1;
        return releaser();
      }
      if (queue.size >= maxQueued) throw full();
      return wait(signal);
    },
    state: () => ({ calls, queued: queue.size }),
  };
}

function full() {
  return unavailable('too many calls are under way; nothing was sent', { retryAfterMs: 2000 });
}
