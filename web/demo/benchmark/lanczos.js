// The exact reference that results are compared with: Lanczos (three lobes) in doubles on gamma-encoded samples, rows in,
// the small picture out. Slow on purpose: no table is rounded and nothing is skipped.

/** @typedef {{width: number, height: number, rgb: Uint8Array}} Pixels three bytes a pixel, top to bottom */

const LOBES = 3;

/** @param {number} x */
function lanczos(x) {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const a = Math.PI * x;
  return (LOBES * Math.sin(a) * Math.sin(a / LOBES)) / (a * a);
}

/**
 * Which source samples an output sample is made of.
 * @param {number} from samples of the source @param {number} to samples wanted, at most `from`
 * @returns {{first: number, weights: Float64Array}[]} weights sum to 1
 */
export function lanczosTaps(from, to) {
  const step = from / to;
  const reach = LOBES * step;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Float64Array.from({ length: last - first + 1 }, (__, t) =>
      lanczos((first + t - centre) / step),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/**
 * Takes the source's rows in order; holds only the small picture.
 * @param {{width: number, height: number}} source
 * @param {{width: number, height: number}} target not larger than the source
 */
export function createReducer(source, target) {
  const across = lanczosTaps(source.width, target.width);
  const down = lanczosTaps(source.height, target.height);
  const stride = 3 * target.width;
  const sums = new Float32Array(stride * target.height);
  const line = new Float64Array(stride);
  let row = 0;
  let firstOpen = 0; // output rows before it have all their source rows

  /** @param {Uint8ClampedArray | Uint8Array} rgba @param {number} from of the row's first byte */
  function reduceRow(rgba, from) {
    for (let x = 0; x < target.width; x += 1) {
      const { first, weights } = across[x];
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let t = 0, at = from + 4 * first; t < weights.length; t += 1, at += 4) {
        red += weights[t] * rgba[at];
        green += weights[t] * rgba[at + 1];
        blue += weights[t] * rgba[at + 2];
      }
      line[3 * x] = red;
      line[3 * x + 1] = green;
      line[3 * x + 2] = blue;
    }
  }

  function spreadRow() {
    for (let y = firstOpen; y < target.height && down[y].first <= row; y += 1) {
      const weight = down[y].weights[row - down[y].first];
      if (weight === undefined) {
        if (y === firstOpen) firstOpen += 1;
        continue;
      }
      for (let i = 0, at = y * stride; i < stride; i += 1, at += 1) sums[at] += weight * line[i];
    }
    row += 1;
  }

  return {
    /** @param {Uint8ClampedArray | Uint8Array} rgba whole rows, four bytes a pixel @param {number} rows */
    push(rgba, rows) {
      for (let i = 0; i < rows; i += 1) {
        reduceRow(rgba, 4 * source.width * i);
        spreadRow();
      }
    },
    /** @returns {Pixels} */
    finish() {
      if (row !== source.height) throw new Error(`${row} of ${source.height} rows were given`);
      return { ...target, rgb: new Uint8Array(Uint8ClampedArray.from(sums).buffer) };
    },
  };
}

/**
 * The size of a picture within a square. @param {{width: number, height: number}} size @param {number} maxEdge
 * @returns {{width: number, height: number}}
 */
export function fitWithin({ width, height }, maxEdge) {
  const scale = Math.min(1, maxEdge / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
