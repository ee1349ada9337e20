// The messages between a page and its worker, and their version. Both sides are shipped together; the version catches a
// worker file that a cache or a copied bundle kept from another release.
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
//   page -> worker   abort {id}                             nothing comes back for that id any more
//
// Errors are plain records (errors.js). A worker that dies owes an error for each id: its lane pays them.

export const PROTOCOL = 4;

/** @typedef {{blob: Blob} | {bytes: Uint8Array<ArrayBuffer>} | {dataUrl: string}} GivenInput an input that can be posted */
/** @typedef {'read' | 'prepare' | 'upload' | 'wait' | 'download'} HostStage */
/** @typedef {'prepareImage' | 'inspectImage' | 'inspectVideo' | 'checkVideo' | 'call'} Method */
/**
 * @typedef {{type: 'start', wasm: WebAssembly.Module, heicDecoderUrl?: string}
 *   | {type: 'codecs', wasm?: WebAssembly.Module, error?: import('./errors.js').ErrorRecord}
 *   | {type: 'practise'}
 *   | {type: 'request', id: number, method: Method, params: any}
 *   | {type: 'abort', id: number}} ToWorker
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
