// netocr-wasm in its own Node process: the parent's messages name a photo, the replies contain times and the file.
import { readFile, writeFile } from 'node:fs/promises';

let client;
let photo;

const actions = {
  async load() {
    const started = performance.now();
    const { createClient } = await import('../../web/client/node/index.js');
    client = createClient({ endpoint: 'http://localhost/netocr' });
    await client.warmUp();
    return performance.now() - started;
  },
  async photo({ path }) {
    photo = await readFile(path);
  },
  /** The longest gap is not measured: there is no page. */
  async run({ budget, path }) {
    const started = performance.now();
    const { bytes } = await client.prepareImage(photo, budget);
    const ms = performance.now() - started;
    if (path) await writeFile(path, bytes);
    return { ms, gap: null, bytes: bytes.length };
  },
};

// The parent has ended, by a signal perhaps: nobody waits for an answer.
process.on('disconnect', () => process.exit());
const answer = (message) => process.send(message, () => {});

process.on('message', async ({ action, ...params }) => {
  try {
    answer({ value: (await actions[action](params)) ?? null });
  } catch (error) {
    answer({ error: String(error?.message ?? error) });
  }
});
