// The packed tarballs, installed into an empty folder as a user would, once for a test file.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {'netocr-wasm' | 'netocr-proxy'} PackageName */

/**
 * @param {PackageName[]} names what to install; each package that one of them needs stands beside it
 * @returns {Promise<{folder: string, files: Record<string, string[]>, remove: () => Promise<void>}>} `files`: package -> what
 *   its tarball holds
 */
export async function installPackages(names) {
  const base = await mkdtemp(join(tmpdir(), 'netocr-package-'));
  const folder = join(base, 'app');
  await mkdir(folder);
  const workspaces = names.flatMap((name) => ['--workspace', name]);
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', base, ...workspaces];
  const packed = Object.values(JSON.parse((await run('npm', packing, { cwd: root })).stdout));
  await writeFile(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const tarballs = packed.map(({ filename }) => join('..', filename));
  await run('npm', ['install', ...options, ...tarballs], { cwd: folder });
  return {
    folder,
    files: Object.fromEntries(packed.map(({ name, files }) => [name, files.map(({ path }) => path)])),
    remove: () => rm(base, { recursive: true, force: true }),
  };
}
