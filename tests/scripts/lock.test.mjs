import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../scripts/lib/lock.mjs';
import { makeFolder } from './folder.mjs';

const lockModule = new URL('../../scripts/lib/lock.mjs', import.meta.url).href;

/** Starts a process that takes the lock, says so, and holds it until it is killed. */
async function holdElsewhere(t, path) {
  const code = `import { withLock } from '${lockModule}';
    await withLock(process.argv[1], () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('two holders in one process take turns', async (t) => {
  const path = join(await makeFolder(t), 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
  assert.equal(most, 1);
});

test('the lock is gone afterwards, also when the work throws, and its result is handed on', async (t) => {
  const folder = await makeFolder(t);
  const path = join(folder, 'deeper/lock');
  assert.equal(await withLock(path, async () => 42), 42);
  await assert.rejects(
    withLock(path, async () => Promise.reject(new Error('boom'))),
    /boom/,
  );
  assert.deepEqual(await readdir(join(folder, 'deeper')), []);
});

test('a live owner is waited for, and named once', async (t) => {
  const path = join(await makeFolder(t), 'lock');
  const owner = await holdElsewhere(t, path);
  const waitedFor = [];
  const result = withLock(path, async () => 'mine', {
    onWait: (held) => {
      waitedFor.push(held.pid);
      owner.kill('SIGTERM');
    },
  });
  assert.equal(await result, 'mine');
  assert.deepEqual(waitedFor, [owner.pid]);
});

test("a dead owner's lock is broken at once, without asking", async (t) => {
  const path = join(await makeFolder(t), 'lock');
  const owner = await holdElsewhere(t, path);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  assert.ok((await stat(path)).isFile(), 'the dead process left its lock');
  const onWait = () => assert.fail('it waited for a dead process');
  assert.equal(await withLock(path, async () => 'mine', { onWait }), 'mine');
});

test('a process that only has the same number as the dead owner does not hold the lock', async (t) => {
  const folder = await makeFolder(t);
  const path = join(folder, 'lock');
  await writeFile(
    path,
    JSON.stringify({ pid: process.pid, host: hostname(), started: 'another time', token: 'old' }),
  );
  assert.equal(await withLock(path, async () => JSON.parse(await readFile(path, 'utf8')).pid), process.pid);
});

test('a lock file that is not readable counts as dead', async (t) => {
  const path = join(await makeFolder(t, { lock: '{"pid": 1' }), 'lock');
  assert.equal(await withLock(path, async () => 'mine'), 'mine');
});
