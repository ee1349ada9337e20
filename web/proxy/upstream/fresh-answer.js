// An answer that is asked for anew only when it is older than it may be: health checks of any number cost one question.

/**
 * @template T
 * @param {() => Promise<T>} ask rejections are not kept
 * @param {number} maxAgeMs
 * @param {() => number} [now] milliseconds
 * @returns {{get: () => Promise<T>, forget: () => void}}
 */
export function createFreshAnswer(ask, maxAgeMs, now = () => performance.now()) {
  /** @type {{promise: Promise<T>, at: number} | null} */
  let last = null;
  return {
    get() {
      if (last && now() - last.at < maxAgeMs) return last.promise;
      const answer = { promise: ask(), at: now() };
      last = answer;
      answer.promise.catch(() => {
        if (last === answer) last = null;
      });
      return answer.promise;
    },
    forget() {
      last = null;
    },
  };
}
