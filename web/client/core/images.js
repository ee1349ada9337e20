// The image functions that both modules have.
import { createCaller, drop, safely, unwrapped } from './caller.js';

/** @typedef {ReturnType<typeof imageFunctions>} ImageFunctions */
/** @typedef {Awaited<ReturnType<typeof createCodecsBridge>>} Codecs */

/** @param {any} record ImageInfo of a module @param {number} size of the file */
function inspected(record, size) {
  const { leftToCodecs, ...info } = unwrapped(record);
  return { ...info, bytes: size };
}

/** @param {any} record Prepared of a module @param {number} size of the file @param {number} started */
function prepared(record, size, started) {
  const { source, ...rest } = unwrapped(record);
  const milliseconds = Math.round(performance.now() - started);
  return { ...rest, source: inspected(source, size), milliseconds };
}

/**
 * @param {import('./caller.js').Caller} caller
 * @param {import('./types.js').ImageModule} module
 */
export function imageFunctions(caller, module) {
  return {
    /** @returns {string[]} the formats that this module decodes */
    readableFormats: () => module.readableFormats(),

    /**
     * Null: the second module decodes the file.
     * @param {Uint8Array} bytes
     * @param {object} [limits]
     * @returns {import('../shared/types.js').ImageInfo | null}
     */
    inspectImage(bytes, limits) {
      const record = caller.withBytes(module, [bytes], ([part]) => module.inspectImage(...part, limits));
      return record.leftToCodecs ? null : inspected(record, bytes.length);
    },

    /**
     * Null: the second module decodes the file.
     * @param {Uint8Array<ArrayBuffer> | import('./types.js').HeapFile} file
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
      return prepared(record, size, started);
    },
  };
}

/**
 * The second module: for the pictures that the core does not decode. Errors: ENGINE_LOAD_FAILED.
 * @param {() => Promise<import('./types.js').CodecsModule>} instantiate
 * @param {() => void} onTrap called once, when the instance must not be used any more
 */
export async function createCodecsBridge(instantiate, onTrap) {
  const module = await instantiate();
  const caller = createCaller(onTrap);
  return {
    ...imageFunctions(caller, module),

    /**
     * The coded parts of a HEIC. Errors: UNSUPPORTED_FEATURE (it is for another decoder), IMAGE_TOO_LARGE, CORRUPT_IMAGE,
     * OUT_OF_MEMORY.
     * @param {Uint8Array} bytes
     * @param {object} [limits]
     * @returns {import('./types.js').Tiles}
     */
    heicTiles: (bytes, limits) =>
      unwrapped(caller.withBytes(module, [bytes], ([part]) => module.heicTiles(...part, limits))),

    /**
     * Of the samples that the browser made of the parts; they are empty afterwards.
     * @param {Uint8Array} bytes
     * @param {import('./types.js').Samples} decoded
     * @param {object} options
     * @param {(fraction: number) => void} onProgress
     * @param {number} started
     */
    prepareHeic(bytes, { samples, format }, options, onProgress, started) {
      const record = caller.withBytes(module, [bytes, samples], ([file, planes]) => {
        drop(samples);
        return module.prepareHeic(...file, ...planes, format, options, safely(onProgress));
      });
      return prepared(record, bytes.length, started);
    },
  };
}
