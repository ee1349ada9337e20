// Owns what a call holds (its slot, the client's body, timers, listeners, the connection to the service) and frees all
// of it at the call's end, however the call ended.

/**
 * @typedef {object} CallScope
 * @property {(release: () => void) => void} own calls `release` once, at the end; at once when the end has come already
 * @property {() => void} end releases everything, what was taken last first. The second call does nothing
 */

/** One for all: making it costs more than ending the call. */
export const CALL_ENDED = new DOMException('the call has ended', 'AbortError');

/** @returns {CallScope} */
export function createCallScope() {
  /** @type {(() => void)[] | null} null after the end */
  let releases = [];
  return {
    own(release) {
      if (releases) releases.push(release);
      else release();
    },
    end() {
      const all = releases ?? [];
      releases = null;
      releaseAll(all);
    },
  };
}

/**
 * One that throws must not keep the others from being called.
 *
 * @param {(() => void)[]} releases
 */
function releaseAll(releases) {
  const release = releases.pop();
  if (!release) return;
  try {
    release();
  } finally {
    releaseAll(releases);
  }
}

/**
 * A signal that fires at the end of the call at the latest: then the transport lets go of the connection, although the
 * reply may not have been read to its end.
 *
 * @param {CallScope} scope
 * @returns {AbortController}
 */
export function abortAtEnd(scope) {
  const stop = new AbortController();
  scope.own(() => stop.abort(CALL_ENDED));
  return stop;
}
