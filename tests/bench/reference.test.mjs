// Tests the references of the comparison: the exact resampled picture against ImageMagick's, SSIM against its definition, and
// the parts of the browser's recipes that need no browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { readJpegHead } from '../../web/demo/benchmark/jpeg-head.js';
import { createReducer, fitWithin, lanczosTaps } from '../../web/demo/benchmark/lanczos.js';
import { createPhotoPainter } from '../../web/demo/benchmark/made-photo.js';
import { searchByHalves, searchByLine } from '../../web/demo/benchmark/recipes.js';
import { ssim } from '../../web/demo/benchmark/ssim.js';
import { makeJpeg, photoPixels, withOrientation } from '../fixtures/make-images.mjs';

/** @returns {Uint8ClampedArray} four bytes a pixel */
function rgbaOf({ width, height, rgb }) {
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i += 1) rgba.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  return rgba;
}

/** @param {number} rowsAtOnce */
function reduced(pixels, target, rowsAtOnce) {
  const reducer = createReducer(pixels, target);
  const rgba = rgbaOf(pixels);
  for (let y = 0; y < pixels.height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, pixels.height - y);
    reducer.push(rgba.subarray(4 * pixels.width * y), rows);
  }
  return reducer.finish();
}

describe('the exact small picture', () => {
  for (const [width, height] of [
    [160, 120],
    [101, 77],
    [399, 299],
    [400, 300],
  ]) {
    test(`400 x 300 -> ${width} x ${height} is ImageMagick's Lanczos`, () => {
      const pixels = photoPixels(400, 300, 5);
      const ours = reduced(pixels, { width, height }, 64).rgb;
      const input = Buffer.concat([Buffer.from('P6\n400 300\n255\n'), pixels.rgb]);
      // In 16 bits: to 8 it cuts off what should be rounded.
      const resize = [
        '-filter',
        'Lanczos',
        '-resize',
        `${width}x${height}!`,
        '-depth',
        '16',
        '-endian',
        'LSB',
      ];
      const theirs = execFileSync('convert', ['ppm:-', ...resize, 'rgb:-'], { input, maxBuffer: 1 << 24 });
      assert.equal(2 * ours.length, theirs.length);
      let sum = 0;
      let most = 0;
      for (const [i, value] of ours.entries()) {
        const difference = value - theirs.readUInt16LE(2 * i) / 257;
        sum += difference;
        most = Math.max(most, Math.abs(difference));
      }
      // Half a step is our rounding; the rest is its own between the two passes.
      assert.ok(most < 0.55, `${most} at most`);
      assert.ok(Math.abs(sum / ours.length) < 0.02, `${sum / ours.length} on average`);
    });
  }

  test('rows one by one are rows all at once', () => {
    const pixels = photoPixels(90, 70, 2);
    const target = { width: 33, height: 21 };
    assert.deepEqual(reduced(pixels, target, 1), reduced(pixels, target, 70));
  });

  test('weights sum to one and stay within the source', () => {
    for (const [from, to] of [
      [1, 1],
      [7, 3],
      [4032, 1600],
    ]) {
      for (const { first, weights } of lanczosTaps(from, to)) {
        assert.ok(first >= 0 && first + weights.length <= from);
        assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-12);
      }
    }
  });

  test('missing rows are an error', () => {
    const reducer = createReducer({ width: 4, height: 4 }, { width: 2, height: 2 });
    reducer.push(new Uint8ClampedArray(32), 2);
    assert.throws(() => reducer.finish(), /2 of 4/);
  });

  test('sizes within a square', () => {
    const fit = (width, height) => Object.values(fitWithin({ width, height }, 1600));
    assert.deepEqual(fit(4032, 3024), [1600, 1200]);
    assert.deepEqual(fit(3000, 4001), [1200, 1600]);
    assert.deepEqual(fit(800, 10), [800, 10]);
    assert.deepEqual(fit(100_000, 10), [1600, 1]);
  });
});

/** The definition, window by window. */
function slowSsim(a, b) {
  const luma = ({ rgb }, i) => 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  const window = [];
  for (let v = -5; v <= 5; v += 1)
    for (let u = -5; u <= 5; u += 1) window.push([u, v, Math.exp(-(u * u + v * v) / 4.5)]);
  const total = window.reduce((sum, [, , weight]) => sum + weight, 0);
  let sum = 0;
  let count = 0;
  for (let y = 5; y < a.height - 5; y += 1) {
    for (let x = 5; x < a.width - 5; x += 1) {
      const at = ([u, v]) => (y + v) * a.width + x + u;
      const mean = (value) => window.reduce((all, place) => all + (place[2] / total) * value(at(place)), 0);
      const [ma, mb] = [mean((i) => luma(a, i)), mean((i) => luma(b, i))];
      const va = mean((i) => (luma(a, i) - ma) ** 2);
      const vb = mean((i) => (luma(b, i) - mb) ** 2);
      const both = mean((i) => (luma(a, i) - ma) * (luma(b, i) - mb));
      const [c1, c2] = [6.5025, 58.5225];
      sum += ((2 * ma * mb + c1) * (2 * both + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
      count += 1;
    }
  }
  return sum / count;
}

describe('SSIM', () => {
  const a = photoPixels(40, 31, 1);
  const b = photoPixels(40, 31, 2);

  test('is its definition', () => {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ])
      assert.ok(Math.abs(ssim(x, y) - slowSsim(x, y)) < 1e-4);
  });

  test('equal pictures have 1, others less', () => {
    assert.ok(Math.abs(ssim(a, a) - 1) < 1e-6);
    assert.ok(ssim(a, b) < 0.9);
  });

  test('other sizes cannot be compared', () => {
    assert.throws(() => ssim(a, photoPixels(31, 40, 1)), /not compared/);
    assert.throws(() => ssim(photoPixels(10, 40, 1), photoPixels(10, 40, 1)), /not compared/);
  });
});

describe('the search for a quality', () => {
  // Sizes as a JPEG's: rising, some steep, some flat.
  const curves = {
    steady: (quality) => Math.round(20_000 * Math.exp(quality * 0.035)),
    steep: (quality) => Math.round(900 * Math.exp(quality * 0.08)),
    stairs: (quality) => 20_000 * (1 + Math.floor(quality / 9)),
  };
  for (const [name, size] of Object.entries(curves)) {
    for (const limit of [30_000, 120_000, 204_800]) {
      test(`${name}, ${limit} bytes: nothing over, and the best that fits`, async () => {
        let calls = 0;
        const encode = async (quality) => {
          calls += 1;
          return new Uint8Array(size(quality));
        };
        const best = Math.max(
          ...Array.from({ length: 100 }, (_, i) => size(i + 1)).filter((bytes) => bytes <= limit),
          0,
        );
        if (best === 0) {
          await assert.rejects(searchByHalves(encode, limit), /fits/);
          await assert.rejects(searchByLine(encode, limit), /fits/);
          return;
        }
        assert.equal((await searchByHalves(encode, limit)).length, best);
        const byHalves = calls;
        const found = (await searchByLine(encode, limit)).length;
        assert.ok(found <= limit && (found === best || found > 0.985 * limit), `${found} of ${best}`);
        assert.ok(calls - byHalves <= 10);
      });
    }
  }
});

describe('the head of a JPEG', () => {
  const jpeg = makeJpeg(photoPixels(64, 40, 3));
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`orientation ${orientation}`, async () => {
      const head = await readJpegHead(new Blob([withOrientation(jpeg, orientation)]));
      assert.deepEqual(head, { width: 64, height: 40, orientation });
    });
  }
  test('without EXIF, progressive, cut off, another format', async () => {
    assert.deepEqual(await readJpegHead(new Blob([jpeg])), { width: 64, height: 40, orientation: 1 });
    const progressive = makeJpeg(photoPixels(64, 40, 3), { progressive: true });
    assert.equal((await readJpegHead(new Blob([progressive])))?.width, 64);
    const whole = withOrientation(jpeg, 6);
    for (let length = 0; length < 60; length += 1)
      assert.equal(await readJpegHead(new Blob([whole.subarray(0, length)])), null);
    assert.equal(await readJpegHead(new Blob(['\x89PNG\r\n\x1a\n and more'])), null);
  });
});

test('the made photo is the same again, compresses like a photo, and differs by its seed', () => {
  const paint = (seed, rowsAtOnce) => {
    const size = { width: 500, height: 376 };
    const next = createPhotoPainter({ ...size, seed });
    const rgba = new Uint8ClampedArray(4 * size.width * size.height);
    for (let y = 0; y < size.height; y += rowsAtOnce) next(rgba.subarray(4 * size.width * y), rowsAtOnce);
    return rgba;
  };
  const one = paint(1, 376);
  assert.deepEqual(paint(1, 94), one);
  assert.notDeepEqual(paint(2, 376), one);
  const rgb = Buffer.from(one.filter((_, i) => i % 4 !== 3));
  const bits = (8 * makeJpeg({ width: 500, height: 376, rgb }, { quality: 95 }).length) / (500 * 376);
  assert.ok(bits > 2 && bits < 6, `${bits} bits a pixel`);
});
