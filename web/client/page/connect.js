// Starts a worker and shakes hands with it; where no worker can be had (an old browser, a Content-Security-Policy
// without worker-src), the page's own thread stands in.
import { fromRecord, NetocrError, nameOf, toRecord } from '../shared/errors.js';
import { PROTOCOL } from '../shared/protocol.js';

/** @typedef {import('../shared/protocol-types.js').FromWorker} FromWorker */
/** @typedef {import('./types.js').Port} Port */
/** @typedef {import('./types.js').Platform} Platform */
/** @typedef {import('./types.js').Supplies} Supplies */

/** A worker that did not get as far as its first message. */
class WorkerUnavailable extends Error {}

/**
 * Makes connections for lanes, and remembers when workers are not to be had.
 * @param {Platform} platform
 * @param {import('../shared/types.js').EngineOptions} options
 * @param {Supplies} supplies
 */
export function createConnector(platform, options, supplies) {
  let workers = options.workers ?? Math.min(2, Math.max(1, platform.cores()));

  return {
    /** How many lanes are of use: 0 workers is one lane in this thread. */
    lanes: () => Math.max(1, workers),

    /**
     * Errors: ENGINE_LOAD_FAILED.
     * @param {(message: FromWorker) => void} onMessage
     * @param {(error: NetocrError) => void} onDeath
     * @returns {Promise<Port>} ready for requests
     */
    async connect(onMessage, onDeath) {
      if (workers > 0) {
        try {
          return await shakeHands(spawn(platform, options.workerUrl), supplies, onMessage, onDeath);
        } catch (error) {
          if (!(error instanceof WorkerUnavailable)) throw error;
          workers = 0;
        }
      }
      return shakeHands(await standIn(platform), supplies, onMessage, onDeath);
    },
  };
}

/** @param {Platform} platform @param {string | URL | undefined} workerUrl */
function spawn(platform, workerUrl) {
  try {
    return platform.spawn(workerUrl === undefined ? undefined : String(workerUrl));
  } catch (cause) {
    throw new WorkerUnavailable(nameOf(cause));
  }
}

/** @param {Platform} platform */
async function standIn(platform) {
  try {
    return await platform.standIn();
  } catch (cause) {
    throw new NetocrError('ENGINE_LOAD_FAILED', { detail: nameOf(cause), cause });
  }
}

/**
 * hello, start, ready. The port is ended when it fails.
 * @param {Port} port
 * @param {Supplies} supplies
 * @param {(message: FromWorker) => void} onMessage
 * @param {(error: NetocrError) => void} onDeath after it was ready
 * @returns {Promise<Port>}
 */
function shakeHands(port, supplies, onMessage, onDeath) {
  return new Promise((resolve, reject) => {
    /** @type {'new' | 'met' | 'ready' | 'failed'} */
    let state = 'new';
    // Fetched and compiled while the worker's own script loads; `meet` sees to its errors.
    const core = supplies.core();
    core.catch(() => {});
    /** @param {unknown} error */
    const fail = (error) => {
      if (state === 'failed') return;
      state = 'failed';
      port.end();
      reject(error);
    };
    /** @param {number} protocol */
    const meet = (protocol) => {
      state = 'met';
      if (protocol !== PROTOCOL) return fail(loadFailed('the worker is of another version'));
      const { heicDecoderUrl } = supplies;
      return core.then((wasm) => port.post({ type: 'start', wasm, heicDecoderUrl })).catch(fail);
    };
    const ready = () => {
      state = 'ready';
      port.busy(false);
      resolve(port);
    };
    port.busy(true);
    port.listen(
      (message) => {
        if (message.type === 'hello') meet(message.protocol);
        else if (message.type === 'ready') ready();
        else if (message.type === 'failed') fail(fromRecord(message.error));
        else if (message.type === 'need') supplyCodecs(port, supplies);
        else onMessage(message);
      },
      (cause) => {
        if (state === 'ready') onDeath(new NetocrError('ENGINE_CRASHED', { detail: cause }));
        else fail(state === 'new' ? new WorkerUnavailable(cause) : loadFailed(cause));
      },
    );
  });
}

/** @param {Port} port @param {Supplies} supplies */
function supplyCodecs(port, supplies) {
  supplies.codecs().then(
    (wasm) => port.post({ type: 'codecs', wasm }),
    (error) => port.post({ type: 'codecs', error: toRecord(error) }),
  );
}

/** @param {string} detail */
const loadFailed = (detail) => new NetocrError('ENGINE_LOAD_FAILED', { detail });
