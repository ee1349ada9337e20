// Checks who may use whom: #includes between the folders of wasm/ (lib/cpp-layers.mjs), imports
// between the parts of web/ (lib/js-layers.mjs).
// `node scripts/check-layers.mjs [folder]` prints each violation and fails when there is one.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { includeViolations } from './lib/cpp-layers.mjs';
import { importViolations } from './lib/js-layers.mjs';
import { root } from './lib/paths.mjs';

/**
 * @param {string} [top] the repository
 * @returns {Promise<{files: number, violations: string[]}>}
 */
export async function checkLayers(top = root) {
  const violations = [];
  const sources = await filesIn(top, 'wasm', /\.(cpp|hpp)$/);
  const modules = await filesIn(top, 'web', /^(?!(client|proxy)\/(dist|examples)\/).*\.(js|mjs)$/);
  for (const path of sources)
    violations.push(...includeViolations(path, await readFile(join(top, path), 'utf8')));
  for (const path of modules)
    violations.push(...importViolations(path, await readFile(join(top, path), 'utf8')));
  return { files: sources.length + modules.length, violations };
}

/** @param {string} top @param {string} folder @param {RegExp} pattern @returns {Promise<string[]>} relative to top */
async function filesIn(top, folder, pattern) {
  const names = await readdir(join(top, folder), { recursive: true });
  return names
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, violations } = await checkLayers(process.argv[2] ? resolve(process.argv[2]) : root);
  for (const violation of violations) console.error(violation);
  console.log(`${files} files, ${violations.length} forbidden includes or imports`);
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
