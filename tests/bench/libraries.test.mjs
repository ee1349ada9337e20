// Tests the parts of `npm run bench -- --libraries` that need no competitor: the timing, and the pictures.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { compareTimes, timeInTurns } from './libraries/measure.mjs';
import { makeReplies } from './libraries/pictures.mjs';
import { makeFilteredPng } from './libraries/png-maker.mjs';
import { meanRatios } from './libraries/report.mjs';

describe('times', () => {
  test('each round begins with the next module, and the first round is not counted', () => {
    /** @type {number[]} */
    const order = [];
    let clock = 0;
    const times = timeInTurns(
      3,
      2,
      (i) => {
        order.push(i);
        clock += 10 * (i + 1) + order.length;
      },
      () => clock,
    );
    assert.deepEqual(order, [0, 1, 2, 1, 2, 0, 2, 0, 1]);
    assert.deepEqual(times, [
      [16, 18],
      [24, 29],
      [35, 37],
    ]);
  });

  test('a ratio is the median of the rounds, not the ratio of the medians', () => {
    const [ours, other] = compareTimes(
      ['ours', 'other'],
      [
        [1, 10, 2, 4, 100],
        [3, 20, 8, 4, 200],
      ],
    );
    assert.deepEqual(ours, { module: 'ours', ms: 4, ratio: 1, low: 1, high: 1 });
    assert.deepEqual(other, { module: 'other', ms: 8, ratio: 2, low: 2, high: 3 });
  });

  test('the mean of ratios is geometric', () => {
    const input = (/** @type {number} */ ratio) => ({
      rows: [{ module: 'x', ms: 1, ratio, low: ratio, high: ratio }],
    });
    const [{ module, ratio }] = meanRatios([input(0.5), input(8)]);
    assert.equal(module, 'x');
    assert.ok(Math.abs(ratio - 2) < 1e-12);
  });
});

describe('PNGs with filters chosen row by row', () => {
  const size = { width: 61, height: 47 };
  /** Slopes, so that every filter is the best of some row, and grain. */
  const samples = (/** @type {number} */ bytes) =>
    Buffer.alloc(bytes * size.width * size.height).map((_, i) => {
      const [x, y] = [Math.floor(i / bytes) % size.width, Math.floor(i / bytes / size.width)];
      const slope = [3 * x, 5 * y, 2 * x + 3 * y, x * y, (x ^ y) * 3][Math.floor(y / 10)];
      return (slope + 40 * (i % bytes) + ((i * 7919) % 3)) & 255;
    });

  for (const [name, type, depth, format] of /** @type {const} */ ([
    ['grey', 0, 8, 'gray'],
    ['RGB', 2, 8, 'rgb'],
    ['RGB of 16 bits', 2, 16, 'rgb'],
    ['RGBA', 6, 8, 'rgba'],
  ])) {
    test(`${name}: ImageMagick reads the same samples`, () => {
      const bytes = ({ gray: 1, rgb: 3, rgba: 4 }[format] * depth) / 8;
      const picture = { ...size, depth, type, samples: samples(bytes) };
      const { file, shape } = makeFilteredPng(picture);
      assert.deepEqual(shape, { rows: 47, rowBytes: 61 * bytes, pixelBytes: bytes });
      const args = ['png:-', '-endian', 'MSB', '-depth', String(depth), `${format}:-`];
      const read = execFileSync('convert', args, { input: file, maxBuffer: 1 << 24 });
      assert.ok(read.equals(picture.samples));
    });
  }

  test('a palette picture has its colours', () => {
    const palette = Buffer.from([10, 20, 30, 200, 100, 50]);
    const indices = samples(1).map((value) => value & 1);
    const { file } = makeFilteredPng({ ...size, depth: 8, type: 3, samples: indices, palette });
    const read = execFileSync('convert', ['png:-', '-depth', '8', 'rgb:-'], { input: file });
    const expected = [...indices].flatMap((index) => [...palette.subarray(3 * index, 3 * index + 3)]);
    assert.deepEqual([...read], expected);
  });
});

test('the replies are XML, the longest one within what is read', () => {
  for (const { name, text } of makeReplies()) {
    assert.match(text.toString(), /^<\?xml .*<\/data>$/, name);
    assert.ok(text.length < 1 << 20, name);
  }
});
