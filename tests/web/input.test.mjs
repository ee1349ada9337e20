// Every kind of input becomes the same bytes, the caller's buffers stay whole, and data: URLs are read as fetch reads them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { isNetocrError } from '../../web/src/errors.js';
import { decodeDataUrl, readInput, takeInput, transferOf } from '../../web/src/input.js';
import { rejection } from './photos.mjs';

const bytes = Uint8Array.from([0, 1, 2, 250, 255, 43, 47, 61]);
const base64 = Buffer.from(bytes).toString('base64');
const whole = new Uint8Array([9, 9, ...bytes, 9]);
const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
shared.set(bytes);

const KINDS = {
  Uint8Array: bytes,
  ArrayBuffer: bytes.slice().buffer,
  SharedArrayBuffer: shared.buffer,
  'a view of a shared buffer': shared,
  'a part of a buffer': whole.subarray(2, 2 + bytes.length),
  DataView: new DataView(whole.buffer, 2, bytes.length),
  Buffer: Buffer.from(bytes),
  Uint16Array: new Uint16Array(bytes.slice().buffer),
  Blob: new Blob([bytes]),
  File: new File([bytes], 'photo.jpg', { type: 'image/jpeg' }),
  'data: URL': `data:image/jpeg;base64,${base64}`,
  'an ArrayBuffer of another realm': runInNewContext('Uint8Array.from(list).buffer', { list: [...bytes] }),
};
for (const [name, input] of Object.entries(KINDS)) {
  test(`${name}: its bytes, in a copy that may be transferred`, async () => {
    const given = takeInput(input);
    const posted = structuredClone('blob' in given ? {} : given, { transfer: transferOf(given) });
    const read = await readInput('blob' in given ? given : posted, 100);
    assert.deepEqual([...read], [...bytes]);
    if (ArrayBuffer.isView(input)) assert.equal(input.byteLength, bytes.length, 'not detached');
  });
}

test('what is no input is INVALID_ARGUMENT', () => {
  for (const input of [
    undefined,
    null,
    5,
    '',
    'photo.jpg',
    'https://a.test/x.jpg',
    {},
    [],
    [1, 2],
    new URL('data:,x'),
    () => {},
  ]) {
    assert.throws(
      () => takeInput(input),
      (error) => isNetocrError(error) && error.code === 'INVALID_ARGUMENT',
    );
  }
});

test('the size is refused before anything is read', async () => {
  let reads = 0;
  const blob = new Blob([new Uint8Array(101)]);
  blob.arrayBuffer = () => {
    reads += 1;
    return Promise.resolve(new ArrayBuffer(0));
  };
  for (const given of [{ blob }, takeInput(new Uint8Array(101)), takeInput(`data:,${'x'.repeat(405)}`)]) {
    assert.equal((await rejection(readInput(given, 100))).code, 'INPUT_TOO_LARGE');
  }
  assert.equal(reads, 0);
});

test('a blob that cannot be read is INPUT_UNREADABLE', async () => {
  const blob = new Blob(['x']);
  blob.arrayBuffer = () =>
    Promise.reject(new DOMException('/home/person/photo.jpg moved', 'NotReadableError'));
  const error = await rejection(readInput({ blob }, 100));
  assert.deepEqual([error.code, error.detail], ['INPUT_UNREADABLE', 'NotReadableError']);
});

const DATA_URLS = [
  'data:,',
  'data:,plain%20text%2B+',
  'data:text/plain;charset=utf-8,%E6%98%AF',
  'data:,100%',
  'data:,%zz%4',
  'data:;base64,',
  `data:image/png;base64,${base64}`,
  `data:image/png;name=x;base64,${base64}`,
  `DATA:image/png;BASE64,${base64}`,
  `data:;base64,${encodeURIComponent(base64)}`,
  `data:;base64,${base64.replace(/=+$/, '')}`,
  `data:;base64,${base64.slice(0, 4)} ${base64.slice(4)}`,
  'data:,a,b,c',
];
for (const url of DATA_URLS) {
  test(`${url} as fetch reads it`, async () => {
    const expected = new Uint8Array(await (await fetch(url)).arrayBuffer());
    assert.deepEqual([...decodeDataUrl(url)], [...expected]);
  });
}

test('a data: URL that is none is INVALID_ARGUMENT', () => {
  for (const url of [
    'data:image/png;base64',
    'data:;base64,A',
    'data:;base64,AA=A',
    'data:;base64,*',
    'data:;base64,\u00e4',
    'data:;base64,%EF%BB%BFAAEC',
  ]) {
    assert.throws(
      () => decodeDataUrl(url),
      (error) => isNetocrError(error) && error.code === 'INVALID_ARGUMENT',
    );
  }
});
