// The table of small pictures: its pictures and its sums.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallPictures } from './small/pictures.mjs';
import { gainOf, smallReport } from './small/report.mjs';

const row = (picture, maxBytes, ours, halved, full) => ({
  picture,
  maxBytes,
  scores: { ours, 'mozjpeg 4:2:0': halved, 'mozjpeg 4:4:4': full, canvas: 99 },
});

test('the gain is that on the better of mozjpeg in 4:2:0 and in 4:4:4', () => {
  assert.equal(gainOf(row('a', 1, 90, 80, 88.5)), 1.5);
  assert.equal(gainOf(row('a', 1, 90, 91, 88.5)), -1);
});

test('the report has a table for each budget, with mean and worst', () => {
  const rows = [
    row('card', 204_800, 90, 80, 88),
    row('crop', 204_800, 80, 81, 79),
    row('card', 60_000, 70, 69, 68),
  ];
  const report = smallReport({ measure: 'SSIMULACRA2', rows });
  assert.match(report, /within 204800 bytes, SSIMULACRA2[\s\S]*within 60000 bytes/);
  assert.match(report, /card +90\.00 +80\.00 +88\.00 +99\.00 +2\.00/);
  assert.match(report, /0\.50 on average, -1\.00 at worst/);
  assert.match(report, /1\.00 on average, 1\.00 at worst/);
});

test('without a folder the pictures are drawn, the same ones each time', async () => {
  const [first, again] = [await smallPictures(), await smallPictures()];
  assert.deepEqual(
    first.map(({ name }) => name),
    ['card', 'made 1', 'made 2', 'made 3', 'made 4'],
  );
  for (const [i, { width, height, rgb }] of first.entries()) {
    assert.equal(rgb.length, 3 * width * height);
    assert.ok(rgb.equals(again[i].rgb));
  }
});
