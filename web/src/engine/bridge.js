// The only JavaScript that calls the core: copies bytes into the heap and frees them, turns records into values or
// NetocrErrors, and notices when the instance has trapped.
import { NetocrError, nameOf } from '../errors.js';
import { reportingXhr } from './xhr.js';

/** @typedef {import('./loader.js').Core} Core */
/** @typedef {{operation: string, baseUrl: string, headers: string[], timeoutMs?: number, withCredentials: boolean,
 *   limits?: object}} Send */
/** @typedef {{onUpload: (sent: number, total: number) => void, onUploaded: () => void,
 *   onDownload: (loaded: number, total: number) => void, onDone: (error: NetocrError | null, value: any) => void}}
 *   CallEvents */

/**
 * @param {(XMLHttpRequest: any) => Promise<Core>} instantiate
 * @param {any} BaseXhr the platform's XMLHttpRequest
 * @param {(error: NetocrError) => void} onTrap called once, when the instance must not be used any more
 */
export async function createBridge(instantiate, BaseXhr, onTrap) {
  let trapped = false;
  /** @param {unknown} cause */
  const trap = (cause) => {
    const error = new NetocrError('ENGINE_CRASHED', { detail: nameOf(cause), cause });
    if (!trapped) {
      trapped = true;
      onTrap(error);
    }
    return error;
  };
  /** @type {Core} */
  let core;
  const xhr = reportingXhr(BaseXhr, { canHold: (bytes) => core.canHold(bytes), onTrap: trap });
  core = await instantiate(xhr.XMLHttpRequest);

  /**
   * Runs `use` with the byte arrays copied into the heap. Every exception out of the core is a trap.
   * @template T
   * @param {Uint8Array[]} arrays
   * @param {(parts: [number, number][]) => T} use
   * @returns {T}
   */
  function withBytes(arrays, use) {
    /** @type {[number, number][]} */
    const parts = [];
    try {
      for (const bytes of arrays) parts.push([copyIn(core, bytes), bytes.length]);
      return use(parts);
    } catch (error) {
      if (error instanceof NetocrError) throw error;
      throw trap(error);
    } finally {
      // After a trap the heap is not to be touched.
      if (!trapped) for (const [pointer] of parts) core._free(pointer);
    }
  }

  return {
    /** @returns {number} */
    maxInputBytes: (/** @type {any} */ limits) => limits?.maxInputBytes ?? core.defaultLimits().maxInputBytes,

    /** @param {Uint8Array} bytes @param {object} [limits] @returns {import('../types.js').ImageInfo} */
    inspectImage(bytes, limits) {
      const record = withBytes([bytes], ([part]) => core.inspectImage(...part, limits));
      return { ...unwrapped(record), bytes: bytes.length };
    },

    /** @param {Uint8Array} bytes @param {object} options @param {(fraction: number) => void} onProgress */
    prepareImage(bytes, options, onProgress) {
      const started = performance.now();
      const record = withBytes([bytes], ([part]) => core.prepareImage(...part, options, safely(onProgress)));
      const { source, ...prepared } = unwrapped(record);
      const milliseconds = Math.round(performance.now() - started);
      return { ...prepared, source: { ...unwrapped(source), bytes: bytes.length }, milliseconds };
    },

    /** @param {Uint8Array} bytes @param {object} [limits] @returns {import('../types.js').VideoInfo} */
    inspectVideo: (bytes, limits) =>
      unwrapped(withBytes([bytes], ([part]) => core.inspectVideo(...part, limits))),

    /** @param {Uint8Array} bytes @param {object} [options] @param {object} [limits] */
    checkVideo(bytes, options, limits) {
      const started = performance.now();
      const info = unwrapped(withBytes([bytes], ([part]) => core.checkVideo(...part, options, limits)));
      return { ...info, milliseconds: Math.round(performance.now() - started) };
    },

    /**
     * Sends the files; events come later, onDone last and once, none after abort().
     * @param {Uint8Array[]} files
     * @param {Send} send
     * @param {CallEvents} events
     * @returns {() => void} abort
     */
    startCall(files, send, events) {
      const { operation, ...options } = send;
      const [seedHigh, seedLow] = crypto.getRandomValues(new Uint32Array(2));
      const callbacks = {
        onDownload: safely(events.onDownload),
        onDone: safely((/** @type {any} */ finished) => events.onDone(...settled(finished))),
      };
      const started = xhr.during(events, () =>
        withBytes(files, (parts) =>
          core.startCall(operation, parts, { ...options, seedHigh, seedLow }, callbacks),
        ),
      );
      unwrapped(started);
      return () => {
        if (!trapped) core.abortCall(started.callId);
      };
    },
  };
}

/** @param {Core} core @param {Uint8Array} bytes */
function copyIn(core, bytes) {
  const pointer = core._malloc(Math.max(bytes.length, 1));
  if (pointer === 0) throw new NetocrError('OUT_OF_MEMORY', { detail: 'no room for the file' });
  core.HEAPU8.set(bytes, pointer);
  return pointer;
}

/**
 * The fields of a record without {ok, code, position, detail}; throws its error.
 * @param {any} record
 */
function unwrapped(record) {
  const { ok, code, position, detail, ...value } = record;
  if (!ok) throw new NetocrError(code, { position, detail });
  return value;
}

/** @param {any} finished @returns {[NetocrError | null, any]} */
function settled(finished) {
  const { ok, code, position, detail, httpStatus, requestId, sandbox, reply } = finished;
  const status = { code: reply?.statusCode ?? '', message: reply?.statusMessage ?? '', httpStatus };
  if (!ok)
    return [new NetocrError(code, { position, detail, requestId, status: httpStatus ? status : null }), null];
  return [null, { reply: unwrapped(reply), status, requestId, sandbox }];
}

/**
 * An exception of ours must not unwind through the core's frames: it would leak what they own.
 * @template {any[]} A
 * @param {(...args: A) => void} callback
 * @returns {(...args: A) => void}
 */
function safely(callback) {
  return (...args) => {
    try {
      callback(...args);
    } catch (error) {
      reportLater(error);
    }
  };
}

/** @param {unknown} error */
function reportLater(error) {
  queueMicrotask(() => {
    throw error;
  });
}
