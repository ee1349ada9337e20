// Instantiates a compiled module: the one place that knows the glue's own start-up options.
import { NetocrError, nameOf } from '../shared/errors.js';

/**
 * The memory of a module.
 * @typedef {object} Heap
 * @property {Uint8Array<ArrayBuffer>} HEAPU8 read it anew after every call: memory growth replaces it
 * @property {(bytes: number) => number} _malloc 0 when there is no room
 * @property {(pointer: number) => void} _free
 * @property {() => {heapBytes: number, allocatedBytes: number}} memory
 */
/**
 * What both modules export.
 * @typedef {object} ImageFunctions
 * @property {() => string[]} readableFormats
 * @property {(pointer: number, length: number, limits?: object) => any} inspectImage
 * @property {(pointer: number, length: number, options?: object, onProgress?: (fraction: number) => void) => any}
 *   prepareImage
 */
/** @typedef {Heap & ImageFunctions} ImageModule */
/**
 * The coded parts of a HEIC, as heicTiles() returns them.
 * @typedef {object} Tiles
 * @property {string[]} codecs
 * @property {Uint8Array<ArrayBuffer>} description
 * @property {number} tileWidth
 * @property {number} tileHeight
 * @property {number} columns
 * @property {number} rows
 * @property {number[][]} tiles offset, length, offset, ... of each
 */
/** The decoded parts, as prepareHeic() reads them. @typedef {{samples: Uint8Array<ArrayBuffer>, format: 'I420' | 'NV12'}} Samples */
/**
 * What only codecs.mjs exports (wasm/bindings/codecs.cpp).
 * @typedef {object} HeicFunctions
 * @property {(pointer: number, length: number, limits?: object) => any} heicTiles
 * @property {(pointer: number, length: number, samples: number, samplesLength: number, format: string,
 *   options?: object, onProgress?: (fraction: number) => void) => any} prepareHeic
 */
/** @typedef {ImageModule & HeicFunctions} CodecsModule */
/**
 * What only core.mjs exports (wasm/bindings/core.cpp).
 * @typedef {object} CoreFunctions
 * @property {(pointer: number, length: number) => string} sniffImage
 * @property {(pointer: number, length: number) => string} sniffVideo
 * @property {(pointer: number, length: number, limits?: object) => any} heicProfile
 * @property {(pointer: number, length: number, limits?: object) => any} inspectVideo
 * @property {(pointer: number, length: number, options?: object, limits?: object) => any} checkVideo
 * @property {(operation: string, parts: [number, number][], options: object, callbacks: object) => any} startCall
 * @property {(callId: number) => boolean} abortCall
 * @property {() => number} liveCalls
 * @property {(pointer: number, length: number) => any} base64Encode
 * @property {(pointer: number, length: number) => any} base64Decode
 * @property {(pointer: number, length: number) => any} formEncodeBase64
 * @property {(pointer: number, length: number) => any} formEncodeText
 * @property {(operation: string, parts: [number, number][], seedHigh: number, seedLow: number) => any} buildRequest
 * @property {(operation: string, httpStatus: number, pointer: number, length: number, limits?: object) => any} parseReply
 * @property {(pointer: number, length: number, options: {operation: string, allowed: string, asXml: boolean}) => any}
 *   revealReply
 * @property {() => {code: string, stage: string, retryable: boolean}[]} errorCodes
 * @property {() => any[]} endpoints
 * @property {(given?: object) => Required<import('../shared/types.js').LimitOptions>} effectiveLimits
 * @property {(bytes: number) => boolean} canHold
 */
/** @typedef {ImageModule & CoreFunctions} Core */
/** @typedef {(options: object) => Promise<any>} CreateModule the default export of core.mjs and of codecs.mjs */
/** @typedef {{createCore: CreateModule, createCodecs: CreateModule}} Glue */

/**
 * A new instance of a module. Errors: ENGINE_LOAD_FAILED.
 * @param {CreateModule} createModule
 * @param {WebAssembly.Module} wasm
 * @param {Function} [XMLHttpRequest] what the core's startCall makes its requests with; not needed without calls
 * @returns {Promise<any>} Core or CodecsModule
 */
export function instantiate(createModule, wasm, XMLHttpRequest) {
  return new Promise((resolve, reject) => {
    /** @param {unknown} error */
    const fail = (error) =>
      reject(new NetocrError('ENGINE_LOAD_FAILED', { detail: nameOf(error), cause: error }));
    createModule({
      XMLHttpRequest,
      print: ignore,
      printErr: ignore,
      // The glue does not see a rejection in here: without `fail` its promise would stay pending for ever.
      instantiateWasm(/** @type {WebAssembly.Imports} */ imports, /** @type {Function} */ receive) {
        WebAssembly.instantiate(wasm, imports)
          .then((instance) => receive(instance, wasm))
          .catch(fail);
        return {};
      },
    }).then(resolve, fail);
  });
}

function ignore() {}

/**
 * Remembers the promise of `make` until it rejects: the next caller then makes a new one.
 * @template T
 * @param {() => Promise<T>} make
 * @returns {{get: () => Promise<T>, drop: (promise?: Promise<T>) => void}}
 */
export function remembered(make) {
  /** @type {Promise<T> | null} */
  let kept = null;
  return {
    get() {
      if (kept) return kept;
      const made = make();
      kept = made;
      made.catch(() => {
        if (kept === made) kept = null;
      });
      return made;
    },
    /** Forgets the promise, or only `promise` when it is still the one that is kept. */
    drop(promise) {
      if (!promise || kept === promise) kept = null;
    },
  };
}
