// The functions that send nothing - prepareImage, inspectImage, inspectVideo - and the engine that they and a client run on.
import { NetocrError } from '../shared/errors.js';
import { callRunner } from './calls.js';
import * as options from './options.js';
import { createPool } from './pool.js';
import { createPreparer } from './prepare.js';

/** @typedef {import('./types.js').Platform} Platform */
/** @typedef {import('../shared/types.js').Input} Input */
/** @typedef {Pick<import('../shared/types.js').Client, 'prepareImage' | 'inspectImage' | 'inspectVideo'>} Tools */

/**
 * @param {Platform} platform
 * @param {{engine: import('../shared/types.js').EngineOptions, lang: import('../shared/types.js').Language}} settings
 */
export function createEngine(platform, { engine, lang }) {
  const pool = createPool(platform, engine);
  const closing = new AbortController();
  return {
    pool,
    preparer: createPreparer(platform, pool),
    call: callRunner(closing.signal, lang),
    /** Ends every call and every worker. */
    close() {
      closing.abort(new NetocrError('CLIENT_CLOSED', { lang }));
      pool.stop();
    },
  };
}

/**
 * @param {ReturnType<typeof createEngine>} engine
 * @param {{image?: import('../shared/types.js').ImageOptions, limits?: import('../shared/types.js').LimitOptions}} defaults
 * @returns {Tools}
 */
export function createTools({ call, preparer }, defaults) {
  /** @param {'inspectImage' | 'inspectVideo'} method @param {Input} input @param {unknown} given @returns {Promise<any>} */
  async function inspect(method, input, given) {
    const { limits, ...callGiven } = options.inspectSettings(given);
    const merged = { ...defaults.limits, ...limits };
    return call(callGiven, 1, (context) => preparer.inspect(context, method, input, merged));
  }

  return {
    prepareImage: async (photo, given) => {
      const { image, limits, ...callGiven } = options.prepareSettings(given);
      const merged = { ...defaults.image, ...image, limits: { ...defaults.limits, ...limits } };
      return call(callGiven, 1, (context) => preparer.prepareImage(context, photo, merged));
    },
    inspectImage: async (photo, given) => inspect('inspectImage', photo, given),
    inspectVideo: async (video, given) => inspect('inspectVideo', video, given),
  };
}

/**
 * The tools without a client, on an engine with default options that is made at the first use.
 * @param {Platform} platform
 * @returns {() => Tools}
 */
export function sharedTools(platform) {
  /** @type {Tools | undefined} */
  let tools;
  return () => {
    tools ??= createTools(createEngine(platform, { engine: {}, lang: 'en' }), {});
    return tools;
  };
}
