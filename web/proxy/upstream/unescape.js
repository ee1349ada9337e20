// Undoes the escapes in which programs write text into other text, however deep they are nested: %41, \u0041, \x41, \/,
// &#65;, &#x41;, &amp;. One pass: each byte is appended once, and an escape that is complete makes the result shorter.

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const ZERO = 0x30;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const LOWER_X = 0x78;

const MAX_ENTITY_BYTES = 12;

const NAMED = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
  // HTML's own, of the characters that a credential in a form or in base64 is likely to have.
  ['plus', 0x2b],
  ['sol', 0x2f],
  ['equals', 0x3d],
  ['percnt', 0x25],
  ['num', 0x23],
  ['excl', 0x21],
  ['commat', 0x40],
  ['ast', 0x2a],
  ['comma', 0x2c],
  ['period', 0x2e],
  ['colon', 0x3a],
  ['semi', 0x3b],
  ['lowbar', 0x5f],
]);

/** Value of a hexadecimal digit, -1 for every other byte. */
const DIGITS = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  DIGITS[digit.charCodeAt(0)] = value;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * Only for searching: what comes out need not be what any one program reads.
 *
 * @param {Uint8Array} bytes
 * @returns {Uint8Array}
 */
export function unescaped(bytes) {
  const out = new Uint8Array(bytes.length);
  let size = 0;
  for (const byte of bytes) {
    out[size] = byte;
    size += 1;
    for (let shorter = reduced(out, size); shorter < size; shorter = reduced(out, size)) size = shorter;
  }
  return out.subarray(0, size);
}

/**
 * Replaces an escape that ends the text by its character.
 *
 * @param {Uint8Array} out
 * @param {number} size
 * @returns {number} the new size
 */
function reduced(out, size) {
  const last = out[size - 1];
  if (last === SEMICOLON) return withoutEntity(out, size);
  const low = DIGITS[last];
  const high = DIGITS[out[size - 2] ?? 0];
  const from = low < 0 || high < 0 ? size : hexadecimalFrom(out, size);
  if (from < size) {
    out[from] = 16 * high + low;
    return from + 1;
  }
  if (out[size - 2] !== BACKSLASH || last === LOWER_U || last === LOWER_X) return size;
  out[size - 2] = last;
  return size - 1;
}

/**
 * Where an escape of two digits begins; `size` when there is none.
 *
 * @param {Uint8Array} out
 * @param {number} size
 */
function hexadecimalFrom(out, size) {
  if (out[size - 3] === PERCENT) return size - 3;
  if (out[size - 3] === LOWER_X && out[size - 4] === BACKSLASH) return size - 4;
  const isUnicode =
    out[size - 3] === ZERO &&
    out[size - 4] === ZERO &&
    out[size - 5] === LOWER_U &&
    out[size - 6] === BACKSLASH;
  return isUnicode ? size - 6 : size;
}

/**
 * @param {Uint8Array} out
 * @param {number} size
 */
function withoutEntity(out, size) {
  let name = '';
  for (let at = size - 2; at >= 0 && size - at <= MAX_ENTITY_BYTES; at -= 1) {
    if (out[at] === AMPERSAND) return written(out, at, codeOf(name), size);
    name = String.fromCharCode(out[at]) + name;
  }
  return size;
}

/**
 * @param {Uint8Array} out
 * @param {number} at
 * @param {number} code
 * @param {number} size
 */
function written(out, at, code, size) {
  if (!(code >= 0 && code < 0x80)) return size;
  out[at] = code;
  return at + 1;
}

/**
 * @param {string} name between & and ;
 * @returns {number} NaN when it names no character
 */
function codeOf(name) {
  if (name[0] !== '#') return NAMED.get(name) ?? Number.NaN;
  return /^#(x[0-9a-f]+|\d+)$/i.test(name) ? Number(name.slice(1).replace(/^x/i, '0x')) : Number.NaN;
}
