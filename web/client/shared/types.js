// The types of the public interface, for the editor and for the emitted .d.ts files. No code.

/**
 * A photo or video as the page has it: a File or Blob, an ArrayBuffer, any view of one (Uint8Array, Node's Buffer),
 * or a `data:` URL. It is only read: a buffer is never changed or detached.
 * @typedef {Blob | ArrayBuffer | SharedArrayBuffer | ArrayBufferView | string} Input
 */

/** @typedef {'jpeg' | 'png' | 'bmp' | 'tiff' | 'wsq' | 'jp2' | 'j2k' | 'webp' | 'heic' | 'avif' | 'gif' | 'pdf'
 *   | 'unknown'} ImageFormat */
/** @typedef {'avi' | 'mp4' | 'mov' | 'mpg' | 'wmv' | 'mkv' | 'webm' | 'rm' | 'flv' | 'ogg' | 'unknown'} VideoContainer */
/** @typedef {'error' | 'warning' | 'ignore'} Severity */
/** @typedef {'compareFaces' | 'checkLiveness' | 'checkVideoLiveness' | 'matchIdCard'} Operation */
/** @typedef {'pass' | 'fail' | 'indeterminate'} Verdict */
/** @typedef {'' | 'unclear' | 'withheld'} VerdictReason why it is indeterminate */

/**
 * Steps of a call, in this order; with two inputs `read` and `prepare` of one may overlap with the other's.
 * @typedef {'load' | 'read' | 'prepare' | 'upload' | 'wait' | 'download' | 'done'} Stage
 */

/**
 * @typedef {object} Progress
 * @property {Stage} stage
 * @property {number} fraction 0..1 of the whole call; it never falls
 * @property {number} [index] which input (0 or 1) `read` and `prepare` are about
 */

/**
 * What every asynchronous function takes. An aborted call rejects with `signal.reason`, as fetch() does.
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress] what it throws is ignored
 */

/**
 * What a file or reply may ask of this device. The defaults pass a 48-megapixel phone photo. Values that the 1 GiB of
 * memory of a module cannot hold are lowered: `maxDimension` to 67,108,864 (2^26), `maxPixels` and `maxDecoderBytes` to
 * 1,073,741,824 (2^30).
 * @typedef {object} LimitOptions
 * @property {number} [maxInputBytes] size of a file that is looked at; default 64 MiB
 * @property {number} [maxDimension] width or height in pixels; default 65500
 * @property {number} [maxPixels] width times height; default 120 million
 * @property {number} [maxDecoderBytes] memory that a decoder may hold; default 512 MiB
 * @property {number} [maxReplyBytes] size of a reply; default 1 MiB. Whatever it is, a reply has at most 65,536 values, 1024
 *   items and 1 MiB of texts that are kept: more is REPLY_TOO_LARGE
 * @property {number} [maxReplyDepth] nesting of a reply; default 32, at most 1000
 */

/**
 * How a photo is made ready for the upload.
 * @typedef {object} ImageOptions
 * @property {number} [maxBytes] size of the file that goes out; default 204800 (200 KiB), at least 1024
 * @property {number} [maxEdge] longer side in pixels; default 1600
 * @property {number} [minQuality] JPEG quality (1..95) below which the dimensions are reduced instead; default 30
 * @property {number} [maxQuality] JPEG quality (minQuality..100) beyond which no bytes are spent; default 100
 * @property {'default' | 'best'} [effort] 'best' gains about as much quality again for several times the encoding time;
 *   default 'default'
 * @property {boolean} [allowTruncated] also prepare a picture that is cut off or damaged so that less than half of its rows
 *   are there; default false: CORRUPT_IMAGE. A picture without any row is an error in any case
 * @property {'auto' | 'named-only' | 'off'} [heic] what may decode HEIC: the browser's decoders, then that of
 *   `heicDecoderUrl` ('auto'); only the latter ('named-only'); nothing ('off': UNSUPPORTED_FORMAT); default 'auto'
 */

/**
 * What the service takes as a video, and what to do with one that it would refuse.
 * @typedef {object} VideoOptions
 * @property {number} [maxBytes] default 1048576 (1 MiB)
 * @property {number} [minDurationMs] default 3000
 * @property {number} [maxDurationMs] default 5000
 * @property {number} [durationToleranceMs] default 250
 * @property {Severity} [size] default 'error'
 * @property {Severity} [duration] default 'error'
 */

/**
 * @typedef {object} EngineOptions
 * @property {number} [workers] 0 (this thread), 1 or 2 worker threads; default 2 where the machine has two cores, else 1
 * @property {string | URL} [wasmUrl] where core.wasm is; default: beside the package's own files
 * @property {string | URL} [codecsUrl] where codecs.wasm is, which is loaded for the first TIFF, JPEG 2000, WSQ, WebP or
 *   rare JPEG or BMP, and for the first HEIC where the browser decodes HEVC; default: beside the package's own files
 * @property {string | URL} [heicDecoderUrl] what decodes HEIC where the browser does not: libheif-js's
 *   `libheif-wasm/libheif-bundle.js` or `.mjs` (LGPL, not part of this package); loaded for the first HEIC file
 * @property {string | URL} [workerUrl] where dist/worker.js is
 */

/**
 * @typedef {object} ClientOnlyOptions
 * @property {string | URL} endpoint where the proxy is mounted, e.g. `/netocr` or `https://example.com/netocr`
 * @property {string | ((context: {signal: AbortSignal}) => string | Promise<string>)} [token] sent to the proxy as
 *   `Authorization: Bearer ...`; a function is asked before each call
 * @property {Record<string, string>} [headers] further request headers; a proxy on another origin must allow them
 *   (allowedHeaders)
 * @property {number} [timeoutMs] from the first byte sent to the last byte received; default 60000
 * @property {'same-origin' | 'include'} [credentials] 'include' sends cookies to another origin, whose proxy must
 *   allow it (allowCredentials); default 'same-origin'
 * @property {LimitOptions} [limits]
 * @property {ImageOptions} [image]
 * @property {VideoOptions} [video]
 * @property {Language} [lang] of error messages; default 'en'
 */
/** @typedef {ClientOnlyOptions & EngineOptions} ClientOptions */
/** @typedef {'en' | 'zh-CN'} Language */

/**
 * @typedef {object} ImageInfo
 * @property {ImageFormat} format
 * @property {number} width as stored, before orientation, and for HEIC and AVIF within the clean aperture; 0 when the format is
 *   only recognised, not parsed
 * @property {number} height
 * @property {number} orientation EXIF 1..8
 * @property {number} bitsPerSample 0 when not parsed
 * @property {'grey' | 'rgb' | 'ycbcr' | 'cmyk' | 'ycck' | 'palette' | 'lab' | 'unknown'} colorModel
 * @property {boolean} hasAlpha
 * @property {boolean} hasMetadata anything beyond what is needed to show the picture
 * @property {boolean} progressive progressive JPEG or interlaced PNG
 * @property {boolean} decodable prepareImage can decode this file by itself; false for HEIC, AVIF and GIF, which the browser
 *   (or `heicDecoderUrl`) may decode
 * @property {'none' | 'srgb' | 'converted' | 'ignored'} profile what prepareImage makes of the colour profile (or of a PNG's
 *   cICP, gAMA and cHRM): there is none; it is sRGB; it is converted to sRGB (Display P3, Adobe RGB, CMYK, ...); it cannot be
 *   (damaged, of another colour space, HDR), and the colours count as sRGB, with the warning `profile_ignored`. Where the
 *   browser decodes (HEIC, AVIF), prepareImage tells `converted` then
 * @property {string} profileName the ICC profile's name for itself, at most 64 characters; '' when it has none
 * @property {ImageWarning[]} warnings
 * @property {number} bytes size of the file
 */
/** @typedef {'truncated' | 'profile_ignored'} ImageWarning */

/**
 * @typedef {object} PreparedImage
 * @property {Uint8Array<ArrayBuffer>} bytes the file that goes out; the caller's own
 * @property {'image/jpeg' | 'image/png'} type
 * @property {'jpeg' | 'png'} format
 * @property {number} width upright pixels
 * @property {number} height
 * @property {number} quality JPEG quality that was reached; 0 when `lossless` and for a PNG, which has every pixel of the small picture
 * @property {boolean} lossless the picture was within `maxEdge` and `maxBytes`: its coefficients or pixels were written
 *   anew as they are, without metadata
 * @property {number} decodedRows rows of the stored picture, from its top (in a bottom-up BMP from its bottom), that the file holds; less than `source.height`
 *   only with the warning `truncated`
 * @property {ImageInfo} source
 * @property {ImageWarning[]} warnings
 * @property {number} milliseconds spent on it by the core
 */

/**
 * @typedef {object} VideoInfo
 * @property {VideoContainer} container
 * @property {number} bytes
 * @property {number | null} durationMs null when the container does not say
 * @property {VideoWarning[]} warnings
 */
/** @typedef {'video_too_large' | 'video_too_short' | 'video_too_long' | 'duration_unknown'} VideoWarning */

/**
 * What became of one input of a call, without its bytes.
 * @typedef {object} PreparedImageSummary
 * @property {'image'} kind
 * @property {number} bytes size that was sent
 * @property {'jpeg' | 'png'} format
 * @property {number} width
 * @property {number} height
 * @property {number} quality
 * @property {boolean} lossless
 * @property {number} decodedRows
 * @property {ImageInfo} source
 * @property {ImageWarning[]} warnings
 * @property {number} milliseconds
 */
/**
 * @typedef {object} PreparedVideoSummary
 * @property {'video'} kind
 * @property {number} bytes
 * @property {VideoContainer} container
 * @property {number | null} durationMs
 * @property {VideoWarning[]} warnings
 * @property {number} milliseconds
 */
/** @typedef {PreparedImageSummary | PreparedVideoSummary} PreparedSummary */

/**
 * @typedef {object} Score
 * @property {number} value as the service gave it; compare it with nothing but its own operation's threshold
 * @property {[number, number]} scale
 * @property {number} threshold
 * @property {'same-person' | 'live' | 'spoof'} higherMeans
 */

/**
 * null where the item is missing or its word unknown.
 * @typedef {object} VideoSignals
 * @property {boolean | null} live
 * @property {boolean | null} personSwapped
 * @property {boolean | null} blinked
 * @property {boolean | null} openedMouth
 */

/**
 * Empty strings where the item is missing.
 * @typedef {object} IdCard
 * @property {string} name
 * @property {string} sex
 * @property {string} ethnicity
 * @property {string} birth
 * @property {string} address
 * @property {string} number
 */

/**
 * What the operator of the proxy can withhold from the page (the proxy's option `reveal`).
 * @typedef {'verdict' | 'score' | 'signals' | 'idCard' | 'items' | 'message'} ReplyPart
 */

/**
 * @typedef {object} ServiceStatus
 * @property {string} code of the service; '' when it told none
 * @property {string} [message] the text beside it; not there when it is withheld
 * @property {number} httpStatus
 */

/**
 * @typedef {object} ResultDetails
 * @property {Operation} operation
 * @property {Score | null} [score] null when the service gave none that is clear; not there when it is withheld
 * @property {IdCard} [idCard] matchIdCard only; not there when it is withheld
 * @property {ServiceStatus} status
 * @property {{desc: string, content: string}[]} [items] everything the service said that is not withheld; not there when
 *   the list is
 * @property {ReplyPart[]} withheld what the proxy withheld from the page; the site's backend gets it by the receipt of the
 *   webhook
 * @property {string} requestId names the call in the proxy's log; '' when the proxy gave none
 * @property {string} receipt the proxy's signed word for the verdict, for the site's backend to verify (`verifyReceipt` of
 *   `netocr-proxy`), without what is withheld; '' when the proxy gives none
 * @property {boolean} sandbox true when the stand-in service answered
 * @property {PreparedSummary[]} prepared one an input
 */

/**
 * @typedef {object} ClearVerdict
 * @property {'pass' | 'fail'} verdict 'pass' only when the service said exactly so
 * @property {''} reason
 * @property {VideoSignals} [signals] checkVideoLiveness only; not there when they are withheld
 */
/**
 * @typedef {object} UnclearVerdict
 * @property {'indeterminate'} verdict treat it as not passed
 * @property {'unclear'} reason the service gave no clear answer
 * @property {VideoSignals} [signals] checkVideoLiveness only; not there when they are withheld
 */
/**
 * @typedef {object} WithheldVerdict
 * @property {'indeterminate'} verdict
 * @property {'withheld'} reason there may be a verdict: ask the site's backend, which gets it from the proxy
 * @property {Pick<VideoSignals, 'blinked' | 'openedMouth'>} [signals] those that the verdict does not depend on
 */
/** @typedef {ResultDetails & (ClearVerdict | UnclearVerdict | WithheldVerdict)} Result */

/** @typedef {CallOptions & {limits?: LimitOptions}} InspectCallOptions */
/** @typedef {InspectCallOptions & ImageOptions} PrepareCallOptions */

/**
 * @typedef {object} Client
 * @property {(a: Input, b: Input, options?: CallOptions) => Promise<Result>} compareFaces are two photos of one person?
 * @property {(photo: Input, options?: CallOptions) => Promise<Result>} checkLiveness is a photo of a live person?
 * @property {(video: Input, options?: CallOptions) => Promise<Result>} checkVideoLiveness is a 3-5 s video of one?
 * @property {(card: Input, face: Input, options?: CallOptions & {transfer?: 'base64' | 'file'}) => Promise<Result>}
 *   matchIdCard does the face belong to the ID card? 'file' sends raw bytes, a quarter less than base64
 * @property {(photo: Input, options?: PrepareCallOptions) => Promise<PreparedImage>} prepareImage
 * @property {(photo: Input, options?: InspectCallOptions) => Promise<ImageInfo>} inspectImage
 * @property {(video: Input, options?: InspectCallOptions) => Promise<VideoInfo>} inspectVideo
 * @property {(options?: CallOptions) => Promise<void>} warmUp loads the engine ahead of the first call; the worker then
 *   practises on a small picture until the first call comes
 * @property {() => void} close ends the workers; calls that run reject with CLIENT_CLOSED
 */

export {};

/**
 * @typedef {object} ErrorFields
 * @property {string} [detail] English text for developers, without personal data
 * @property {number} [position] byte offset in the input; 0 when it has none
 * @property {ServiceStatus | null} [status] what the service said, when it did
 * @property {string} [requestId] names the call in the proxy's log
 * @property {number | null} [retryAfterMs] how long to wait before the call is tried again, where the proxy said so
 * @property {number | null} [index] which input (0 or 1) it is about
 * @property {unknown} [cause]
 * @property {Language} [lang]
 */

/**
 * @typedef {object} CodeInfo
 * @property {'input' | 'prepare' | 'request' | 'reply' | 'engine'} stage where it went wrong
 * @property {boolean} retryable the same call may succeed later without a change
 * @property {string} en
 * @property {string} zh
 */
