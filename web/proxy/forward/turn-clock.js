// Limits the time that the service takes, and not that of the client.

/**
 * Runs only while the service has to do something (take bytes, answer), so that a slow uplink of the person in front
 * of the camera never counts as a slow service.
 *
 * @param {number} ms
 * @param {() => void} expired
 */
export function createTurnClock(ms, expired) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }
  return {
    ofClient: stop,
    ofService() {
      timer ??= setTimeout(expired, ms);
    },
    stop,
  };
}
