// How a module of ours is called: bytes are copied into its heap and freed again, records become values or NetocrErrors,
// and an exception is taken for what it is, a trap.
import { NetocrError, nameOf } from '../errors.js';

/** @typedef {ReturnType<typeof createCaller>} Caller */

/** @param {(error: NetocrError) => void} onTrap called once, when the instance must not be used any more */
export function createCaller(onTrap) {
  let trapped = false;

  /** @param {unknown} cause */
  const trap = (cause) => {
    const error = new NetocrError('ENGINE_CRASHED', { detail: nameOf(cause), cause });
    if (!trapped) {
      trapped = true;
      onTrap(error);
    }
    return error;
  };

  return {
    trap,
    isTrapped: () => trapped,

    /**
     * Runs `use` with the byte arrays copied into the heap. Every exception out of the module is a trap.
     * @template T
     * @param {import('./loader.js').Heap} module
     * @param {Uint8Array[]} arrays
     * @param {(parts: [number, number][]) => T} use
     * @returns {T}
     */
    withBytes(module, arrays, use) {
      /** @type {[number, number][]} */
      const parts = [];
      try {
        for (const bytes of arrays) parts.push([copyIn(module, bytes), bytes.length]);
        return use(parts);
      } catch (error) {
        if (error instanceof NetocrError) throw error;
        throw trap(error);
      } finally {
        // After a trap the heap is not to be touched.
        if (!trapped) for (const [pointer] of parts) module._free(pointer);
      }
    },
  };
}

/** @param {import('./loader.js').Heap} module @param {Uint8Array} bytes */
function copyIn(module, bytes) {
  const pointer = module._malloc(Math.max(bytes.length, 1));
  if (pointer === 0) throw new NetocrError('OUT_OF_MEMORY', { detail: 'no room for the file' });
  module.HEAPU8.set(bytes, pointer);
  return pointer;
}

/**
 * The fields of a record without {ok, code, position, detail}; throws its error.
 * @param {any} record
 */
export function unwrapped(record) {
  const { ok, code, position, detail, ...value } = record;
  if (!ok) throw new NetocrError(code, { position, detail });
  return value;
}

/**
 * An exception of ours must not unwind through the module's frames: it would leak what they own.
 * @template {any[]} A
 * @param {(...args: A) => void} callback
 * @returns {(...args: A) => void}
 */
export function safely(callback) {
  return (...args) => {
    try {
      callback(...args);
    } catch (error) {
      reportLater(error);
    }
  };
}

/** @param {unknown} error */
function reportLater(error) {
  queueMicrotask(() => {
    throw error;
  });
}
