// What the caller gives as a photo or video -> something that can be posted to a worker -> its bytes. Blobs go to the
// worker as they are and are read there; buffers are copied once, so that the caller's own is never detached.
import { invalidArgument, NetocrError, nameOf } from '../shared/errors.js';

/** @typedef {import('../core/caller.js').HeapFile} HeapFile */
/** @typedef {{blob: Blob} | {bytes: Uint8Array<ArrayBuffer>} | {dataUrl: string}} GivenInput */

/** @param {unknown} value @param {string[]} tags */
const hasTag = (value, ...tags) => tags.includes(Object.prototype.toString.call(value).slice(8, -1));

/**
 * A copy of any buffer or view, also a shared one and one of another realm.
 * @param {any} value
 * @returns {Uint8Array<ArrayBuffer>}
 */
function copyBytes(value) {
  const view = viewOf(value);
  try {
    return new Uint8Array(view);
  } catch (cause) {
    throw new NetocrError('OUT_OF_MEMORY', { detail: 'no room for a copy of the buffer', cause });
  }
}

/**
 * Errors: INVALID_ARGUMENT for bytes that are no longer there.
 * @param {any} value a buffer or view
 * @returns {Uint8Array}
 */
function viewOf(value) {
  const isView = ArrayBuffer.isView(value);
  const buffer = isView ? value.buffer : value;
  let detail = 'the buffer was transferred elsewhere';
  try {
    new DataView(buffer);
    detail = 'the buffer was made shorter than the view of it';
    // A typed array out of its buffer's bounds says that it is empty; its methods refuse it, and so do DataView's lengths.
    if (isView && !hasTag(value, 'DataView')) Uint8Array.prototype.keys.call(value);
    return isView ? new Uint8Array(buffer, value.byteOffset, value.byteLength) : new Uint8Array(buffer);
  } catch {
    throw invalidArgument(detail);
  }
}

/**
 * Buffers are copied before this returns: the caller may transfer or change them right after. Errors: INVALID_ARGUMENT for
 * anything that is not an Input and for a buffer whose bytes are gone, OUT_OF_MEMORY.
 * @param {unknown} input
 * @returns {GivenInput}
 */
export function takeInput(input) {
  if (hasTag(input, 'Blob', 'File')) return { blob: /** @type {Blob} */ (input) };
  if (ArrayBuffer.isView(input) || hasTag(input, 'ArrayBuffer', 'SharedArrayBuffer')) {
    return { bytes: copyBytes(input) };
  }
  if (typeof input === 'string' && /^data:/i.test(input)) return { dataUrl: input };
  throw invalidArgument('a photo or video must be a File, Blob, ArrayBuffer, view or data: URL');
}

/** @param {GivenInput} given @returns {Transferable[]} */
export function transferOf(given) {
  return 'bytes' in given ? [given.bytes.buffer] : [];
}

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

/** Frees them before a collection, where there is transfer(). @param {any} bytes */
export const drop = ({ buffer }) => buffer?.transfer?.(0);

/** @param {number} bytes @param {number} maxBytes */
function checkSize(bytes, maxBytes) {
  if (bytes > maxBytes) throw new NetocrError('INPUT_TOO_LARGE', { detail: 'more bytes than the limit' });
}

/** @param {unknown} error @returns {never} */
function unreadable(error) {
  throw new NetocrError('INPUT_UNREADABLE', { detail: nameOf(error) });
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
