// Inputs -> files that are ready to be sent, by the engine's lanes. An error says which input it is about.
import { fromRecord, isNetocrError, toRecord } from '../shared/errors.js';
import { readBlob } from '../shared/read-blob.js';
import { takeInput, transferOf } from './take-input.js';

/** @typedef {import('./types.js').Context} Context */
/** @typedef {import('../shared/types.js').Input} Input */
/** @typedef {import('../shared/types.js').ImageOptions & {limits?: import('../shared/types.js').LimitOptions}} ImageSettings */
/**
 * A file that is ready to be sent; its bytes are in a worker.
 * @typedef {{file: import('./types.js').HeldFile, summary: import('../shared/types.js').PreparedSummary}} ReadyFile
 */

/**
 * @param {import('./types.js').Platform} platform
 * @param {import('./pool.js').Pool} pool
 */
export function createPreparer(platform, pool) {
  /**
   * @param {Context} context
   * @template {Exclude<import('../shared/protocol-types.js').Method, 'call'>} M
   * @param {M} method
   * @param {Input} input
   * @param {number} index
   * @param {Omit<import('../shared/protocol-types.js').Params[M], 'input'>} params
   */
  async function run(context, method, input, index, params) {
    try {
      const given = await localised(takeInput(input), platform);
      const ask = /** @type {import('../shared/protocol-types.js').Ask} */ ({
        method,
        params: { ...params, input: given },
      });
      return await pool.run({
        ...ask,
        transfer: transferOf(given),
        signal: context.signal,
        onProgress: (stage, fraction) => context.report(stage, fraction, index),
      });
    } catch (error) {
      if (!isNetocrError(error) || error.stage === 'engine') throw error;
      throw fromRecord(toRecord(error), { index, cause: error.cause });
    }
  }

  return {
    /**
     * @param {Context} context
     * @param {Input} photo
     * @param {ImageSettings} image
     * @returns {Promise<import('../shared/types.js').PreparedImage>}
     */
    async prepareImage(context, photo, image) {
      const prepared = await run(context, 'prepareImage', photo, 0, { options: image });
      return { ...prepared, type: prepared.format === 'png' ? 'image/png' : 'image/jpeg' };
    },

    /** @param {Context} context @param {Input} photo @param {number} index @param {ImageSettings} image
     * @returns {Promise<ReadyFile>} */
    async readyImage(context, photo, index, image) {
      const file = await run(context, 'holdImage', photo, index, { options: image });
      return { file, summary: { kind: 'image', ...file.value } };
    },

    /** @param {Context} context @param {Input} video
     * @param {Omit<import('../shared/protocol-types.js').Params['holdVideo'], 'input'>} params
     * @returns {Promise<ReadyFile>} */
    async readyVideo(context, video, params) {
      const file = await run(context, 'holdVideo', video, 0, params);
      return { file, summary: { kind: 'video', ...file.value } };
    },

    /** @param {Context} context @param {'inspectImage' | 'inspectVideo'} method @param {Input} input
     * @param {import('../shared/types.js').LimitOptions | undefined} limits */
    inspect: (context, method, input, limits) => run(context, method, input, 0, { limits }),
  };
}

/**
 * Node cannot post every kind of Blob to a worker: it is read here.
 * @param {import('../shared/protocol-types.js').GivenInput} given
 * @param {import('./types.js').Platform} platform
 * @returns {Promise<import('../shared/protocol-types.js').GivenInput>}
 */
async function localised(given, platform) {
  if (platform.postsBlobs || !('blob' in given)) return given;
  return { bytes: await readBlob(given.blob) };
}
