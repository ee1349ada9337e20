// A WSQ file of one grey level: the one picture whose coefficients need no transform.

/** @param {number} marker @param {number[]} body @returns {number[]} */
const segment = (marker, body) => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff, ...body];
/** @param {number} exponent @param {number} value */
const scaled = (exponent, value) => [exponent, value >> 8, value & 0xff];
/** @param {number} value */
const tap = (value) => {
  const whole = Math.round(Math.abs(value) * 1e9);
  return [value < 0 ? 1 : 0, 9, whole >>> 24, (whole >>> 16) & 0xff, (whole >>> 8) & 0xff, whole & 0xff];
};

const LOW = [0.852698679, 0.377402856, -0.110624404, -0.023849465, 0.037828456];
const HIGH = [0.788485616, -0.418092273, -0.040689418, 0.064538883];

/**
 * Every coefficient is zero: all samples are the frame's mean.
 * @param {number} width @param {number} height @param {number} level
 * @returns {Buffer}
 */
export function makeFlatWsq(width, height, level) {
  const quantisers = Array.from({ length: 64 }, (_, band) =>
    band < 60 ? [...scaled(0, 1), ...scaled(0, 1)] : [...scaled(0, 0), ...scaled(0, 0)],
  ).flat();
  // One code of one bit, 0, for symbol 100: a hundred zeros.
  const huffman = [0, 1, ...Array(15).fill(0), 100];
  // The subbands 60 to 63, a quarter of the picture, are not in the file.
  const coefficients = width * height - (width >> 1) * (height >> 1);
  const runs = Math.floor(coefficients / 100);
  const block = [...Array(runs >> 3).fill(0), ...(runs & 7 ? [0xff >> (runs & 7)] : [])];
  return Buffer.from([
    ...[0xff, 0xa0],
    ...segment(0xa4, [9, 7, ...LOW.flatMap(tap), ...HIGH.flatMap(tap)]),
    ...segment(0xa5, [...scaled(2, 44), ...quantisers]),
    ...segment(0xa2, [
      0,
      255,
      height >> 8,
      height & 0xff,
      width >> 8,
      width & 0xff,
      ...scaled(0, level),
      ...scaled(0, 1),
      2,
      0,
      0,
    ]),
    ...segment(0xa6, huffman),
    ...segment(0xa3, [0]),
    ...block,
    ...[0xff, 0xa1],
  ]);
}
