// HEIC by the browser's own video decoder: Chromium has none for HEVC here, so the tiles are AVC, which goes the same way.
// ffmpeg's decoding is the second opinion.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { displayP3 } from '../fixtures/display-p3.mjs';
import { clap, imir, irot, nclx, prof } from '../fixtures/make-heic.mjs';
import { decodeJpeg } from '../fixtures/make-images.mjs';
import { makeTiled } from '../fixtures/tiled-pictures.mjs';
import { cropped, difference, leftToRight, topToBottom, turnedLeft } from '../fixtures/turned-pixels.mjs';
import { loadCodecs, withBytes } from '../wasm/core.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { kBlankPath, startStaticServer } from './static-server.mjs';

let browser;
let site;
let watched;

before(async () => {
  browser = await launchBrowser();
  site = await startStaticServer();
  watched = await openWatchedPage(browser);
  await watched.page.goto(`${site.url ?? site.origin}${kBlankPath}`);
});
after(async () => {
  await watched?.verify();
  await browser?.close();
  await site?.close();
});

/** What codecs says of a file. */
async function tilesOf(file) {
  const codecs = await loadCodecs();
  const record = withBytes(codecs, [file], ([part]) => codecs.heicTiles(...part));
  assert.equal(record.ok, true, record.detail);
  return record;
}

/** The samples as the page's decoder gives them. */
async function samplesOf(file) {
  const { description, ...tiles } = await tilesOf(file);
  const given = {
    ...tiles,
    description: description.toBase64?.() ?? Buffer.from(description).toString('base64'),
  };
  const got = await watched.page.evaluate(
    async ([bytes, record]) => {
      const { decodeTiles } = await import('/web/client/worker/heic-tiles.js');
      const unpacked = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
      const picture = { ...record, description: unpacked(record.description) };
      const { signal } = new AbortController();
      const fractions = [];
      const onTile = (fraction) => fractions.push(fraction);
      const { samples, format } = await decodeTiles(unpacked(bytes), picture, { signal, onTile });
      const url = await new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(new Blob([samples]));
      });
      return { samples: url.slice(url.indexOf(',') + 1), format, fractions };
    },
    [file.toString('base64'), given],
  );
  return { ...got, samples: Buffer.from(got.samples, 'base64') };
}

/** Planes with a spare row each -> without, as I420. */
function withoutSpareRows({ samples, format }, width, height) {
  const half = width / 2;
  const chromaAt = width * (height + 1);
  const luma = samples.subarray(0, width * height);
  const quarter = (half * height) / 2;
  if (format === 'I420') {
    const second = chromaAt + half * (height / 2 + 1);
    return Buffer.concat([
      luma,
      samples.subarray(chromaAt, chromaAt + quarter),
      samples.subarray(second, second + quarter),
    ]);
  }
  assert.equal(format, 'NV12');
  const both = samples.subarray(chromaAt, chromaAt + 2 * quarter);
  return Buffer.concat([luma, both.filter((_, i) => i % 2 === 0), both.filter((_, i) => i % 2 === 1)]);
}

async function prepare(file, options = {}) {
  const prepared = await watched.page.evaluate(
    async ([base64, image]) => {
      const { createClient } = await import('/web/client/index.js');
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const client = createClient({ endpoint: '/netocr', workers: 1 });
      try {
        const { blob, bytes: made, ...rest } = await client.prepareImage(bytes, image);
        return { ...rest, bytes: [...made] };
      } catch ({ code, detail }) {
        return { code, detail };
      } finally {
        client.close();
      }
    },
    [file.toString('base64'), options],
  );
  return prepared.bytes ? { ...prepared, bytes: Buffer.from(prepared.bytes) } : prepared;
}

const CODINGS = [
  { matrix: 'smpte170m', fullRange: true },
  { matrix: 'smpte170m', fullRange: false },
  { matrix: 'bt709', fullRange: true },
  { matrix: 'bt709', fullRange: false },
  { matrix: 'bt2020nc', fullRange: true },
];
const GRIDS = {
  'one picture': { tile: [320, 240] },
  'a grid of 2 x 2': { columns: 2, rows: 2, tile: [128, 128], width: 250, height: 240 },
  'a grid of 4 x 3 in pieces': {
    columns: 4,
    rows: 3,
    tile: [64, 64],
    width: 200,
    height: 190,
    inData: true,
    pieces: 3,
  },
  'a grid of 8 x 6': { columns: 8, rows: 6, tile: [64, 64], width: 504, height: 378, inData: true },
};

for (const [name, grid] of Object.entries(GRIDS)) {
  for (const coding of name.includes('2 x 2') ? CODINGS : CODINGS.slice(0, 2)) {
    const said = `${name}, ${coding.matrix}, ${coding.fullRange ? 'full' : 'limited'} range`;
    test(`${said}: no sample differs from ffmpeg's, and the picture looks like it`, async () => {
      const { file, canvas, shown } = makeTiled({ ...grid, ...coding });
      const got = await samplesOf(file);
      assert.equal(Buffer.compare(withoutSpareRows(got, canvas.width, canvas.height), canvas.yuv), 0);
      assert.equal(got.fractions.at(-1), 1);
      const prepared = await prepare(file);
      assert.deepEqual([prepared.width, prepared.height], [shown.width, shown.height], prepared.detail);
      const mean = difference(decodeJpeg(prepared.bytes), shown);
      assert.ok(mean < 2, `mean difference ${mean}`);
      assert.deepEqual([prepared.source.format, prepared.source.decodable], ['heic', true]);
      assert.deepEqual([prepared.source.width, prepared.source.height], [shown.width, shown.height]);
      assert.deepEqual([prepared.source.bytes, prepared.decodedRows], [file.length, shown.height]);
      assert.deepEqual(prepared.warnings, []);
    });
  }
}

const TURNS = {
  'a quarter to the left': [[irot(1)], [turnedLeft]],
  'three quarters, then top and bottom exchanged': [
    [irot(3), imir(0)],
    [turnedLeft, turnedLeft, turnedLeft, topToBottom],
  ],
  'left and right exchanged, then a quarter': [
    [imir(1), irot(1)],
    [leftToRight, turnedLeft],
  ],
  'a clean aperture at an odd place': [[clap(100, 60, -13, 5)], [cropped(100, 60, -13, 5)]],
  'cropped, then turned': [
    [clap(100, 60, -12, 4), irot(1)],
    [cropped(100, 60, -12, 4), turnedLeft],
  ],
  'turned, then cropped, then mirrored': [
    [irot(3), clap(60, 100, 5, -7), imir(1)],
    [turnedLeft, turnedLeft, turnedLeft, cropped(60, 100, 5, -7), leftToRight],
  ],
};
for (const [name, [properties, steps]] of Object.entries(TURNS)) {
  test(`${name}: once`, async () => {
    const grid = { columns: 2, rows: 2, tile: [128, 64], width: 240, height: 120 };
    const { file, shown } = makeTiled({ ...grid, properties, fullRange: true });
    const expected = steps.reduce((picture, step) => step(picture), shown);
    const prepared = await prepare(file);
    assert.deepEqual([prepared.width, prepared.height], [expected.width, expected.height], prepared.detail);
    const mean = difference(decodeJpeg(prepared.bytes), expected);
    assert.ok(mean < 2.5, `mean difference ${mean}`);
  });
}

test("nclx says another range than the stream's own, and is believed", async () => {
  const { file, canvas } = makeTiled({ tile: [128, 128], fullRange: false, properties: [nclx(1, 13)] });
  const plain = makeTiled({ tile: [128, 128], fullRange: false }).file;
  assert.equal(canvas.width, 128);
  const [full, limited] = [await prepare(file), await prepare(plain)].map(({ bytes }) => decodeJpeg(bytes));
  // Limited range that is taken for full is less contrasty.
  const spread = ({ rgb }) => Math.max(...rgb) - Math.min(...rgb);
  assert.ok(spread(full) < spread(limited) - 15, `${spread(full)} ${spread(limited)}`);
});

test('a profile is converted as that of any other format', async () => {
  const { file } = makeTiled({ tile: [128, 128], fullRange: true, properties: [prof(displayP3())] });
  const { source, warnings } = await prepare(file);
  assert.deepEqual([source.profile, source.profileName, warnings], ['converted', 'Display P3', []]);
});

test('limits, and what is damaged or switched off, are typed errors', async () => {
  const { file } = makeTiled({ columns: 2, rows: 2, tile: [64, 64] });
  assert.equal((await prepare(file, { limits: { maxPixels: 128 * 128 - 1 } })).code, 'IMAGE_TOO_LARGE');
  for (const heic of ['off', 'named-only']) {
    const { code, detail } = await prepare(file, { heic });
    assert.equal(code, 'UNSUPPORTED_FORMAT');
    assert.match(detail, /image\.heic.*camera settings/);
  }
  assert.equal((await prepare(file.subarray(0, -10))).code, 'CORRUPT_IMAGE');
  const damaged = Buffer.from(file);
  damaged.fill(0xff, file.length - 2000);
  const { code, detail } = await prepare(damaged);
  assert.equal(code, 'UNSUPPORTED_FORMAT');
  assert.match(detail, /camera settings/);
});
