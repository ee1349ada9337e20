// Whether the store answers: asked at most once a second, however many want to know, reported to the operator when that
// changes, and asked again until it answers.
import { StoreError } from './store.js';

/**
 * @typedef {object} StoreWatch
 * @property {import('./store.js').StateStore} store the same store; what fails in it is noticed
 * @property {() => Promise<boolean>} isUp
 * @property {() => void} stop
 */

/**
 * @typedef {object} WatchParts
 * @property {(message: string) => void} warn
 * @property {() => number} [now] milliseconds
 * @property {(work: () => void, ms: number) => () => void} [later] runs it once, unless the function is called before that
 *   it returns
 */

const FRESH_MS = 1000;
const ANSWER_MS = 2500;

/**
 * @param {import('./store.js').StateStore} store
 * @param {WatchParts} parts
 * @returns {StoreWatch}
 */
export function watchStore(store, { warn, now = () => performance.now(), later = runLater }) {
  const label = store.name ? `the store (${store.name})` : 'the store';
  let isUp = true;
  let wasUp = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let isStopped = false;
  /** @type {Promise<boolean> | null} */
  let asking = null;
  let cancel = () => {};

  /** @param {boolean} answers @param {unknown} [error] */
  function settle(answers, error) {
    if (isUp && !answers && !isStopped) warn(describe(error));
    if (!isUp && answers) warn(wasUp ? `${label} is back` : `${store.name || label} can be reached now`);
    isUp = answers;
    wasUp ||= answers;
    askedAt = now();
    cancel();
    if (!isUp && !isStopped) cancel = later(() => void ask(), FRESH_MS);
    return isUp;
  }

  /** @param {unknown} error */
  function describe(error) {
    const { code, reason = '', message = '' } = error instanceof StoreError ? error : {};
    const why = reason && ` (${reason})`;
    if (code === 'STORE_REFUSED') return `${label} refuses the proxy: ${message}`;
    if (code === 'STORE_FULL') return `${label} has no room${why}: calls that need it are refused`;
    if (wasUp) return `${label} does not answer${why}: calls that need it are refused`;
    return `${store.name || label} cannot be reached yet${why}; trying again`;
  }

  function ask() {
    asking ??= bounded(store.ping(), later)
      .then(
        () => settle(true),
        (error) => settle(false, error),
      )
      .finally(() => {
        asking = null;
      });
    return asking;
  }

  return {
    store: withNotice(store, () => void ask()),
    async isUp() {
      // While it is away it is asked all the time: nobody needs to wait for the answer.
      if (!isUp || (!asking && now() - askedAt < FRESH_MS)) return isUp;
      return ask();
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

/** @param {() => void} work @param {number} ms @returns {() => void} */
function runLater(work, ms) {
  const timer = setTimeout(work, ms);
  /** @type {any} */ (timer).unref?.();
  return () => clearTimeout(timer);
}

/**
 * @param {Promise<void>} promise
 * @param {NonNullable<WatchParts['later']>} later
 * @returns {Promise<void>}
 */
function bounded(promise, later) {
  return new Promise((resolve, reject) => {
    const cancel = later(() => reject(new StoreError('no answer in time')), ANSWER_MS);
    promise.then(resolve, reject).finally(cancel);
  });
}

/**
 * @param {import('./store.js').StateStore} store
 * @param {() => void} failed
 * @returns {import('./store.js').StateStore}
 */
function withNotice(store, failed) {
  /** @param {(...args: unknown[]) => unknown} step */
  const noticed =
    (step) =>
    async (/** @type {unknown[]} */ ...args) => {
      try {
        return await step.apply(store, args);
      } catch (error) {
        if (error instanceof StoreError) failed();
        throw error;
      }
    };
  /** @type {Map<unknown, unknown>} */
  const steps = new Map();
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (!steps.has(value)) steps.set(value, noticed(value));
      return steps.get(value);
    },
  });
}
