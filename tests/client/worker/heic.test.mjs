// HEIC by the decoder that the site names: the primary picture, turned, mirrored and cropped once, in its own colours; and
// what is said of a decoder that cannot be loaded.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '../../../web/client/node/index.js';
import { displayP3 } from '../../fixtures/display-p3.mjs';
import { byHeifConvert } from '../../fixtures/heif-convert.mjs';
import { clap, codeHevc, imir, irot, makeHeic, nclx, prof } from '../../fixtures/make-heic.mjs';
import { decodeJpeg, flatPixels, makePng } from '../../fixtures/make-images.mjs';
import { cropped, difference, leftToRight, topToBottom, turnedLeft } from '../../fixtures/turned-pixels.mjs';
import { closing, rejection } from '../photos.mjs';

const endpoint = 'http://127.0.0.1:1';
const bundle = (name) => new URL(`../../../node_modules/libheif-js/libheif-wasm/${name}`, import.meta.url);
const libheif = bundle('libheif-bundle.mjs');

/** Four flat quarters, so that every turn and mirror looks different. */
const COLORS = { tl: [200, 40, 40], tr: [40, 180, 60], bl: [40, 60, 200], br: [220, 200, 60] };
const WIDTH = 128;
const HEIGHT = 96;

/** @returns {import('../../fixtures/make-images.mjs').Pixels} */
function quarters() {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const name = `${y < HEIGHT / 2 ? 't' : 'b'}${x < WIDTH / 2 ? 'l' : 'r'}`;
      rgb.set(COLORS[name], 3 * (y * WIDTH + x));
    }
  }
  return { width: WIDTH, height: HEIGHT, rgb };
}

const coded = codeHevc(quarters());
const reader = createClient({ endpoint, heicDecoderUrl: libheif, workers: 1 });
after(() => reader.close());
/** Another client, that ends with the test. */
const client = (t, more) => closing(t, createClient({ endpoint, heicDecoderUrl: libheif, ...more }));

/** The prepared picture's colour at the middle. */
function middle({ bytes }) {
  const { width, height, rgb } = decodeJpeg(bytes);
  const at = 3 * ((height >> 1) * width + (width >> 1));
  return [...rgb.subarray(at, at + 3)];
}

/** @param {number[]} seen @param {number[]} expected @param {number} [tolerance] */
function assertColor(seen, expected, tolerance = 6) {
  assert.ok(
    seen.every((sample, c) => Math.abs(sample - expected[c]) <= tolerance),
    `${seen} for ${expected}`,
  );
}

/** Name -> the boxes, and what they do one after the other. The encoder codes whole pairs of pixels, so crops are even. */
const TURNS = {
  'no turn': [[], []],
  'a quarter to the left': [[irot(1)], [turnedLeft]],
  'half a turn': [[irot(2)], [turnedLeft, turnedLeft]],
  'three quarters': [[irot(3)], [turnedLeft, turnedLeft, turnedLeft]],
  'left and right exchanged': [[imir(1)], [leftToRight]],
  'top and bottom exchanged': [[imir(0)], [topToBottom]],
  'turned, then mirrored': [
    [irot(1), imir(1)],
    [turnedLeft, leftToRight],
  ],
  'mirrored, then turned': [
    [imir(1), irot(1)],
    [leftToRight, turnedLeft],
  ],
  'a clean aperture': [[clap(60, 40)], [cropped(60, 40, 0, 0)]],
  'a clean aperture off the centre': [[clap(60, 40, -20, 10)], [cropped(60, 40, -20, 10)]],
  'cropped, then turned': [
    [clap(60, 40, -20, 10), irot(1)],
    [cropped(60, 40, -20, 10), turnedLeft],
  ],
  'turned, then cropped': [
    [irot(3), clap(60, 80, 10, -10)],
    [turnedLeft, turnedLeft, turnedLeft, cropped(60, 80, 10, -10)],
  ],
  'cropped, turned and mirrored': [
    [clap(100, 60, 4, 8), irot(3), imir(0)],
    [cropped(100, 60, 4, 8), turnedLeft, turnedLeft, turnedLeft, topToBottom],
  ],
};
for (const [name, [properties, steps]] of Object.entries(TURNS)) {
  test(`${name}: once`, async () => {
    const file = makeHeic([{ coded, properties }]);
    const expected = steps.reduce((picture, step) => step(picture), quarters());
    assert.ok(difference(byHeifConvert(file), expected) < 4, 'heif-convert sees the same');
    const prepared = await reader.prepareImage(file);
    assert.ok(difference(decodeJpeg(prepared.bytes), expected) < 4);
    assert.deepEqual([prepared.width, prepared.height], [expected.width, expected.height]);
    // As stored, before the orientation; in the clean aperture.
    const { width, height, orientation } = prepared.source;
    const stored = orientation > 4 ? [height, width] : [width, height];
    assert.deepEqual(stored, [expected.width, expected.height]);
    const { width: told, height: toldHeight } = await reader.inspectImage(file);
    assert.deepEqual([told, toldHeight], [width, height]);
  });
}

test('an odd size, which heif-enc codes as an even one with a clean aperture', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'netocr-heic-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [png, heic] = ['odd.png', 'odd.heic'].map((name) => join(folder, name));
  writeFileSync(png, makePng(flatPixels(151, 97)));
  execFileSync('heif-enc', ['-q', '95', '-o', heic, png], { stdio: 'ignore' });
  const { source, width, height } = await reader.prepareImage(readFileSync(heic));
  assert.deepEqual([width, height, source.width, source.height], [151, 97, 151, 97]);
});

test("the file's EXIF orientation is not applied to a HEIC: its boxes are", async () => {
  const exif = Buffer.from('4d4d002a00000008' + '00010112000300000001' + '00060000' + '00000000', 'hex');
  for (const [properties, expected] of [
    [[], quarters()],
    [[irot(3)], turnedLeft(turnedLeft(turnedLeft(quarters())))],
  ]) {
    const prepared = await reader.prepareImage(makeHeic([{ coded, properties }], { exif }));
    assert.equal(prepared.source.hasMetadata, true);
    assert.ok(difference(decodeJpeg(prepared.bytes), expected) < 4);
  }
});

const red = codeHevc(flatPixels(64, 64, COLORS.tl));
const green = codeHevc(flatPixels(96, 64, COLORS.tr));
const blue = codeHevc(flatPixels(64, 80, COLORS.bl));

test('the primary picture is the one that is prepared, wherever it stands', async () => {
  const colors = [COLORS.tl, COLORS.tr, COLORS.bl];
  const items = [red, green, blue].map((one) => ({ coded: one }));
  for (const [index, { coded: one }] of items.entries()) {
    const file = makeHeic(items, { primary: index + 1 });
    const prepared = await reader.prepareImage(file);
    assertColor(middle(prepared), colors[index]);
    assert.deepEqual([prepared.width, prepared.height], [one.width, one.height]);
    assert.deepEqual([prepared.source.width, prepared.source.height], [one.width, one.height]);
  }
});

test('a primary picture that is not there is CORRUPT_IMAGE', async () => {
  const file = makeHeic([{ coded: red }, { coded: green }], { primary: 9 });
  assert.equal((await rejection(reader.prepareImage(file))).code, 'CORRUPT_IMAGE');
});

test("the profile is the primary picture's, not the first of the file", async () => {
  const flat = codeHevc(flatPixels(64, 64, [200, 60, 40]));
  const items = [{ coded: flat, properties: [prof(displayP3())] }, { coded: flat }];
  const p3 = await reader.prepareImage(makeHeic(items, { primary: 1 }));
  assert.deepEqual([p3.source.profile, p3.source.profileName, p3.warnings], ['converted', 'Display P3', []]);
  // By Little CMS, as in the test of the JPEG in Display P3.
  assertColor(middle(p3), [217.5, 41.6, 22.7]);
  const plain = await reader.prepareImage(makeHeic(items, { primary: 2 }));
  assert.deepEqual([plain.source.profile, plain.warnings], ['none', []]);
  assertColor(middle(plain), [200, 60, 40]);
});

test('Display P3 by code points is converted like its profile', async () => {
  const flat = codeHevc(flatPixels(64, 64, [200, 60, 40]));
  const prepared = await reader.prepareImage(makeHeic([{ coded: flat, properties: [nclx(12, 13)] }]));
  assert.deepEqual([prepared.source.profile, prepared.warnings], ['converted', []]);
  assertColor(middle(prepared), [217.5, 41.6, 22.7]);
});

/** Primaries and transfer, by H.273. */
const NOT_CONVERTED = {
  'BT.2020, PQ': [9, 16],
  'BT.2020, HLG': [9, 18],
  'BT.2020 with its own curve': [9, 14],
  'BT.2020 with the curve of BT.709': [9, 1],
  'Display P3, PQ': [12, 16],
  'BT.709, HLG': [1, 18],
};
for (const [name, [primaries, transfer]] of Object.entries(NOT_CONVERTED)) {
  test(`${name}: profile 'ignored' comes with its warning`, async () => {
    const file = makeHeic([{ coded: red, properties: [nclx(primaries, transfer)] }]);
    const info = await reader.inspectImage(file);
    assert.deepEqual([info.profile, info.warnings], ['ignored', ['profile_ignored']]);
    const prepared = await reader.prepareImage(file);
    assert.deepEqual([prepared.source.profile, prepared.warnings], ['ignored', ['profile_ignored']]);
    assert.deepEqual(prepared.source.warnings, ['profile_ignored']);
  });
}

test('sRGB by code points, and no colours at all, need no warning', async () => {
  for (const properties of [[], [nclx(1, 13)], [nclx(2, 2)], [nclx(1, 1)]]) {
    const prepared = await reader.prepareImage(makeHeic([{ coded: red, properties }]));
    assert.deepEqual([prepared.source.profile, prepared.warnings], ['none', []]);
    assertColor(middle(prepared), COLORS.tl);
  }
});

test('the limits are asked about the picture as it is coded, not about its clean aperture', async () => {
  const file = makeHeic([{ coded, properties: [clap(60, 40)] }]);
  for (const limits of [
    { maxPixels: WIDTH * HEIGHT - 1 },
    { maxDimension: WIDTH - 1 },
    { maxDecoderBytes: WIDTH * HEIGHT * 4 - 1 },
  ]) {
    assert.equal((await rejection(reader.prepareImage(file, { limits }))).code, 'IMAGE_TOO_LARGE');
  }
  const limits = { maxPixels: WIDTH * HEIGHT, maxDimension: WIDTH, maxDecoderBytes: WIDTH * HEIGHT * 4 };
  assert.equal((await reader.prepareImage(file, { limits })).width, 60);
});

test('damaged files are pictures or typed errors, and the next file is read', async () => {
  const file = makeHeic([{ coded, properties: [irot(1), clap(60, 40), prof(displayP3())] }]);
  let state = 20_240_229;
  for (let i = 0; i < 40; i += 1) {
    const damaged = Buffer.from(file);
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = 24 + (state % (i % 2 ? file.length - 24 : 400));
    damaged[at] ^= 1 << (state >>> 29);
    const outcome = await reader.prepareImage(damaged).catch((error) => error.code);
    const codes = ['CORRUPT_IMAGE', 'IMAGE_TOO_LARGE', 'UNSUPPORTED_FEATURE', 'OUT_OF_MEMORY'];
    assert.ok(outcome.bytes || codes.includes(outcome), `${at}: ${outcome}`);
  }
  assert.equal((await reader.prepareImage(file)).width, 60);
});

test('the package has the decoder under names with .mjs and with .js: both can be named', async (t) => {
  const file = makeHeic([{ coded: red }]);
  for (const workers of [0, 1]) {
    const own = client(t, { workers, heicDecoderUrl: bundle('libheif-bundle.js') });
    for (let i = 0; i < 2; i += 1) assertColor(middle(await own.prepareImage(file)), COLORS.tl);
  }
});

test('a decoder that cannot be loaded is named, without what its address may hold of secrets', async (t) => {
  const file = makeHeic([{ coded: red }]);
  const missing = new URL('no-such-decoder.mjs?token=secret#fragment', import.meta.url);
  const own = client(t, { heicDecoderUrl: missing });
  for (let i = 0; i < 2; i += 1) {
    const error = await rejection(own.prepareImage(file));
    assert.equal(error.code, 'ENGINE_LOAD_FAILED');
    assert.match(
      error.detail,
      /^heicDecoderUrl: file:\/\/\/\S+\/no-such-decoder\.mjs cannot be imported: Error$/,
    );
  }
  const other = client(t, { heicDecoderUrl: new URL('../photos.mjs', import.meta.url) });
  assert.match(
    (await rejection(other.prepareImage(file))).detail,
    /^heicDecoderUrl: file:\/\/\/\S+\/photos\.mjs is not libheif-js 1\.17 or newer/,
  );
});
