// What a PNG's colour chunks mean, against Chromium: a prepared picture has the colours that the browser shows of the
// file itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { displayP3 } from '../fixtures/display-p3.mjs';
import { pngChunk } from '../fixtures/make-images.mjs';
import { loadCore, withBytes } from '../wasm/core.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { drawn } from './drawn.mjs';

const TOLERANCE = 8;
const PATCH = 16;
// Not darker: what is within 5 % of sRGB's curve is taken for it, and differs most there.
const COLORS = [
  [200, 40, 40],
  [40, 180, 60],
  [60, 60, 200],
  [220, 200, 60],
  [128, 128, 128],
  [255, 255, 255],
];

const words = (...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};
const gama = (value) => pngChunk('gAMA', words(value));
const chrm = (...xy) => pngChunk('cHRM', words(...xy));
const cicp = (primaries, transfer, matrix = 0, full = 1) =>
  pngChunk('cICP', Buffer.from([primaries, transfer, matrix, full]));
const iccp = (profile) =>
  pngChunk('iCCP', Buffer.concat([Buffer.from('name\0\0', 'latin1'), deflateSync(profile)]));
const wrongCrc = (chunk) => Buffer.concat([chunk.subarray(0, -1), Buffer.of(chunk.at(-1) ^ 0x55)]);

/** @param {Buffer[]} chunks @param {{grey?: boolean, behindPalette?: Buffer[], behindData?: Buffer[]}} [options] */
function png(chunks, { grey = false, behindPalette = [], behindData = [] } = {}) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(COLORS.length * PATCH, 0);
  header.writeUInt32BE(PATCH, 4);
  header.set([8, grey ? 0 : 2], 8);
  const row = COLORS.flatMap((color) => Array(PATCH).fill(grey ? color.slice(0, 1) : color)).flat();
  const palette = behindPalette.length > 0 ? [pngChunk('PLTE', Buffer.alloc(3))] : [];
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...chunks,
    ...palette,
    ...behindPalette,
    pngChunk(
      'IDAT',
      deflateSync(
        Buffer.from(
          Array(PATCH)
            .fill([0, ...row])
            .flat(),
        ),
      ),
    ),
    ...behindData,
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** White, red, green, blue. */
const PRIMARIES = {
  sRGB: [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000],
  'Display P3': [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000],
  'Adobe RGB': [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000],
  'BT.2020': [31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600],
  'ProPhoto RGB': [34570, 35850, 73470, 26530, 15960, 84040, 3660, 10],
  "sRGB's under D50": [34570, 35850, 64000, 33000, 30000, 60000, 15000, 6000],
  'red and green swapped': [31270, 32900, 26500, 69000, 68000, 32000, 15000, 6000],
};
// The smallest and the largest that say nothing by themselves are among them.
const GAMMAS = [30_000, 43_181, 43_182, 45_455, 47_727, 47_728, 55_556, 100_000, 220_000];

let browser;
let watched;
const core = await loadCore();

before(async () => {
  browser = await launchBrowser();
  watched = await openWatchedPage(browser);
});

after(async () => {
  await watched?.verify();
  await browser?.close();
});

/** The middles of the patches, as the browser draws the file. @returns {Promise<number[][]>} */
async function shown(bytes) {
  const { width, pixels } = await drawn(watched.page, bytes);
  const colors = [];
  for (let x = PATCH / 2; x < width; x += PATCH) {
    const at = 4 * ((PATCH / 2) * width + x);
    colors.push(pixels.slice(at, at + 3));
  }
  return colors;
}

/** @returns {Promise<string>} what became of the profile */
async function compare(name, file) {
  const record = withBytes(core, [file], ([part]) => core.prepareImage(...part, { minQuality: 92 }));
  assert.equal(record.code, '', name);
  const [wanted, got] = [await shown(file), await shown(record.bytes)];
  assert.equal(got.length, COLORS.length, name);
  for (const [i, color] of wanted.entries()) {
    const difference = Math.max(...color.map((value, channel) => Math.abs(value - got[i][channel])));
    assert.ok(difference <= TOLERANCE, `${name}: ${COLORS[i]} is shown as ${color}, prepared as ${got[i]}`);
  }
  return record.source.profile;
}

test('the table reaches colours that differ from the samples', async () => {
  const [red] = await shown(png([gama(45_455), chrm(...PRIMARIES['Adobe RGB'])]));
  assert.ok(red[0] > COLORS[0][0] + 3 * TOLERANCE, String(red));
});

for (const [name, xy] of Object.entries(PRIMARIES)) {
  test(`cHRM of ${name} with and without gAMA`, async () => {
    const alone = await compare('no gAMA', png([chrm(...xy)]));
    assert.equal(alone, name === 'sRGB' ? 'srgb' : 'ignored');
    for (const gamma of GAMMAS) {
      const profile = await compare(`gAMA ${gamma}`, png([gama(gamma), chrm(...xy)]));
      assert.equal(profile, name === 'sRGB' && gamma === 45_455 ? 'srgb' : 'converted', String(gamma));
    }
  });
}

test('gAMA without cHRM', async () => {
  for (const gamma of GAMMAS) {
    const profile = await compare(`gAMA ${gamma}`, png([gama(gamma)]));
    assert.equal(profile, gamma >= 43_182 && gamma <= 47_727 ? 'none' : 'converted');
  }
});

test('grey', async () => {
  for (const chunks of [[gama(100_000)], [gama(100_000), chrm(...PRIMARIES['Display P3'])]])
    assert.equal(await compare('grey', png(chunks, { grey: true })), 'converted');
});

test('values that mean nothing leave the samples as they are', async () => {
  const p3 = PRIMARIES['Display P3'];
  const cases = {
    'gAMA 0': [gama(0)],
    'gAMA 0 with cHRM': [gama(0), chrm(...p3)],
    'all chromaticities 0': [gama(45_455), chrm(0, 0, 0, 0, 0, 0, 0, 0)],
    'three on a line': [gama(45_455), chrm(31270, 32900, 60000, 30000, 30000, 15000, 20000, 10000)],
    'red beyond 1': [gama(45_455), chrm(...p3.with(2, 168_000))],
    'red below 0': [gama(45_455), chrm(...p3.with(2, 2 ** 32 - 100))],
  };
  for (const [name, chunks] of Object.entries(cases))
    assert.equal(await compare(name, png(chunks)), 'ignored', name);
});

// Not among them: PQ and HLG, which Chromium maps to the screen; a matrix in cICP, for which it refuses the file; iCCP,
// gAMA and cHRM behind PLTE, which it uses although they stand in the wrong place.
test('which chunk counts', async () => {
  const p3 = iccp(displayP3());
  const srgb = pngChunk('sRGB', Buffer.of(0));
  const described = [gama(45_455), chrm(...PRIMARIES['Adobe RGB'])];
  const text = pngChunk('iCCP', Buffer.from('n\0\0no profile', 'latin1'));
  const cases = {
    iCCP: [png([p3]), 'converted'],
    'iCCP of wrong CRC': [png([wrongCrc(p3)]), 'ignored'],
    'iCCP of wrong CRC, gAMA': [png([wrongCrc(p3), ...described]), 'converted'],
    'iCCP behind IDAT': [png([], { behindData: [p3] }), 'ignored'],
    'iCCP before sRGB and gAMA': [png([srgb, ...described, p3]), 'converted'],
    'damaged iCCP, sRGB': [png([text, srgb]), 'none'],
    'damaged iCCP, gAMA': [png([text, ...described]), 'converted'],
    'sRGB before gAMA': [png([...described, srgb]), 'none'],
    'sRGB of wrong CRC, gAMA': [png([wrongCrc(srgb), ...described]), 'converted'],
    'sRGB of 2 bytes, gAMA': [png([pngChunk('sRGB', Buffer.alloc(2)), ...described]), 'converted'],
    'the first gAMA': [png([...described, gama(100_000)]), 'converted'],
    cICP: [png([cicp(12, 13)]), 'converted'],
    'linear BT.2020 as cICP': [png([cicp(9, 8)]), 'converted'],
    'cICP before iCCP': [png([p3, cicp(1, 13)]), 'srgb'],
    'cICP of wrong CRC': [png([wrongCrc(cicp(12, 13))]), 'ignored'],
    'cICP behind PLTE': [png([], { behindPalette: [cicp(12, 13)] }), 'ignored'],
    'cICP behind IDAT': [png([], { behindData: [cicp(12, 13)] }), 'ignored'],
    'cICP of 3 bytes, gAMA': [png([pngChunk('cICP', Buffer.of(1, 13, 0)), ...described]), 'converted'],
    'unknown cICP, iCCP': [png([cicp(200, 13), p3]), 'converted'],
    'narrow range, iCCP': [png([cicp(1, 13, 0, 0), p3]), 'converted'],
    'unknown cICP, sRGB': [png([cicp(200, 13), srgb, ...described]), 'none'],
    'unknown cICP, gAMA': [png([cicp(200, 13), ...described]), 'converted'],
  };
  for (const [name, [file, profile]] of Object.entries(cases))
    assert.equal(await compare(name, file), profile, name);
});
