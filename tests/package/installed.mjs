// The packed tarball, installed into an empty folder as a user would, once for a test file.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @returns {Promise<{folder: string, files: string[], remove: () => Promise<void>}>} `files`: what the tarball holds
 */
export async function installPackage() {
  const base = await mkdtemp(join(tmpdir(), 'netocr-package-'));
  const folder = join(base, 'app');
  await mkdir(folder);
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], {
    cwd: root,
  });
  const [{ files }] = JSON.parse(packed.stdout);
  const [tarball] = (await readdir(base)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await run('npm', ['install', ...options, join('..', tarball)], { cwd: folder });
  return {
    folder,
    files: files.map(({ path }) => path),
    remove: () => rm(base, { recursive: true, force: true }),
  };
}
