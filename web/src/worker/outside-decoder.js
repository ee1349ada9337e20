// HEIC, AVIF and GIF: decoded by the browser where it can, HEIC otherwise by a module that the site chose. HEVC is patented
// and its free decoder is under the LGPL, so it is not part of this package.
import { NetocrError, nameOf } from '../errors.js';

/** @typedef {'heic' | 'avif' | 'gif'} OutsideFormat */
/** @typedef {import('./bmp.js').Pixels} Pixels */
/**
 * @typedef {object} OutsideOptions
 * @property {import('../types.js').ImageInfo} info what the file's header says; its width is 0 when it says nothing
 * @property {Required<import('../types.js').LimitOptions>} limits
 * @property {number} [maxEdge]
 * @property {string} [heicDecoderUrl]
 */

/** What to do where nothing decodes the format. */
const ADVICE = {
  heic: "HEIC is not decoded in this browser: set heicDecoderUrl, or choose the JPEG export or 'most compatible' in the camera settings",
  avif: 'AVIF is not decoded in this browser: save the picture as JPEG or PNG',
  gif: 'GIF is not decoded here: take a photo, or save the picture as JPEG or PNG',
};

/** @param {string} format @returns {format is OutsideFormat} */
export const isDecodedOutside = (format) => Object.hasOwn(ADVICE, format);

/**
 * Upright pixels in sRGB; at a reduced size when the picture is far larger than it is wanted. Errors: UNSUPPORTED_FORMAT,
 * IMAGE_TOO_LARGE, CORRUPT_IMAGE (the chosen decoder refused the file), ENGINE_LOAD_FAILED (it could not be loaded),
 * OUT_OF_MEMORY.
 * @param {OutsideFormat} format
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {OutsideOptions} options
 * @returns {Promise<Pixels>}
 */
export async function decodeOutside(format, bytes, options) {
  checkSize(options.info, options.limits);
  const bitmap = await browserBitmap(format, bytes);
  if (bitmap) return drawn(bitmap, options);
  if (format === 'heic' && options.heicDecoderUrl)
    return decodeHeic(bytes, options.heicDecoderUrl, options.limits);
  throw new NetocrError('UNSUPPORTED_FORMAT', { detail: ADVICE[format] });
}

/** @param {{width: number, height: number}} size @param {OutsideOptions['limits']} limits */
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
 * @param {OutsideFormat} format
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

/** @param {ImageBitmap} bitmap closed by this @param {OutsideOptions} options @returns {Pixels} */
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
 * @param {string} url of libheif-js
 * @param {OutsideOptions['limits']} limits
 * @returns {Promise<Pixels>}
 */
async function decodeHeic(bytes, url, limits) {
  const libheif = await loadHeicDecoder(url);
  const images = new libheif.HeifDecoder().decode(bytes);
  try {
    const image = images[0];
    if (!image)
      throw new NetocrError('CORRUPT_IMAGE', {
        detail: 'the HEIC file holds no picture that can be decoded',
      });
    const width = image.get_width();
    const height = image.get_height();
    checkSize({ width, height }, limits);
    const data = new Uint8ClampedArray(width * height * 4);
    const shown = await new Promise((resolve) => image.display({ data, width, height }, resolve));
    if (!shown) throw new NetocrError('CORRUPT_IMAGE', { detail: 'the HEIC picture is damaged' });
    // The decoder leaves the colours as they are in the file; a browser's converts them.
    const profile = heicProfile(bytes);
    return { rgba: data, width, height, fullWidth: width, fullHeight: height, isRaw: true, profile };
  } finally {
    for (const image of images) image.free();
  }
}

/**
 * The first ICC profile of a HEIF file: the colour box with the type 'prof' or 'rICC'.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array | undefined}
 */
export function heicProfile(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [colr, prof, ricc] = [0x636f6c72, 0x70726f66, 0x72494343];
  for (let at = 4; at + 8 < bytes.length; at += 1) {
    if (bytes[at] !== 0x63 || view.getUint32(at) !== colr) continue;
    const kind = view.getUint32(at + 4);
    const end = at - 4 + view.getUint32(at - 4);
    if ((kind === prof || kind === ricc) && end > at + 8 && end <= bytes.length) {
      return bytes.subarray(at + 8, end);
    }
  }
  return undefined;
}

/** @param {string} url @returns {Promise<any>} */
async function loadHeicDecoder(url) {
  try {
    const { default: exported } = await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
    const libheif = await (typeof exported === 'function' ? exported() : exported);
    if (typeof libheif?.HeifDecoder !== 'function') throw new TypeError('the module has no HeifDecoder');
    return libheif;
  } catch (cause) {
    throw new NetocrError('ENGINE_LOAD_FAILED', { detail: `heicDecoderUrl: ${nameOf(cause)}`, cause });
  }
}
