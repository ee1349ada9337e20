// The size budget of what a page downloads: the module, its glue and the JavaScript around it, raw and as brotli.
// `node scripts/check-size.mjs` prints the table and fails over a limit.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { root } from './lib/paths.mjs';

/**
 * In bytes of brotli: each module with its glue, the scripts around them as they are, comments and all, and what a page
 * without a bundler loads of them.
 */
export const LIMITS = { core: 160 * 1024, codecs: 450 * 1024, scripts: 40 * 1024, bundles: 25.5 * 1024 };

/** Parts of web/client that no browser loads. */
const NOT_LOADED = /(^|\/)((protocol-)?types\.js|node\.js|node\/.*)$|^dist\//;

/**
 * @param {Buffer} data
 * @returns {number} its size as a server sends it (brotli, quality 11)
 */
export function brotliSize(data) {
  return brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/** @typedef {'core' | 'codecs' | 'scripts' | 'bundles'} Budget */

/**
 * @param {string} [top] the repository
 * @returns {Promise<{name: string, budget: Budget, raw: number, brotli: number}[]>} bytes
 */
export async function measure(top = root) {
  const scripts = (await readdir(join(top, 'web/client'), { recursive: true })).filter(
    (name) => name.endsWith('.js') && !NOT_LOADED.test(name),
  );
  const own = scripts.sort().map((name) => `web/client/${name}`);
  /** @type {{name: string, budget: Budget, files: string[]}[]} */
  const groups = [
    { name: 'web/client/dist/core.wasm', budget: 'core', files: ['web/client/dist/core.wasm'] },
    { name: 'web/client/dist/core.mjs', budget: 'core', files: ['web/client/dist/core.mjs'] },
    { name: 'web/client/dist/codecs.wasm', budget: 'codecs', files: ['web/client/dist/codecs.wasm'] },
    { name: 'web/client/dist/codecs.mjs', budget: 'codecs', files: ['web/client/dist/codecs.mjs'] },
    { name: `web/client (${own.length} files)`, budget: 'scripts', files: own },
    { name: 'web/client/dist/index.js', budget: 'bundles', files: ['web/client/dist/index.js'] },
    { name: 'web/client/dist/worker.js', budget: 'bundles', files: ['web/client/dist/worker.js'] },
  ];
  const rows = [];
  for (const { name, budget, files } of groups) {
    const contents = await Promise.all(files.map((file) => readFile(join(top, file))));
    const raw = contents.reduce((sum, data) => sum + data.length, 0);
    // Each file is a download of its own.
    rows.push({ name, budget, raw, brotli: contents.reduce((sum, data) => sum + brotliSize(data), 0) });
  }
  return rows;
}

/**
 * @param {string} [top]
 * @param {Record<Budget, number>} [limits] bytes
 * @returns {Promise<{isWithin: boolean, lines: string[]}>}
 */
export async function checkSize(top = root, limits = LIMITS) {
  const rows = await measure(top);
  const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
  const lines = rows.map(
    ({ name, raw, brotli }) => `${name.padEnd(24)}${kilobytes(raw)} raw ${kilobytes(brotli)} brotli`,
  );
  let isWithin = true;
  for (const [budget, limit] of Object.entries(limits)) {
    const total = rows.reduce((sum, row) => sum + (row.budget === budget ? row.brotli : 0), 0);
    isWithin &&= total <= limit;
    const gap = ' '.repeat(15);
    lines.push(
      `${budget.padEnd(24)}${gap}${kilobytes(total)} brotli, limit ${kilobytes(limit).trim()}${total > limit ? ': OVER' : ''}`,
    );
  }
  return { isWithin, lines };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { isWithin, lines } = await checkSize();
  console.log(lines.join('\n'));
  process.exitCode = isWithin ? 0 : 1;
}
