// The worker's side of the protocol, without a worker: it runs the same in a module worker, in Node's worker_threads and,
// as the fallback, in the page's own thread. It owns the core's instance and everything that was asked of it.
import { createBridge } from '../core/bridge.js';
import { createCodecsBridge } from '../core/images.js';
import { instantiate, remembered } from '../core/loader.js';
import { fromRecord, NetocrError, toRecord } from '../shared/errors.js';
import { PROTOCOL } from '../shared/protocol.js';
import { createPictureReader } from './picture-reader.js';
import { practise } from './practice.js';
import { readInput, readInto } from './read-input.js';

/** @typedef {Awaited<ReturnType<typeof createBridge>>} Bridge */
/**
 * One request. `signal` is aborted by the page's abort message and, with the error as reason, by a trap of the core.
 * @typedef {{id: number, signal: AbortSignal, progress: (stage: import('../shared/protocol.js').HostStage, fraction: number) =>
 *   void, bridge: Bridge, pictures: ReturnType<typeof createPictureReader>}} Job
 */

/**
 * @param {import('../shared/protocol.js').Post} post
 * @param {import('../core/loader.js').Glue} glue
 * @param {any} BaseXhr the platform's XMLHttpRequest
 */
export function createHost(post, glue, BaseXhr) {
  /** @type {WebAssembly.Module} */
  let wasm;
  /** @type {string | undefined} */
  let heicDecoderUrl;
  /** @type {(message: {wasm?: WebAssembly.Module, error?: import('../shared/errors.js').ErrorRecord}) => void} */
  let receiveCodecs = () => {};
  /** @type {Map<number, AbortController>} */
  const jobs = new Map();
  let practised = false;

  const bridge = remembered(() => {
    const made = createBridge(
      (xhr) => instantiate(glue.createCore, wasm, xhr),
      BaseXhr,
      (error) => {
        // What the dead instance owed is not coming; the next request gets a new one.
        bridge.drop();
        for (const job of jobs.values()) job.abort(error);
      },
    );
    return made;
  });

  // The second module: asked of the page when a file needs it, kept as long as this worker lives.
  const codecs = remembered(async () => {
    /** @type {WebAssembly.Module} */
    const module = await new Promise((resolve, reject) => {
      receiveCodecs = ({ wasm, error }) =>
        wasm ? resolve(wasm) : reject(fromRecord(/** @type {any} */ (error)));
      post({ type: 'need' });
    });
    return createCodecsBridge(
      () => instantiate(glue.createCodecs, module),
      () => codecs.drop(),
    );
  });
  const pictures = createPictureReader(codecs.get, () => heicDecoderUrl);

  /** @param {number} id @param {import('../shared/protocol.js').Method} method @param {any} params */
  async function run(id, method, params) {
    const controller = new AbortController();
    const { signal } = controller;
    jobs.set(id, controller);
    try {
      const job = {
        id,
        signal,
        bridge: await bridge.get(),
        pictures,
        progress: (
          /** @type {import('../shared/protocol.js').HostStage} */ stage,
          /** @type {number} */ fraction,
        ) => {
          if (!signal.aborted) post({ type: 'progress', id, stage, fraction });
        },
      };
      signal.throwIfAborted();
      const { value, transfer } = await METHODS[method](job, params);
      signal.throwIfAborted();
      post({ type: 'result', id, value }, transfer);
    } catch (error) {
      if (error !== ABORTED_BY_PAGE) post({ type: 'error', id, error: toRecord(error) });
    } finally {
      jobs.delete(id);
    }
  }

  post({ type: 'hello', protocol: PROTOCOL });

  /** @param {import('../shared/protocol.js').ToWorker} message of the page */
  function receive(message) {
    switch (message.type) {
      case 'start':
        wasm = message.wasm;
        heicDecoderUrl = message.heicDecoderUrl;
        bridge.get().then(
          () => post({ type: 'ready' }),
          (error) => post({ type: 'failed', error: toRecord(error) }),
        );
        break;
      case 'codecs':
        receiveCodecs(message);
        break;
      case 'practise':
        if (practised) break;
        practised = true;
        bridge.get().then(
          (made) => practise(made, () => jobs.size === 0),
          () => {}, // the next request tells why
        );
        break;
      case 'request':
        run(message.id, message.method, message.params);
        break;
      case 'abort':
        jobs.get(message.id)?.abort(ABORTED_BY_PAGE);
        break;
    }
  }

  return {
    receive,
    /** Ends every call: what terminating does to a real worker. */
    end() {
      for (const job of jobs.values()) job.abort(ABORTED_BY_PAGE);
    },
  };
}

const ABORTED_BY_PAGE = new NetocrError('ABORTED');

/**
 * @typedef {{value: any, transfer?: Transferable[]}} Answer
 * @type {Record<import('../shared/protocol.js').Method, (job: Job, params: any) => Promise<Answer>>}
 */
const METHODS = {
  async inspectImage(job, { input, limits }) {
    const bytes = await read(job, input, limits);
    return { value: await job.pictures.inspect(job, bytes, limits) };
  },

  async prepareImage(job, { input, options }) {
    job.progress('read', 0);
    const { maxInputBytes } = job.bridge.limits(options.limits);
    const file = await readInto(input, maxInputBytes, job.signal, job.bridge.reserve);
    try {
      job.signal.throwIfAborted();
      job.progress('read', 1);
      job.progress('prepare', 0);
      const prepared = await job.pictures.prepare(job, file, options);
      return { value: prepared, transfer: [prepared.bytes.buffer] };
    } finally {
      file.free();
    }
  },

  async inspectVideo(job, { input, limits }) {
    const bytes = await read(job, input, limits);
    return { value: job.bridge.inspectVideo(bytes, limits) };
  },

  // The bytes come back: they are sent as they are.
  async checkVideo(job, { input, options, limits }) {
    const bytes = await read(job, input, limits);
    job.progress('prepare', 0);
    const info = job.bridge.checkVideo(bytes, options, limits);
    return { value: { ...info, data: bytes }, transfer: [bytes.buffer] };
  },

  call: (job, { files, send }) =>
    new Promise((resolve, reject) => {
      job.progress('upload', 0);
      const abort = job.bridge.startCall(files, send, {
        onUpload: (sent, total) => job.progress('upload', total > 0 ? sent / total : 0),
        onUploaded: () => job.progress('wait', 0),
        onDownload: (loaded, total) => job.progress('download', total > 0 ? Math.min(loaded / total, 1) : 0),
        onDone(error, value) {
          job.signal.removeEventListener('abort', onAbort);
          if (error) reject(error);
          else resolve({ value });
        },
      });
      const onAbort = () => {
        abort();
        reject(job.signal.reason);
      };
      job.signal.addEventListener('abort', onAbort, { once: true });
    }),
};

/**
 * @param {Job} job
 * @param {import('../shared/protocol.js').GivenInput} input
 * @param {import('../shared/types.js').LimitOptions | undefined} limits
 */
async function read(job, input, limits) {
  job.progress('read', 0);
  const bytes = await readInput(input, job.bridge.limits(limits).maxInputBytes);
  job.signal.throwIfAborted();
  job.progress('read', 1);
  return bytes;
}
