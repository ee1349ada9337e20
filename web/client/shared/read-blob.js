// Reads a Blob: in the worker, and on the page where its platform cannot post Blobs to a worker.
import { NetocrError, nameOf } from './errors.js';

/**
 * Errors: INPUT_UNREADABLE.
 * @param {Blob} blob
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readBlob(blob) {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    return unreadable(error);
  }
}

/** @param {unknown} error @returns {never} */
export function unreadable(error) {
  throw new NetocrError('INPUT_UNREADABLE', { detail: nameOf(error) });
}
