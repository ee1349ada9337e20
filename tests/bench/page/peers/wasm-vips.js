// wasm-vips: thumbnailBuffer shrinks while decoding and turns upright; then jpegsaveBuffer runs until it fits. It starts its
// own threads, so the page is cross-origin isolated.
import Vips from '/modules/wasm-vips/lib/vips-es6.js';
import { searchByHalves } from '/web/demo/benchmark/recipes.js';

const FOLDER = '/modules/wasm-vips/lib/';
let vips;

export async function init() {
  vips = await Vips({
    dynamicLibraries: [],
    locateFile: (name) => FOLDER + name,
    mainScriptUrlOrBlob: new URL(`${FOLDER}vips-es6.js`, location.origin).href,
  });
  vips.Cache.max(0);
}

export async function prepareWith(photo, { maxBytes, maxEdge }, options, search) {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  const lazy = vips.Image.thumbnailBuffer(bytes, maxEdge, {
    height: maxEdge,
    size: 'down',
    output_profile: 'srgb',
  });
  const small = lazy.copyMemory();
  try {
    const encode = async (Q) => small.jpegsaveBuffer({ Q, keep: 'none', optimize_coding: true, ...options });
    return new Blob([await search(encode, maxBytes)], { type: 'image/jpeg' });
  } finally {
    small.delete();
    lazy.delete();
  }
}

export const prepare = (photo, budget) => prepareWith(photo, budget, {}, searchByHalves);
