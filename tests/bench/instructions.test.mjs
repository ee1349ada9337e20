// Guards the kernels' speed: no kernel may need 5 % more instructions than its bound. After an intended change,
// `npm run bench -- --update-bounds` writes new bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCounts, countInstructions, describeCounts, readBounds, readPart } from './instructions.mjs';

test('no kernel takes more instructions than its bound allows', async (t) => {
  const [counted, bounds] = [await countInstructions(), await readBounds()];
  const comparison = compareCounts(counted, bounds);
  const table = describeCounts(comparison);
  // Each kernel runs and is counted whatever the compiler; only the pinned one's counts mean something beside the bounds.
  assert.deepEqual(Object.keys(counted.counts).sort(), Object.keys(bounds.counts).sort());
  for (const [name, count] of Object.entries(counted.counts)) assert.ok(count > 1000, name);
  if (!comparison.comparable) {
    const { made } = bounds;
    t.diagnostic(
      `NOT COMPARED: bounds are for ${made.compiler} on ${made.processor}, this is ${counted.made.compiler} on ${counted.made.processor}`,
    );
    return;
  }
  assert.ok(
    comparison.rows.every(({ isGood }) => isGood),
    `\n${table}\nIf that is meant: npm run bench -- --update-bounds`,
  );
});

const made = { compiler: 'clang 19', processor: 'x86_64' };

test('what is over, new or gone is not good', () => {
  const bounds = { made, counts: { same: 100, slower: 100, bit: 100, faster: 100, gone: 100 } };
  const counts = { same: 100, slower: 106, bit: 105, faster: 50, fresh: 7 };
  const { comparable, rows } = compareCounts({ made, counts }, bounds);
  assert.equal(comparable, true);
  const bad = rows.filter(({ isGood }) => !isGood).map(({ name }) => name);
  assert.deepEqual(bad.sort(), ['fresh', 'gone', 'slower']);
  const table = describeCounts({ comparable, rows });
  assert.match(table, /^slower +106 +100 +\+6\.0 % {2}OVER$/m);
  assert.match(table, /^fresh +7 +– {2}NEW$/m);
  assert.match(table, /^gone +– +100 {2}GONE$/m);
  assert.match(table, /^faster +50 +100 +-50\.0 %$/m);
});

test('another compiler or processor cannot be compared', () => {
  const other = (change) => compareCounts({ made: { ...made, ...change }, counts: {} }, { made, counts: {} });
  assert.equal(other({ compiler: 'clang 20' }).comparable, false);
  assert.equal(other({ processor: 'aarch64' }).comparable, false);
  assert.equal(other({}).comparable, true);
});

test("callgrind's files", () => {
  const part =
    'version: 1\ndesc: Trigger: Client Request: forward DCT\nevents: Ir\nsummary: 12\n\ntotals: 12\n';
  assert.deepEqual(readPart(part), ['forward DCT', 12]);
  assert.equal(readPart('desc: Trigger: Program termination\ntotals: 0\n'), null);
});
