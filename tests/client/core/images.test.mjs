// The image functions of a module in this thread: whose bytes are kept, and whose are given back.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createCaller } from '../../../web/client/core/caller.js';
import { imageFunctions } from '../../../web/client/core/images.js';
import { instantiate } from '../../../web/client/core/loader.js';
import createCore from '../../../web/client/dist/core.mjs';
import { photoA } from '../photos.mjs';

const wasm = await WebAssembly.compile(
  await readFile(new URL('../../../web/client/dist/core.wasm', import.meta.url)),
);
const images = imageFunctions(createCaller(assert.fail), await instantiate(createCore, wasm));
const small = { maxEdge: 64, maxBytes: 10_000 };

/** A copy whose buffer has the transfer() of newer platforms. */
function transferable(bytes) {
  const copy = new Uint8Array(bytes);
  copy.buffer.transfer = function transfer(length) {
    assert.equal(length, 0);
    structuredClone(this, { transfer: [this] });
  };
  return copy;
}

test('bytes that are needed again stay as they are', () => {
  const bytes = transferable(photoA);
  for (let i = 0; i < 2; i += 1)
    assert.equal(images.prepareImage(bytes, small, () => {}).source.bytes, photoA.length);
  assert.deepEqual(bytes, new Uint8Array(photoA));
});

test('the last use gives their memory back as soon as they are in the heap', () => {
  const bytes = transferable(photoA);
  const lengths = [];
  const prepared = images.prepareImage(bytes, small, () => lengths.push(bytes.length), { isLast: true });
  assert.equal(prepared.source.bytes, photoA.length);
  assert.deepEqual([prepared.width, bytes.length], [64, 0]);
  assert.ok(lengths.length > 1 && lengths.every((length) => length === 0), 'empty while it works');
});

test('a platform without transfer() does without', () => {
  const bytes = new Uint8Array(photoA);
  bytes.buffer.transfer = undefined;
  assert.equal(images.prepareImage(bytes, small, () => {}, { isLast: true }).width, 64);
  assert.equal(bytes.length, photoA.length);
});
