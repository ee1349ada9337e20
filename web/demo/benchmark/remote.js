// A worker of worker.js as functions that one waits for. Cancelling ends the worker.

/**
 * @param {AbortSignal} signal ends the worker; what runs then rejects with its reason
 */
export function startRemote(signal) {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  /** @type {((reason: unknown) => void) | null} */
  let fail = null;
  const end = () => {
    worker.terminate();
    fail?.(signal.reason);
  };
  signal.addEventListener('abort', end, { once: true });

  return {
    /**
     * One call at a time.
     * @param {string} action @param {object} params
     * @returns {Promise<any>}
     */
    call(action, params) {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        fail = reject;
        worker.onmessage = ({ data: { value, error } }) => {
          fail = null;
          if (error) reject(Object.assign(new Error(error.message), { name: error.name }));
          else resolve(value);
        };
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message || 'the worker did not start'));
        };
        worker.postMessage({ action, params });
      });
    },
    close() {
      signal.removeEventListener('abort', end);
      worker.terminate();
    },
  };
}
