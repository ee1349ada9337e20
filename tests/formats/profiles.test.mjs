// Pictures whose colour profile has lookup tables, through the shipped modules: the core leaves them to codecs, which
// converts them as ImageMagick does; profiles that cannot be used are ignored, with a warning.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { greyToLab, lutProfile, srgbProfile } from '../fixtures/lut-profiles.mjs';
import { decodeJpeg } from '../fixtures/make-images.mjs';
import { loadCodecs, loadCore, withBytes } from '../wasm/core.mjs';
import { convert, pictureOf } from './pictures.mjs';

const core = await loadCore();
const codecs = await loadCodecs();
const folder = mkdtempSync(join(tmpdir(), 'netocr-profiles-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const OPTIONS = { maxBytes: 10_000_000, maxQuality: 100 };

/** @param {string} name @param {Buffer} bytes @returns {string} path */
function saved(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const SRGB = saved('srgb.icc', srgbProfile());

/** A picture with the profile attached, its samples unchanged. @param {string[]} args of ImageMagick, for colours and coding */
function withProfile(extension, profile, ...args) {
  const plain = saved(`plain.${extension}`, convert(pictureOf('rgb'), ...args, `${extension}:-`));
  const coding = args.filter((_, i) => args[i] !== '-colorspace' && args[i - 1] !== '-colorspace');
  const path = join(folder, `made.${extension}`);
  execFileSync('convert', [plain, ...coding, '-profile', saved('own.icc', profile), path]);
  return readFileSync(path);
}

/** What ImageMagick, by lcms2, makes of a file. @param {string[]} options */
function converted(extension, file, ...options) {
  const path = saved(`asked.${extension}`, file);
  const args = [path, '-intent', 'perceptual', ...options, '-profile', SRGB, '-depth', '8', 'rgb:-'];
  return new Uint8Array(execFileSync('convert', args, { maxBuffer: 1e9 }));
}

const inspectBy = (module, file) => withBytes(module, [file], ([part]) => module.inspectImage(...part));
const prepareBy = (module, file, options = OPTIONS) =>
  withBytes(module, [file], ([part]) => module.prepareImage(...part, options));

/** @returns {Uint8Array} RGB */
function pixelsOf({ format, bytes }) {
  if (format === 'jpeg') return decodeJpeg(bytes).rgb;
  return new Uint8Array(convert(bytes, '-depth', '8', 'rgb:-'));
}

/** Mean and largest difference. @param {Uint8Array} a @param {Uint8Array} b */
function differences(a, b) {
  assert.equal(a.length, b.length);
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const off = Math.abs(a[i] - b[i]);
    sum += off;
    largest = Math.max(largest, off);
  }
  return { mean: sum / a.length, largest };
}

const FINE = ['-quality', '98', '-sampling-factor', '4:4:4'];
const LOSSLESS = ['-quality', '100', '-define', 'webp:lossless=true'];
const INKS = ['-colorspace', 'CMYK'];
const GREY = ['-colorspace', 'gray'];
const printer = (options = {}) => lutProfile({ space: 'CMYK', kind: 'prtr', ...options });

/** The file's ending, its profile, how it is made, and the word of its colours. */
const CONVERTED = [
  { name: 'RGB JPEG', as: 'jpg', profile: lutProfile(), args: FINE, model: 'ycbcr' },
  { name: 'RGB PNG, version 4', as: 'png', profile: lutProfile({ version: 4 }), args: [], model: 'rgb' },
  {
    name: 'RGB TIFF by way of XYZ',
    as: 'tiff',
    profile: lutProfile({ pcs: 'XYZ ', version: 4 }),
    args: [],
    model: 'rgb',
  },
  {
    name: 'RGB WebP by way of XYZ',
    as: 'webp',
    profile: lutProfile({ pcs: 'XYZ ' }),
    args: LOSSLESS,
    model: 'rgb',
  },
  { name: 'YCCK JPEG', as: 'jpg', profile: printer(), args: [...INKS, ...FINE], model: 'ycck' },
  { name: 'CMYK TIFF', as: 'tiff', profile: printer(), args: INKS, model: 'cmyk' },
  { name: 'CMYK TIFF, version 4', as: 'tiff', profile: printer({ version: 4 }), args: INKS, model: 'cmyk' },
  {
    name: 'CMYK TIFF of 16 bits',
    as: 'tiff',
    profile: printer(),
    args: [...INKS, '-depth', '16'],
    model: 'cmyk',
  },
  {
    name: 'grey PNG with a table',
    as: 'png',
    profile: lutProfile({ space: 'GRAY' }),
    args: GREY,
    model: 'grey',
  },
  {
    name: 'grey JPEG, a curve to Lab',
    as: 'jpg',
    profile: greyToLab(),
    args: [...GREY, ...FINE],
    model: 'grey',
  },
];

for (const { name, as, profile, args, model } of CONVERTED) {
  test(`converted: ${name}`, () => {
    const file = withProfile(as, profile, ...args);
    assert.equal(inspectBy(core, file).leftToCodecs, true);
    assert.equal(prepareBy(core, file).leftToCodecs, true, 'nor is it rewritten without loss');
    const { colorModel, profile: use, warnings } = inspectBy(codecs, file);
    assert.deepEqual([colorModel, use, warnings], [model, 'converted', []]);
    const prepared = prepareBy(codecs, file);
    assert.deepEqual([prepared.code, prepared.lossless, prepared.warnings], ['', false, []], prepared.detail);
    const { mean, largest } = differences(
      pixelsOf(prepared),
      converted(as, file, '-black-point-compensation'),
    );
    assert.ok(mean <= 1.2 && largest <= 8, `off by ${mean.toFixed(2)}, at most ${largest}`);
    assert.ok(
      differences(pixelsOf(prepared), converted(as, file)).mean < 3,
      'and close to it without compensation',
    );
  });
}

test('the conversion is worth it: without the profile the colours are far off', () => {
  const file = withProfile('tiff', printer(), ...INKS);
  const plain = convert(file, '+profile', '*', 'tiff:-');
  const naive = prepareBy(codecs, plain);
  assert.deepEqual(
    [naive.source.profile, naive.warnings],
    ['none', []],
    'CMYK without a profile has no warning',
  );
  assert.ok(differences(pixelsOf(naive), converted('tiff', file)).mean > 8);
});

test('sharp makes the same of CMYK, but for black point compensation', async () => {
  const file = withProfile('jpg', printer(), ...INKS, ...FINE);
  const theirs = await sharp(file).toColourspace('srgb').raw().toBuffer();
  const { mean } = differences(pixelsOf(prepareBy(codecs, file)), new Uint8Array(theirs));
  assert.ok(mean <= 2.5, `off by ${mean.toFixed(2)}`);
});

test('the inks are scaled before they are converted', () => {
  const file = withProfile('tiff', printer(), ...INKS, '-resize', '300%');
  const { width, height } = inspectBy(codecs, file);
  const small = prepareBy(codecs, file, { ...OPTIONS, maxEdge: Math.max(width, height) / 3 });
  const path = saved('large.tiff', file);
  const size = `${small.width}x${small.height}!`;
  const args = [
    path,
    '-filter',
    'Lanczos',
    '-resize',
    size,
    '-intent',
    'perceptual',
    '-black-point-compensation',
  ];
  const theirs = execFileSync('convert', [...args, '-profile', SRGB, '-depth', '8', 'rgb:-'], {
    maxBuffer: 1e9,
  });
  const { mean } = differences(pixelsOf(small), new Uint8Array(theirs));
  assert.ok(mean <= 2.5, `off by ${mean.toFixed(2)}`);
});

/** Bytes of a profile replaced. @param {number} at @param {string | number[]} bytes */
function patched(profile, at, bytes) {
  const copy = Buffer.from(profile);
  copy.set(Buffer.from(/** @type {any} */ (bytes)), at);
  return copy;
}
const atTable = (profile) => profile.indexOf('mft2');

/** Profiles that cannot be used; `isLeft`: only codecs finds that out. */
const IGNORED = [
  { name: 'a link of devices', profile: lutProfile({ kind: 'link' }), isLeft: true },
  { name: 'an abstract profile', profile: lutProfile({ kind: 'abst' }), isLeft: true },
  {
    name: 'a table of an unknown type',
    profile: patched(lutProfile(), atTable(lutProfile()), 'abcd'),
    isLeft: true,
  },
  {
    name: 'a grid of one point',
    profile: patched(lutProfile(), atTable(lutProfile()) + 10, [1]),
    isLeft: true,
  },
  {
    name: 'a grid larger than the file',
    profile: patched(lutProfile(), atTable(lutProfile()) + 10, [255]),
    isLeft: true,
  },
  { name: 'a table of white only', profile: whiteOnly(), isLeft: true },
  { name: 'a table cut off', profile: lutProfile().subarray(0, -100), isLeft: false },
  { name: 'inks for a picture in RGB', profile: printer(), isLeft: false },
  { name: 'grey for a picture in RGB', profile: lutProfile({ space: 'GRAY' }), isLeft: false },
];

function whiteOnly() {
  const profile = Buffer.from(lutProfile());
  const start = atTable(profile) + 52 + 3 * 4;
  for (let at = start; at < start + 2 * 3 * 13 ** 3; at += 6) profile.set([0xff, 0, 0x80, 0, 0x80, 0], at);
  return profile;
}

for (const { name, profile, isLeft } of IGNORED) {
  test(`ignored: ${name}`, () => {
    // ImageMagick refuses such profiles, so one is put into the file by hand: a JPEG's APP2 segment.
    const plain = convert(pictureOf('rgb'), '-strip', '-quality', '90', 'jpeg:-');
    const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), profile]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length + 2);
    const file = Buffer.concat([
      plain.subarray(0, 2),
      Buffer.from([0xff, 0xe2]),
      length,
      body,
      plain.subarray(2),
    ]);
    assert.equal(inspectBy(core, file).leftToCodecs, isLeft);
    const module = isLeft ? codecs : core;
    const info = inspectBy(module, file);
    assert.deepEqual([info.code, info.profile, info.warnings], ['', 'ignored', ['profile_ignored']]);
    const prepared = prepareBy(module, file);
    assert.deepEqual([prepared.code, prepared.warnings], ['', ['profile_ignored']]);
    const { mean } = differences(pixelsOf(prepared), decodeJpeg(plain).rgb);
    assert.ok(mean < 2, 'the colours stay as they are');
  });
}
