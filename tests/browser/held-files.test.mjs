// Prepared files stay in the workers, in a browser: the page gets none of their bytes during a call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { launchBrowser } from './browser.mjs';
import { originOf, visitDemo } from './demo-page.mjs';

const photo = [...makeJpeg(photoPixels(160, 120, 5))];
let browser;
let server;

before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: {} });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Runs in the page: the buffers that its workers post to it, and the ports that it posts to them. */
async function compare([workers, photo]) {
  const buffers = [];
  const buffersIn = (value) => {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) buffers.push(value.byteLength);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(buffersIn);
  };
  let forwarded = 0;
  const PlainWorker = globalThis.Worker;
  globalThis.Worker = class extends PlainWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => buffersIn(data));
    }
    postMessage(message, transfer) {
      if (message.type === 'forward' && transfer[0] instanceof MessagePort) forwarded += 1;
      super.postMessage(message, transfer);
    }
  };
  const netocr = await import('/web/client/index.js');
  const client = netocr.createClient({ endpoint: '/netocr', workers });
  const { verdict } = await client.compareFaces(Uint8Array.from(photo), Uint8Array.from(photo));
  const duringCall = buffers.splice(0);
  const { bytes } = await client.prepareImage(Uint8Array.from(photo));
  client.close();
  globalThis.Worker = PlainWorker;
  return { verdict, duringCall, forwarded, afterwards: buffers, prepared: bytes.length };
}

for (const workers of [1, 2]) {
  test(`${workers} workers: a call posts no bytes to the page, prepareImage() does`, () =>
    visitDemo(browser, { origin: originOf(server) }, async (page) => {
      const seen = await page.evaluate(compare, [workers, photo]);
      assert.deepEqual(seen.duringCall, []);
      assert.equal(seen.forwarded, workers - 1);
      assert.deepEqual(seen.afterwards, [seen.prepared]);
      assert.equal(seen.verdict, 'pass');
    }));
}
