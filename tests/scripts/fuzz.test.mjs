// The runner of the fuzzers: its command line, what it reads out of libFuzzer, and that a broken promise is a failure.
import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  describe,
  fuzzProgram,
  listTargets,
  readArguments,
  readOutput,
  runTarget,
} from '../../scripts/fuzz.mjs';
import { makeFolder } from './folder.mjs';

test('the command line', () => {
  assert.deepEqual(readArguments([]), {
    targets: [],
    options: { seconds: undefined, jobs: undefined, corpora: undefined },
  });
  assert.deepEqual(readArguments(['json', '--seconds', '90', 'xml', '--jobs=1', '--corpora', '/tmp/files']), {
    targets: ['json', 'xml'],
    options: { seconds: 90, jobs: 1, corpora: '/tmp/files' },
  });
  for (const bad of [['--seconds'], ['--seconds', '0'], ['--jobs', 'x'], ['--jobs=-1'], ['--minutes', '5']]) {
    assert.throws(() => readArguments(bad), { name: 'StepError', advice: /npm run fuzz/ }, String(bad));
  }
});

const OUTPUT = [
  'INFO: seed corpus: files: 2',
  '#3\tINITED cov: 15 ft: 20 corp: 2/16b exec/s: 0 rss: 36Mb',
  '#4096\tpulse  cov: 20 ft: 29 corp: 4/18b lim: 43 exec/s: 0 rss: 37Mb',
  '#9000\tDONE   cov: 21 ft: 31 corp: 5/18b lim: 43 exec/s: 450 rss: 37Mb',
  'stat::number_of_executed_units: 9001',
].join('\n');

test('what libFuzzer prints', () => {
  assert.deepEqual(readOutput(OUTPUT), { executions: 9001, coverage: 21, corpus: 5, found: null });
  const crash = `${OUTPUT}\nartifact_prefix='/x/json-'; Test unit written to /x/json-crash-12\nBase64: AA==`;
  assert.equal(readOutput(crash).found, '/x/json-crash-12');
  assert.deepEqual(readOutput(''), { executions: 0, coverage: 0, corpus: 0, found: null });
});

/** A program in place of the fuzzer. */
async function fakeFuzzer(t, script) {
  const folder = await makeFolder(t, { fuzz: `#!/bin/sh\n${script}\n` });
  const program = join(folder, 'fuzz');
  await chmod(program, 0o755);
  return { program, folder, seeds: folder, seconds: 1 };
}

test('a run that ends well, one that breaks, and one that never ran', async (t) => {
  const good = await runTarget('json', await fakeFuzzer(t, `printf '${OUTPUT.replaceAll('\n', '\\n')}'`));
  assert.equal(good.isGood, true);
  assert.match(describe(good), /^ok {5}json +9001 executions, 21 edges, 5 inputs, \d+ s$/);

  const broken = `printf '#7\\tNEW cov: 3 ft: 3\\nbroken promise: x\\nTest unit written to /x/crash-1\\n'; exit 77`;
  const bad = await runTarget('json', await fakeFuzzer(t, broken));
  assert.deepEqual([bad.isGood, bad.executions, bad.found], [false, 7, '/x/crash-1']);
  const told = describe(bad);
  for (const part of [
    /^FAILED json/,
    /broken promise: x/,
    /NETOCR_FUZZ_TARGET=json \S+ \S*crash-1/,
    /regressions\/json/,
  ])
    assert.match(told, part);

  assert.equal((await runTarget('json', await fakeFuzzer(t, 'exit 0'))).isGood, false);
});

test('a program that lists no targets is refused', async (t) => {
  const { program } = await fakeFuzzer(t, 'exit 0');
  await assert.rejects(listTargets(program), { name: 'StepError' });
});

test('every target has a run and seeds, and every folder of inputs belongs to a target', async () => {
  const targets = await listTargets();
  const table = await readFile(new URL('../fuzz/targets.cpp', import.meta.url), 'utf8');
  assert.deepEqual(
    targets,
    [...table.matchAll(/\{"([a-z0-9]+)", run_/g)].map(([, name]) => name),
  );
  assert.ok(fuzzProgram.endsWith('fuzz'));
  const { SEEDS } = await import('../fuzz/seeds.mjs');
  assert.deepEqual(Object.keys(SEEDS).sort(), targets);
});
