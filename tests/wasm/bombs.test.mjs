// Decompression bombs through the shipped module: a typed error (or the small picture that is there), without the memory
// that they ask for. The time limit is a guard against hangs; each takes a fraction of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOLLOW, OVERLADEN, OVERSIZED } from '../fixtures/bombs.mjs';
import { loadCodecs, withBytes } from './core.mjs';

const MOST_GROWTH = 64 << 20;
const HANG_MS = 10_000;
const REFUSALS = ['CORRUPT_IMAGE', 'IMAGE_TOO_LARGE', 'UNSUPPORTED_FEATURE'];

const readable = (await loadCodecs()).readableFormats();

/** A new module for each: its memory never shrinks. */
async function explode({ make }) {
  const module = await loadCodecs();
  const bytes = make();
  assert.ok(bytes.length < 3 << 20, 'a bomb is a small file');
  // emmalloc adds the padding in front of the first large block to the block before it, which stays.
  withBytes(module, [bytes], () => {});
  const before = module.memory();
  const started = performance.now();
  const record = withBytes(module, [bytes], ([part]) => module.prepareImage(...part));
  assert.ok(performance.now() - started < HANG_MS, 'a hang');
  const after = module.memory();
  assert.ok(after.heapBytes - before.heapBytes <= MOST_GROWTH, `${after.heapBytes - before.heapBytes} bytes`);
  assert.equal(after.allocatedBytes, before.allocatedBytes);
  return record;
}

for (const bomb of OVERSIZED) {
  test(`${bomb.format}: ${bomb.name}`, async () => {
    const { ok, code } = await explode(bomb);
    assert.equal(ok, false);
    assert.equal(code, readable.includes(bomb.format) ? 'IMAGE_TOO_LARGE' : 'UNSUPPORTED_FORMAT');
  });
}

for (const bomb of HOLLOW) {
  test(`${bomb.format}: ${bomb.name}, with nothing behind it`, async () => {
    const { ok, code, detail } = await explode(bomb);
    assert.equal(ok, false);
    assert.ok((readable.includes(bomb.format) ? REFUSALS : ['UNSUPPORTED_FORMAT']).includes(code), code);
    assert.notEqual(detail, '');
  });
}

for (const bomb of OVERLADEN) {
  test(`${bomb.format}: ${bomb.name}`, async () => {
    const { code, width, height } = await explode(bomb);
    assert.equal(code, '');
    assert.ok(width <= 9 && height <= 9);
  });
}
