// Compressor.js has no target size: each quality needs a whole run.
import { searchByHalves } from '/web/demo/benchmark/recipes.js';

export async function init() {
  const script = document.createElement('script');
  script.src = '/modules/compressorjs/dist/compressor.min.js';
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error('Compressor.js did not load'));
    document.head.append(script);
  });
}

export async function prepare(photo, { maxBytes, maxEdge }) {
  const compress = (quality) =>
    new Promise((success, error) => {
      const sizes = { maxWidth: maxEdge, maxHeight: maxEdge, mimeType: 'image/jpeg', strict: false };
      new window.Compressor(photo, { ...sizes, quality: quality / 100, success, error });
    });
  return searchByHalves(compress, maxBytes);
}
