// Buffers that the page gives away, in a browser: before a call, and right after it began.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { launchBrowser } from './browser.mjs';
import { originOf, visitDemo } from './demo-page.mjs';
import { makeMp4 } from './videos.mjs';

const photo = [...makeJpeg(photoPixels(160, 120, 5))];
const video = [...makeMp4({ durationMs: 4000, bytes: 20_000 })];
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

/** Runs in the page: each function with each kind of input, whose buffer is transferred at the time. */
async function giveAway([time, photo, video]) {
  const netocr = await import('/web/client/index.js');
  const client = netocr.createClient({ endpoint: '/netocr' });
  const other = () => Uint8Array.from(photo);
  const functions = {
    prepareImage: (input) => client.prepareImage(input),
    inspectImage: (input) => client.inspectImage(input),
    inspectVideo: (input) => client.inspectVideo(input),
    compareFaces: (input) => client.compareFaces(other(), input),
    checkLiveness: (input) => client.checkLiveness(input),
    checkVideoLiveness: (input) => client.checkVideoLiveness(input),
    matchIdCard: (input) => client.matchIdCard(other(), input),
    'matchIdCard, files': (input) => client.matchIdCard(other(), input, { transfer: 'file' }),
    'prepareImage without a client': (input) => netocr.prepareImage(input),
    'inspectImage without a client': (input) => netocr.inspectImage(input),
    'inspectVideo without a client': (input) => netocr.inspectVideo(input),
  };
  const kinds = {
    ArrayBuffer: (buffer) => buffer,
    Uint8Array: (buffer) => new Uint8Array(buffer),
    DataView: (buffer) => new DataView(buffer),
  };
  const outcomes = {};
  for (const [name, ask] of Object.entries(functions)) {
    for (const [kind, make] of Object.entries(kinds)) {
      const { buffer } = Uint8Array.from(/Video/.test(name) ? video : photo);
      const input = make(buffer);
      const give = () => structuredClone(buffer, { transfer: [buffer] });
      if (time === 'before') give();
      const asked = ask(input);
      if (time === 'after') give();
      outcomes[`${name}, ${kind}`] = await asked.then(
        () => 'done',
        (error) => (netocr.isNetocrError(error) ? `${error.code}: ${error.detail}` : String(error)),
      );
    }
  }
  client.close();
  return outcomes;
}

for (const [time, expected] of Object.entries({
  before: 'INVALID_ARGUMENT: the buffer was transferred elsewhere',
  after: 'done',
})) {
  test(`${time} the call: ${expected}`, () =>
    visitDemo(browser, { origin: originOf(server) }, async (page) => {
      const outcomes = await page.evaluate(giveAway, [time, photo, video]);
      assert.equal(Object.keys(outcomes).length, 33);
      for (const [name, outcome] of Object.entries(outcomes)) assert.equal(outcome, expected, name);
    }));
}
