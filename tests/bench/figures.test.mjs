// Checks that the figures in docs/benchmarks.md follow from the committed results and from nothing else.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { chartOf } from './chart.mjs';
import { COMPETITORS, chooseCompetitors } from './competitors.mjs';
import { figuresOf, readResults } from './figures.mjs';
import { pageBlock, textReport, withBlock } from './report.mjs';

test('the pages and the charts hold what the results say: npm run bench -- --docs writes them', async () => {
  for (const [path, text] of await figuresOf(await readResults()))
    assert.equal(await readFile(path, 'utf8'), text, path);
});

/** Results with a quick, a slow and an unable competitor. */
const results = {
  machine: { cores: 3, node: '20.1.2', browser: 'Chromium 99.0' },
  budget: { maxBytes: 204_800, maxEdge: 1600 },
  rounds: 5,
  made: true,
  photos: [
    { name: 'a&b.jpg', type: 'image/jpeg', bytes: 3 << 20 },
    { name: 'c.png', type: 'image/png', bytes: 9 << 20 },
  ],
  competitors: [
    { name: 'ours', title: { en: 'quick', zh: '快' }, downloadBytes: 163_840 },
    { name: 'slow', title: { en: 'slow <one>', zh: '慢' }, downloadBytes: null },
  ],
  rows: [
    row('ours', 'a&b.jpg', { ratio: 0.625, medianMs: 78.4 }),
    row('slow', 'a&b.jpg', { ratio: 17.5, medianMs: 2190, peakBytes: null, gapMs: null, ssimulacra2: null }),
    row('ours', 'c.png', { ratio: 1 }),
    { competitor: 'slow', photo: 'c.png', error: 'decodes JPEG alone' },
  ],
  encoding: [
    { where: 'node', name: 'netocr-wasm', size: 204_800, megabytesPerSecond: 900, ours: 1 },
    { where: 'node', name: 'URLSearchParams', size: 204_800, megabytesPerSecond: 180, ours: 5 },
  ],
};

function row(competitor, photo, more) {
  const measured = { runs: 5, medianMs: 100, minMs: 91, firstMs: 133, bytes: 204_000, peakBytes: 25 << 20 };
  return { competitor, photo, ...measured, gapMs: 6, ssim: 0.94321, ssimulacra2: 80.12, ...more };
}

test('the block of a page: ratios, details, encoding, the circumstances, in both languages', () => {
  const english = pageBlock(results, 'en');
  assert.match(english, /^\| quick \| 0\.63 \| 1\.00 \|$/m);
  assert.match(english, /^\| slow <one> \| 17\.50 \| cannot \|$/m);
  assert.match(
    english,
    /^\| quick \| 133 ms \| 78 ms \| 199 KiB \| 25 MiB \| 6 ms \| 0\.9432 \| 80\.1 \| 160 KiB \|$/m,
  );
  assert.match(
    english,
    /^\| slow <one> \| 133 ms \| 2190 ms \| 199 KiB \| – MiB \| – \| 0\.9432 \| – \| – \|$/m,
  );
  assert.match(english, /^\| Node: `URLSearchParams` \| 5\.0 \|$/m);
  assert.match(
    english,
    /3 cores, Chromium 99\.0 and Node 20\.1\.2: median of 5 rounds.*; the photos are made/,
  );
  assert.doesNotMatch(pageBlock({ ...results, made: false }, 'en'), /the photos are made/);
  const chinese = pageBlock(results, 'zh');
  assert.match(chinese, /^\| 快 \| 0\.63 \| 1\.00 \|$/m);
  assert.match(chinese, /^\| 慢 \| 17\.50 \| 不能 \|$/m);
});

test('without results the block says so', () => {
  const marked =
    'x\n\n<!-- benchmark: written by npm run bench -- --docs -->\n\nold\n\n<!-- /benchmark -->\n\ny\n';
  assert.match(
    withBlock(marked, null, 'en'),
    /--docs -->\n\nNot measured yet [^\n]+\n\n<!-- \/benchmark -->\n\ny\n$/,
  );
  assert.throws(() => withBlock('no marks', null, 'en'), /marks/);
});

test('the terminal: a table for each photo, and why someone cannot', () => {
  const text = textReport(results);
  assert.match(text, /^ {2}ours +0\.63 +78 +91 +133 +204000 +25 +6 +0\.9432 +80\.1$/m);
  assert.match(text, /^ {2}slow: decodes JPEG alone$/m);
});

test('the chart: text, bars in proportion, cut ones marked, no script, two colour schemes', () => {
  const svg = chartOf(results, 'en');
  const count = (pattern) => [...svg.matchAll(pattern)].length;
  assert.equal(count(/<rect class="(own|bar)"/g), 3);
  assert.equal(count(/class="cut"/g), 1);
  assert.equal(count(/>cannot</g), 1);
  assert.match(svg, />slow &lt;one&gt;</);
  assert.match(svg, />a&amp;b\.jpg</);
  assert.match(svg, />0\.63 · 78 ms</);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.doesNotMatch(svg, /<script|\son\w+=|href/);
  const [short, whole] = [...svg.matchAll(/<rect class="own"[^>]* width="([\d.]+)"/g)].map((match) =>
    Number(match[1]),
  );
  assert.ok(Math.abs(short / whole - 0.625) < 0.01);
  assert.match(chartOf(results, 'zh'), /越短越好/);
});

test('competitors by name; the yardstick is always there', () => {
  assert.deepEqual(
    chooseCompetitors(['pica']).map(({ name }) => name),
    ['browser-best', 'pica'],
  );
  assert.equal(chooseCompetitors([]).length, COMPETITORS.length);
  assert.throws(() => chooseCompetitors(['picca']), /picca.*pica/);
});
