// Limits raised as far as a page can raise them, and pictures of extreme shapes: a typed error or the right picture, and a
// module that goes on working. Sizes of 32 bits must not wrap, though the memory has no more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { hollowPng, zeroes } from '../fixtures/bombs.mjs';
import { decodeJpeg, decodePng, flatPixels, makeBmp, makeJpeg, makePng } from '../fixtures/make-images.mjs';
import { loadCore, withBytes } from './core.mjs';

const RAISED = {
  maxInputBytes: Number.MAX_SAFE_INTEGER,
  maxDimension: 2 ** 32 - 1,
  maxPixels: Number.MAX_SAFE_INTEGER,
  maxDecoderBytes: Number.MAX_SAFE_INTEGER,
};
const COLOR = [90, 140, 200];
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const core = await loadCore();
const prepare = (bytes, options) =>
  withBytes(core, [bytes], ([part]) => core.prepareImage(...part, { ...options, limits: RAISED }));

/** Whether a small picture still comes out right. */
function assertWorks() {
  const record = prepare(makePng(flatPixels(40, 30, COLOR)), { maxEdge: 20 });
  assert.equal(record.code, '');
  assertColor(record, 20, 15);
}

/** Tells the colour of the middle of a prepared picture: large ones of one colour are PNGs. */
function assertColor(record, width, height, color = COLOR) {
  assert.deepEqual([record.code, record.width, record.height], ['', width, height]);
  const out = record.format === 'png' ? decodePng(record.bytes) : decodeJpeg(record.bytes);
  const at = 3 * ((out.height >> 1) * out.width + (out.width >> 1));
  for (let c = 0; c < 3; c += 1)
    assert.ok(Math.abs(out.rgb[at + c] - color[c]) <= 4, `${[...out.rgb.subarray(at, at + 3)]}`);
}

test('limits that memory cannot hold are lowered, others are kept', () => {
  assert.deepEqual(core.effectiveLimits(RAISED), {
    ...core.effectiveLimits(),
    ...RAISED,
    maxDimension: 2 ** 26,
    maxPixels: 2 ** 30,
    maxDecoderBytes: 2 ** 30,
  });
  const lower = { maxDimension: 10, maxPixels: 20, maxDecoderBytes: 30, maxReplyDepth: 5 };
  assert.deepEqual(core.effectiveLimits(lower), { ...core.effectiveLimits(), ...lower });
  assert.equal(core.effectiveLimits().maxDimension, 65_500);
});

/** Width, height, depth, colour type, interlaced: 32 bits would hold what is left of a row, a batch or a picture. */
const WRAPPING = [
  [252_645_120, 1, 8, 0, false],
  [252_645_120, 1, 1, 0, false],
  [252_645_120, 1, 16, 6, false],
  [252_645_120, 1, 8, 6, false],
  [252_645_120, 1, 8, 0, true],
  [2 ** 26, 1, 8, 6, false],
  [2 ** 26, 1, 16, 6, true],
  [2 ** 26 + 1, 1, 1, 0, false],
  [2 ** 31 - 1, 1, 16, 6, false],
  [1, 2 ** 31 - 1, 1, 0, false],
  [1, 252_645_120, 8, 0, true],
  [65_536, 65_536, 8, 0, true],
  [32_768, 32_769, 8, 6, true],
  [65_536, 65_536, 1, 0, false],
];

for (const [width, height, depth, type, interlaced] of WRAPPING) {
  const name = `${width} x ${height}, ${depth}-bit type ${type}${interlaced ? ', interlaced' : ''}`;
  test(`PNG of ${name}: IMAGE_TOO_LARGE`, () => {
    // As much data as open() asks of so many pixels; what is behind the stream counts.
    const bytes = (width * height * CHANNELS[type] * depth) / 8;
    const wanted = Math.min(
      Math.ceil(Math.max(bytes, interlaced ? width * height : 0) / (interlaced ? 64 : 256)),
      70e6,
    );
    const data = Buffer.concat([zeroes(Math.min(bytes + height, 256e6)), Buffer.alloc(wanted)]);
    const record = prepare(hollowPng(width, height, { depth, type, interlaced, data }));
    assert.deepEqual([record.ok, record.code], [false, 'IMAGE_TOO_LARGE'], record.detail);
    assertWorks();
  });
}

/** A PNG of one colour, in the fewest bytes. */
const longPng = (width, height, interlaced = false) =>
  hollowPng(width, height, {
    depth: 8,
    type: 3,
    interlaced,
    palette: Buffer.from(COLOR),
    data: deflateSync(Buffer.alloc(interlaced ? 2 * (width + 1) * (height + 1) : (width + 1) * height), {
      level: 1,
    }),
  });

const LONG = {
  'PNG, 200,000 wide': [() => makePng(flatPixels(200_000, 1, COLOR)), 1600, 1],
  'PNG, 200,000 high': [() => makePng(flatPixels(1, 200_000, COLOR)), 1, 1600],
  'PNG of a palette, 2,000,000 wide': [() => longPng(2_000_000, 1), 1600, 1],
  'PNG of a palette, 500,000 high': [() => longPng(1, 500_000), 1, 1600],
  'interlaced PNG, 200,000 wide': [() => longPng(200_000, 1, true), 1600, 1],
  'interlaced PNG, 200,000 high': [() => longPng(1, 200_000, true), 1, 1600],
  'BMP, 200,000 wide': [() => makeBmp(flatPixels(200_000, 1, COLOR)), 1600, 1],
  'BMP, 200,000 high': [() => makeBmp(flatPixels(1, 200_000, COLOR)), 1, 1600],
  'JPEG, 65,500 wide': [() => makeJpeg(flatPixels(65_500, 1, COLOR)), 1600, 1],
  'JPEG, 65,500 high': [() => makeJpeg(flatPixels(1, 65_500, COLOR)), 1, 1600],
  'progressive JPEG, 65,500 wide': [
    () => makeJpeg(flatPixels(65_500, 2, COLOR), { progressive: true }),
    1600,
    1,
  ],
};

for (const [name, [make, width, height]] of Object.entries(LONG)) {
  test(`${name}: the right picture`, () => {
    assertColor(prepare(make()), width, height);
  });
}

// 65,535 is the most that a JPEG's header can say, 65,500 the most that its writer takes.
test('JPEG, 65,535 high with 39 rows missing: the right picture, truncated', () => {
  const file = makeJpeg(flatPixels(8, 65_496, COLOR));
  file.writeUInt16BE(65_535, file.indexOf(Buffer.from([0xff, 0xc0])) + 5);
  const record = prepare(file);
  assertColor(record, 1, 1600);
  assert.deepEqual(record.warnings, ['truncated']);
});

test('a BMP whose rows wrap is refused', () => {
  const file = makeBmp(flatPixels(4, 4, COLOR));
  for (const [width, height] of [
    [0x5555_5556, 1],
    [0x7fff_ffff, 1],
    [252_645_120, 1],
    [2 ** 26, 2],
  ]) {
    file.writeInt32LE(width, 18);
    file.writeInt32LE(height, 22);
    const record = prepare(file);
    assert.equal(record.ok, false);
    assert.ok(['IMAGE_TOO_LARGE', 'CORRUPT_IMAGE'].includes(record.code), record.code);
    assertWorks();
  }
});

test('the longest edge that can be asked for', () => {
  assertColor(prepare(longPng(65_501, 100), { maxEdge: 65_500, maxBytes: 1 << 24 }), 65_500, 100);
});
