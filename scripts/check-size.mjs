// The size budget of what a page downloads: the module, its glue and the JavaScript around it, raw and as brotli.
// `node scripts/check-size.mjs` prints the table and fails over the limit.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { root } from './lib/paths.mjs';

/** In bytes of brotli, for the first load. */
export const LIMIT = 160 * 1024;

/** Parts of web/src that no browser loads. */
const NOT_LOADED = /(^|\/)(types\.js|node\.js|node\/.*)$/;

/**
 * @param {Buffer} data
 * @returns {number} its size as a server sends it (brotli, quality 11)
 */
export function brotliSize(data) {
  return brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/**
 * @param {string} [top] the repository
 * @returns {Promise<{rows: {name: string, raw: number, brotli: number}[], total: number}>} total: of brotli
 */
export async function measure(top = root) {
  const scripts = (await readdir(join(top, 'web/src'), { recursive: true })).filter(
    (name) => name.endsWith('.js') && !NOT_LOADED.test(name),
  );
  const groups = [
    { name: 'dist/core.wasm', files: ['dist/core.wasm'] },
    { name: 'dist/core.mjs', files: ['dist/core.mjs'] },
    { name: `web/src (${scripts.length} files)`, files: scripts.sort().map((name) => `web/src/${name}`) },
  ];
  const rows = [];
  for (const { name, files } of groups) {
    const contents = await Promise.all(files.map((file) => readFile(join(top, file))));
    const raw = contents.reduce((sum, data) => sum + data.length, 0);
    // Each file is a download of its own.
    rows.push({ name, raw, brotli: contents.reduce((sum, data) => sum + brotliSize(data), 0) });
  }
  return { rows, total: rows.reduce((sum, row) => sum + row.brotli, 0) };
}

/**
 * @param {string} [top]
 * @param {number} [limit] bytes
 * @returns {Promise<{isWithin: boolean, lines: string[]}>}
 */
export async function checkSize(top = root, limit = LIMIT) {
  const { rows, total } = await measure(top);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
  const lines = rows.map(
    ({ name, raw, brotli }) => `${name.padEnd(24)}${kilobytes(raw)} raw ${kilobytes(brotli)} brotli`,
  );
  lines.push(
    `${'together'.padEnd(24)}${' '.repeat(15)}${kilobytes(total)} brotli, limit ${kilobytes(limit).trim()}`,
  );
  return { isWithin: total <= limit, lines };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { isWithin, lines } = await checkSize();
  console.log(lines.join('\n'));
  process.exitCode = isWithin ? 0 : 1;
}
