// Photos through the shipped module: what comes out is an upright JPEG without metadata within the budget, and djpeg
// sees in it what was put in. (The codecs' own tests are native; here it is about the built module.)
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayP3 } from '../fixtures/display-p3.mjs';
import {
  decodeJpeg,
  decodePng,
  flatPixels,
  makeBmp,
  makeJpeg,
  makePng,
  photoPixels,
  readJpeg,
  withOrientation,
} from '../fixtures/make-images.mjs';
import { loadCore, withBytes } from './core.mjs';

const core = await loadCore();
const prepare = (bytes, options, onProgress) =>
  withBytes(core, [bytes], ([part]) => core.prepareImage(...part, options, onProgress));

const photo = photoPixels(1200, 900, 5);
const FILES = {
  'baseline JPEG': makeJpeg(photo),
  'progressive JPEG': makeJpeg(photo, { progressive: true }),
  'grey JPEG': makeJpeg(photo, { grey: true }),
  '4:4:4 JPEG': makeJpeg(photo, { sample: '1x1' }),
  PNG: makePng(photo),
  BMP: makeBmp(photo),
};

for (const [name, file] of Object.entries(FILES)) {
  test(`${name}: within the budget, without metadata, the picture that it was`, () => {
    const record = prepare(file, { maxBytes: 60_000, maxEdge: 800 });
    assert.equal(record.code, '');
    assert.ok(record.bytes.length <= 60_000);
    assert.deepEqual([record.format, record.width, record.height], ['jpeg', 800, 600]);
    assert.deepEqual(readJpeg(record.bytes), { width: 800, height: 600, hasMetadata: false });
    const out = decodeJpeg(record.bytes);
    // The mean of each quarter, against the same quarter of what was put in.
    for (const [qx, qy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const expected = meanOf(photo, qx, qy, name.startsWith('grey'));
      const actual = meanOf(out, qx, qy, false);
      for (let c = 0; c < 3; c += 1)
        assert.ok(Math.abs(expected[c] - actual[c]) < 3, `${expected} ${actual}`);
    }
  });
}

/** Mean colour of a quarter of a picture; as grey (BT.601) when asked. */
function meanOf({ width, height, rgb }, qx, qy, grey) {
  const sum = [0, 0, 0];
  const [w, h] = [width >> 1, height >> 1];
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const at = ((y + qy * h) * width + x + qx * w) * 3;
      for (let c = 0; c < 3; c += 1) sum[c] += rgb[at + c];
    }
  }
  const [r, g, b] = sum.map((value) => value / (w * h));
  const luma = 0.299 * r + 0.587 * g + 0.114 * b;
  return grey ? [luma, luma, luma] : [r, g, b];
}

test('a phone’s 12 megapixels, sideways: upright, within 200 KiB and 1600 px, progress to 1', () => {
  const file = withOrientation(makeJpeg(photoPixels(4032, 3024, 9), { quality: 95 }), 6);
  assert.ok(file.length > 1 << 20);
  const fractions = [];
  const record = prepare(file, undefined, (fraction) => fractions.push(fraction));
  assert.equal(record.code, '');
  assert.deepEqual([record.width, record.height], [1200, 1600]);
  assert.ok(record.bytes.length <= 204_800 && record.bytes.length > 100_000, String(record.bytes.length));
  assert.equal(record.source.orientation, 6);
  assert.equal(record.source.hasMetadata, true);
  assert.equal(readJpeg(record.bytes).hasMetadata, false);
  assert.ok(fractions.length > 3 && fractions.length <= 52, String(fractions.length));
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);
});

test('a file within budget is written anew without loss, and then it stays as it is', () => {
  for (const [file, decode] of [
    [makePng(flatPixels(64, 48)), decodePng],
    [makeJpeg(photoPixels(320, 240)), decodeJpeg],
  ]) {
    const record = prepare(file);
    assert.equal(record.lossless, true);
    assert.equal(record.quality, 0);
    assert.equal(record.decodedRows, record.source.height);
    assert.deepEqual(decode(record.bytes), decode(file));
    assert.deepEqual(prepare(record.bytes).bytes, record.bytes);
  }
});

test('formats that are only recognised are UNSUPPORTED_FORMAT', () => {
  const gif = Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1');
  assert.equal(withBytes(core, [gif], ([part]) => core.inspectImage(...part)).decodable, false);
  assert.equal(prepare(gif).code, 'UNSUPPORTED_FORMAT');
  assert.equal(prepare(Buffer.from('no picture at all')).code, 'UNRECOGNIZED_FORMAT');
});

test('a budget that cannot be met is BUDGET_UNREACHABLE', () => {
  const noise = photoPixels(64, 64, 3);
  let state = 1;
  for (let i = 0; i < noise.rgb.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise.rgb[i] = state >>> 24;
  }
  const record = prepare(makePng(noise), { maxBytes: 1024, minQuality: 95 });
  assert.equal(record.code, 'BUDGET_UNREACHABLE');
  assert.equal(record.bytes, null);
});

test('limits are those that were given', () => {
  const file = makePng(flatPixels(100, 50));
  assert.equal(prepare(file, { limits: { maxPixels: 4999 } }).code, 'IMAGE_TOO_LARGE');
  assert.equal(prepare(file, { limits: { maxDimension: 99 } }).code, 'IMAGE_TOO_LARGE');
  assert.equal(prepare(file, { limits: { maxInputBytes: file.length - 1 } }).code, 'INPUT_TOO_LARGE');
  assert.equal(prepare(file, { limits: { maxPixels: 5000, maxInputBytes: file.length } }).code, '');
});

test('no leak: memory after 60 pictures is as after 6', () => {
  const files = Object.values(FILES);
  const round = () => {
    for (const file of files) prepare(file, { maxBytes: 60_000, maxEdge: 800 });
    prepare(files[0].subarray(0, 2000));
  };
  round();
  const once = core.memory();
  for (let i = 0; i < 9; i += 1) round();
  assert.deepEqual(core.memory(), once);
});

test('a JPEG in Display P3 becomes sRGB', () => {
  const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01'), displayP3()]);
  const part = Buffer.concat([
    Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255]),
    body,
  ]);
  const plain = Buffer.from(makeJpeg(flatPixels(64, 64, [200, 60, 40])));
  const file = Buffer.concat([plain.subarray(0, 2), part, plain.subarray(2)]);
  const record = prepare(file);
  assert.equal(record.code, '');
  assert.deepEqual(
    [record.source.profile, record.source.profileName, [...record.source.warnings]],
    ['converted', 'Display P3', []],
  );
  assert.equal(record.lossless, false);
  // By Little CMS: `transicc -i p3.icc -o '*sRGB' -t1`.
  const expected = [217.5, 41.6, 22.7];
  const { rgb } = decodeJpeg(record.bytes);
  const middle = (32 * 64 + 32) * 3;
  for (const [c, value] of expected.entries()) {
    assert.ok(Math.abs(rgb[middle + c] - value) <= 3, `${rgb.subarray(middle, middle + 3)}`);
  }
  const untouched = prepare(plain);
  assert.deepEqual([untouched.source.profile, untouched.source.profileName], ['none', '']);
});
