// Installs the competitors' packages, at exact versions, into build/bench: the project depends on none of them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../scripts/lib/run.mjs';
import { PACKAGES } from './competitors.mjs';

/** @param {string} folder @param {string} name @returns {Promise<string | null>} the version that is there */
async function versionOf(folder, name) {
  const text = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text).version;
}

/**
 * Asks the network only for what is missing.
 * @param {string} folder @param {{packages: string[]}[]} competitors
 * @param {(text: string) => void} report
 * @returns {Promise<string>} the folder of the modules
 */
export async function installPackages(folder, competitors, report) {
  const names = [...new Set(competitors.flatMap(({ packages }) => packages))];
  const present = await Promise.all(names.map((name) => versionOf(folder, name)));
  const missing = names.filter((name, i) => present[i] !== PACKAGES[name]);
  if (missing.length > 0) {
    report(`installing ${missing.map((name) => `${name}@${PACKAGES[name]}`).join(' ')} into build/bench`);
    await mkdir(folder, { recursive: true });
    const own = { name: 'netocr-wasm-bench', private: true, dependencies: PACKAGES };
    await writeFile(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', folder];
    await run('npm', ['install', ...quiet], {
      log: join(folder, 'npm.log'),
      advice: 'the first run needs the network; or leave competitors out by --only',
    });
  }
  return join(folder, 'node_modules');
}
