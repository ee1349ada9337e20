// Every kind of input becomes the same bytes, the caller's buffers stay whole, and data: URLs are read as fetch reads them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { takeInput, transferOf } from '../../../web/client/page/take-input.js';
import { isNetocrError } from '../../../web/client/shared/errors.js';
import { decodeDataUrl, readInput } from '../../../web/client/worker/read-input.js';
import { rejection } from '../photos.mjs';

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

/** The buffer, after another thread got its bytes. */
const transferred = (buffer) => {
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
};
/** A view of a buffer that was made shorter since. */
const shrunk = (View, ...range) => {
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 });
  const view = new View(buffer, ...range);
  buffer.resize(4);
  return view;
};
const afterTransfer = (View, ...range) => {
  const view = new View(new ArrayBuffer(16), ...range);
  transferred(view.buffer);
  return view;
};
const afterTransferBuffer = () => {
  const view = Buffer.from(new ArrayBuffer(16), 4, 8);
  transferred(view.buffer);
  return view;
};
const TRANSFERRED = 'the buffer was transferred elsewhere';
const SHORTER = 'the buffer was made shorter than the view of it';
const GONE = {
  'an ArrayBuffer that was transferred': [() => transferred(new ArrayBuffer(8)), TRANSFERRED],
  'one without bytes': [() => transferred(new ArrayBuffer(0)), TRANSFERRED],
  'a resizable one': [() => transferred(new ArrayBuffer(8, { maxByteLength: 9 })), TRANSFERRED],
  'one of another realm': [() => transferred(runInNewContext('new ArrayBuffer(8)')), TRANSFERRED],
  'a Uint8Array of one': [() => afterTransfer(Uint8Array), TRANSFERRED],
  'an empty Uint8Array of one': [() => afterTransfer(Uint8Array, 4, 0), TRANSFERRED],
  'a Float64Array of one': [() => afterTransfer(Float64Array, 8), TRANSFERRED],
  'a DataView of one': [() => afterTransfer(DataView, 2, 4), TRANSFERRED],
  'a Buffer of one': [() => afterTransferBuffer(), TRANSFERRED],
  'a Uint8Array beyond its buffer': [() => shrunk(Uint8Array, 0, 8), SHORTER],
  'a Uint8Array that begins beyond it': [() => shrunk(Uint8Array, 8), SHORTER],
  'a Uint32Array beyond it': [() => shrunk(Uint32Array, 4, 2), SHORTER],
  'a DataView beyond it': [() => shrunk(DataView, 0, 8), SHORTER],
  'a DataView that begins beyond it': [() => shrunk(DataView, 8), SHORTER],
};
for (const [name, [make, detail]] of Object.entries(GONE)) {
  test(`${name}: INVALID_ARGUMENT`, () => {
    assert.throws(
      () => takeInput(make()),
      (error) => isNetocrError(error) && error.code === 'INVALID_ARGUMENT' && error.detail === detail,
    );
  });
}

test('a view that grows and shrinks with its buffer is read as long as it is now', () => {
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  const views = [new Uint8Array(buffer), new Uint8Array(buffer, 2), new DataView(buffer, 2)];
  new Uint8Array(buffer).set(bytes);
  for (const length of [16, 4]) {
    buffer.resize(length);
    for (const [i, view] of views.entries()) {
      const taken = takeInput(view).bytes;
      assert.equal(taken.length, length - (i === 0 ? 0 : 2));
      assert.equal(taken.buffer.resizable, false);
    }
  }
});

test('what only says that it is a buffer is none', () => {
  for (const tag of ['ArrayBuffer', 'SharedArrayBuffer', 'Uint8Array']) {
    assert.throws(
      () => takeInput({ [Symbol.toStringTag]: tag, length: 4, byteLength: 4 }),
      (error) => isNetocrError(error) && error.code === 'INVALID_ARGUMENT',
    );
  }
});

test('a blob that gives a buffer without its bytes is INPUT_UNREADABLE', async () => {
  const blob = new Blob(['x']);
  blob.arrayBuffer = async () => transferred(new ArrayBuffer(1));
  const error = await rejection(readInput({ blob }, 100));
  assert.deepEqual([error.code, error.detail], ['INPUT_UNREADABLE', 'TypeError']);
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
