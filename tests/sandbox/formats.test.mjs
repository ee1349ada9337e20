import assert from 'node:assert/strict';
import test from 'node:test';
import { recogniseImage } from '../../web/sandbox/image-formats.js';
import { recogniseVideo } from '../../web/sandbox/video-formats.js';
import {
  IMAGES,
  makeBmp,
  makeFlv,
  makeIso,
  makeJpeg,
  makeOldMov,
  makePng,
  OTHER_IMAGES,
  OTHER_VIDEOS,
  VIDEOS,
} from './media.mjs';

const whole = (format) => ({ format, documented: true, damage: null });
const named = (format) => ({ format, documented: false, damage: null });

test('every documented format is recognised, every other is named', () => {
  for (const [name, bytes] of Object.entries(IMAGES)) assert.deepEqual(recogniseImage(bytes), whole(name));
  for (const [name, bytes] of Object.entries(VIDEOS)) assert.deepEqual(recogniseVideo(bytes), whole(name));
  for (const [name, bytes] of Object.entries(OTHER_IMAGES))
    assert.deepEqual(recogniseImage(bytes), named(name));
  for (const [name, bytes] of Object.entries(OTHER_VIDEOS))
    assert.deepEqual(recogniseVideo(bytes), named(name));
  assert.deepEqual(recogniseVideo(makeOldMov()), whole('mov'));
  for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(100), Buffer.from('<html>')]) {
    assert.equal(recogniseImage(bytes), null);
    assert.equal(recogniseVideo(bytes), null);
  }
  // An image is no video and the other way round.
  for (const bytes of Object.values(IMAGES)) assert.notEqual(recogniseVideo(bytes)?.damage, null);
  for (const bytes of Object.values(VIDEOS)) assert.equal(recogniseImage(bytes), null);
});

test('a file that is cut off anywhere is never taken as whole', () => {
  // What may be missing at the end without harm: the tag size of FLV, the tail of a data chunk that is not measured.
  const spare = { mpg: 6, wmv: 42, mkv: 16, rm: 8 };
  for (const [kinds, recognise] of [
    [IMAGES, recogniseImage],
    [VIDEOS, recogniseVideo],
  ]) {
    for (const [name, bytes] of Object.entries(kinds)) {
      for (let size = 0; size < bytes.length - (spare[name] ?? 0); size += 1) {
        const found = recognise(bytes.subarray(0, size));
        assert.notEqual(found?.damage, null, `${name} cut to ${size} of ${bytes.length}`);
      }
    }
  }
});

test('damage is told', () => {
  const flipped = makePng();
  flipped[45] ^= 1;
  const noFrame = Buffer.from(makeJpeg().toString('hex').replace('ffc0', 'ffe0'), 'hex');
  const table = [
    [recogniseImage, flipped, /checksum of IDAT/],
    [recogniseImage, makePng(0, 0, 2), /width or height is zero/],
    [recogniseImage, makeJpeg(0, 8), /width or height is zero/],
    [recogniseImage, noFrame, /no frame header/],
    [recogniseImage, makeBmp(3, 0), /width or height is zero/],
    [recogniseVideo, makeIso('isom', 'soun'), /no video track/],
    [recogniseVideo, makeFlv(8), /no video/],
  ];
  for (const [recognise, bytes, pattern] of table) assert.match(recognise(bytes)?.damage ?? '', pattern);
});
