// The types of core/: what the modules export, and the parts of a HEIC that go in and out. A browser does not load this file.
export {};

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
 * A file in a module's heap; `part` is its address and size. free() may be called again.
 * @typedef {{part: [number, number], length: number, write: (bytes: Uint8Array, at: number) => void,
 *   copy: () => Uint8Array<ArrayBuffer>, free: () => void}} HeapFile
 */
/** @typedef {{operation: string, baseUrl: string, headers: string[], timeoutMs?: number, withCredentials: boolean,
 *   limits?: object}} Send */
/** @typedef {{onUpload: (sent: number, total: number) => void, onUploaded: () => void,
 *   onDownload: (loaded: number, total: number) => void, onDone: (error: import('../shared/errors.js').NetocrError | null, value: any) => void}}
 *   CallEvents */
/** @typedef {{onUpload: (sent: number, total: number) => void, onUploaded: () => void}} UploadEvents */
