// Which module reads which file: the second one is loaded for the first file that needs it and not before; HEIC goes to the
// decoder that the site names.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '../../web/client/node/index.js';
import { nodePlatform } from '../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../web/client/node/xhr.js';
import { createClientOn } from '../../web/client/page/client.js';
import { connectInThread } from '../../web/client/worker/in-thread.js';
import { displayP3 } from '../fixtures/display-p3.mjs';
import { greyToLab, lutProfile } from '../fixtures/lut-profiles.mjs';
import { decodeJpeg, flatPixels, makeBmp, makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { makeFlatWsq } from '../formats/flat-wsq.mjs';
import { convert, pictureOf, referenceOf } from '../formats/pictures.mjs';
import { faultyGlue } from './faulty-core.mjs';
import { closing, photoA, rejection } from './photos.mjs';

const endpoint = 'http://127.0.0.1:1';
const wsq = makeFlatWsq(150, 97, 180);
const heic = convert(pictureOf('rgb'), '-quality', '95', 'heic:-');
const libheif = new URL('../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs', import.meta.url);

/** 5 x 4 grey pixels as OS/2 2.x writes them in RLE24: one run a row. */
const flatRle24 = (() => {
  const header = Buffer.alloc(14 + 64);
  header.write('BM', 'latin1');
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(64, 14);
  header.writeUInt32LE(5, 18);
  header.writeUInt32LE(4, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  header.writeUInt32LE(4, 30);
  const row = [5, 180, 180, 180, 0, 0];
  return Buffer.concat([header, Buffer.from([...row, ...row, ...row, ...row, 0, 1])]);
})();

/** A platform that writes down what it compiles, and a gate that `compile` of the second module waits at. */
function watched(gate = async () => {}) {
  const compiled = [];
  const platform = {
    ...nodePlatform,
    async compile(module, url) {
      compiled.push(module);
      if (module === 'codecs') await gate();
      return nodePlatform.compile(module, url);
    },
  };
  return { platform, compiled };
}

for (const workers of [0, 1, 2]) {
  test(`codecs.wasm is compiled once, for the first file that needs it (workers: ${workers})`, async (t) => {
    const { platform, compiled } = watched();
    const client = closing(t, createClientOn(platform, { endpoint, workers }));
    await Promise.all([client.prepareImage(photoA), client.inspectImage(photoA)]);
    assert.deepEqual(compiled, ['core']);
    const [info, a, b] = await Promise.all([
      client.inspectImage(wsq),
      client.prepareImage(wsq),
      client.prepareImage(wsq),
    ]);
    assert.deepEqual([info.format, info.width, info.height, info.decodable], ['wsq', 150, 97, true]);
    for (const prepared of [a, b]) {
      assert.equal(prepared.source.format, 'wsq');
      assert.ok(decodeJpeg(prepared.bytes).rgb.every((sample) => Math.abs(sample - 180) <= 1));
    }
    assert.deepEqual(compiled, ['core', 'codecs']);
  });
}

for (const workers of [0, 1]) {
  test(`a rare BMP is read by codecs.wasm, another one by the core (workers: ${workers})`, async (t) => {
    const { platform, compiled } = watched();
    const client = closing(t, createClientOn(platform, { endpoint, workers }));
    const inspected = async (/** @type {Uint8Array} */ file) => {
      const { format, width, height, decodable } = await client.inspectImage(file);
      return [format, width, height, decodable];
    };
    const ordinary = makeBmp(flatPixels(31, 20, [180, 180, 180]));
    assert.deepEqual(await inspected(ordinary), ['bmp', 31, 20, true]);
    assert.equal((await client.prepareImage(ordinary)).width, 31);
    assert.deepEqual(compiled, ['core']);
    assert.deepEqual(await inspected(flatRle24), ['bmp', 5, 4, true]);
    const { source, bytes } = await client.prepareImage(new Blob([flatRle24]));
    assert.deepEqual([source.format, source.decodable], ['bmp', true]);
    assert.ok(decodeJpeg(bytes).rgb.every((sample) => Math.abs(sample - 180) <= 1));
    assert.deepEqual(compiled, ['core', 'codecs']);
  });
}

const photo = photoPixels(170, 130, 21);
const cmyk = convert(makeJpeg(photo), '-colorspace', 'CMYK', '-quality', '95', 'jpeg:-');
/** As the Adobe marker says: 2 is YCCK, 0 CMYK. @param {Buffer} jpeg @param {number} transform */
function withTransform(jpeg, transform) {
  const changed = Buffer.from(jpeg);
  changed[changed.indexOf('Adobe') + 11] = transform;
  return changed;
}
/** A scan for each component. */
const scanEach = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'netocr-scans-'));
  const script = join(folder, 'scans.txt');
  writeFileSync(script, '0;\n1;\n2;\n');
  const jpeg = makeJpeg(photo, { more: ['-scans', script] });
  rmSync(folder, { recursive: true });
  return jpeg;
})();
const progressive = makeJpeg(photo, { progressive: true });
/** @param {Buffer} file @param {number} share */
const cutOff = (file, share) => file.subarray(0, Math.floor(file.length * share));

// A BMP around a JPEG (BI_JPEG).
function inBmp(/** @type {Buffer} */ jpeg) {
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(header.length + jpeg.length, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeUInt32LE(photo.width, 18);
  header.writeUInt32LE(photo.height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt32LE(4, 30);
  header.writeUInt32LE(jpeg.length, 34);
  return Buffer.concat([header, jpeg]);
}

const USUAL_JPEGS = {
  'baseline, rewritten': [makeJpeg(photo), { lossless: true }],
  'baseline, made smaller': [makeJpeg(photo), {}, { maxEdge: 64 }],
  'baseline, cut off': [cutOff(makeJpeg(photo), 0.8), { warnings: ['truncated'] }],
  'progressive, rewritten': [progressive, { lossless: true }],
  'progressive, made smaller': [progressive, {}, { maxEdge: 64 }],
  'several scans, rewritten': [scanEach, { lossless: true }],
  'baseline in a BMP': [inBmp(makeJpeg(photo)), {}],
};
const RARE_JPEGS = {
  arithmetic: [makeJpeg(photo, { more: ['-arithmetic'] }), {}],
  'progressive arithmetic': [makeJpeg(photo, { progressive: true, more: ['-arithmetic'] }), {}],
  YCCK: [cmyk, {}],
  CMYK: [withTransform(cmyk, 0), {}],
  RGB: [makeJpeg(photo, { more: ['-rgb'] }), {}],
  'several scans, made smaller': [scanEach, {}, { maxEdge: 64 }],
  'several scans, cut off': [cutOff(scanEach, 0.98), { warnings: ['truncated'] }, { allowTruncated: true }],
  'progressive, cut off': [cutOff(progressive, 0.8), { warnings: ['truncated'] }, { allowTruncated: true }],
  'arithmetic in a BMP': [inBmp(makeJpeg(photo, { more: ['-arithmetic'] })), {}],
  'several scans in a BMP': [inBmp(scanEach), {}],
};

/** What is told of a prepared JPEG, and its file. */
async function preparedAs(client, input, options) {
  const { source, lossless, warnings, bytes, width } = await client.prepareImage(input, options);
  assert.deepEqual([source.decodable, source.width, source.height], [true, photo.width, photo.height]);
  const longest = options?.maxEdge ?? photo.width;
  assert.equal(width, longest);
  return { seen: { lossless, warnings }, bytes };
}

for (const [name, [file, expected, options]] of Object.entries({ ...USUAL_JPEGS, ...RARE_JPEGS })) {
  const isRare = name in RARE_JPEGS;
  test(`a JPEG is read by ${isRare ? 'codecs.wasm' : 'the core'} alone: ${name}`, async (t) => {
    for (const workers of [0, 1]) {
      const { platform, compiled } = watched();
      const client = closing(t, createClientOn(platform, { endpoint, workers }));
      assert.equal((await client.inspectImage(file)).decodable, true);
      const fromBytes = await preparedAs(client, file, options);
      assert.deepEqual(fromBytes.seen, { lossless: false, warnings: [], ...expected });
      const fromBlob = await preparedAs(client, new Blob([file]), options);
      assert.ok(Buffer.from(fromBytes.bytes).equals(fromBlob.bytes));
      assert.deepEqual(compiled, isRare ? ['core', 'codecs'] : ['core']);
    }
  });
}

test('a JPEG that the core leaves is ENGINE_LOAD_FAILED while the second module cannot be loaded', async (t) => {
  let fails = true;
  const { platform } = watched(async () => {
    if (fails) throw new TypeError('offline');
  });
  const client = closing(t, createClientOn(platform, { endpoint, workers: 0 }));
  for (const file of [cmyk, cutOff(progressive, 0.8)]) {
    const { code, detail } = await rejection(client.prepareImage(file));
    assert.deepEqual([code, detail], ['ENGINE_LOAD_FAILED', 'codecs.wasm: TypeError']);
  }
  fails = false;
  assert.equal((await client.prepareImage(cmyk)).width, photo.width);
});

test('progress never falls when the second module goes on with a JPEG', async (t) => {
  const client = closing(t, createClient({ endpoint, workers: 0 }));
  const fractions = [];
  await client.prepareImage(cutOff(progressive, 0.8), {
    onProgress: ({ fraction }) => fractions.push(fraction),
  });
  assert.deepEqual(
    fractions,
    fractions.toSorted((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);
});

test('a second module that cannot be loaded is ENGINE_LOAD_FAILED; other files go on, the next one tries again', async (t) => {
  let fails = true;
  const { platform } = watched(async () => {
    if (fails) throw new TypeError('offline');
  });
  const client = closing(t, createClientOn(platform, { endpoint, workers: 1 }));
  const errors = await Promise.all([
    rejection(client.prepareImage(wsq)),
    rejection(client.inspectImage(wsq)),
  ]);
  for (const error of errors) {
    assert.deepEqual(
      [error.code, error.detail, error.retryable],
      ['ENGINE_LOAD_FAILED', 'codecs.wasm: TypeError', true],
    );
  }
  assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
  fails = false;
  assert.equal((await client.prepareImage(wsq)).width, 150);
});

test('codecsUrl says where it is', async (t) => {
  const client = closing(t, createClient({ endpoint, codecsUrl: import.meta.url }));
  assert.equal((await rejection(client.prepareImage(wsq))).code, 'ENGINE_LOAD_FAILED');
  const right = new URL('../../web/client/dist/codecs.wasm', import.meta.url);
  const other = closing(t, createClient({ endpoint, codecsUrl: right }));
  assert.equal((await other.prepareImage(wsq)).width, 150);
});

test('a call that is aborted while the second module loads ends at once; the next one works', async (t) => {
  let open;
  const opened = new Promise((resolve) => {
    open = resolve;
  });
  const { platform } = watched(() => opened);
  const client = closing(t, createClientOn(platform, { endpoint, workers: 1 }));
  const controller = new AbortController();
  const aborted = rejection(client.inspectImage(wsq, { signal: controller.signal }));
  await client.inspectImage(photoA);
  controller.abort();
  assert.equal((await aborted).name, 'AbortError');
  open();
  assert.equal((await client.inspectImage(wsq)).width, 150);
});

test('a trap in the second module is ENGINE_CRASHED; the next file gets a new instance, the core goes on', async (t) => {
  const platform = {
    ...nodePlatform,
    standIn: async () => connectInThread(NodeXMLHttpRequest, faultyGlue),
  };
  const client = closing(t, createClientOn(platform, { endpoint, workers: 0 }));
  for (let i = 0; i < 2; i += 1) {
    const error = await rejection(client.prepareImage(Buffer.concat([wsq, Buffer.from('TRAP')])));
    assert.deepEqual([error.code, error.detail], ['ENGINE_CRASHED', 'RuntimeError']);
    assert.equal((await client.prepareImage(wsq)).width, 150);
    assert.equal((await client.prepareImage(photoA, { maxEdge: 64 })).width, 64);
  }
});

test('HEIC by libheif-js: the picture, upright, as a JPEG', async (t) => {
  for (const workers of [0, 1]) {
    const client = closing(t, createClient({ endpoint, workers, heicDecoderUrl: libheif }));
    const prepared = await client.prepareImage(heic);
    assert.deepEqual(
      [prepared.format, prepared.width, prepared.height, prepared.source.format, prepared.source.decodable],
      ['jpeg', 150, 97, 'heic', true],
    );
    const [seen, expected] = [decodeJpeg(prepared.bytes).rgb, referenceOf('rgb').rgb];
    const sum = seen.reduce((total, sample, at) => total + Math.abs(sample - expected[at]), 0);
    assert.ok(sum / seen.length < 4, `off by ${sum / seen.length}`);
  }
});

test('HEIC in Display P3, as phones write it, becomes sRGB', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-p3-'));
  t.after(() => rm(folder, { recursive: true }));
  const [profile, jpeg, heif] = ['p3.icc', 'p3.jpg', 'p3.heic'].map((name) => join(folder, name));
  await writeFile(profile, displayP3());
  const flat = ['-fill', 'rgb(200,60,40)', '-colorize', '100', '-strip', '-profile', profile];
  await writeFile(jpeg, convert(pictureOf('rgb'), ...flat, '-quality', '98', 'jpeg:-'));
  execFileSync('heif-enc', ['-q', '95', '-o', heif, jpeg], { stdio: 'ignore' });
  const file = await readFile(heif);
  const client = closing(t, createClient({ endpoint, heicDecoderUrl: libheif }));
  const { source, bytes } = await client.prepareImage(file);
  assert.deepEqual([source.profile, source.profileName, source.warnings], ['converted', 'Display P3', []]);
  // By Little CMS, as in the test of the JPEG in Display P3.
  for (const [c, value] of [217.5, 41.6, 22.7].entries()) {
    assert.ok(Math.abs(decodeJpeg(bytes).rgb[3 * 7000 + c] - value) <= 5);
  }
});

/** A picture of one colour with a profile attached. @param {string} extension @param {Buffer} icc @param {string[]} args */
async function flatWith(t, extension, icc, ...args) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-tables-'));
  t.after(() => rm(folder, { recursive: true }));
  const [profile, plain, made] = ['own.icc', `plain.${extension}`, `made.${extension}`].map((name) =>
    join(folder, name),
  );
  await writeFile(profile, icc);
  const flat = ['-fill', 'rgb(200,60,40)', '-colorize', '100', '-strip', '-quality', '98', ...args];
  await writeFile(plain, convert(pictureOf('rgb'), ...flat, `${extension}:-`));
  execFileSync('convert', [plain, '-quality', '98', '-profile', profile, made]);
  return { file: await readFile(made), path: made };
}

const TABLES = {
  'an RGB JPEG': ['jpg', lutProfile()],
  'an RGB PNG': ['png', lutProfile({ version: 4 })],
  'a CMYK JPEG': ['jpg', lutProfile({ space: 'CMYK', kind: 'prtr' }), '-colorspace', 'CMYK'],
  'a grey PNG': ['png', greyToLab(), '-colorspace', 'gray'],
};
for (const [name, [extension, icc, ...args]] of Object.entries(TABLES)) {
  test(`codecs.wasm is loaded for a profile with tables: ${name}`, async (t) => {
    const { file } = await flatWith(t, extension, icc, ...args);
    for (const workers of [0, 1]) {
      const { platform, compiled } = watched();
      const client = closing(t, createClientOn(platform, { endpoint, workers }));
      const { profile, warnings } = await client.inspectImage(file);
      assert.deepEqual([profile, warnings], ['converted', []]);
      const prepared = await client.prepareImage(file);
      assert.deepEqual(
        [prepared.source.profile, prepared.warnings, prepared.lossless],
        ['converted', [], false],
      );
      assert.deepEqual(compiled, ['core', 'codecs']);
    }
  });
}

test('HEIC with a profile of tables, read by the named decoder, becomes sRGB', async (t) => {
  const { file, path } = await flatWith(t, 'jpg', lutProfile());
  const heif = `${path}.heic`;
  execFileSync('heif-enc', ['-q', '95', '-o', heif, path], { stdio: 'ignore' });
  const client = closing(t, createClient({ endpoint, heicDecoderUrl: libheif }));
  const { source, warnings, bytes } = await client.prepareImage(await readFile(heif));
  assert.deepEqual([source.profile, source.profileName, warnings], ['converted', 'Tables', []]);
  const ofJpeg = await client.prepareImage(file);
  for (let c = 0; c < 3; c += 1) {
    const off = decodeJpeg(bytes).rgb[3 * 7000 + c] - decodeJpeg(ofJpeg.bytes).rgb[3 * 7000 + c];
    assert.ok(Math.abs(off) <= 5);
  }
});

test('HEIC is within the limits or refused', async (t) => {
  const client = closing(t, createClient({ endpoint, heicDecoderUrl: libheif }));
  for (const limits of [
    { maxPixels: 150 * 97 - 1 },
    { maxDimension: 149 },
    { maxDecoderBytes: 150 * 97 * 4 - 1 },
  ]) {
    assert.equal((await rejection(client.prepareImage(heic, { limits }))).code, 'IMAGE_TOO_LARGE');
  }
});

test('without a decoder HEIC, AVIF and GIF are UNSUPPORTED_FORMAT, with what to do', async (t) => {
  const client = closing(t, createClient({ endpoint }));
  for (const format of ['heic', 'avif', 'gif']) {
    const file = format === 'heic' ? heic : convert(pictureOf('rgb'), `${format}:-`);
    const error = await rejection(client.prepareImage(file));
    assert.equal(error.code, 'UNSUPPORTED_FORMAT');
    assert.match(error.detail, new RegExp(`^${format.toUpperCase()}.*: .*JPEG`));
    assert.equal((await client.inspectImage(file)).format, format);
  }
});

test('a decoder that is no decoder is ENGINE_LOAD_FAILED, a damaged HEIC is CORRUPT_IMAGE', async (t) => {
  for (const url of [
    new URL('no-such-module.mjs', import.meta.url),
    new URL('./photos.mjs', import.meta.url),
  ]) {
    const client = closing(t, createClient({ endpoint, heicDecoderUrl: url }));
    const error = await rejection(client.prepareImage(heic));
    assert.equal(error.code, 'ENGINE_LOAD_FAILED');
    assert.match(error.detail, /^heicDecoderUrl: /);
  }
  const client = closing(t, createClient({ endpoint, heicDecoderUrl: libheif }));
  for (const share of [0.2, 0.5, 0.9]) {
    const error = await rejection(client.prepareImage(heic.subarray(0, Math.floor(heic.length * share))));
    assert.equal(error.code, 'CORRUPT_IMAGE', String(share));
  }
  assert.equal((await client.prepareImage(heic)).width, 150);
});

test('a heicDecoderUrl that is no URL is INVALID_ARGUMENT', () => {
  assert.throws(() => createClient({ endpoint, heicDecoderUrl: 'heif.mjs' }), { code: 'INVALID_ARGUMENT' });
});
