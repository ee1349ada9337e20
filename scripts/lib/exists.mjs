import { stat } from 'node:fs/promises';

/** @param {string} path @returns {Promise<boolean>} whether a file or folder is there */
export async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}
