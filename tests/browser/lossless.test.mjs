// What is written anew without loss is the same picture to Chromium: the pixels that it shows of the file itself and of
// what goes out are equal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeJpeg, photoPixels, withOrientation } from '../fixtures/make-images.mjs';
import { makeSmallImages } from '../fixtures/small-images.mjs';
import { loadCodecs, loadCore, withBytes } from '../wasm/core.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { drawn } from './drawn.mjs';

let browser;
let watched;
const core = await loadCore();
const codecs = await loadCodecs();

before(async () => {
  browser = await launchBrowser();
  watched = await openWatchedPage(browser);
});

after(async () => {
  await watched?.verify();
  await browser?.close();
});

const shown = (bytes) => drawn(watched.page, bytes);

/** @param {Buffer} file @param {string} name @returns {Promise<boolean>} whether it was written without loss */
async function compare(file, name, tolerance = 0) {
  const prepare = (module) => withBytes(module, [file], ([part]) => module.prepareImage(...part));
  const byCore = prepare(core);
  const record = byCore.leftToCodecs ? prepare(codecs) : byCore;
  assert.equal(record.code, '', name);
  const [wanted, got] = [await shown(file), await shown(record.bytes)];
  assert.deepEqual([got.width, got.height], [wanted.width, wanted.height], name);
  if (!record.lossless) return false;
  let worst = 0;
  for (const [i, value] of wanted.pixels.entries()) worst = Math.max(worst, Math.abs(value - got.pixels[i]));
  assert.ok(worst <= tolerance, `${name}: ${worst} levels apart`);
  return true;
}

test('JPEG and PNG in every small variant', async () => {
  const lossless = [];
  for (const { format, name, bytes } of makeSmallImages(['jpeg', 'png'])) {
    // Transparent pixels are laid over white once here and once there, each with a rounding of its own.
    const isKept = await compare(bytes, `${format}, ${name}`, format === 'png' ? 1 : 0);
    if (isKept) lossless.push(name);
  }
  assert.ok(lossless.length >= 15, lossless.join(', '));
});

for (let orientation = 1; orientation <= 8; orientation += 1) {
  test(`a JPEG of whole MCUs turned by EXIF orientation ${orientation}`, async () => {
    for (const sample of ['1x1', '2x1', '2x2']) {
      const file = withOrientation(makeJpeg(photoPixels(64, 48, orientation), { sample }), orientation);
      // The inverse transform rounds a turned block in another order, and chroma is interpolated from it.
      assert.ok(await compare(file, sample, 4), sample);
    }
  });
}
