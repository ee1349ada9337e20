// Who reads a picture: the core (JPEG, PNG, BMP), the second module (TIFF, JPEG 2000, WSQ, WebP, rare JPEG and BMP), or a
// decoder outside of both (HEIC, AVIF, GIF). Of a HEIC it is given the coded parts, by the second module, where the browser
// decodes those; otherwise the file, and the core then prepares the pixels.
import { isNetocrError } from '../shared/errors.js';
import { wrapPixels } from './bmp.js';
import { createHeicDecoder } from './heic-decoder.js';
import { canDecodeTiles, decodeTiles } from './heic-tiles.js';
import { decodeOutside, isDecodedOutside } from './outside-decoder.js';

/** @typedef {import('../shared/types.js').ImageInfo} ImageInfo */

/** @param {import('../core/types.js').HeapFile} file */
function outOfHeap(file) {
  const bytes = file.copy();
  file.free();
  return bytes;
}

/**
 * What became of the colours: a browser gives sRGB whatever the file's are; the named decoder gives the file's own, which
 * the core then converted or not.
 * @param {import('./types.js').Pixels} pixels
 * @param {ImageInfo} info of the file
 * @param {ImageInfo} wrapped of the pixels
 * @returns {ImageInfo['profile']}
 */
function profileUse({ isRaw }, info, wrapped) {
  if (!isRaw) return info.profile === 'ignored' ? 'converted' : info.profile;
  return info.profile === 'converted' && wrapped.profile !== 'converted' ? 'ignored' : info.profile;
}

/** @param {ImageInfo['warnings']} warnings @param {ImageInfo['profile']} profile @returns {ImageInfo['warnings']} */
function withProfileWarning(warnings, profile) {
  const others = warnings.filter((word) => word !== 'profile_ignored');
  return [...new Set(others), ...(profile === 'ignored' ? /** @type {const} */ (['profile_ignored']) : [])];
}

/** How much of the progress of a HEIC is its decoding. */
const DECODED = 0.6;
/** What leaves a HEIC to the next decoder: of the browser's, of the file's make-up, of the second module's address. */
const LEFT = ['UNSUPPORTED_FORMAT', 'UNSUPPORTED_FEATURE', 'CORRUPT_IMAGE', 'ENGINE_LOAD_FAILED'];

/**
 * @param {() => Promise<import('../core/images.js').Codecs>} codecs
 * @param {() => string | undefined} heicDecoderUrl
 */
export function createPictureReader(codecs, heicDecoderUrl) {
  /** @type {ReturnType<typeof createHeicDecoder> | undefined} */
  let heicDecoder;

  function namedDecoder() {
    const url = heicDecoderUrl();
    if (url) heicDecoder ??= createHeicDecoder(url);
    return heicDecoder;
  }

  /** @param {import('./types.js').Job} job */
  async function codecsFor(job) {
    const module = await codecs();
    job.signal.throwIfAborted();
    return module;
  }

  /**
   * By the browser's video decoder. Errors: those of LEFT, and those of the limits and of memory.
   * @param {import('./types.js').Job} job
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {any} options
   */
  async function prepareTiles(job, bytes, options) {
    const started = performance.now();
    const { signal } = job;
    const tiles = (await codecsFor(job)).heicTiles(bytes, options.limits);
    const decoded = await decodeTiles(bytes, tiles, {
      signal,
      onTile: (fraction) => job.progress('prepare', DECODED * fraction),
    });
    const onProgress = (/** @type {number} */ fraction) =>
      job.progress('prepare', DECODED + (1 - DECODED) * fraction);
    // Another file may have ended the instance that read the parts.
    return (await codecsFor(job)).prepareHeic(bytes, decoded, options, onProgress, started);
  }

  /**
   * @param {import('./types.js').Job} job
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {any} options
   */
  async function prepareHeic(job, bytes, options) {
    if ((options.heic ?? 'auto') !== 'auto' || !(await canDecodeTiles(bytes))) {
      return prepareOutside(job, bytes, options, 'heic');
    }
    try {
      return await prepareTiles(job, bytes, options);
    } catch (left) {
      if (!isNetocrError(left) || !LEFT.includes(left.code)) throw left;
      return prepareOutside(job, bytes, options, 'heic').catch((error) => {
        throw left.code === 'CORRUPT_IMAGE' && error.code === 'UNSUPPORTED_FORMAT' ? left : error;
      });
    }
  }

  /**
   * @param {import('./types.js').Job} job
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {any} options
   * @param {'heic' | 'avif' | 'gif'} format
   */
  async function prepareOutside(job, bytes, options, format) {
    const limits = job.bridge.limits(options.limits);
    const started = performance.now();
    const info = /** @type {ImageInfo} */ (job.bridge.inspectImage(bytes, options.limits));
    const pixels = await decodeOutside(format, bytes, {
      info,
      limits,
      maxEdge: options.maxEdge,
      heic: options.heic,
      heicDecoder: namedDecoder(),
      heicProfile: () => job.bridge.heicProfile(bytes, options.limits),
    });
    job.signal.throwIfAborted();
    const picture = wrapPixels(pixels);
    // The limits were asked about its pixels.
    const own = { ...options, limits: { ...options.limits, maxInputBytes: picture.length } };
    const { bridge } = job;
    const module = bridge.inspectImage(picture, own.limits) ? bridge : await codecsFor(job);
    const onProgress = job.progress.bind(null, 'prepare');
    const prepared = module.prepareImage(picture, own, onProgress, { isLast: true });
    const profile = profileUse(pixels, info, prepared.source);
    const source = {
      ...info,
      profile,
      warnings: withProfileWarning(info.warnings, profile),
      decodable: true,
      width: info.width || pixels.fullWidth,
      height: info.height || pixels.fullHeight,
    };
    const warnings = withProfileWarning([...info.warnings, ...prepared.warnings], profile);
    const decodedRows = source.height;
    const milliseconds = Math.round(performance.now() - started);
    return { ...prepared, source, decodedRows, warnings, milliseconds };
  }

  return {
    /**
     * @param {import('./types.js').Job} job
     * @param {Uint8Array} bytes
     * @param {object} [limits]
     * @returns {Promise<ImageInfo>}
     */
    async inspect(job, bytes, limits) {
      const info =
        job.bridge.inspectImage(bytes, limits) ?? (await codecsFor(job)).inspectImage(bytes, limits);
      return /** @type {ImageInfo} */ (info);
    },

    /**
     * @param {import('./types.js').Job} job
     * @param {import('../core/types.js').HeapFile} file
     * @param {any} options ImageOptions with `limits`
     * @returns {Promise<any>} the file is not to be used afterwards
     */
    async prepare(job, file, options) {
      const format = job.bridge.sniffImage(file);
      if (format === 'heic') return prepareHeic(job, outOfHeap(file), options);
      if (isDecodedOutside(format)) return prepareOutside(job, outOfHeap(file), options, format);
      const onProgress = job.progress.bind(null, 'prepare');
      const prepared = job.bridge.prepareImage(file, options, onProgress);
      if (prepared) return prepared;
      const module = await codecsFor(job);
      return module.prepareImage(outOfHeap(file), options, onProgress, { isLast: true });
    },
  };
}
