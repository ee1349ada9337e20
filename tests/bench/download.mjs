// Measures the download of a competitor: the files that its page was served, as brotli.
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** @type {Map<string, Promise<number>>} by path: some files are compressed for seconds */
const known = new Map();

/** @param {string} path */
async function brotliSize(path) {
  const data = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
  return (await promisify(brotliCompress)(data, { params })).length;
}

/** @param {Iterable<string>} paths of files as they are published, not minified further @returns {Promise<number>} bytes */
export async function downloadSize(paths) {
  let sum = 0;
  for (const path of paths) {
    const size = known.get(path) ?? brotliSize(path);
    known.set(path, size);
    sum += await size;
  }
  return sum;
}
