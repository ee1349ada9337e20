// Reads an input that the page has posted: its bytes, or a copy of them in the heap of the core. Sizes are checked first.
import { drop } from '../core/caller.js';
import { invalidArgument, NetocrError } from '../shared/errors.js';
import { readBlob, unreadable } from '../shared/read-blob.js';

/** @typedef {import('../core/types.js').HeapFile} HeapFile */
/** @typedef {import('../shared/protocol-types.js').GivenInput} GivenInput */

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

/**
 * RFC 2397, with the forgiving base64 of the WHATWG fetch standard.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decodeDataUrl(text) {
  const comma = text.indexOf(',');
  if (comma < 0) throw invalidArgument('the data: URL has no comma');
  const data = text.slice(comma + 1);
  return /;\s*base64\s*$/i.test(text.slice(0, comma)) ? decodeBase64(data) : percentDecode(data);
}

/** @param {string} data */
function decodeBase64(data) {
  const plain = data.includes('%') ? new TextDecoder('latin1').decode(percentDecode(data)) : data;
  let binary;
  try {
    binary = atob(plain);
  } catch {
    throw invalidArgument('the data: URL is not base64');
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {string} data */
function percentDecode(data) {
  const encoded = new TextEncoder().encode(data);
  const decoded = new Uint8Array(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i += 1, length += 1) {
    const byte = encoded[i] === 0x25 ? hexByte(encoded, i + 1) : -1;
    decoded[length] = byte < 0 ? encoded[i] : byte;
    if (byte >= 0) i += 2;
  }
  return decoded.slice(0, length);
}

/** @param {Uint8Array} bytes @param {number} at @returns {number} the byte of two hex digits, -1 when there are none */
function hexByte(bytes, at) {
  const text = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0);
  return /^[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text, 16) : -1;
}
