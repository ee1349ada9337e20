// The browser alone, by the fastest known method, in a worker.
import { hasImageDecoder, prepareByImageDecoder } from '/web/demo/benchmark/recipes.js';

export async function init() {
  if (!hasImageDecoder()) throw new Error('this browser has no ImageDecoder');
}
export const prepare = prepareByImageDecoder;
