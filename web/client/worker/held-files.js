// The prepared files that a worker keeps until a call sends them.
import { NetocrError } from '../shared/errors.js';

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

export function createHeldFiles() {
  /** @type {Map<number, Bytes>} */
  const files = new Map();

  /** @param {number} id of the request that prepared it */
  function remove(id) {
    const bytes = files.get(id);
    files.delete(id);
    return bytes;
  }

  return {
    /** @param {number} id @param {Bytes} bytes */
    keep: (id, bytes) => files.set(id, bytes),
    /** @param {number} id */
    free: (id) => files.delete(id),
    freeAll: () => files.clear(),

    /** Transfers a file to the worker at the port's other end, null when there is none. @param {number} id @param {MessagePort} port */
    forward(id, port) {
      const bytes = remove(id);
      port.postMessage(bytes ?? null, bytes ? [bytes.buffer] : []);
    },

    /**
     * The file, which is no longer held afterwards. Errors: ENGINE_CRASHED when it is gone; the signal's reason.
     * @param {import('../shared/protocol-types.js').FilePart} part
     * @param {AbortSignal} signal
     * @returns {Promise<Bytes>}
     */
    async take(part, signal) {
      const bytes = 'port' in part ? await received(part.port, signal) : remove(part.held);
      if (!bytes) throw new NetocrError('ENGINE_CRASHED', { detail: 'the prepared file is gone' });
      return bytes;
    },
  };
}

/**
 * The port is closed afterwards.
 * @param {MessagePort} port
 * @param {AbortSignal} signal
 * @returns {Promise<Bytes | null>}
 */
async function received(port, signal) {
  /** @type {() => void} */
  let onAbort = () => {};
  try {
    return await new Promise((resolve, reject) => {
      onAbort = () => reject(signal.reason);
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      port.onmessage = ({ data }) => resolve(data);
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    port.close();
  }
}
