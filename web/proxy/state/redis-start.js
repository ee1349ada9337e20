// The first way to Redis: tried once, or again and again until it is there.
import { within } from './redis-connection.js';
import { explain, withoutConnection } from './redis-faults.js';
import { createPause } from './redis-link.js';

/** @typedef {import('./redis-router.js').Router} Router */
/** @typedef {import('./store.js').StoreError} StoreError */

/**
 * `startMs`: how long an attempt may take. `retryMs`: the first pause before another one, then twice that and so on up to
 * `maxRetryMs`.
 *
 * @typedef {{answerMs: number, startMs: number, retryMs: number, maxRetryMs: number}} StartTimes
 */

/**
 * @typedef {object} Start
 * @property {() => Promise<void>} begin rejects with a StoreError when the first attempt failed; when it is to be repeated,
 *   only when Redis refuses
 * @property {() => Router} router throws a StoreError while there is none
 * @property {() => void} close
 */

/**
 * @param {() => Promise<Router>} route
 * @param {{retry: boolean, refused: (error: StoreError) => void, times: StartTimes}} options `refused`: what a later
 *   attempt met with
 * @returns {Start}
 */
export function createStart(route, { retry, refused, times: { answerMs, startMs, retryMs, maxRetryMs } }) {
  /** @type {Router | null} */
  let router = null;
  /** @type {StoreError | undefined} */
  let reason;
  const pause = createPause();

  async function attempt() {
    const routing = route();
    try {
      router = await within(routing, startMs);
    } catch (error) {
      // It may succeed all the same, when the time was over in the middle of it.
      routing.then(({ close }) => close()).catch(() => {});
      throw explain(error);
    }
    if (pause.isOver()) router.close();
  }

  /** Rejects when Redis refuses. @param {StoreError} failure of the attempt before */
  async function tryAgain(failure) {
    reason = failure;
    for (let ms = retryMs; ; ms = Math.min(2 * ms, maxRetryMs)) {
      if (reason.code === 'STORE_REFUSED') throw reason;
      await pause.take(ms);
      if (pause.isOver()) return;
      try {
        return await attempt();
      } catch (error) {
        reason = explain(error);
      }
    }
  }

  return {
    async begin() {
      const first = attempt();
      if (!retry) return first;
      try {
        await within(first, answerMs);
      } catch (error) {
        const failure = explain(error);
        if (failure.code === 'STORE_REFUSED') throw failure;
        reason = failure;
        first.catch(tryAgain).catch(refused);
      }
    },
    router() {
      if (router === null) throw withoutConnection('Redis cannot be reached yet', reason);
      return router;
    },
    close() {
      pause.end();
      router?.close();
    },
  };
}
