// The types of worker/: a request as its methods see it, and pictures between their decoders. A browser does not load
// this file.
export {};

/**
 * @typedef {object} Pixels
 * @property {Uint8ClampedArray | Uint8Array} rgba 4 bytes a pixel, straight alpha, rows top to bottom
 * @property {number} width
 * @property {number} height
 * @property {number} fullWidth of the picture in the file, upright
 * @property {number} fullHeight
 * @property {boolean} [isRaw] the colours are the file's own: they were not converted to sRGB
 * @property {Uint8Array} [profile] the ICC profile that they are in
 */
/** @typedef {'heic' | 'avif' | 'gif'} OutsideFormat */
/**
 * @typedef {object} OutsideOptions
 * @property {import('../shared/types.js').ImageInfo} info what the file's header says; its width is 0 when it says nothing
 * @property {Required<import('../shared/types.js').LimitOptions>} limits
 * @property {number} [maxEdge]
 * @property {'auto' | 'named-only' | 'off'} [heic] which decoders a HEIC may be given to
 * @property {ReturnType<typeof import('./heic-decoder.js').createHeicDecoder>} [heicDecoder] the site's
 * @property {() => Uint8Array} heicProfile the ICC profile of the picture, empty without one; may throw IMAGE_TOO_LARGE
 */
/**
 * One request. `signal` is aborted by the page's abort message and, with the error as reason, by a trap of the core.
 * @typedef {{id: number, signal: AbortSignal, progress: (stage: import('../shared/protocol-types.js').HostStage, fraction: number) =>
 *   void, bridge: Bridge, held: ReturnType<typeof import('./held-files.js').createHeldFiles>, pictures: ReturnType<typeof import('./picture-reader.js').createPictureReader>}} Job
 */
/**
 * `file` is kept for the call that sends it.
 * @typedef {{value: any, transfer?: Transferable[], file?: Uint8Array<ArrayBuffer>}} Answer
 */
/** @typedef {Awaited<ReturnType<typeof import('../core/bridge.js').createBridge>>} Bridge */
