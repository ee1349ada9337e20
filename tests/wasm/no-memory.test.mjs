// The second module when its memory is full: each decoder answers OUT_OF_MEMORY, and goes on once there is some again.
// openjpeg is left by a long jump then (jp2_memory).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSmallImage } from '../fixtures/small-images.mjs';
import { loadCodecs, withBytes } from './core.mjs';

const codecs = await loadCodecs();

/** What the bindings need for a record; no decoder gets by with it. */
const RESERVE = 2 ** 13;

/** Takes all memory but the reserve. @returns {number[]} pointers */
function fill() {
  const blocks = [];
  const reserve = codecs._malloc(RESERVE);
  for (let size = 2 ** 29; size >= RESERVE / 4; size /= 2) {
    for (let block = codecs._malloc(size); block !== 0; block = codecs._malloc(size)) blocks.push(block);
  }
  codecs._free(reserve);
  return blocks;
}

for (const [format, name] of [
  ['jp2', 'lossless'],
  ['j2k', 'tiles'],
  ['j2k', 'packet markers'],
  ['webp', 'lossy'],
  ['webp', 'lossless'],
  ['wsq', 'square'],
]) {
  test(`${format}, ${name}: a full memory is OUT_OF_MEMORY`, () => {
    withBytes(codecs, [makeSmallImage(format, name)], ([part]) => {
      const prepare = () => codecs.prepareImage(...part, undefined, undefined);
      assert.equal(prepare().ok, true);
      const blocks = fill();
      const { code } = prepare();
      for (const block of blocks) codecs._free(block);
      assert.equal(code, 'OUT_OF_MEMORY');
      assert.equal(prepare().ok, true);
    });
  });
}
