// Runs the comparison itself once with a small photo and the competitors that need no package.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeJpeg, photoPixels, withOrientation } from '../fixtures/make-images.mjs';
import { makeFolder } from '../scripts/folder.mjs';
import { compare } from './compare.mjs';
import { textReport } from './report.mjs';

test('each competitor makes an upright file within the budget, and everything is measured', async (t) => {
  const photos = await makeFolder(t, {});
  const jpeg = makeJpeg(photoPixels(2000, 1500, 9), { quality: 95 });
  await writeFile(join(photos, 'sideways.jpg'), withOrientation(jpeg, 6));
  /** @type {string[]} */
  const said = [];
  const results = await compare({
    photos,
    only: ['ours', 'ours-node', 'canvas'],
    rounds: 1,
    browser: process.env.CHROMIUM ?? '/usr/bin/chromium',
    report: (text) => said.push(text),
  });
  assert.equal(said.filter((text) => /installing|left out/.test(text)).length, 0, said.join('\n'));
  assert.deepEqual(
    results.rows.map(({ competitor }) => competitor),
    ['ours', 'ours-node', 'browser-best', 'canvas'],
  );
  for (const row of results.rows) {
    assert.equal(row.error, undefined, row.competitor);
    assert.deepEqual([row.width, row.height], [1200, 1600], row.competitor);
    assert.ok(row.bytes > 20_000 && row.bytes <= 204_800, `${row.competitor}: ${row.bytes} bytes`);
    assert.ok(row.ssim > 0.85 && row.ssim <= 1, `${row.competitor}: ${row.ssim}`);
    assert.ok(row.minMs > 0 && row.minMs <= row.medianMs && row.firstMs > 0, row.competitor);
    assert.ok(row.peakBytes === null || row.peakBytes > 0, row.competitor);
    assert.equal(row.gapMs === null, row.competitor === 'ours-node');
  }
  assert.equal(results.rows.find(({ competitor }) => competitor === 'browser-best').ratio, 1);
  const [own] = results.competitors;
  assert.ok(own.downloadBytes > 100_000, 'the module is among what is downloaded');
  for (const where of ['browser', 'node']) {
    const ways = results.encoding.filter((row) => row.where === where);
    assert.ok(ways.length >= 4, where);
    for (const { megabytesPerSecond } of ways) assert.ok(megabytesPerSecond > 0);
  }
  assert.match(textReport(results), /^ {2}canvas +\d/m);
});
