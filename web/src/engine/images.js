// The image functions that both modules have.
import { drop } from '../input.js';
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
     * Null: the second module reads the file.
     * @param {Uint8Array<ArrayBuffer> | import('./caller.js').HeapFile} file
     * @param {object} options
     * @param {(fraction: number) => void} onProgress
     * @param {{isLast?: boolean}} [use] isLast: the bytes are empty afterwards
     */
    prepareImage(file, options, onProgress, { isLast = false } = {}) {
      const started = performance.now();
      const size = file.length;
      const { leftToCodecs, ...record } = caller.withBytes(module, [file], ([part]) => {
        if (isLast) drop(file);
        return module.prepareImage(...part, options, safely(onProgress));
      });
      if (leftToCodecs) return null;
      const { source, ...prepared } = unwrapped(record);
      const milliseconds = Math.round(performance.now() - started);
      return { ...prepared, source: { ...unwrapped(source), bytes: size }, milliseconds };
    },
  };
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
