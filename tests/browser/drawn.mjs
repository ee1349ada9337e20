// A picture as Chromium draws it.

/**
 * Upright, over white: `pixels` are RGBA, row by row.
 * @param {import('playwright-core').Page} page
 * @param {Uint8Array} bytes of the file
 * @returns {Promise<{width: number, height: number, pixels: number[]}>}
 */
export const drawn = (page, bytes) =>
  page.evaluate(async (base64) => {
    const data = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([data]));
    await image.decode();
    URL.revokeObjectURL(image.src);
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0);
    return { width, height, pixels: [...context.getImageData(0, 0, width, height).data] };
  }, Buffer.from(bytes).toString('base64'));
