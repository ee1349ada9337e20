// Small readers over a file's bytes for the sandbox's own recognition, which shares no code with the C++ that it
// checks. Reads beyond the end throw RangeError (DataView does), which callers take as "damaged".

/**
 * @typedef {object} Reader
 * @property {number} length
 * @property {(at: number) => number} u8
 * @property {(at: number, little?: boolean) => number} u16
 * @property {(at: number, little?: boolean) => number} u32
 * @property {(at: number, count: number) => string} text bytes as Latin-1
 * @property {(at: number, hex: string) => boolean} has whether these bytes stand there
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Reader}
 */
export function createReader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    length: bytes.length,
    u8: (at) => view.getUint8(at),
    u16: (at, little = false) => view.getUint16(at, little),
    u32: (at, little = false) => view.getUint32(at, little),
    text: (at, count) => String.fromCharCode(...bytes.subarray(at, at + count)),
    has(at, hex) {
      const wanted = hex.replaceAll(' ', '');
      for (let i = 0; i < wanted.length / 2; i += 1) {
        if (bytes[at + i] !== Number.parseInt(wanted.slice(2 * i, 2 * i + 2), 16)) return false;
      }
      return true;
    },
  };
}

/**
 * What a file was recognised as. `documented` formats are those of the service; the others are known only to be named
 * in the refusal. `damage` says what is wrong with a file of a documented format, null when its structure holds.
 *
 * @typedef {{format: string, documented: boolean, damage: string | null}} Recognised
 */

/**
 * @typedef {object} Format
 * @property {string} name
 * @property {(file: Reader) => boolean} matches by signature
 * @property {(file: Reader) => string | null} [check] walks the structure; absent for formats that are not documented
 */

/**
 * @param {Uint8Array} bytes
 * @param {readonly Format[]} formats
 * @returns {Recognised | null} null when no signature matches
 */
export function recogniseAs(bytes, formats) {
  const file = createReader(bytes);
  const format = formats.find(({ matches }) => readOr(false, () => matches(file)));
  if (!format) return null;
  const { name, check } = format;
  if (!check) return { format: name, documented: false, damage: null };
  return { format: name, documented: true, damage: readOr('it is cut off', () => check(file)) };
}

/**
 * @template T
 * @param {T} otherwise result when `read` goes beyond the end
 * @param {() => T} read
 */
function readOr(otherwise, read) {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return otherwise;
    throw error;
  }
}
