// How near a file is to the exact small picture.
import { pixelsOf } from './pixels.js';
import { ssim } from './ssim.js';

/**
 * A file of another size is scaled to the reference's, as whoever looks at both would.
 * @param {import('./lanczos.js').Pixels} reference
 * @param {Blob} file
 * @returns {Promise<{width: number, height: number, ssim: number | null, compared: Blob}>} ssim: null for pictures smaller
 *   than its window; compared: `file`, or a PNG of the reference's size
 */
export async function judge(reference, file) {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const isSame = width === reference.width && height === reference.height;
  const compared = isSame ? file : await scaledTo(reference, bitmap);
  bitmap.close();
  const isLarge = Math.min(reference.width, reference.height) >= 11;
  return { width, height, ssim: isLarge ? ssim(reference, await pixelsOf(compared)) : null, compared };
}

/** @param {{width: number, height: number}} size @param {ImageBitmap} bitmap */
function scaledTo({ width, height }, bitmap) {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}
