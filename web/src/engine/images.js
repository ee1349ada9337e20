// The image functions that both modules have.
import { createCaller, safely, unwrapped } from './caller.js';

/** @typedef {ReturnType<typeof imageFunctions>} ImageFunctions */

/**
 * @param {import('./caller.js').Caller} caller
 * @param {import('./loader.js').ImageModule} module
 */
export function imageFunctions(caller, module) {
  return {
    /** @returns {string[]} the formats that this module decodes */
    readableFormats: () => module.readableFormats(),

    /** @param {Uint8Array} bytes @param {object} [limits] @returns {import('../types.js').ImageInfo} */
    inspectImage(bytes, limits) {
      const record = caller.withBytes(module, [bytes], ([part]) => module.inspectImage(...part, limits));
      return { ...unwrapped(record), bytes: bytes.length };
    },

    /**
     * @param {Uint8Array<ArrayBuffer>} bytes
     * @param {object} options
     * @param {(fraction: number) => void} onProgress
     * @param {{isLast?: boolean}} [use] isLast: nobody needs the bytes any more; they are empty afterwards
     */
    prepareImage(bytes, options, onProgress, { isLast = false } = {}) {
      const started = performance.now();
      const size = bytes.length;
      const record = caller.withBytes(module, [bytes], ([part]) => {
        if (isLast) freeNow(bytes.buffer);
        return module.prepareImage(...part, options, safely(onProgress));
      });
      const { source, ...prepared } = unwrapped(record);
      const milliseconds = Math.round(performance.now() - started);
      return { ...prepared, source: { ...unwrapped(source), bytes: size }, milliseconds };
    },
  };
}

/**
 * Instead of at some later collection: the file is in the module's heap, and twice in memory otherwise. Where a platform has
 * no transfer(), it is.
 * @param {ArrayBuffer} buffer detached
 */
function freeNow(buffer) {
  /** @type {any} */ (buffer).transfer?.(0);
}

/**
 * The second module, which reads every format. Errors: ENGINE_LOAD_FAILED.
 * @param {() => Promise<import('./loader.js').ImageModule>} instantiate
 * @param {() => void} onTrap called once, when the instance must not be used any more
 * @returns {Promise<ImageFunctions>}
 */
export async function createCodecsBridge(instantiate, onTrap) {
  const module = await instantiate();
  return imageFunctions(createCaller(onTrap), module);
}
