// A temporary folder for one test, gone when the test ends.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string | Buffer>} [files] contents by path in the folder
 * @returns {Promise<string>} its path
 */
export async function makeFolder(t, files = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-scripts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contents);
  }
  return folder;
}
