// Files -> pixels by the browser's own decoder, upright and in sRGB, and the exact small picture of a photo.
import { createReducer, fitWithin } from './lanczos.js';

/** Rows that are read at once: the whole of a 48-megapixel photo would take 192 MB. */
const STRIP_ROWS = 128;

/**
 * @param {Blob} file
 * @param {(size: {width: number, height: number}) => (rgba: Uint8ClampedArray, rows: number) => void} start gets the size,
 *   answers with what takes the rows
 * @param {{signal?: AbortSignal, pause?: () => Promise<void>}} [options] pause: awaited between strips
 */
async function readRows(file, start, { signal, pause } = {}) {
  const bitmap = await createImageBitmap(file);
  try {
    const { width, height } = bitmap;
    const take = start({ width, height });
    const canvas = new OffscreenCanvas(width, STRIP_ROWS);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      canvas.getContext('2d', { willReadFrequently: true })
    );
    for (let y = 0; y < height; y += STRIP_ROWS) {
      signal?.throwIfAborted();
      const rows = Math.min(STRIP_ROWS, height - y);
      context.fillStyle = '#fff'; // what is transparent is laid over white
      context.fillRect(0, 0, width, rows);
      context.drawImage(bitmap, 0, y, width, rows, 0, 0, width, rows);
      take(context.getImageData(0, 0, width, rows).data, rows);
      await pause?.();
    }
  } finally {
    bitmap.close();
  }
}

/**
 * The photo at the size that is wanted, as exactly as it can be computed.
 * @param {Blob} photo @param {number} maxEdge @param {Parameters<typeof readRows>[2]} [options]
 * @returns {Promise<import('./lanczos.js').Pixels>}
 */
export async function referenceOf(photo, maxEdge, options) {
  /** @type {ReturnType<typeof createReducer> | undefined} */
  let reducer;
  const start = (/** @type {{width: number, height: number}} */ size) => {
    reducer = createReducer(size, fitWithin(size, maxEdge));
    return reducer.push;
  };
  await readRows(photo, start, options);
  if (!reducer) throw new Error('no rows');
  return reducer.finish();
}

/** @param {Blob} file @returns {Promise<import('./lanczos.js').Pixels>} its own pixels */
export async function pixelsOf(file) {
  let size = { width: 0, height: 0 };
  let rgb = new Uint8Array();
  let at = 0;
  await readRows(file, (known) => {
    size = known;
    rgb = new Uint8Array(3 * size.width * size.height);
    return (rgba, rows) => {
      for (let i = 0; i < 4 * size.width * rows; i += 4, at += 3) {
        rgb[at] = rgba[i];
        rgb[at + 1] = rgba[i + 1];
        rgb[at + 2] = rgba[i + 2];
      }
    };
  });
  return { ...size, rgb };
}
