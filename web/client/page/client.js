// createClient and the functions without a client, for any platform: checks the options, has the inputs prepared, sends
// them, and shapes the typed result. The flow goes one way: inputs -> prepared files -> call -> result.

import { NetocrError } from '../shared/errors.js';
import { callRunner } from './calls.js';
import { explained } from './explain.js';
import * as options from './options.js';
import { createPool } from './pool.js';
import { createPreparer } from './prepare.js';

/** @typedef {import('./connect.js').Platform} Platform */
/** @typedef {import('./prepare.js').ReadyFile} ReadyFile */
/** @typedef {import('./calls.js').Context} Context */
/** @typedef {import('../shared/types.js').Input} Input */

/**
 * @param {Platform} platform
 * @param {import('../shared/types.js').ClientOptions} clientOptions
 * @returns {import('../shared/types.js').Client}
 */
export function createClientOn(platform, clientOptions) {
  const settings = options.clientSettings(clientOptions);
  const pool = createPool(platform, settings.engine);
  const preparer = createPreparer(platform, pool);
  const closing = new AbortController();
  const call = callRunner(closing.signal, settings.lang);

  /**
   * @param {string} operation the core's name
   * @param {ReadyFile[]} files
   * @param {Context} context
   * @returns {Promise<import('../shared/types.js').Result>}
   */
  async function send(operation, files, context) {
    const baseUrl = options.resolveEndpoint(settings.endpoint, platform.baseUrl());
    const sending = pool.run({
      method: 'call',
      params: {
        files: files.map((file) => file.bytes),
        send: {
          operation,
          baseUrl,
          headers: [...settings.headers, ...(await authorization(settings.token, context.signal))],
          timeoutMs: settings.timeoutMs,
          withCredentials: settings.withCredentials,
          limits: settings.limits,
        },
      },
      transfer: files.map((file) => file.bytes.buffer),
      signal: context.signal,
      onProgress: (stage, fraction) => context.report(stage, fraction),
    });
    const finished = await sending.catch((error) => {
      throw explained(error, baseUrl);
    });
    return toResult(
      operation,
      finished,
      files.map((file) => file.summary),
    );
  }

  /** @param {string} operation @param {Input[]} photos @param {options.CallSettings} given */
  function withPhotos(operation, photos, given) {
    const image = { ...settings.image, limits: settings.limits };
    return call(given, photos.length, async (context) => {
      const ready = photos.map((photo, index) => preparer.readyImage(context, photo, index, image));
      return send(operation, await Promise.all(ready), context);
    });
  }

  /** @param {'inspectImage' | 'inspectVideo'} method @param {Input} input @param {unknown} given */
  function inspect(method, input, given) {
    const { limits, ...callGiven } = options.inspectSettings(given);
    const merged = { ...settings.limits, ...limits };
    return call(callGiven, 1, (context) => preparer.inspect(context, method, input, merged));
  }

  return {
    compareFaces: async (a, b, given) => withPhotos('compareFaces', [a, b], options.callSettings(given)),
    checkLiveness: async (photo, given) => withPhotos('checkLiveness', [photo], options.callSettings(given)),
    matchIdCard: async (card, face, given) => {
      const { transfer, ...callGiven } = options.idCardSettings(given);
      return withPhotos(transfer === 'file' ? 'matchIdCardFile' : 'matchIdCard', [card, face], callGiven);
    },
    checkVideoLiveness: async (video, given) =>
      call(options.callSettings(given), 1, async (context) => {
        const params = { options: settings.video, limits: settings.limits };
        return send('checkVideoLiveness', [await preparer.readyVideo(context, video, params)], context);
      }),
    prepareImage: async (photo, given) => {
      const { image, limits, ...callGiven } = options.prepareSettings(given);
      const merged = { ...settings.image, ...image, limits: { ...settings.limits, ...limits } };
      return call(callGiven, 1, (context) => preparer.prepareImage(context, photo, 0, merged));
    },
    inspectImage: async (photo, given) => inspect('inspectImage', photo, given),
    inspectVideo: async (video, given) => inspect('inspectVideo', video, given),
    warmUp: async (given) => call(options.callSettings(given), 0, (context) => pool.open(context.signal)),
    close() {
      closing.abort(new NetocrError('CLIENT_CLOSED', { lang: settings.lang }));
      pool.stop();
    },
  };
}

/**
 * prepareImage, inspectImage and inspectVideo without a client, on an engine that is made at the first use.
 * @param {Platform} platform
 */
export function createTools(platform) {
  /** @type {import('../shared/types.js').Client | null} */
  let shared = null;
  const client = () => {
    // It never sends anything, so its endpoint is of no account.
    shared ??= createClientOn(platform, { endpoint: '/' });
    return shared;
  };
  return {
    /** @type {import('../shared/types.js').Client['prepareImage']} */
    prepareImage: async (photo, given) => client().prepareImage(photo, given),
    /** @type {import('../shared/types.js').Client['inspectImage']} */
    inspectImage: async (photo, given) => client().inspectImage(photo, given),
    /** @type {import('../shared/types.js').Client['inspectVideo']} */
    inspectVideo: async (video, given) => client().inspectVideo(video, given),
  };
}

/**
 * @param {options.ClientSettings['token']} token
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>} header name and value, or nothing
 */
async function authorization(token, signal) {
  if (token === undefined) return [];
  const text = typeof token === 'string' ? token : await askForToken(token, signal);
  signal.throwIfAborted();
  return ['Authorization', `Bearer ${options.checkToken(text)}`];
}

/** @param {(context: {signal: AbortSignal}) => unknown} token @param {AbortSignal} signal */
async function askForToken(token, signal) {
  try {
    return await token({ signal });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new NetocrError('UNAUTHORIZED', { detail: 'the token function failed', cause });
  }
}

/**
 * @param {string} operation the core's name
 * @param {any} finished
 * @param {import('../shared/types.js').PreparedSummary[]} prepared
 * @returns {import('../shared/types.js').Result}
 */
function toResult(operation, finished, prepared) {
  const { reply, status, requestId, receipt, withheld, sandbox } = finished;
  const { score, idCard, items } = reply;
  return {
    operation: operation === 'matchIdCardFile' ? 'matchIdCard' : /** @type {any} */ (operation),
    ...verdictOf(reply, withheld),
    ...(withheld.includes('score') ? {} : { score: score && scoreOf(score) }),
    ...(idCard ? { idCard } : {}),
    status,
    ...(withheld.includes('items') ? {} : { items }),
    withheld,
    requestId,
    receipt,
    sandbox,
    prepared,
  };
}

/**
 * @param {any} reply
 * @param {string[]} withheld
 * @returns {import('../shared/types.js').ClearVerdict | import('../shared/types.js').UnclearVerdict | import('../shared/types.js').WithheldVerdict}
 */
function verdictOf({ verdict, signals }, withheld) {
  if (!withheld.includes('verdict')) {
    const reason = verdict === 'indeterminate' ? 'unclear' : '';
    return { verdict, reason, ...(signals ? { signals } : {}) };
  }
  const { blinked, openedMouth } = signals ?? {};
  return {
    verdict: 'indeterminate',
    reason: 'withheld',
    ...(signals ? { signals: { blinked, openedMouth } } : {}),
  };
}

/** @param {any} score of the core @returns {import('../shared/types.js').Score} */
function scoreOf({ value, scaleMax, threshold, higherMeans }) {
  return { value, scale: [0, scaleMax], threshold, higherMeans };
}
