// SHA-256 of files and of the inputs that a cached result depends on.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** @param {string | Buffer} data @returns {string} lower-case hexadecimal */
export function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

/** @param {string} path @returns {Promise<string>} lower-case hexadecimal */
export async function sha256OfFile(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * One hash over the names and contents of files.
 * @param {string[]} paths
 * @returns {Promise<string>}
 */
export async function sha256OfFiles(paths) {
  const parts = [];
  for (const path of [...paths].sort()) parts.push(path, sha256(await readFile(path)));
  return sha256(parts.join('\n'));
}
