// Reads an input that the page has posted: its bytes, or a copy of them in the heap of the core. Sizes are checked first.
import { drop } from '../core/caller.js';
import { NetocrError } from '../shared/errors.js';
import { readBlob, unreadable } from '../shared/read-blob.js';
import { decodeDataUrl } from './data-url.js';

/** @typedef {import('../core/caller.js').HeapFile} HeapFile */
/** @typedef {import('../shared/protocol.js').GivenInput} GivenInput */

/**
 * The bytes of an input. The size is checked before anything is read.
 * Errors: INPUT_TOO_LARGE, INPUT_UNREADABLE, INVALID_ARGUMENT (a data: URL that is none).
 * @param {GivenInput} given
 * @param {number} maxBytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readInput(given, maxBytes) {
  if ('bytes' in given) {
    checkSize(given.bytes.byteLength, maxBytes);
    return given.bytes;
  }
  if ('dataUrl' in given) {
    // Even percent-encoded text stands for more than a quarter of its length. The core checks the exact size.
    checkSize(given.dataUrl.length / 4, maxBytes);
    return decodeDataUrl(given.dataUrl);
  }
  checkSize(given.blob.size, maxBytes);
  return readBlob(given.blob);
}

/**
 * The same into room that `reserve` makes; a Blob's go there in chunks, where this platform reads Blobs so.
 * @param {GivenInput} given
 * @param {number} maxBytes
 * @param {AbortSignal} signal
 * @param {(size: number) => HeapFile} reserve
 */
export async function readInto(given, maxBytes, signal, reserve) {
  const { blob } = /** @type {{blob: Blob}} */ (given);
  let reader;
  try {
    checkSize(blob.size, maxBytes);
    // Not 'byob': Chromium 156 leaves some of its reads unanswered.
    reader = blob.stream().getReader();
  } catch {
    const bytes = await readInput(given, maxBytes);
    const file = reserve(bytes.length);
    file.write(bytes, 0);
    drop(bytes);
    return file;
  }
  /** @type {HeapFile | undefined} */
  let file;
  try {
    file = reserve(blob.size);
    for (let at = 0; ; ) {
      const { done, value } = await reader.read().catch(unreadable);
      signal.throwIfAborted();
      const end = at + (value?.length ?? 0);
      if (end > blob.size || (done && end < blob.size)) unreadable(new RangeError());
      if (done) return file;
      file.write(value, at);
      at = end;
    }
  } catch (error) {
    file?.free();
    throw error;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {number} bytes @param {number} maxBytes */
function checkSize(bytes, maxBytes) {
  if (bytes > maxBytes) throw new NetocrError('INPUT_TOO_LARGE', { detail: 'more bytes than the limit' });
}
