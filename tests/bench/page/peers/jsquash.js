// jSquash with its defaults: MozJPEG decodes and encodes (progressive, trellis), a Rust resizer with Lanczos between them.
import decode from '/modules/@jsquash/jpeg/decode.js';
import encode from '/modules/@jsquash/jpeg/encode.js';
import resize from '/modules/@jsquash/resize/index.js';
import { fitWithin } from '/web/demo/benchmark/lanczos.js';
import { searchByHalves } from '/web/demo/benchmark/recipes.js';

export const init = async () => {};

export async function prepare(photo, { maxBytes, maxEdge }) {
  if (photo.type !== 'image/jpeg') throw new Error('decodes JPEG alone');
  const whole = await decode(await photo.arrayBuffer(), { preserveOrientation: true });
  const small = await resize(whole, fitWithin(whole, maxEdge));
  const make = async (quality) => new Uint8Array(await encode(small, { quality }));
  return new Blob([await searchByHalves(make, maxBytes)], { type: 'image/jpeg' });
}
