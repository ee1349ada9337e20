// HEIC, AVIF and GIF as whole files: decoded by the browser where it can, HEIC otherwise by a module that the site chose.
// HEVC is patented and its free decoder is under the LGPL, so it is not part of this package.
import { NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {import('./types.js').Pixels} Pixels */

const CAMERA_ADVICE = "choose the JPEG export or 'most compatible' in the camera settings";
/** What to do where nothing decodes the format. */
const ADVICE = {
  heic: `HEIC is not decoded in this browser: set heicDecoderUrl, or ${CAMERA_ADVICE}`,
  avif: 'AVIF is not decoded in this browser: save the picture as JPEG or PNG',
  gif: 'GIF is not decoded here: take a photo, or save the picture as JPEG or PNG',
};

/** @type {Record<string, string>} of image.heic */
const REFUSED = {
  off: `HEIC is switched off by image.heic: ${CAMERA_ADVICE}`,
  'named-only': `image.heic leaves HEIC to a named decoder: set heicDecoderUrl, or ${CAMERA_ADVICE}`,
};

/** @param {string} format @returns {format is import('./types.js').OutsideFormat} */
export const isDecodedOutside = (format) => Object.hasOwn(ADVICE, format);

/**
 * Upright pixels: the browser's in sRGB, and at a reduced size when the picture is far larger than it is wanted; the
 * site's decoder's as `isRaw` says. Errors: UNSUPPORTED_FORMAT, IMAGE_TOO_LARGE, OUT_OF_MEMORY, and those of the decoder
 * that the site named.
 * @param {import('./types.js').OutsideFormat} format
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {import('./types.js').OutsideOptions} options
 * @returns {Promise<Pixels>}
 */
export async function decodeOutside(format, bytes, options) {
  const { heicDecoder, heic = 'auto' } = options;
  const isHeic = format === 'heic';
  if (isHeic && heic === 'off') throw new NetocrError('UNSUPPORTED_FORMAT', { detail: REFUSED.off });
  checkSize(options.info, options.limits);
  const bitmap = isHeic && heic === 'named-only' ? null : await browserBitmap(format, bytes);
  if (bitmap) return drawn(bitmap, options);
  if (isHeic && heicDecoder) return decodeHeic(bytes, heicDecoder, options);
  const detail = (isHeic && REFUSED[heic]) || ADVICE[format];
  throw new NetocrError('UNSUPPORTED_FORMAT', { detail });
}

/** @param {{width: number, height: number}} size @param {import('./types.js').OutsideOptions['limits']} limits */
function checkSize({ width, height }, limits) {
  if (Math.max(width, height) > limits.maxDimension || width * height > limits.maxPixels) {
    throw new NetocrError('IMAGE_TOO_LARGE', { detail: `${width} x ${height} pixels` });
  }
  if (width * height * 4 > limits.maxDecoderBytes) {
    throw new NetocrError('IMAGE_TOO_LARGE', { detail: 'the pixels need more memory than the limit' });
  }
}

/**
 * Null when the browser cannot: it does not say whether it lacks the format or the file is damaged.
 * @param {import('./types.js').OutsideFormat} format
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function browserBitmap(format, bytes) {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') return null;
  try {
    return await createImageBitmap(new Blob([bytes], { type: `image/${format}` }), {
      imageOrientation: 'from-image',
    });
  } catch {
    return null;
  }
}

/** @param {ImageBitmap} bitmap closed by this @param {import('./types.js').OutsideOptions} options @returns {Pixels} */
function drawn(bitmap, { limits, maxEdge = 1600 }) {
  try {
    checkSize(bitmap, limits);
    const { width: fullWidth, height: fullHeight } = bitmap;
    // The last halving at least is the core's own, whose filter is better.
    const factor = Math.max(1, Math.floor(Math.max(fullWidth, fullHeight) / (2 * maxEdge)));
    const width = Math.max(1, Math.round(fullWidth / factor));
    const height = Math.max(1, Math.round(fullHeight / factor));
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    const rgba = context.getImageData(0, 0, width, height, { colorSpace: 'srgb' }).data;
    return { rgba, width, height, fullWidth, fullHeight };
  } catch (cause) {
    if (cause instanceof NetocrError) throw cause;
    throw new NetocrError('OUT_OF_MEMORY', { detail: `no canvas of this size: ${nameOf(cause)}`, cause });
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {NonNullable<import('./types.js').OutsideOptions['heicDecoder']>} decoder
 * @param {import('./types.js').OutsideOptions} options
 * @returns {Promise<Pixels>}
 */
async function decodeHeic(bytes, decoder, { limits, heicProfile }) {
  const profile = heicProfile();
  const { rgba, width, height } = await decoder.decode(bytes, (size) => checkSize(size, limits));
  const pixels = { rgba, width, height, fullWidth: width, fullHeight: height, isRaw: true };
  // The decoder leaves the colours as they are in the file; a browser's converts them.
  return profile.length > 0 ? { ...pixels, profile } : pixels;
}
