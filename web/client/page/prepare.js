// Inputs -> files that are ready to be sent, by the engine's lanes. An error says which input it is about.
import { fromRecord, isNetocrError, toRecord } from '../shared/errors.js';
import { readBlob } from '../shared/read-blob.js';
import { takeInput, transferOf } from './take-input.js';

/** @typedef {import('./calls.js').Context} Context */
/** @typedef {import('../shared/types.js').Input} Input */
/** @typedef {import('../shared/types.js').ImageOptions & {limits?: import('../shared/types.js').LimitOptions}} ImageSettings */
/**
 * A file that is ready to be sent.
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, summary: import('../shared/types.js').PreparedSummary}} ReadyFile
 */

/**
 * @param {import('./connect.js').Platform} platform
 * @param {import('./pool.js').Pool} pool
 */
export function createPreparer(platform, pool) {
  /**
   * @param {Context} context
   * @param {import('../shared/protocol.js').Method} method
   * @param {Input} input
   * @param {number} index
   * @param {object} params
   */
  async function run(context, method, input, index, params) {
    try {
      const given = await localised(takeInput(input), platform);
      return await pool.run({
        method,
        params: { ...params, input: given },
        transfer: transferOf(given),
        signal: context.signal,
        onProgress: (stage, fraction) => context.report(stage, fraction, index),
      });
    } catch (error) {
      if (!isNetocrError(error) || error.stage === 'engine') throw error;
      throw fromRecord(toRecord(error), { index, cause: error.cause });
    }
  }

  /**
   * @param {Context} context
   * @param {Input} photo
   * @param {number} index
   * @param {ImageSettings} image
   * @returns {Promise<import('../shared/types.js').PreparedImage>}
   */
  async function prepareImage(context, photo, index, image) {
    const prepared = await run(context, 'prepareImage', photo, index, { options: image });
    return { ...prepared, type: prepared.format === 'png' ? 'image/png' : 'image/jpeg' };
  }

  return {
    prepareImage,

    /** @param {Context} context @param {Input} photo @param {number} index @param {ImageSettings} image
     * @returns {Promise<ReadyFile>} */
    async readyImage(context, photo, index, image) {
      const { bytes, type, ...rest } = await prepareImage(context, photo, index, image);
      return { bytes, summary: { kind: 'image', bytes: bytes.length, ...rest } };
    },

    /** @param {Context} context @param {Input} video @param {object} params VideoOptions as `options`, and `limits`
     * @returns {Promise<ReadyFile>} */
    async readyVideo(context, video, params) {
      const { data, ...info } = await run(context, 'checkVideo', video, 0, params);
      return { bytes: data, summary: { kind: 'video', ...info } };
    },

    /** @param {Context} context @param {'inspectImage' | 'inspectVideo'} method @param {Input} input
     * @param {import('../shared/types.js').LimitOptions | undefined} limits */
    inspect: (context, method, input, limits) => run(context, method, input, 0, { limits }),
  };
}

/**
 * Node cannot post every kind of Blob to a worker: it is read here.
 * @param {import('../shared/protocol.js').GivenInput} given
 * @param {import('./connect.js').Platform} platform
 * @returns {Promise<import('../shared/protocol.js').GivenInput>}
 */
async function localised(given, platform) {
  if (platform.postsBlobs || !('blob' in given)) return given;
  return { bytes: await readBlob(given.blob) };
}
