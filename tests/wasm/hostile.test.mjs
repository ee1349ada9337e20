// Damaged files through the shipped module: a picture or a typed error, never a trap, a hang or a leak.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { damaged, makeBases } from '../fixtures/hostile.mjs';
import { loadCodecs, loadCore, withBytes } from './core.mjs';

/** A guard against hangs, in processor time: a damaged file takes milliseconds, one that claims 60,000 rows up to a second. */
const HANG_MS = 2000;

/** Processor time of this process so far. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const core = await loadCore();
const codecs = await loadCodecs();
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

/** A whole picture is prepared where its format is read, and has a typed error where it is not, or is left to codecs. */
function assertWhole(module, { format, target, bytes }) {
  const isReadable = target === 'video' || module.readableFormats().includes(format);
  const { code, leftToCodecs } = run(module, target, bytes);
  const isLeft = module === core && leftToCodecs === true;
  assert.equal(code, isLeft ? 'UNSUPPORTED_FEATURE' : isReadable ? '' : 'UNSUPPORTED_FORMAT');
}

function endure(module, base) {
  assertWhole(module, base);
  const before = module.memory().allocatedBytes;
  let longest = 0;
  for (const file of damaged(base.bytes)) {
    const started = cpuMs();
    run(module, base.target, file);
    longest = Math.max(longest, cpuMs() - started);
  }
  assert.ok(longest < HANG_MS, `${longest} ms`);
  assert.equal(module.memory().allocatedBytes, before);
}

/** A picture goes through each module that reads its format, through codecs if none does. */
function modulesFor({ target, format }) {
  if (target === 'video') return { core };
  return core.readableFormats().includes(format) ? { core, codecs } : { codecs };
}

for (const base of bases) {
  for (const [name, module] of Object.entries(modulesFor(base))) {
    test(`${base.format}, ${base.name}, ${name}: cut off and with a byte changed`, () =>
      endure(module, base));
  }
}

for (const [name, load] of Object.entries({ core: loadCore, codecs: loadCodecs })) {
  test(`memory of ${name} after 1,000 mixed files is what it was after 10`, async () => {
    const module = await load();
    const fitting = bases.filter(({ target }) => name === 'core' || target !== 'video');
    // Whole and damaged ones of every kind, in turn.
    const mixed = Array.from({ length: 10 }, (_, i) => {
      const base = fitting[Math.floor((i * fitting.length) / 10)];
      const cut = base.bytes.subarray(0, Math.floor((base.bytes.length * 2) / 3));
      return { ...base, bytes: i % 3 === 2 ? cut : base.bytes };
    });
    assert.ok(new Set(mixed.map(({ target }) => target)).size >= 4);
    for (const { target, bytes } of mixed) run(module, target, bytes);
    const afterTen = module.memory();
    for (let i = 10; i < 1000; i += 1) run(module, mixed[i % 10].target, mixed[i % 10].bytes);
    assert.deepEqual(module.memory(), afterTen);
  });
}
