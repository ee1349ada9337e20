// Which picture of the kinds that the service documents a file is, by its first bytes, for the name of its part in a form.
// Recognises them as wasm/sniff/image_format.cpp does and names them as wasm/api/request.cpp does; tests compare the two.
import { hexOf } from '../hexadecimal.js';

/**
 * @typedef {object} PictureKind
 * @property {string} extension without a dot
 * @property {string} type media type
 */

/** So many bytes are looked at. */
export const SNIFF_BYTES = 24;

const ANY_BYTES = 'application/octet-stream';

/**
 * Patterns of the first bytes in hexadecimal, the names and the types.
 *
 * @type {readonly (readonly [RegExp, string, string])[]}
 */
const KINDS = [
  [/^ffd8ff/, 'jpg', 'image/jpeg'],
  [/^89504e470d0a1a0a/, 'png', 'image/png'],
  [/^(?:49492a00|4d4d002a|49492b0008000000|4d4d002b00080000)/, 'tif', 'image/tiff'],
  [/^424d.{24}(?:(?:0[c-f]|[1-9a-f].)00|..0[1-7]|0008)0000/, 'bmp', 'image/bmp'], // a header of 12 to 2048 bytes
  [/^0000000c6a5020200d0a870a(?!.{8}667479706d6a7032)/, 'jp2', 'image/jp2'], // motion JPEG 2000 is a video
  [/^ff4fff51/, 'j2k', ANY_BYTES], // no registered media type, nor has WSQ one
  [/^ffa0ffa[24568]/, 'wsq', ANY_BYTES],
];

/**
 * @param {Uint8Array} bytes of the file, at least SNIFF_BYTES where it has them
 * @returns {PictureKind} `bin` for everything else
 */
export function pictureKindOf(bytes) {
  const hex = hexOf(bytes.subarray(0, SNIFF_BYTES));
  const [, extension, type] = KINDS.find(([pattern]) => pattern.test(hex)) ?? [null, 'bin', ANY_BYTES];
  return { extension, type };
}
