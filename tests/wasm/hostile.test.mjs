// Damaged files through the shipped module: a picture or a typed error, never a trap, a hang or a leak.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damaged, makeBases } from '../fixtures/hostile.mjs';
import { loadCore, withBytes } from './core.mjs';

/** A guard against hangs only; a damaged file takes milliseconds. */
const HANG_MS = 2000;

const core = await loadCore();
const CODES = new Set(core.errorCodes().map(({ code }) => code));
const bases = makeBases();

/** A success says so, a failure has a code of the table and says what is wrong. */
function assertTyped(record) {
  if (record.ok) return assert.equal(record.code, '');
  assert.ok(CODES.has(record.code), record.code);
  assert.ok(record.detail.length > 0, record.code);
}

function runImage(module, bytes) {
  return withBytes(module, [bytes], ([part]) => {
    assertTyped(module.inspectImage(...part));
    const record = module.prepareImage(...part, { maxBytes: 20_000, maxEdge: 64 });
    assertTyped(record);
    if (record.ok) {
      assert.ok(record.bytes.length <= 20_000 && Math.max(record.width, record.height) <= 64);
    }
    return record;
  });
}

function runVideo(module, bytes) {
  return withBytes(module, [bytes], ([part]) => {
    const record = module.inspectVideo(...part);
    assertTyped(record);
    assertTyped(module.checkVideo(...part));
    return record;
  });
}

const run = (module, target, bytes) => (target === 'video' ? runVideo : runImage)(module, bytes);

for (const { target, name, bytes } of bases) {
  test(`${target}, ${name}: cut off and with a byte changed`, () => {
    assert.equal(run(core, target, bytes).ok, true);
    const before = core.memory().allocatedBytes;
    let longest = 0;
    for (const file of damaged(bytes)) {
      const started = performance.now();
      run(core, target, file);
      longest = Math.max(longest, performance.now() - started);
    }
    assert.ok(longest < HANG_MS, `${longest} ms`);
    assert.equal(core.memory().allocatedBytes, before);
  });
}

test('memory after 1,000 mixed files is what it was after 10', async () => {
  const module = await loadCore();
  // Whole and damaged ones of every kind, in turn.
  const mixed = Array.from({ length: 10 }, (_, i) => {
    const base = bases[Math.floor((i * bases.length) / 10)];
    const cut = base.bytes.subarray(0, Math.floor((base.bytes.length * 2) / 3));
    return { ...base, bytes: i % 3 === 2 ? cut : base.bytes };
  });
  assert.ok(new Set(mixed.map(({ target }) => target)).size >= 4);
  for (const { target, bytes } of mixed) run(module, target, bytes);
  const afterTen = module.memory();
  for (let i = 10; i < 1000; i += 1) run(module, mixed[i % 10].target, mixed[i % 10].bytes);
  assert.deepEqual(module.memory(), afterTen);
});
