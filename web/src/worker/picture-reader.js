// Who reads a picture: the core (JPEG, PNG, BMP), the second module (TIFF, JPEG 2000, WSQ, WebP, rare JPEG and BMP), or a
// decoder outside of both (HEIC, AVIF, GIF), whose pixels the core then prepares.
import { wrapPixels } from './bmp.js';
import { createHeicDecoder } from './heic-decoder.js';
import { decodeOutside, isDecodedOutside } from './outside-decoder.js';

/** @typedef {import('../types.js').ImageInfo} ImageInfo */

/** @param {import('../engine/caller.js').HeapFile} file */
function outOfHeap(file) {
  const bytes = file.copy();
  file.free();
  return bytes;
}

/**
 * What became of the colours: a browser gives sRGB whatever the file's are; the named decoder gives the file's own, which
 * the core then converted or not.
 * @param {import('./bmp.js').Pixels} pixels
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

/**
 * @param {() => Promise<import('../engine/images.js').ImageFunctions>} codecs
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

  /** @param {import('./host.js').Job} job */
  async function codecsFor(job) {
    const module = await codecs();
    job.signal.throwIfAborted();
    return module;
  }

  /**
   * @param {import('./host.js').Job} job
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {any} options
   * @param {'heic' | 'avif' | 'gif'} format
   */
  async function prepareOutside(job, bytes, options, format) {
    const limits = job.bridge.limits(options.limits);
    const started = performance.now();
    const info = job.bridge.inspectImage(bytes, options.limits);
    const pixels = await decodeOutside(format, bytes, {
      info,
      limits,
      maxEdge: options.maxEdge,
      heicDecoder: namedDecoder(),
      heicProfile: () => job.bridge.heicProfile(bytes, options.limits),
    });
    job.signal.throwIfAborted();
    const picture = wrapPixels(pixels);
    // Its size is that of the pixels, which the limits were asked about.
    const own = { ...options, limits: { ...options.limits, maxInputBytes: picture.length } };
    const prepared = job.bridge.prepareImage(picture, own, (fraction) => job.progress('prepare', fraction), {
      isLast: true,
    });
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
     * @param {import('./host.js').Job} job
     * @param {Uint8Array} bytes
     * @param {object} [limits]
     * @returns {Promise<ImageInfo>}
     */
    async inspect(job, bytes, limits) {
      const isLeft = job.bridge.isImageLeftToCodecs(bytes);
      return (isLeft ? await codecsFor(job) : job.bridge).inspectImage(bytes, limits);
    },

    /**
     * @param {import('./host.js').Job} job
     * @param {import('../engine/caller.js').HeapFile} file
     * @param {any} options ImageOptions with `limits`
     * @returns {Promise<any>} the file is not to be used afterwards
     */
    async prepare(job, file, options) {
      const format = job.bridge.sniffImage(file);
      if (isDecodedOutside(format)) return prepareOutside(job, outOfHeap(file), options, format);
      const onProgress = job.progress.bind(null, 'prepare');
      const isLeft = job.bridge.isImageLeftToCodecs(file);
      const prepared = isLeft ? null : job.bridge.prepareImage(file, options, onProgress);
      if (prepared) return prepared;
      const module = await codecsFor(job);
      return module.prepareImage(outOfHeap(file), options, onProgress, { isLast: true });
    },
  };
}
