// A lock file, so that two clones do not build the same cache entry at once. The lock of a dead process is broken.
import { link, mkdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 250;
const GUARD_STALE_MS = 30_000;

/** @typedef {{pid: number, host: string, started: string, token: string}} Owner */

/**
 * Runs `work` while holding the lock; waits for a live owner.
 * @template T
 * @param {string} path the lock file
 * @param {() => Promise<T>} work
 * @param {{onWait?: (owner: Owner) => void}} [options] onWait is called once, when somebody else holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait } = {}) {
  await mkdir(dirname(path), { recursive: true });
  const me = await describeMe();
  let told = false;
  while (!(await tryAcquire(path, me))) {
    const owner = await readOwner(path);
    if (owner && !(await isAlive(owner))) {
      await breakLock(path, owner);
      continue;
    }
    if (owner && !told) onWait?.(owner);
    told ||= owner !== null;
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** @returns {Promise<Owner>} */
async function describeMe() {
  const token = `${process.pid}-${Date.now()}-${Math.random()}`;
  return { pid: process.pid, host: hostname(), started: await startTime(process.pid), token };
}

/**
 * link() fails when the target exists, and the file appears with its contents: no half-written lock is ever seen.
 * @param {string} path @param {Owner} me
 */
async function tryAcquire(path, me) {
  const draft = `${path}.${me.token}`;
  await writeFile(draft, JSON.stringify(me));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

/** @param {string} path @returns {Promise<Owner | null>} null when the lock has just gone */
async function readOwner(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    if (error instanceof SyntaxError) return { pid: 0, host: hostname(), started: '', token: '' };
    throw error;
  }
}

/** @param {Owner} owner @returns {Promise<boolean>} true also for another machine's process, which we cannot see */
async function isAlive(owner) {
  if (owner.host !== hostname()) return true;
  if (!owner.pid) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
  return (await startTime(owner.pid)) === owner.started;
}

/**
 * When a process started, to tell it from a later one with the same number. Linux only ('' elsewhere).
 * @param {number} pid
 */
async function startTime(pid) {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    return fields[19] ?? '';
  } catch {
    return '';
  }
}

/**
 * Removes a dead owner's lock. A guard folder makes sure that only one process does, and only if it is still that one.
 * @param {string} path @param {Owner} dead
 */
async function breakLock(path, dead) {
  const guard = `${path}.break`;
  try {
    await mkdir(guard);
  } catch {
    const age = await stat(guard).then(
      (s) => Date.now() - s.mtimeMs,
      () => 0,
    );
    if (age > GUARD_STALE_MS) await rm(guard, { recursive: true, force: true });
    await delay(POLL_MS);
    return;
  }
  try {
    const now = await readOwner(path);
    if (now?.token === dead.token) await rm(path, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}
