// What is accepted as options, what is refused and how it is named, and that the caller's objects stay as they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  callSettings,
  checkToken,
  clientSettings,
  idCardSettings,
  inspectSettings,
  prepareSettings,
  resolveEndpoint,
} from '../../../web/client/page/options.js';
import { isNetocrError } from '../../../web/client/shared/errors.js';

/** Asserts that `make` throws INVALID_ARGUMENT and that the detail matches. */
function assertRefused(make, pattern) {
  assert.throws(make, (error) => {
    assert.ok(isNetocrError(error));
    assert.equal(error.code, 'INVALID_ARGUMENT');
    assert.match(error.detail, pattern);
    return true;
  });
}

const endpoint = '/netocr';

test('an endpoint is enough', () => {
  assert.deepEqual(clientSettings({ endpoint }), {
    endpoint,
    token: undefined,
    headers: [],
    timeoutMs: undefined,
    withCredentials: false,
    limits: undefined,
    image: undefined,
    video: undefined,
    engine: {
      workers: undefined,
      wasmUrl: undefined,
      codecsUrl: undefined,
      workerUrl: undefined,
      heicDecoderUrl: undefined,
    },
    lang: 'en',
  });
});

test('everything at once, copied', () => {
  const image = {
    maxBytes: 100_000,
    maxEdge: 1000,
    minQuality: 60,
    maxQuality: 90,
    effort: 'best',
    allowTruncated: true,
    heic: 'named-only',
  };
  const video = {
    maxBytes: 500_000,
    minDurationMs: 1,
    maxDurationMs: 2,
    durationToleranceMs: 3,
    size: 'warning',
    duration: 'ignore',
  };
  const limits = {
    maxInputBytes: 1,
    maxDimension: 2,
    maxPixels: 3,
    maxDecoderBytes: 4,
    maxReplyBytes: 5,
    maxReplyDepth: 6,
  };
  const token = () => 'x';
  const given = {
    endpoint: new URL('https://a.test/netocr'),
    token,
    headers: { 'X-A': 'b c', 'x-d': '' },
    timeoutMs: 1000,
    credentials: 'include',
    limits,
    image,
    video,
    workers: 1,
    wasmUrl: new URL('https://a.test/core.wasm'),
    codecsUrl: new URL('https://a.test/codecs.wasm'),
    heicDecoderUrl: 'heif.mjs',
    workerUrl: '/worker.js',
    lang: 'zh-CN',
  };
  const frozen = JSON.stringify(given);
  const settings = clientSettings(given);
  assert.equal(JSON.stringify(given), frozen);
  assert.deepEqual(settings.image, image);
  assert.notEqual(settings.image, image);
  assert.deepEqual([settings.video, settings.limits], [video, limits]);
  assert.deepEqual(settings.headers, ['X-A', 'b c', 'x-d', '']);
  assert.equal(settings.withCredentials, true);
  assert.equal(settings.token, token);
  assert.deepEqual(settings.engine, {
    workers: 1,
    wasmUrl: 'https://a.test/core.wasm',
    codecsUrl: 'https://a.test/codecs.wasm',
    heicDecoderUrl: 'heif.mjs',
    workerUrl: '/worker.js',
  });
});

test('undefined is as good as missing', () => {
  assert.deepEqual(clientSettings({ endpoint, token: undefined, image: { maxEdge: undefined } }).image, {});
});

const BAD_CLIENT = [
  [undefined, /endpoint is missing/],
  [null, /must be an object/],
  ['x', /must be an object/],
  [[], /must be an object/],
  [{}, /endpoint is missing/],
  [{ endpoint: '' }, /^endpoint /],
  [{ endpoint: 5 }, /^endpoint /],
  [{ endpoint, endPoint: 'x' }, /unknown option endPoint/],
  [{ endpoint, image: { maxbytes: 1 } }, /unknown option image.maxbytes/],
  [{ endpoint, toString: 1 }, /unknown option toString/],
  [{ endpoint, image: 5 }, /image must be an object/],
  [{ endpoint, image: { maxBytes: 1023 } }, /image.maxBytes .* 1024/],
  [{ endpoint, image: { maxEdge: 1.5 } }, /image.maxEdge/],
  [{ endpoint, image: { minQuality: '50' } }, /image.minQuality/],
  [{ endpoint, image: { effort: 'fast' } }, /image.effort must be one of: default, best/],
  [{ endpoint, image: { allowTruncated: 1 } }, /image.allowTruncated must be true or false/],
  [{ endpoint, image: { heic: true } }, /image.heic must be one of: auto, named-only, off/],
  [{ endpoint, video: { size: 'warn' } }, /video.size must be one of/],
  [{ endpoint, limits: { maxPixels: 0 } }, /limits.maxPixels/],
  [{ endpoint, limits: { maxPixels: Number.NaN } }, /limits.maxPixels/],
  [{ endpoint, timeoutMs: 0 }, /timeoutMs/],
  [{ endpoint, timeoutMs: 2 ** 31 }, /timeoutMs/],
  [{ endpoint, workers: 3 }, /workers/],
  [{ endpoint, credentials: 'omit' }, /credentials/],
  [{ endpoint, lang: 'fr' }, /lang/],
  [{ endpoint, token: '' }, /token/],
  [{ endpoint, token: 'a b' }, /token/],
  [{ endpoint, token: 5 }, /token/],
  [{ endpoint, headers: 'X: y' }, /headers/],
  [{ endpoint, headers: { 'X Y': 'z' } }, /headers/],
  [{ endpoint, headers: { 'X-Y': 'z\n' } }, /headers.X-Y/],
  [{ endpoint, headers: { 'X-Y': 5 } }, /headers.X-Y/],
  [{ endpoint, headers: { Authorization: 'Bearer x' } }, /cannot be set/],
  [{ endpoint, headers: { 'content-type': 'x' } }, /cannot be set/],
];
for (const [given, pattern] of BAD_CLIENT) {
  test(`refused: ${JSON.stringify(given)}`, () => assertRefused(() => clientSettings(given), pattern));
}

test('a refusal never tells a token or a header’s value', () => {
  for (const make of [
    () => checkToken('sec ret'),
    () => clientSettings({ endpoint, headers: { 'X-Y': 'sec\u00e4ret' } }),
  ]) {
    assert.throws(make, (error) => !error.message.includes('sec'));
  }
});

test('options of a call', () => {
  const { signal } = new AbortController();
  const onProgress = () => {};
  assert.deepEqual(callSettings({ signal, onProgress }), { signal, onProgress });
  assert.deepEqual(callSettings(undefined), {});
  assert.equal(idCardSettings({ transfer: 'file' }).transfer, 'file');
  assert.equal(idCardSettings(undefined).transfer, 'base64');
  assert.deepEqual(prepareSettings({ maxEdge: 100, limits: { maxPixels: 5 }, signal }), {
    signal,
    onProgress: undefined,
    limits: { maxPixels: 5 },
    image: { maxEdge: 100 },
  });
  assert.deepEqual(inspectSettings({ limits: {} }).limits, {});
  assertRefused(() => callSettings({ signal: 5 }), /signal must be an AbortSignal/);
  assertRefused(() => callSettings({ onProgress: 5 }), /onProgress must be a function/);
  assertRefused(() => callSettings({ onprogress: onProgress }), /unknown option onprogress/);
  assertRefused(() => callSettings({ transfer: 'file' }), /unknown option transfer/);
  assertRefused(() => idCardSettings({ transfer: 'raw' }), /transfer/);
  assertRefused(() => prepareSettings({ maxPixels: 5 }), /unknown option maxPixels/);
});

const ENDPOINTS = [
  ['https://a.test/netocr', undefined, 'https://a.test/netocr'],
  ['https://a.test/netocr///', undefined, 'https://a.test/netocr'],
  ['/netocr', 'https://a.test/page/index.html?x#y', 'https://a.test/netocr'],
  ['netocr/', 'https://a.test/page/index.html', 'https://a.test/page/netocr'],
  ['http://a.test', undefined, 'http://a.test'],
];
for (const [given, base, expected] of ENDPOINTS) {
  test(`endpoint ${given} in ${base}`, () => assert.equal(resolveEndpoint(given, base), expected));
}

test('endpoints that are refused', () => {
  for (const given of [
    '/netocr',
    'no url',
    'ftp://a.test',
    'javascript:1',
    'https://u:p@a.test',
    'https://a.test/?q',
    'https://a.test/#f',
  ]) {
    assertRefused(() => resolveEndpoint(given, undefined), /^endpoint /);
  }
});
