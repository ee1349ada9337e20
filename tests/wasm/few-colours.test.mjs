// A screenshot through the built core: pngtopnm finds the file's own pixels in the PNG that goes out, bit for bit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePng, makeBmp } from '../fixtures/make-images.mjs';
import { loadCore, withBytes } from './core.mjs';

const core = await loadCore();

test('the colours of a screenshot are those of the file', () => {
  const [width, height] = [640, 400];
  const rgb = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i += 1) {
    const bar = (Math.floor((i % width) / 9) + 7 * Math.floor(i / width / 11)) % 50;
    for (let c = 0; c < 3; c += 1) rgb[3 * i + c] = Math.imul(3 * bar + c + 1, 2654435761) >>> 24;
  }
  const bmp = makeBmp({ width, height, rgb });
  const prepared = withBytes(core, [bmp], ([part]) => core.prepareImage(...part, {}, undefined));
  assert.equal(prepared.format, 'png');
  assert.ok(decodePng(prepared.bytes).rgb.equals(rgb));
});
