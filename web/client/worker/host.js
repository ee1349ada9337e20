// The worker's side of the protocol, without a worker: it runs the same in a module worker, in Node's worker_threads and,
// as the fallback, in the page's own thread. It owns the core's instance, all requests and the
// prepared files that wait to be sent.
import { createBridge } from '../core/bridge.js';
import { createCodecsBridge } from '../core/images.js';
import { instantiate, remembered } from '../core/loader.js';
import { fromRecord, NetocrError, toRecord } from '../shared/errors.js';
import { PROTOCOL } from '../shared/protocol.js';
import { createHeldFiles } from './held-files.js';
import { createPictureReader } from './picture-reader.js';
import { practise } from './practice.js';
import { readInput, readInto } from './read-input.js';

/**
 * @param {import('../shared/protocol-types.js').Post} post
 * @param {import('../core/types.js').Glue} glue
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
  const held = createHeldFiles();
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

  /** @param {import('../shared/protocol-types.js').Request} request */
  async function run({ id, method, params }) {
    const controller = new AbortController();
    const { signal } = controller;
    jobs.set(id, controller);
    try {
      const job = {
        id,
        signal,
        bridge: await bridge.get(),
        held,
        pictures,
        progress: (
          /** @type {import('../shared/protocol-types.js').HostStage} */ stage,
          /** @type {number} */ fraction,
        ) => {
          if (!signal.aborted) post({ type: 'progress', id, stage, fraction });
        },
      };
      signal.throwIfAborted();
      const { value, transfer, file } = await METHODS[method](job, /** @type {any} */ (params));
      signal.throwIfAborted();
      if (file) held.keep(id, file);
      post({ type: 'result', id, value }, transfer);
    } catch (error) {
      if (error !== ABORTED_BY_PAGE) post({ type: 'error', id, error: toRecord(error) });
    } finally {
      jobs.delete(id);
    }
  }

  post({ type: 'hello', protocol: PROTOCOL });

  /** @param {import('../shared/protocol-types.js').ToWorker} message of the page */
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
        run(message);
        break;
      case 'abort':
        jobs.get(message.id)?.abort(ABORTED_BY_PAGE);
        held.free(message.id);
        break;
      case 'forward':
        held.forward(message.id, message.port);
        break;
    }
  }

  return {
    receive,
    /** Ends every call: what terminating does to a real worker. */
    end() {
      for (const job of jobs.values()) job.abort(ABORTED_BY_PAGE);
      held.freeAll();
    },
  };
}

const ABORTED_BY_PAGE = new NetocrError('ABORTED');

/** @typedef {import('../shared/protocol-types.js').Params} Params */
/** @type {{[M in keyof Params]: (job: import('./types.js').Job, params: Params[M]) => Promise<import('./types.js').Answer>}} */
const METHODS = {
  async inspectImage(job, { input, limits }) {
    const bytes = await read(job, input, limits);
    return { value: await job.pictures.inspect(job, bytes, limits) };
  },

  async prepareImage(job, params) {
    const value = await prepare(job, params);
    return { value, transfer: [value.bytes.buffer] };
  },

  async holdImage(job, params) {
    const { bytes, type, ...rest } = await prepare(job, params);
    return { value: { bytes: bytes.length, ...rest }, file: bytes };
  },

  async inspectVideo(job, { input, limits }) {
    const bytes = await read(job, input, limits);
    return { value: job.bridge.inspectVideo(bytes, limits) };
  },

  // It is sent as it is.
  async holdVideo(job, { input, options, limits }) {
    const bytes = await read(job, input, limits);
    job.progress('prepare', 0);
    return { value: job.bridge.checkVideo(bytes, options, limits), file: bytes };
  },

  async call(job, { files, send }) {
    const bytes = await Promise.all(files.map((part) => job.held.take(part, job.signal)));
    return { value: await transmit(job, bytes, send) };
  },
};

/** @param {import('./types.js').Job} job @param {Params['prepareImage']} params */
async function prepare(job, { input, options }) {
  job.progress('read', 0);
  const { maxInputBytes } = job.bridge.limits(options.limits);
  const file = await readInto(input, maxInputBytes, job.signal, job.bridge.reserve);
  try {
    job.signal.throwIfAborted();
    job.progress('read', 1);
    job.progress('prepare', 0);
    return await job.pictures.prepare(job, file, options);
  } finally {
    file.free();
  }
}

/** @param {import('./types.js').Job} job @param {Uint8Array[]} files @param {import('../core/types.js').Send} send @returns {Promise<any>} */
function transmit(job, files, send) {
  return new Promise((resolve, reject) => {
    job.progress('upload', 0);
    const abort = job.bridge.startCall(files, send, {
      onUpload: (sent, total) => job.progress('upload', total > 0 ? sent / total : 0),
      onUploaded: () => job.progress('wait', 0),
      onDownload: (loaded, total) => job.progress('download', total > 0 ? Math.min(loaded / total, 1) : 0),
      onDone(error, value) {
        job.signal.removeEventListener('abort', onAbort);
        if (error) reject(error);
        else resolve(value);
      },
    });
    const onAbort = () => {
      abort();
      reject(job.signal.reason);
    };
    job.signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * @param {import('./types.js').Job} job
 * @param {import('../shared/protocol-types.js').GivenInput} input
 * @param {import('../shared/types.js').LimitOptions | undefined} limits
 */
async function read(job, input, limits) {
  job.progress('read', 0);
  const bytes = await readInput(input, job.bridge.limits(limits).maxInputBytes);
  job.signal.throwIfAborted();
  job.progress('read', 1);
  return bytes;
}
