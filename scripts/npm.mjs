// npm's packages: `npm ci` when node_modules is not what package-lock.json asks for.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDir, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

/** @typedef {{packages: Record<string, {version?: string, optional?: boolean}>}} Lock */

/**
 * npm keeps what it installed in node_modules/.package-lock.json, in the lock file's own format.
 * @param {string} folder the folder of package-lock.json
 * @returns {Promise<boolean>}
 */
export async function isInstalled(folder = root) {
  const [wanted, present] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((name) => readLock(join(folder, name))),
  );
  if (!wanted || !present) return false;
  const isPresent = Object.entries(wanted.packages).every(([path, entry]) => {
    const version = present.packages[path]?.version;
    return path === '' || version === entry.version || (version === undefined && entry.optional);
  });
  return isPresent && Object.keys(present.packages).every((path) => path in wanted.packages);
}

/** @param {string} path @returns {Promise<Lock | null>} */
async function readLock(path) {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

export async function install() {
  const log = join(buildDir, 'logs/npm.log');
  const advice =
    'check the network and the registry that npm is set to (npm config get registry), then start again';
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root, log, advice });
}
