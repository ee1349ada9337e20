// What a page can do with the browser alone: a photo -> an upright JPEG within a byte budget. Two recipes: the one that most
// pages have, and the fastest that is known.
import { readJpegHead } from './jpeg-head.js';
import { fitWithin } from './lanczos.js';

/** @typedef {{maxBytes: number, maxEdge: number}} Budget */
/** @typedef {(quality: number) => Promise<Blob | Uint8Array>} Encode quality is a whole number from 1 to 100 */

/**
 * The result of the highest quality that fits, by halving the range: what one writes first. Six or seven encodings.
 * @template {Blob | Uint8Array} T
 * @param {(quality: number) => Promise<T>} encode @param {number} maxBytes
 * @returns {Promise<T>}
 */
export async function searchByHalves(encode, maxBytes) {
  let [fits, tooMuch] = [0, 101];
  /** @type {T | null} */
  let best = null;
  while (tooMuch - fits > 1) {
    const quality = (fits + tooMuch) >> 1;
    const made = await encode(quality);
    if (sizeOf(made) <= maxBytes) [fits, best] = [quality, made];
    else tooMuch = quality;
  }
  if (!best) throw new Error('no quality fits');
  return best;
}

/**
 * The same with fewer encodings (three to five): the logarithm of the size is nearly straight over a short range of
 * qualities, so each guess is where the line through the last two meets the limit. A file within 1 % below the limit is
 * good enough.
 * @template {Blob | Uint8Array} T
 * @param {(quality: number) => Promise<T>} encode @param {number} maxBytes
 * @returns {Promise<T>}
 */
export async function searchByLine(encode, maxBytes) {
  const goal = Math.log(maxBytes);
  let below = { quality: 0, size: Number.NaN };
  let above = { quality: 101, size: Number.NaN };
  /** @type {T | null} */
  let best = null;
  let quality = 80;
  for (let turn = 1; above.quality - below.quality > 1; turn += 1) {
    const made = await encode(quality);
    const size = Math.log(sizeOf(made));
    if (size <= goal) {
      best = made;
      below = { quality, size };
      if (goal - size < 0.01) break;
    } else above = { quality, size };
    quality = nextGuess(below, above, goal, turn);
  }
  if (!best) throw new Error('no quality fits');
  return best;
}

/**
 * @param {{quality: number, size: number}} below @param {{quality: number, size: number}} above sizes are logarithms, NaN
 *   while no such file was made
 * @param {number} goal @param {number} turn
 */
function nextGuess(below, above, goal, turn) {
  const middle = (below.quality + above.quality) / 2;
  let guess = middle;
  if (turn <= 3) {
    // Around quality 80 one step of quality is 3 to 5 % of the size.
    if (Number.isNaN(above.size)) guess = below.quality + Math.max(1, (goal - below.size) / 0.045);
    else if (Number.isNaN(below.size)) guess = above.quality - Math.max(1, (above.size - goal) / 0.03);
    else {
      const slope = (above.size - below.size) / (above.quality - below.quality);
      guess = below.quality + (goal - below.size) / slope;
    }
  }
  return Math.min(above.quality - 1, Math.max(below.quality + 1, Math.round(guess)));
}

/** @param {Blob | Uint8Array} made */
const sizeOf = (made) => (made instanceof Blob ? made.size : made.byteLength);

/**
 * As most pages do it, on the page's own thread: the whole bitmap, one drawImage, toBlob until it fits.
 * @param {Blob} photo @param {Budget} budget @returns {Promise<Blob>}
 */
export async function prepareByCanvas(photo, { maxBytes, maxEdge }) {
  const bitmap = await createImageBitmap(photo);
  const canvas = Object.assign(document.createElement('canvas'), fitWithin(bitmap, maxEdge));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return searchByHalves((quality) => toBlob(canvas, quality), maxBytes);
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
function toBlob(canvas, quality) {
  return new Promise((resolve, reject) => {
    const take = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new Error('the canvas gave no file'));
    canvas.toBlob(take, 'image/jpeg', quality / 100);
  });
}

/** Whether prepareByImageDecoder() can run here. */
export const hasImageDecoder = () => 'ImageDecoder' in globalThis;

/**
 * The best that the browser alone can do, in a worker: the decoder is asked for a half, a quarter or an eighth (it never
 * gives more than was asked, and only powers of two are fast), one drawImage, few encodings.
 * @param {Blob} photo @param {Budget} budget @returns {Promise<Blob>}
 */
export async function prepareByImageDecoder(photo, { maxBytes, maxEdge }) {
  const head = await readJpegHead(photo);
  const { frame, close } = await decodeFrame(photo, head && reduced(head, maxEdge));
  const turn = frame.rotation || frame.flip ? 1 : (head?.orientation ?? 1);
  const isSideways = (head?.orientation ?? 1) >= 5;
  const stored = head ?? { width: frame.displayWidth, height: frame.displayHeight };
  const upright = isSideways ? { width: stored.height, height: stored.width } : stored;
  const size = fitWithin(upright, maxEdge);
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  context.imageSmoothingQuality = 'high';
  context.setTransform(...turned(turn, size));
  if (turn >= 5) context.drawImage(frame, 0, 0, size.height, size.width);
  else context.drawImage(frame, 0, 0, size.width, size.height);
  close();
  const encode = (/** @type {number} */ quality) =>
    canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
  return searchByLine(encode, maxBytes);
}

/**
 * @param {Blob} photo @param {{width: number, height: number} | null} size asked for
 * @returns {Promise<{frame: any, close: () => void}>}
 */
async function decodeFrame(photo, size) {
  const { ImageDecoder } = /** @type {any} */ (globalThis);
  const wanted = size ? { desiredWidth: size.width, desiredHeight: size.height } : {};
  const decoder = new ImageDecoder({ data: await photo.arrayBuffer(), type: photo.type, ...wanted });
  const { image } = await decoder.decode();
  const close = () => {
    image.close();
    decoder.close();
  };
  return { frame: image, close };
}

/**
 * The smallest 1/2^k of the stored size that is not below the edge; null for the whole size.
 * @param {{width: number, height: number}} head @param {number} maxEdge
 */
function reduced({ width, height }, maxEdge) {
  const parts = [8, 4, 2].find((n) => Math.max(width, height) / n >= maxEdge);
  return parts ? { width: Math.ceil(width / parts), height: Math.ceil(height / parts) } : null;
}

/**
 * The matrix that turns a stored picture upright. @param {number} orientation EXIF, 1..8
 * @param {{width: number, height: number}} size upright
 * @returns {[number, number, number, number, number, number]}
 */
function turned(orientation, { width: w, height: h }) {
  switch (orientation) {
    case 2:
      return [-1, 0, 0, 1, w, 0];
    case 3:
      return [-1, 0, 0, -1, w, h];
    case 4:
      return [1, 0, 0, -1, 0, h];
    case 5:
      return [0, 1, 1, 0, 0, 0];
    case 6:
      return [0, 1, -1, 0, w, 0];
    case 7:
      return [0, -1, -1, 0, w, h];
    case 8:
      return [0, -1, 1, 0, 0, h];
    default:
      return [1, 0, 0, 1, 0, 0];
  }
}
