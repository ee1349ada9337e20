// Structural similarity of two pictures of one size (Wang, Bovik, Sheikh, Simoncelli, 2004): mean over the luma, Gaussian
// window of 11 samples with deviation 1.5, constants (0.01 * 255)^2 and (0.03 * 255)^2. 1 is equality.

const RADIUS = 5;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;
const WINDOW = (() => {
  const values = Array.from({ length: 2 * RADIUS + 1 }, (_, i) => Math.exp(-((i - RADIUS) ** 2) / 4.5));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
})();

/** @param {import('./lanczos.js').Pixels} pixels @returns {Float32Array} luma of BT.601 */
function lumaOf({ width, height, rgb }) {
  return Float32Array.from(
    { length: width * height },
    (_, i) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2],
  );
}

/**
 * Weighted means under the window, where it lies wholly inside.
 * @param {Float32Array} values @param {number} width @param {number} height
 * @returns {Float32Array} (width - 10) x (height - 10)
 */
function means(values, width, height) {
  const wide = width - 2 * RADIUS;
  const high = height - 2 * RADIUS;
  const across = new Float32Array(wide * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, from = y * width; x < wide; x += 1, from += 1) {
      let sum = 0;
      for (let t = 0; t <= 2 * RADIUS; t += 1) sum += WINDOW[t] * values[from + t];
      across[y * wide + x] = sum;
    }
  }
  const out = new Float32Array(wide * high);
  for (let t = 0; t <= 2 * RADIUS; t += 1) {
    const weight = WINDOW[t];
    for (let i = 0, from = t * wide; i < out.length; i += 1, from += 1) out[i] += weight * across[from];
  }
  return out;
}

/** @param {Float32Array} a @param {Float32Array} b */
const products = (a, b) => Float32Array.from(a, (value, i) => value * b[i]);

/**
 * @param {import('./lanczos.js').Pixels} a @param {import('./lanczos.js').Pixels} b of the same size, 11 x 11 at least
 * @returns {number} at most 1
 */
export function ssim(a, b) {
  const { width, height } = a;
  if (width !== b.width || height !== b.height || Math.min(width, height) <= 2 * RADIUS)
    throw new Error(`${width} x ${height} is not compared with ${b.width} x ${b.height}`);
  const [x, y] = [lumaOf(a), lumaOf(b)];
  const [mx, my, mxx, myy, mxy] = [x, y, products(x, x), products(y, y), products(x, y)].map((plane) =>
    means(plane, width, height),
  );
  let sum = 0;
  for (let i = 0; i < mx.length; i += 1) {
    const both = mx[i] * my[i];
    const squares = mx[i] * mx[i] + my[i] * my[i];
    const variances = mxx[i] + myy[i] - squares;
    sum += ((2 * both + C1) * (2 * (mxy[i] - both) + C2)) / ((squares + C1) * (variances + C2));
  }
  return sum / mx.length;
}
