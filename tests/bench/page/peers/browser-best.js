// The browser alone, as fast as is known; in a worker.
import { hasImageDecoder, prepareByImageDecoder } from '/web/demo/benchmark/recipes.js';

export async function init() {
  if (!hasImageDecoder()) throw new Error('this browser has no ImageDecoder');
}
export const prepare = prepareByImageDecoder;
