// pica resizes (its own workers and wasm), a canvas encodes.
import createPica from '/modules/pica/dist/pica.min.mjs';
import { fitWithin } from '/web/demo/benchmark/lanczos.js';
import { searchByHalves } from '/web/demo/benchmark/recipes.js';

let pica;
export async function init() {
  pica = createPica();
  await pica.init();
}

export async function prepare(photo, { maxBytes, maxEdge }) {
  const bitmap = await createImageBitmap(photo);
  const canvas = Object.assign(document.createElement('canvas'), fitWithin(bitmap, maxEdge));
  await pica.resize(bitmap, canvas);
  bitmap.close();
  return searchByHalves((quality) => pica.toBlob(canvas, 'image/jpeg', quality / 100), maxBytes);
}
