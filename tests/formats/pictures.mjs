// One small photo in the kinds of pixels that formats can hold, each with what should be seen of it: the reference that
// every variant is compared with.
import { execFileSync } from 'node:child_process';
import { photoPixels } from '../fixtures/make-images.mjs';

/** @typedef {import('../fixtures/make-images.mjs').Pixels} Pixels */
/** @typedef {'rgb' | 'grey' | 'grey2' | 'grey4' | 'bilevel' | 'alpha' | 'greyAlpha' | 'palette256' | 'palette16' | 'palette4'
 *   | 'flat'} Kind */

export const WIDTH = 150;
export const HEIGHT = 97;

/** ImageMagick, from and to memory. @param {Buffer} input @param {string[]} args the last one names the output: 'tiff:-' @returns {Buffer} */
export const convert = (input, ...args) =>
  execFileSync('convert', ['-', ...args], { input, maxBuffer: 256 << 20, stdio: ['pipe', 'pipe', 'pipe'] });

/** @param {Pixels} pixels @returns {Buffer} a binary PPM */
const ppmOf = ({ width, height, rgb }) => Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), rgb]);

const photo = ppmOf(photoPixels(WIDTH, HEIGHT, 77));
/** An opacity that falls from left to right, and is whole in the upper third. */
const FADE = [
  '(',
  '+clone',
  '-fill',
  'white',
  '-colorize',
  '100',
  '-sparse-color',
  'Bilinear',
  '0,0 white 150,0 gray30',
  ')',
];
const WITH_ALPHA = [...FADE, '-alpha', 'off', '-compose', 'CopyOpacity', '-composite'];

/** How each kind is made of the photo. */
const MADE_BY = {
  rgb: [],
  grey: ['-colorspace', 'Gray'],
  grey2: ['-colorspace', 'Gray'],
  grey4: ['-colorspace', 'Gray'],
  bilevel: ['-colorspace', 'Gray', '-threshold', '50%'],
  alpha: WITH_ALPHA,
  greyAlpha: ['-colorspace', 'Gray', ...WITH_ALPHA],
  palette256: ['+dither', '-colors', '256'],
  palette16: ['+dither', '-colors', '16'],
  palette4: ['+dither', '-colors', '4'],
  flat: ['-fill', 'gray(180)', '-colorize', '100'],
};

/** @type {Map<Kind, Buffer>} */
const made = new Map();

/** A PGM rounded to few bits; the picture itself for 8. @param {Buffer} picture @param {number} bits */
const inDepth = (picture, bits) =>
  bits < 8 ? execFileSync('pamdepth', [String(2 ** bits - 1)], { input: picture }) : picture;

/** The photo as `kind`, as a PNG. @param {Kind} kind @returns {Buffer} */
export function pictureOf(kind) {
  const present = made.get(kind);
  if (present) return present;
  const bits = { grey2: 2, grey4: 4 }[/** @type {'grey2' | 'grey4'} */ (kind)] ?? 8;
  const picture = convert(
    inDepth(convert(photo, ...MADE_BY[kind], bits < 8 ? 'pgm:-' : 'png:-'), bits),
    'png:-',
  );
  made.set(kind, picture);
  return picture;
}

/** What should be seen of it: over white, upright. @param {Kind} kind @returns {Pixels} */
export function referenceOf(kind) {
  const raw = convert(pictureOf(kind), '-background', 'white', '-flatten', '-depth', '8', 'rgb:-');
  return { width: WIDTH, height: HEIGHT, rgb: new Uint8Array(raw) };
}
