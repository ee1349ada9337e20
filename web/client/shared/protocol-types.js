// The messages between a page and its worker, and their types. A browser does not load this file.
//
//   worker -> page   hello {protocol}                       the script runs
//   page -> worker   start {wasm, heicDecoderUrl}           the compiled core, shared by all workers
//   worker -> page   ready {} | failed {error}              the core is instantiated, or why not
//   worker -> page   need {}                                a file asks for the second module
//   page -> worker   codecs {wasm} | codecs {error}         it, compiled, or why not
//   page -> worker   practise {}                           runs the module for a while, until a request comes
//   page -> worker   request {id, method, params}           transfers the buffers in params
//   worker -> page   progress {id, stage, fraction}         any number
//   worker -> page   result {id, value} | error {id, error} exactly one, unless it was aborted first
//   page -> worker   abort {id}                             nothing comes back for that id any more, what it holds is freed
//   page -> worker   forward {id, port}                     the held file is transferred to `port`
//
// The worker keeps the files that holdImage and holdVideo prepare, each under the id of its request, until a call takes
// them. Errors are plain records (errors.js). When a worker dies, its lane rejects all pending requests.
export {};

/** @typedef {{blob: Blob} | {bytes: Uint8Array<ArrayBuffer>} | {dataUrl: string}} GivenInput an input that can be posted */
/** @typedef {'read' | 'prepare' | 'upload' | 'wait' | 'download'} HostStage */
/** @typedef {import('./types.js').LimitOptions} LimitOptions */
/** @typedef {import('./types.js').ImageOptions & {limits?: LimitOptions}} ImageSettings */
/** @typedef {{held: number} | {port: MessagePort}} FilePart the id of a held file, or where the file arrives */
/**
 * The params of each method.
 * @typedef {object} Params
 * @property {{input: GivenInput, limits?: LimitOptions}} inspectImage
 * @property {{input: GivenInput, limits?: LimitOptions}} inspectVideo
 * @property {{input: GivenInput, options: ImageSettings}} prepareImage returns the bytes as well
 * @property {{input: GivenInput, options: ImageSettings}} holdImage
 * @property {{input: GivenInput, options?: import('./types.js').VideoOptions, limits?: LimitOptions}} holdVideo
 * @property {{files: FilePart[], send: import('../core/types.js').Send}} call
 */
/** @typedef {keyof Params} Method */
/** @typedef {{[M in Method]: {method: M, params: Params[M]}}[Method]} Ask */
/** @typedef {{type: 'request', id: number} & Ask} Request */
/**
 * @typedef {{type: 'start', wasm: WebAssembly.Module, heicDecoderUrl?: string}
 *   | {type: 'codecs', wasm?: WebAssembly.Module, error?: import('./errors.js').ErrorRecord}
 *   | {type: 'practise'}
 *   | Request
 *   | {type: 'abort', id: number}
 *   | {type: 'forward', id: number, port: MessagePort}} ToWorker
 */
/**
 * @typedef {{type: 'hello', protocol: number}
 *   | {type: 'ready'}
 *   | {type: 'need'}
 *   | {type: 'failed', error: import('./errors.js').ErrorRecord}
 *   | {type: 'progress', id: number, stage: HostStage, fraction: number}
 *   | {type: 'result', id: number, value: any}
 *   | {type: 'error', id: number, error: import('./errors.js').ErrorRecord}} FromWorker
 */
/** @typedef {(message: FromWorker, transfer?: Transferable[]) => void} Post */
