// How a module of ours is called: bytes are copied into its heap and freed again, records become values or NetocrErrors,
// and an exception is taken for what it is, a trap.
import { NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {ReturnType<typeof createCaller>} Caller */
/** @typedef {import('./types.js').HeapFile} HeapFile */

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

  /**
   * Room for a file. Errors: OUT_OF_MEMORY.
   * @param {import('./types.js').Heap} module
   * @param {number} size bytes
   * @returns {HeapFile}
   */
  function reserve(module, size) {
    let pointer = module._malloc(Math.max(size, 1));
    if (pointer === 0) throw new NetocrError('OUT_OF_MEMORY', { detail: 'no room for the file' });
    return {
      part: [pointer, size],
      length: size,
      write: (bytes, at) => module.HEAPU8.set(bytes, pointer + at),
      copy: () => module.HEAPU8.slice(pointer, pointer + size),
      free() {
        // After a trap the heap is not to be touched.
        if (pointer !== 0 && !trapped) module._free(pointer);
        pointer = 0;
      },
    };
  }

  return {
    trap,
    isTrapped: () => trapped,
    reserve,

    /**
     * Runs `use` with the files that are not in the heap copied into it. Every exception out of the module is a trap.
     * @template T
     * @param {import('./types.js').Heap} module
     * @param {(Uint8Array | HeapFile)[]} files
     * @param {(parts: [number, number][]) => T} use
     * @returns {T}
     */
    withBytes(module, files, use) {
      /** @type {HeapFile[]} */
      const copies = [];
      try {
        const parts = files.map((file) => {
          if ('part' in file) return file.part;
          const copy = reserve(module, file.length);
          copies.push(copy);
          copy.write(file, 0);
          return copy.part;
        });
        return use(parts);
      } catch (error) {
        if (error instanceof NetocrError) throw error;
        throw trap(error);
      } finally {
        for (const copy of copies) copy.free();
      }
    },
  };
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

/** Frees the bytes before a collection, where there is transfer(). @param {any} bytes */
export const drop = ({ buffer }) => buffer?.transfer?.(0);
