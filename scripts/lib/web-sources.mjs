// The scripts of a folder of web/, without what the build writes there.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** The folders that the two packages are made from. */
const FOLDERS = ['client', 'proxy', 'http', 'sandbox'];

/** @returns {Promise<string[]>} absolute paths of every script that goes into netocr-wasm or netocr-proxy */
export async function webSources() {
  const found = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(join(root, 'web', folder), { recursive: true });
      return names
        .filter((name) => /^(?!dist\/).*\.js$/.test(name))
        .map((name) => join(root, 'web', folder, name));
    }),
  );
  return found.flat();
}
