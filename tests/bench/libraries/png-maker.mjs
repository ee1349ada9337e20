// Writes a PNG as libpng does: for each row the filter with the min sum of differences, chunks of 8 KiB.
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const CHUNK_BYTES = 8192;
const FILTERS = 5;

/** What the filters count as a pixel: colour type -> samples of a pixel (PNG specification, 11.2.1). */
const SAMPLES = { 0: 1, 2: 3, 3: 1, 6: 4 };

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** @param {number} left @param {number} above @param {number} corner */
function paeth(left, above, corner) {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/**
 * One row by each filter; answers the best of them.
 * @param {Uint8Array} row @param {Uint8Array} above @param {number} step bytes of a pixel
 * @param {Uint8Array[]} out one for each filter, as long as the row
 */
function filterRow(row, above, step, out) {
  const sums = [0, 0, 0, 0, 0];
  for (let i = 0; i < row.length; i += 1) {
    const left = i >= step ? row[i - step] : 0;
    const corner = i >= step ? above[i - step] : 0;
    const up = above[i];
    out[0][i] = row[i];
    out[1][i] = row[i] - left;
    out[2][i] = row[i] - up;
    out[3][i] = row[i] - ((left + up) >> 1);
    out[4][i] = row[i] - paeth(left, up, corner);
    for (let f = 0; f < FILTERS; f += 1) sums[f] += out[f][i] < 128 ? out[f][i] : 256 - out[f][i];
  }
  return sums.indexOf(Math.min(...sums));
}

/**
 * @typedef {object} Raw a picture's samples as a PNG has them, row by row
 * @property {number} width
 * @property {number} height
 * @property {number} depth bits of a sample: 8 or 16
 * @property {0 | 2 | 3 | 6} type grey, RGB, palette or RGBA
 * @property {Buffer} samples
 * @property {Buffer} [palette] RGB triples
 */

/** @param {Raw} picture @param {number} rowBytes */
function filterAll({ height, depth, type, samples }, rowBytes) {
  const step = (SAMPLES[type] * depth) / 8;
  const rows = Buffer.alloc(height * (rowBytes + 1));
  const candidates = Array.from({ length: FILTERS }, () => new Uint8Array(rowBytes));
  let above = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y += 1) {
    const row = samples.subarray(y * rowBytes, (y + 1) * rowBytes);
    // Differences of indexes mean nothing (PNG specification, 12.7).
    const best = type === 3 ? 0 : filterRow(row, above, step, candidates);
    rows[y * (rowBytes + 1)] = best;
    rows.set(type === 3 ? row : candidates[best], y * (rowBytes + 1) + 1);
    above = row;
  }
  return rows;
}

/**
 * @param {Raw} picture
 * @param {{level?: number}} [options] zlib's level
 * @returns {{file: Buffer, shape: Shape}}
 */
export function makeFilteredPng(picture, { level = 6 } = {}) {
  const { width, height, depth, type, palette } = picture;
  const rowBytes = (width * SAMPLES[type] * depth) / 8;
  const stream = deflateSync(filterAll(picture, rowBytes), { level });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, 0], 8);
  const chunks = [SIGNATURE, chunk('IHDR', header)];
  if (palette) chunks.push(chunk('PLTE', palette));
  for (let at = 0; at < stream.length; at += CHUNK_BYTES)
    chunks.push(chunk('IDAT', stream.subarray(at, at + CHUNK_BYTES)));
  chunks.push(chunk('IEND', Buffer.alloc(0)));
  return {
    file: Buffer.concat(chunks),
    shape: { rows: height, rowBytes, pixelBytes: (SAMPLES[type] * depth) / 8 },
  };
}

/** @typedef {{rows: number, rowBytes: number, pixelBytes: number}} Shape what run_rows() has to be told */
