// The command lines of `npm run nightly` and `npm run conformance`, the table, and that conformance without images fails.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { conformance, corporaFolder } from '../../scripts/conformance.mjs';
import { readArguments, tableOf } from '../../scripts/nightly.mjs';
import { makeFolder } from './folder.mjs';

test('without arguments every part runs, but conformance, which needs a folder', () => {
  const { parts, minutes, corpora } = readArguments([]);
  for (const name of ['lint', 'native', 'fuzz', 'browser', 'fuzz:proxy', 'soak'])
    assert.ok(parts.includes(name), name);
  assert.ok(!parts.includes('conformance'));
  assert.deepEqual([minutes, corpora], [30, undefined]);
  assert.equal(readArguments(['--corpora', 'images']).parts.at(-1), 'conformance');
});

test('parts and minutes are chosen; what is not understood is refused', () => {
  assert.deepEqual(readArguments(['soak', 'fuzz', '--minutes', '5']), {
    parts: ['soak', 'fuzz'],
    minutes: 5,
    corpora: undefined,
  });
  for (const bad of [['sleep'], ['--minutes', '0'], ['--minutes=x'], ['--seconds', '9'], ['conformance']])
    assert.throws(() => readArguments(bad), { name: 'StepError', advice: /npm run nightly/ }, String(bad));
});

test('the table has a line for each part', () => {
  const table = tableOf([
    { name: 'native', passed: 1234, failed: 0, seconds: 61.25 },
    { name: 'fuzz:proxy', passed: 0, failed: 1, seconds: 1800 },
  ]);
  assert.deepEqual(
    table.split('\n').map((line) => line.trim().split(/\s+/)),
    [
      ['part', 'passed', 'failed', 'seconds'],
      ['native', '1234', '0', '61.3'],
      ['fuzz:proxy', '0', '1', '1800.0'],
    ],
  );
});

test('conformance wants a folder with something in it', async (t) => {
  const folder = await makeFolder(t, { 'full/a.png': 'x' });
  await mkdir(join(folder, 'empty'));
  assert.equal(await corporaFolder(join(folder, 'full')), join(folder, 'full'));
  for (const path of [undefined, join(folder, 'absent'), join(folder, 'empty')])
    await assert.rejects(corporaFolder(path), { name: 'StepError', advice: /npm run conformance/ });
});

test('conformance over a folder without images fails in every format', async (t) => {
  const folder = await makeFolder(t, { 'notes.txt': 'no picture' });
  const { passed, failed, output } = await conformance(folder);
  assert.equal(passed, 0);
  assert.equal(failed, 9, output);
  assert.match(output, /is missing or has no file to compare/);
});

test('the closing line and the exit code of conformance without a folder', async () => {
  const run = promisify(execFile)(process.execPath, ['scripts/conformance.mjs']);
  await assert.rejects(
    run,
    ({ code, stderr }) => code === 1 && /no folder of conformance images/.test(stderr),
  );
});
