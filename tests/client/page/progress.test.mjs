// One fraction out of many stages: it never falls, whatever the order, and ends at 1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../../../web/client/page/progress.js';

test('stages in any order never let the fraction fall', () => {
  const seen = [];
  const report = createProgress((progress) => seen.push(progress), 2);
  report('load', 0);
  report('prepare', 0.5, 1);
  report('read', 0, 0);
  report('prepare', 1, 1);
  report('read', 1, 0);
  report('prepare', 1, 0);
  report('upload', 0.5);
  report('upload', 0.4);
  report('wait', 0);
  report('download', 7);
  report('done', 1);
  const fractions = seen.map(({ fraction }) => fraction);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);
  assert.deepEqual(seen[1], { stage: 'prepare', fraction: 0.125, index: 1 });
  assert.equal('index' in seen.at(-1), false);
});

test('both inputs ready is the whole of their share', () => {
  const seen = [];
  const report = createProgress((progress) => seen.push(progress.fraction), 2);
  report('prepare', 1, 0);
  report('prepare', 1, 1);
  report('upload', 0);
  assert.deepEqual(seen, [0.2, 0.4, 0.4]);
});

test('a callback that throws is ignored, and none is fine', () => {
  createProgress(() => {
    throw new Error('page');
  }, 1)('load', 0);
  createProgress(undefined, 1)('done', 1);
});
