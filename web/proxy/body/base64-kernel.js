// A vector check of base64 in a form, assembled here as a small WebAssembly module: sixteen bytes a step instead of one,
// which is most of what the proxy does for a body. Where WebAssembly may not be compiled (edge runtimes, a runtime
// without SIMD) there is no kernel and the scanner's own table does the same work.
// Wasm core specification 2.0, sections 5.4 (instructions) and 5.5 (modules).

/**
 * Whether all of `bytes` are characters of base64 (`+ / =` plain or any of its characters percent-encoded), each triplet
 * complete. A false is not final: the caller's own loop finds the place.
 *
 * @typedef {(bytes: Uint8Array) => boolean} Kernel
 */

const PAGE_BYTES = 65_536;
const PERCENT = 0x25;
/** Steps read two bytes ahead of the last of their sixteen; what lies behind the text must be harmless. */
const PADDING = new Uint8Array(18).fill('A'.charCodeAt(0));

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
const HEX = '0123456789ABCDEFabcdef';

const get = (/** @type {number} */ local) => [0x20, local];
const set = (/** @type {number} */ local) => [0x21, local];
const i32 = (/** @type {number} */ value) => [0x41, ...signedLeb(value)];
const vector = (/** @type {number} */ op, /** @type {number[]} */ immediate = []) => [0xfd, op, ...immediate];
const load = (/** @type {number} */ offset) => vector(0x00, [0, offset]);
const lanes = (/** @type {Iterable<number>} */ bytes) => vector(0x0c, [...bytes]);
const SWIZZLE = vector(0x0e);
const EQUAL = vector(0x23);
const AND = vector(0x4e);
const AND_NOT = vector(0x4f);
const OR = vector(0x50);
const ANY_TRUE = vector(0x53);
const SHIFT_RIGHT = vector(0x6d);
const ADD = vector(0x6e);
const ZERO = lanes(new Uint8Array(16));

/**
 * A set of characters as two tables: a byte is in the set when LOW[its low nibble] & HIGH[its high nibble] is not zero.
 * Rows of equal content share a bit, so that eight bits are enough.
 *
 * @param {string} characters
 */
function nibbleTables(characters) {
  const low = new Uint8Array(16);
  const high = new Uint8Array(16);
  /** @type {Map<number, number>} */
  const bits = new Map();
  for (let row = 0; row < 16; row += 1) {
    let members = 0;
    for (const character of characters) {
      const code = character.charCodeAt(0);
      if (code >> 4 === row) members |= 1 << (code & 15);
    }
    if (members === 0) continue;
    const bit = bits.get(members) ?? 1 << bits.size;
    bits.set(members, bit);
    high[row] = bit;
    for (let column = 0; column < 16; column += 1) if ((members >> column) & 1) low[column] |= bit;
  }
  return { low: lanes(low), high: lanes(high) };
}

/** Locals: 0 the length, 1 the place, then vectors. */
const [LENGTH, AT, BAD, TEXT, FIRST, SECOND] = [0, 1, 2, 3, 4, 5];

const lowNibble = (/** @type {number} */ local) => [
  ...get(local),
  ...lanes(new Uint8Array(16).fill(15)),
  ...AND,
];
const highNibble = (/** @type {number} */ local) => [...get(local), ...i32(4), ...SHIFT_RIGHT];

/**
 * A lane is all ones where the byte is not in the set.
 *
 * @param {string} characters
 * @param {number[]} low code that gives the low nibbles
 * @param {number[]} high
 */
function notIn(characters, low, high) {
  const tables = nibbleTables(characters);
  return [...tables.low, ...low, ...SWIZZLE, ...tables.high, ...high, ...SWIZZLE, ...AND, ...ZERO, ...EQUAL];
}

/**
 * The value of hexadecimal digits: the low nibble, and nine more for a letter.
 *
 * @param {number} local
 */
function hexValue(local) {
  const letters = Uint8Array.from({ length: 16 }, (_, row) => (row === 4 || row === 6 ? 9 : 0));
  return [...lowNibble(local), ...lanes(letters), ...highNibble(local), ...SWIZZLE, ...ADD];
}

const all = (/** @type {number} */ byte) => lanes(new Uint8Array(16).fill(byte));
const is = (/** @type {number} */ local, /** @type {string} */ character) => [
  ...get(local),
  ...all(character.charCodeAt(0)),
  ...EQUAL,
];
/** The bits of `mask` are those of `character`. */
const matches = (
  /** @type {number} */ local,
  /** @type {number} */ mask,
  /** @type {string} */ character,
) => [...[...get(local), ...all(mask), ...AND], ...[...all(character.charCodeAt(0) & mask), ...EQUAL]];

/** A lane is all ones where the two bytes behind a `%` are no triplet of a character of base64. */
const ANY_BAD_TRIPLET = [
  ...notIn(HEX, lowNibble(FIRST), highNibble(FIRST)),
  ...notIn(HEX, lowNibble(SECOND), highNibble(SECOND)),
  ...OR,
  ...notIn(BASE64, hexValue(SECOND), hexValue(FIRST)),
  ...OR,
];

/** The same where they are none of the three that clients write: 2B, 2F, 3D in either case (B and F differ in one bit). */
const UNUSUAL_TRIPLET = [
  ...[...is(FIRST, '2'), ...matches(SECOND, 0xdb, 'B'), ...AND],
  ...[...is(FIRST, '3'), ...matches(SECOND, 0xdf, 'D'), ...AND],
  ...OR,
  ...[...ZERO, ...EQUAL],
];

/** @param {number[]} badTriplet */
function loopBody(badTriplet) {
  const isPercent = is(TEXT, '%');
  return [
    ...[...get(AT), ...load(0), ...set(TEXT)],
    ...[...get(AT), ...load(1), ...set(FIRST)],
    ...[...get(AT), ...load(2), ...set(SECOND)],
    ...get(BAD),
    ...[...notIn(BASE64, lowNibble(TEXT), highNibble(TEXT)), ...isPercent, ...AND_NOT, ...OR],
    ...[...isPercent, ...badTriplet, ...AND, ...OR],
    ...set(BAD),
    // at += 16; go on while at < length
    ...[...get(AT), ...i32(16), 0x6a, 0x22, AT, ...get(LENGTH), 0x49, 0x0d, 0],
  ];
}

/** @param {number} value */
function signedLeb(value) {
  const bytes = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = rest >> 7 === 0 && (low & 0x40) === 0;
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** @param {number} value */
function leb(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) return bytes;
  }
}

/**
 * The module: `check(length) -> 1 when a byte of the memory's first `length` is wrong`, `checkUsual`, which costs a third
 * and takes only the usual triplets, and its two pages of memory.
 */
function assemble() {
  const sized = (/** @type {number[]} */ bytes) => [...leb(bytes.length), ...bytes];
  const section = (/** @type {number} */ id, /** @type {number[]} */ bytes) => [id, ...sized(bytes)];
  const name = (/** @type {string} */ text) => sized([...new TextEncoder().encode(text)]);
  const code = (/** @type {number[]} */ badTriplet) => [
    ...[2, 1, 0x7f, 4, 0x7b], // locals: one i32, four v128
    ...[0x03, 0x40, ...loopBody(badTriplet), 0x0b],
    ...[...get(BAD), ...ANY_TRUE, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]), // type: i32 -> i32
    ...section(3, [2, 0, 0]),
    ...section(5, [1, 1, 2, 2]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('check'), 0, 0, ...name('checkUsual'), 0, 1]),
    ...section(10, [2, ...sized(code(ANY_BAD_TRIPLET)), ...sized(code(UNUSUAL_TRIPLET))]),
  ]);
}

/** @returns {Kernel | null} */
export function createKernel() {
  const { WebAssembly: wasm } = /** @type {any} */ (globalThis);
  try {
    const { memory, check, checkUsual } = new wasm.Instance(new wasm.Module(assemble())).exports;
    const heap = new Uint8Array(memory.buffer);
    return (bytes) => {
      if (bytes.at(-1) === PERCENT || bytes.at(-2) === PERCENT) return false;
      for (let at = 0; at < bytes.length; ) {
        let end = Math.min(at + PAGE_BYTES, bytes.length);
        // A triplet is never split between two rounds.
        if (end < bytes.length) end -= bytes[end - 1] === PERCENT ? 1 : bytes[end - 2] === PERCENT ? 2 : 0;
        const part = at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end);
        heap.set(part);
        heap.set(PADDING, part.length);
        if (checkUsual(part.length) !== 0 && check(part.length) !== 0) return false;
        at = end;
      }
      return true;
    };
  } catch {
    return null;
  }
}
