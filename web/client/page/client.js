// createClient for any platform: checks the options, has the inputs prepared, sends
// them, and shapes the typed result. The flow goes one way: inputs -> prepared files -> call -> result.

import { NetocrError } from '../shared/errors.js';
import { abortable } from './abortable.js';
import { explained } from './explain.js';
import * as options from './options.js';
import { sendFiles } from './send-files.js';
import { createEngine, createTools } from './tools.js';

/** @typedef {import('./types.js').Platform} Platform */
/** @typedef {import('./prepare.js').ReadyFile} ReadyFile */
/** @typedef {import('./types.js').Context} Context */
/** @typedef {import('../shared/types.js').Input} Input */

/**
 * @param {Platform} platform
 * @param {import('../shared/types.js').ClientOptions} clientOptions
 * @returns {import('../shared/types.js').Client}
 */
export function createClientOn(platform, clientOptions) {
  const settings = options.clientSettings(clientOptions);
  const engine = createEngine(platform, settings);
  const { call, preparer } = engine;

  /**
   * @param {import('../shared/types.js').Operation} operation
   * @param {ReadyFile[]} ready
   * @param {Context} context
   * @param {string} request the core's name of the operation
   * @returns {Promise<import('../shared/types.js').Result>}
   */
  async function send(operation, ready, context, request = operation) {
    const baseUrl = options.resolveEndpoint(settings.endpoint, platform.baseUrl());
    const sending = sendFiles(
      ready.map(({ file }) => file),
      {
        operation: request,
        baseUrl,
        headers: [...settings.headers, ...(await authorization(settings.token, context.signal))],
        timeoutMs: settings.timeoutMs,
        withCredentials: settings.withCredentials,
        limits: settings.limits,
      },
      {
        signal: context.signal,
        onProgress: (stage, fraction) => context.report(stage, fraction),
      },
    );
    const finished = await sending.catch((error) => {
      throw explained(error, baseUrl);
    });
    return toResult(
      operation,
      finished,
      ready.map(({ summary }) => summary),
    );
  }

  /**
   * @param {import('../shared/types.js').Operation} operation
   * @param {Input[]} photos
   * @param {import('./types.js').CallSettings} given
   * @param {string} [request]
   */
  function withPhotos(operation, photos, given, request) {
    const image = { ...settings.image, limits: settings.limits };
    return call(given, photos.length, async (context) => {
      const ready = photos.map((photo, index) => preparer.readyImage(context, photo, index, image));
      return send(operation, await Promise.all(ready), context, request);
    });
  }

  return {
    compareFaces: async (a, b, given) => withPhotos('compareFaces', [a, b], options.callSettings(given)),
    checkLiveness: async (photo, given) => withPhotos('checkLiveness', [photo], options.callSettings(given)),
    matchIdCard: async (card, face, given) => {
      const { transfer, ...callGiven } = options.idCardSettings(given);
      // For the core, files are another operation.
      const request = transfer === 'file' ? 'matchIdCardFile' : undefined;
      return withPhotos('matchIdCard', [card, face], callGiven, request);
    },
    checkVideoLiveness: async (video, given) =>
      call(options.callSettings(given), 1, async (context) => {
        const params = { options: settings.video, limits: settings.limits };
        return send('checkVideoLiveness', [await preparer.readyVideo(context, video, params)], context);
      }),
    ...createTools(engine, settings),
    warmUp: async (given) =>
      call(options.callSettings(given), 0, (context) => engine.pool.open(context.signal)),
    close: engine.close,
  };
}

/**
 * @param {import('./types.js').ClientSettings['token']} token
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
    return await abortable(Promise.resolve(token({ signal })), signal);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new NetocrError('UNAUTHORIZED', { detail: 'the token function failed', cause });
  }
}

/**
 * @param {import('../shared/types.js').Operation} operation
 * @param {any} finished
 * @param {import('../shared/types.js').PreparedSummary[]} prepared
 * @returns {import('../shared/types.js').Result}
 */
function toResult(operation, finished, prepared) {
  const { reply, status, requestId, receipt, withheld, sandbox } = finished;
  const { score, idCard, items } = reply;
  return {
    operation,
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
