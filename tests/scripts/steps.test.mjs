import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, StepError, which } from '../../scripts/lib/run.mjs';
import { explain, runSteps } from '../../scripts/lib/steps.mjs';
import { makeFolder } from './folder.mjs';

/** An output that keeps what is written. */
function recorder(isTTY = false) {
  const written = [];
  return { isTTY, write: (text) => written.push(text), text: () => written.join('') };
}

test('steps that are done are passed over in silence, the others are numbered', async () => {
  const out = recorder();
  const ran = [];
  const worked = await runSteps(
    [
      { title: 'first', isDone: () => true, run: async () => assert.fail('it was done') },
      { title: 'second', isDone: async () => false, run: async () => void ran.push('second') },
      { title: 'third', run: async () => void ran.push('third') },
    ],
    { out },
  );
  assert.equal(worked, 2);
  assert.deepEqual(ran, ['second', 'third']);
  const lines = [
    '[2/3] second ...',
    '[2/3] second: done in 0 s',
    '[3/3] third ...',
    '[3/3] third: done in 0 s',
    '',
  ];
  assert.equal(out.text(), lines.join('\n'));
});

test('a step that fails stops the run and is named', async () => {
  const out = recorder(true);
  const steps = [
    { title: 'building', run: async () => Promise.reject(new StepError('it broke')) },
    { title: 'never', run: async () => assert.fail('it went on') },
  ];
  await assert.rejects(runSteps(steps, { out }), /it broke/);
  assert.match(out.text(), /\[1\/2\] building: FAILED after 0 s\n$/);
});

test('on a terminal the line is redrawn with how far the step is', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const out = recorder(true);
  const step = {
    title: 'building zlib',
    run: async (report) => {
      report('3/11 inflate.c');
      t.mock.timers.tick(500);
    },
  };
  await runSteps([step], { out });
  assert.ok(out.text().startsWith('\r\x1b[K[1/1] building zlib ... 3/11 inflate.c, 0 s\r\x1b[K'), out.text());
});

test('a program that fails: exit code, tail of what it printed, log and advice', async (t) => {
  const log = join(await makeFolder(t), 'logs/step.log');
  const script =
    'for i in $(seq 1 100); do echo line $i; done; echo "[7/9] Building a.o"; echo cause >&2; exit 3';
  const error = await run('sh', ['-c', script], { log, advice: 'mend it' }).catch((reason) => reason);
  assert.ok(error instanceof StepError);
  assert.equal(error.message, 'sh -c ended with exit code 3');
  const text = explain(error);
  assert.match(text, /^Why: sh -c ended with exit code 3\n/);
  assert.match(text, /\| line 100\n/);
  assert.match(text, /\| cause\n/);
  assert.doesNotMatch(text, /\| line 1\n/);
  assert.doesNotMatch(text, /Building/, "ninja's progress is left out");
  assert.ok(text.includes(`The whole log: ${log}\n`));
  assert.match(text, /What to do: mend it\n$/);
  assert.match(await readFile(log, 'utf8'), /line 1\nline 2\n/);
});

test('a program that is not there', async () => {
  const error = await run('no-such-program-here', [], { advice: 'install it' }).catch((reason) => reason);
  assert.ok(error instanceof StepError);
  assert.match(explain(error), /cannot run no-such-program-here.*\n.*What to do: install it/s);
});

test('a failure that is no StepError shows its stack', () => {
  assert.match(explain(new TypeError('odd')), /TypeError: odd\n\s+at /);
});

test('which finds programs on the given PATH only', async (t) => {
  const folder = await makeFolder(t, { 'a/tool': '', 'b/other': '' });
  await run('chmod', ['+x', join(folder, 'a/tool')]);
  const env = { PATH: `${folder}/b:${folder}/a` };
  assert.equal(await which('tool', env), join(folder, 'a/tool'));
  assert.equal(await which('other', env), null, 'it is not executable');
});
