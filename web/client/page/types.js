// The types of page/: what a platform is, and a lane with its tasks and files. A browser does not load this file.
export {};

/** @typedef {import('../shared/protocol-types.js').FromWorker} FromWorker */
/** @typedef {import('../shared/protocol-types.js').Request} Request */
/**
 * What a platform makes: a worker, or the same thing in this thread.
 * @typedef {object} Port
 * @property {(message: import('../shared/protocol-types.js').ToWorker, transfer?: Transferable[]) => void} post
 * @property {(onMessage: (message: FromWorker) => void, onDeath: (cause: string) => void) => void} listen call it once
 * @property {() => void} end
 * @property {(busy: boolean) => void} busy in Node an idle worker must not keep the process alive
 * @property {boolean} interruptible end() stops a step that is running
 */
/**
 * What differs between browsers and Node.
 * @typedef {object} Platform
 * @property {(workerUrl: string | undefined) => Port} spawn may throw
 * @property {() => Promise<Port>} standIn
 * @property {(module: 'core' | 'codecs', givenUrl: string | undefined) => Promise<WebAssembly.Module>} compile
 * @property {() => number} cores
 * @property {() => string | undefined} baseUrl of relative endpoints
 * @property {boolean} postsBlobs a Blob can be posted to a worker
 */

/**
 * What every worker gets from the page.
 * @typedef {object} Supplies
 * @property {() => Promise<WebAssembly.Module>} core
 * @property {() => Promise<WebAssembly.Module>} codecs asked for when a file needs it
 * @property {string | undefined} heicDecoderUrl absolute
 */
/**
 * @typedef {object} Work
 * @property {Transferable[]} [transfer]
 * @property {AbortSignal} signal
 * @property {(stage: import('../shared/protocol-types.js').HostStage, fraction: number) => void} [onProgress]
 */
/** @typedef {import('../shared/protocol-types.js').Ask & Work} Task */
/** @typedef {{resolve: (value: any) => void, reject: (error: unknown) => void, task: Task}} Pending */
/** @typedef {ReturnType<typeof import('./lane.js').createLane>} Lane */
/**
 * A prepared file in a worker. It is freed when the signal of its task is aborted, which the end of a call does.
 * @typedef {object} HeldFile
 * @property {any} value what the worker found out about the file
 * @property {number} id in its lane
 * @property {Lane} lane
 * @property {AbortSignal} lost aborted with the error when the worker dies before the file was handed on
 * @property {(port: MessagePort) => void} forward has the worker post the bytes to `port`
 * @property {() => void} handedOn the worker that sends the file has it
 */
/**
 * `closed`: there is no worker. `opening`: it starts. `busy`: it has requests. `holding`: it has only files. `idle`: nothing.
 * @typedef {{name: 'closed'} | {name: 'opening', opened: Promise<Port>} | {name: 'busy' | 'holding', port: Port} |
 *   {name: 'idle', port: Port, timer?: any}} State
 */
/**
 * @typedef {object} ClientSettings
 * @property {string} endpoint as given; resolved at the first call
 * @property {string | ((context: {signal: AbortSignal}) => unknown) | undefined} token
 * @property {string[]} headers name, value, name, value, ...
 * @property {number | undefined} timeoutMs
 * @property {boolean} withCredentials
 * @property {import('../shared/types.js').LimitOptions | undefined} limits
 * @property {import('../shared/types.js').ImageOptions | undefined} image
 * @property {import('../shared/types.js').VideoOptions | undefined} video
 * @property {import('../shared/types.js').EngineOptions} engine
 * @property {import('../shared/types.js').Language} lang
 */
/**
 * @typedef {object} CallSettings
 * @property {AbortSignal | undefined} signal
 * @property {((progress: import('../shared/types.js').Progress) => void) | undefined} onProgress
 */
/**
 * What the parts of one call share.
 * @typedef {{signal: AbortSignal, report: ReturnType<typeof import('./progress.js').createProgress>}} Context
 */
