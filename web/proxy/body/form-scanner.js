// Scans an application/x-www-form-urlencoded body as it passes, in chunks of any size. Stricter than the URL
// standard: `name=value` pairs joined by single `&`, names as in the table, media values that are base64 whose
// `+ / =` may be percent-encoded. Nothing that a lenient reader could take for another separator gets through.

import { refused } from '../errors.js';
import { createKernel } from './base64-kernel.js';
import { createFieldRules, MAX_NAME_BYTES, MAX_SMALL_VALUE_BYTES } from './fields.js';

/**
 * @typedef {object} Scanner
 * @property {(chunk: Uint8Array) => Uint8Array} push the bytes that go on in its place, perhaps none for now; throws
 *   REQUEST_REFUSED at the first byte that is not allowed
 * @property {() => void} end throws REQUEST_REFUSED when the body is not complete
 * @property {() => 'json' | 'xml' | null} format
 */

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;

/** Raw bytes that a media value may hold: base64, with `+` and `/` and `=` as they come. */
const IS_BASE64 = new Uint8Array(256);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=') {
  IS_BASE64[char.charCodeAt(0)] = 1;
}

const kernel = createKernel();
/** A kernel's call costs as much as the table needs for about so many bytes. */
const KERNEL_FROM_BYTES = 64;

/**
 * @param {import('../routes.js').Route} route
 * @returns {Scanner}
 */
export function createFormScanner(route) {
  const rules = createFieldRules(route);
  /** @type {'name' | import('./fields.js').FieldKind} */
  let state = 'name';
  let text = ''; // of the name or small value that is being read
  let valueBytes = 0;
  /** @type {string | null} hex digits of a percent triplet so far; null outside one */
  let triplet = null;

  /** @param {number} byte */
  function pushName(byte) {
    if (byte === EQUALS) {
      state = rules.begin(text);
      text = '';
      valueBytes = 0;
    } else if (byte === AMPERSAND) {
      endPair();
    } else {
      if (text.length === MAX_NAME_BYTES) throw refused(400, 'a field name is too long');
      text += String.fromCharCode(byte);
    }
  }

  /** @param {number} byte */
  function pushSmall(byte) {
    if (byte === AMPERSAND) {
      endPair();
    } else {
      if (text.length === MAX_SMALL_VALUE_BYTES) throw refused(400, 'typeId or format is too long');
      text += String.fromCharCode(byte);
    }
  }

  /** @param {number} byte */
  function pushMedia(byte) {
    if (triplet !== null) {
      triplet += String.fromCharCode(byte);
      if (triplet.length < 2) return;
      const code = /^[0-9a-f]{2}$/i.test(triplet) ? Number.parseInt(triplet, 16) : 0;
      if (!IS_BASE64[code]) throw notBase64();
      triplet = null;
    } else if (byte === AMPERSAND) {
      endPair();
    } else if (byte === PERCENT) {
      triplet = '';
      valueBytes += 1;
    } else {
      throw notBase64();
    }
  }

  function endPair() {
    if (state === 'name') {
      if (text !== '') rules.begin(text); // for the better message
      throw refused(400, 'the form has an empty pair or a name without a value');
    }
    if (state === 'media') {
      if (triplet !== null) throw notBase64();
      if (valueBytes === 0) throw refused(400, 'an image or video field is empty');
    } else {
      rules.check(state, text);
    }
    state = 'name';
    text = '';
  }

  return {
    push(chunk) {
      const skipBase64 = createSkip(chunk);
      for (let i = 0; i < chunk.length; i += 1) {
        if (state === 'media') {
          const start = i;
          if (triplet === null) i = skipBase64(i);
          valueBytes += i - start;
          if (i < chunk.length) pushMedia(chunk[i]);
        } else if (state === 'name') {
          pushName(chunk[i]);
        } else {
          pushSmall(chunk[i]);
        }
      }
      return chunk;
    },
    end() {
      endPair();
      rules.finish();
    },
    format: rules.format,
  };
}

/**
 * Jumps over whole characters of base64 in this chunk: to the end of the value, or to the first byte that is none (the
 * caller says why) or begins a triplet that the caller reads. The kernel sees no byte twice: what it has refused holds a
 * bad byte somewhere, and asking again after each triplet before that one would make the work grow with the square.
 *
 * @param {Uint8Array} chunk
 */
function createSkip(chunk) {
  let refusedTo = 0; // the kernel has been asked about everything before this place

  /** @param {number} from */
  function skipVectors(from) {
    const ampersand = chunk.indexOf(AMPERSAND, from);
    let to = ampersand === -1 ? chunk.length : ampersand;
    if (chunk[to - 1] === PERCENT) to -= 1;
    else if (chunk[to - 2] === PERCENT) to -= 2;
    if (to > from && kernel?.(chunk.subarray(from, to))) return to;
    refusedTo = to;
    return from;
  }

  return (/** @type {number} */ from) => {
    let i = from;
    if (kernel && from >= refusedTo && chunk.length - from >= KERNEL_FROM_BYTES) i = skipVectors(from);
    while (i < chunk.length && IS_BASE64[chunk[i]]) i += 1;
    return i;
  };
}

function notBase64() {
  return refused(400, 'an image or video field holds a character that is not base64 (percent-encode + / =)');
}
