// Turns what the caller passes as a photo or video into something that can be posted to a worker. Blobs are posted as they
// are and read there (worker/read-input.js); buffers are copied once, so that the caller's own is never detached.
import { invalidArgument, NetocrError } from '../shared/errors.js';

/** @typedef {import('../shared/protocol-types.js').GivenInput} GivenInput */

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
