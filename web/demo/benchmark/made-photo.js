// A picture that compresses like a phone's photo, made from numbers: sky with clouds, hills, foliage with fine detail, hard
// edges, and the noise of a sensor. The same seed gives the same picture in every engine, for nothing but sums and products
// of doubles decides about it.

/** Sizes of the noise's cells for a picture 4000 px wide, coarse to fine. */
const CELLS = [1400, 520, 190, 70, 26, 9];

/** @param {number} seed @returns {() => number} numbers in [0, 1) */
function randomOf(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/**
 * One octave of value noise: random numbers on a grid, smoothly interpolated.
 * @param {number} width @param {number} height @param {number} cell px @param {number} seed
 * @returns {(y: number, out: Float32Array) => void} fills a row with numbers in [-1, 1)
 */
function octave(width, height, cell, seed) {
  const wide = Math.ceil(width / cell) + 2;
  const high = Math.ceil(height / cell) + 2;
  const next = randomOf(seed);
  const grid = Float32Array.from({ length: wide * high }, () => 2 * next() - 1);
  const smooth = (/** @type {number} */ t) => t * t * (3 - 2 * t);
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(x / cell));
  const shares = Float32Array.from({ length: width }, (_, x) => smooth(x / cell - Math.floor(x / cell)));
  const between = new Float32Array(wide);
  return (y, out) => {
    const row = Math.floor(y / cell);
    const share = smooth(y / cell - row);
    for (let i = 0; i < wide; i += 1) {
      const above = grid[row * wide + i];
      between[i] = above + share * (grid[(row + 1) * wide + i] - above);
    }
    for (let x = 0; x < width; x += 1) {
      const left = between[columns[x]];
      out[x] = left + shares[x] * (between[columns[x] + 1] - left);
    }
  };
}

/**
 * Grains of a sensor: near a normal distribution, a little correlated from pixel to pixel as a camera's interpolation of
 * colours leaves it.
 * @param {number} seed @returns {() => number} mean 0, deviation about 1
 */
function grainOf(seed) {
  let state = seed >>> 0 || 1;
  let before = 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const four = (state >>> 24) + ((state >>> 16) & 255) + ((state >>> 8) & 255) - 382.5;
    const grain = four / 128 + 0.5 * before;
    before = four / 128;
    return grain;
  };
}

/**
 * @param {{width: number, height: number, seed?: number}} options
 * @returns {(rgba: Uint8ClampedArray, rows: number) => void} paints the next rows, top to bottom, four bytes a pixel
 */
export function createPhotoPainter({ width, height, seed = 1 }) {
  const scale = width / 4000;
  const octaves = CELLS.map((cell, i) => octave(width, height, Math.max(2, cell * scale), seed * 101 + i));
  const ridge = octave(width, 1, Math.max(2, 430 * scale), seed * 31 + 7);
  const rugged = octave(width, 1, Math.max(2, 37 * scale), seed * 31 + 8);
  const layers = octaves.map(() => new Float32Array(width));
  const hills = new Float32Array(width);
  const rocks = new Float32Array(width);
  ridge(0, hills);
  rugged(0, rocks);
  const grain = grainOf(seed * 17 + 3);
  let y = 0;

  return (rgba, rows) => {
    for (let row = 0; row < rows; row += 1, y += 1) {
      for (const [i, layer] of octaves.entries()) layer(y, layers[i]);
      const [vast, broad, middle, small, fine, finest] = layers;
      for (let x = 0, at = 4 * row * width; x < width; x += 1, at += 4) {
        const horizon = height * (0.42 + 0.09 * hills[x] + 0.012 * rocks[x]);
        const shape = 0.5 * vast[x] + 0.3 * broad[x] + 0.2 * middle[x];
        const colour = y < horizon ? sky(y / height, shape) : ground(shape, small[x], fine[x], finest[x]);
        // A wall with windows at the right: straight edges and flat surfaces.
        const u = (x / width - 0.68) * 40;
        const v = (y / height - 0.3) * 30;
        if (u > 0 && u < 9 && v > 0 && v < 13) {
          const isWindow = u - Math.floor(u) > 0.55 && v - Math.floor(v) > 0.45;
          const shade = isWindow ? 46 : 172 + 14 * small[x] + 6 * finest[x];
          colour[0] = shade + 14;
          colour[1] = shade + 4;
          colour[2] = shade - 8;
        }
        // Shot noise: stronger where there is more light.
        const light = 1.1 + 0.007 * colour[1];
        const luma = light * grain();
        rgba[at] = colour[0] + luma + 0.7 * light * grain();
        rgba[at + 1] = colour[1] + luma;
        rgba[at + 2] = colour[2] + luma + 0.8 * light * grain();
        rgba[at + 3] = 255;
      }
    }
  };
}

// Filled anew for each pixel: an array for each would be most of the work.
const pixel = new Float64Array(3);

/** @param {number} depth 0 top, 1 bottom of the picture @param {number} shape */
function sky(depth, shape) {
  const cloud = Math.max(0, shape + 0.1) * 150;
  pixel[0] = 96 + 110 * depth + cloud;
  pixel[1] = 142 + 90 * depth + cloud * 0.9;
  pixel[2] = 205 + 40 * depth + cloud * 0.6;
  return pixel;
}

/** @param {number} shape @param {number} small @param {number} fine @param {number} finest */
function ground(shape, small, fine, finest) {
  const leaf = fine + 0.6 * finest > 0.25 ? 34 : 0;
  const light = 84 + 70 * shape + 26 * small + 18 * fine + 15 * finest + leaf;
  pixel[0] = light * (0.92 + 0.25 * small);
  pixel[1] = light * 1.04;
  pixel[2] = light * (0.62 - 0.2 * shape);
  return pixel;
}
