// Pictures that are small for their budget, beside libjpeg-turbo's cjpeg with optimal Huffman codes in 4:2:0 and in 4:4:4, each at
// the best quality that fits. Both are decoded by djpeg. `npm run bench` has mozjpeg and SSIMULACRA2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPhotoPainter } from '../../web/demo/benchmark/made-photo.js';
import { ssim } from '../../web/demo/benchmark/ssim.js';
import { drawCard } from '../fixtures/draw-card.mjs';
import { decodeJpeg, makeBmp, makeJpeg } from '../fixtures/make-images.mjs';
import { loadCore, withBytes } from './core.mjs';

const core = await loadCore();
const prepare = (bytes, options) =>
  withBytes(core, [bytes], ([part]) => core.prepareImage(...part, options, undefined));

/** A part of a made photo at its full size. @param {number} seed @param {number} left @param {number} top */
function cropOf(seed, left, top, width = 768, height = 512) {
  const whole = { width: 2400, height: 1800 };
  const next = createPhotoPainter({ ...whole, seed });
  const row = new Uint8ClampedArray(4 * whole.width);
  const rgb = Buffer.alloc(3 * width * height);
  for (let y = 0; y < top + height; y += 1) {
    next(row, 1);
    for (let x = 0; y >= top && x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) rgb[3 * ((y - top) * width + x) + c] = row[4 * (left + x) + c];
    }
  }
  return { width, height, rgb };
}

/** One minus the mean SSIM of red, green and blue: what the print of a card loses is in the colours. */
function lossOf(picture, jpeg) {
  const decoded = decodeJpeg(jpeg);
  const channel = ({ width, height, rgb }, c) => ({
    width,
    height,
    rgb: Uint8Array.from(rgb, (_, i) => rgb[i - (i % 3) + c]),
  });
  return 1 - [0, 1, 2].reduce((sum, c) => sum + ssim(channel(picture, c), channel(decoded, c)), 0) / 3;
}

/** The highest quality of cjpeg that fits. */
function bestOfCjpeg(picture, sample, maxBytes) {
  let [fits, tooMuch] = [0, 101];
  let best;
  while (tooMuch - fits > 1) {
    const quality = (fits + tooMuch) >> 1;
    const jpeg = makeJpeg(picture, { quality, sample, more: ['-optimize', '-dct', 'int'] });
    if (jpeg.length <= maxBytes) [fits, best] = [quality, jpeg];
    else tooMuch = quality;
  }
  return best;
}

const PICTURES = {
  'a drawn card': drawCard(),
  'a crop with sky and hills': cropOf(1, 700, 500),
  'a crop of foliage': cropOf(2, 100, 800),
};

for (const [name, picture] of Object.entries(PICTURES)) {
  for (const maxBytes of [204_800, 60_000]) {
    test(`${name} within ${maxBytes} bytes is closer than the better of cjpeg's 4:2:0 and 4:4:4`, () => {
      const record = prepare(makeBmp(picture), { maxBytes });
      assert.equal(record.code, '');
      assert.ok(record.bytes.length <= maxBytes);
      assert.deepEqual([record.format, record.width, record.height], ['jpeg', picture.width, picture.height]);
      const ours = lossOf(picture, record.bytes);
      const theirs = ['2x2', '1x1'].map((sample) => lossOf(picture, bestOfCjpeg(picture, sample, maxBytes)));
      assert.ok(ours <= 0.97 * Math.min(...theirs), `${ours} of ${theirs}`);
    });
  }
}

test('maxQuality caps what a small picture costs', () => {
  const file = makeBmp(cropOf(1, 700, 500, 320, 240));
  const sizes = [85, 95, 100].map((maxQuality) => {
    const record = prepare(file, { maxQuality, maxBytes: 200_000 });
    assert.ok(record.quality <= maxQuality);
    return record.bytes.length;
  });
  assert.ok(sizes[0] * 1.2 < sizes[1] && sizes[1] * 1.2 < sizes[2], String(sizes));
});
