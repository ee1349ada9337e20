// What the page has done elsewhere: the made photo, the exact small picture, the judging, and the browser's best recipe. One
// action at a time; remote.js is the other side.
import { judge } from './judge.js';
import { createPhotoPainter } from './made-photo.js';
import { referenceOf } from './pixels.js';
import { prepareByImageDecoder } from './recipes.js';

const STRIP_ROWS = 64;

/** @type {import('./lanczos.js').Pixels | null} */
let reference = null;

/** @type {Record<string, (params: any) => Promise<unknown>>} */
const actions = {
  async makePhoto({ width, height, quality }) {
    const canvas = new OffscreenCanvas(width, height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      canvas.getContext('2d', { alpha: false })
    );
    const paint = createPhotoPainter({ width, height });
    for (let y = 0; y < height; y += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - y);
      const strip = context.createImageData(width, rows);
      paint(strip.data, rows);
      context.putImageData(strip, 0, y);
    }
    return canvas.convertToBlob({ type: 'image/jpeg', quality });
  },

  async makeReference({ photo, maxEdge }) {
    reference = await referenceOf(photo, maxEdge);
    return { width: reference.width, height: reference.height };
  },

  async judge({ file }) {
    if (!reference) throw new Error('there is no reference');
    const { width, height, ssim } = await judge(reference, file);
    return { width, height, ssim };
  },

  prepareByImageDecoder: ({ photo, budget }) => prepareByImageDecoder(photo, budget),
};

const scope = /** @type {any} */ (globalThis);
scope.onmessage = async (/** @type {MessageEvent} */ { data: { action, params } }) => {
  try {
    scope.postMessage({ value: await actions[action](params) });
  } catch (error) {
    scope.postMessage({ error: { name: String(/** @type {any} */ (error)?.name), message: String(error) } });
  }
};
