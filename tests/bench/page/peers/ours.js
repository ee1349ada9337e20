// netocr-wasm as a page uses it; it starts its own workers.
import { createClient } from '/web/client/index.js';

let client;
export async function init(image = {}) {
  client = createClient({ endpoint: '/netocr', image });
  await client.warmUp();
}

export async function prepare(photo, budget) {
  const { bytes, type } = await client.prepareImage(photo, budget);
  return new Blob([bytes], { type });
}
