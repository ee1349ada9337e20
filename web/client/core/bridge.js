// The only JavaScript that calls the core.
import { NetocrError } from '../shared/errors.js';
import { createCaller, safely, unwrapped } from './caller.js';
import { imageFunctions } from './images.js';
import { reportingXhr } from './xhr.js';

/** @typedef {import('./types.js').Core} Core */
/** @typedef {import('./types.js').Send} Send */
/** @typedef {import('./types.js').CallEvents} CallEvents */

/**
 * @param {(XMLHttpRequest: any) => Promise<Core>} instantiate
 * @param {any} BaseXhr the platform's XMLHttpRequest
 * @param {(error: NetocrError) => void} onTrap called once, when the instance must not be used any more
 */
export async function createBridge(instantiate, BaseXhr, onTrap) {
  const caller = createCaller(onTrap);
  /** @type {Core} */
  let core;
  const xhr = reportingXhr(BaseXhr, { canHold: (bytes) => core.canHold(bytes), onTrap: caller.trap });
  core = await instantiate(xhr.XMLHttpRequest);

  /**
   * @template T
   * @param {(Uint8Array | import('./types.js').HeapFile)[]} files
   * @param {(parts: [number, number][]) => T} use
   * @returns {T}
   */
  const withBytes = (files, use) => caller.withBytes(core, files, use);

  return {
    ...imageFunctions(caller, core),

    /** @param {object} [given] @returns {Required<import('../shared/types.js').LimitOptions>} */
    limits: (given) => core.effectiveLimits(given),

    reserve: (/** @type {number} */ size) => caller.reserve(core, size),

    /** @param {Uint8Array | import('./types.js').HeapFile} file @returns {import('../shared/types.js').ImageFormat} */
    sniffImage: (file) => /** @type {any} */ (withBytes([file], ([part]) => core.sniffImage(...part))),

    /**
     * Before a HEIC file goes to another decoder: the ICC profile of its pixels, empty where none is needed or known.
     * Errors: IMAGE_TOO_LARGE (the picture as it is coded).
     * @param {Uint8Array} bytes
     * @param {object} [limits]
     * @returns {Uint8Array<ArrayBuffer>}
     */
    heicProfile: (bytes, limits) =>
      unwrapped(withBytes([bytes], ([part]) => core.heicProfile(...part, limits))).bytes,

    /** @param {Uint8Array} bytes @param {object} [limits] @returns {import('../shared/types.js').VideoInfo} */
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
        if (!caller.isTrapped()) core.abortCall(started.callId);
      };
    },
  };
}

/** @param {any} finished @returns {[NetocrError | null, any]} */
function settled(finished) {
  const { ok, code, position, detail, httpStatus, requestId, retryAfterMs, reply } = finished;
  const { receipt, withheld, sandbox } = finished;
  const message = withheld?.includes('message') ? {} : { message: reply?.statusMessage ?? '' };
  const status = { code: reply?.statusCode ?? '', ...message, httpStatus };
  if (!ok) {
    const fields = { position, detail, requestId, retryAfterMs, status: httpStatus ? status : null };
    return [new NetocrError(code, fields), null];
  }
  return [null, { reply: unwrapped(reply), status, requestId, receipt, withheld, sandbox }];
}
