// Is this really an image of a documented format (BMP, JPEG, TIFF, PNG, WSQ, JP2, J2K)? A signature is not enough: the
// structure is walked from the first byte to the end marker.
import { recogniseAs } from './bytes.js';

/** @typedef {import('./bytes.js').Reader} Reader */

const NO_SIZE = 'its width or height is zero';
const JP2_SIGNATURE = '0000000c 6a502020 0d0a870a';

/** @type {readonly import('./bytes.js').Format[]} */
const FORMATS = [
  { name: 'jpeg', matches: (file) => file.has(0, 'ffd8ff'), check: checkJpeg },
  { name: 'png', matches: (file) => file.has(0, '89504e47 0d0a1a0a'), check: checkPng },
  { name: 'bmp', matches: (file) => file.has(0, '424d'), check: checkBmp },
  { name: 'tiff', matches: (file) => file.has(0, '49492a00') || file.has(0, '4d4d002a'), check: checkTiff },
  { name: 'wsq', matches: (file) => file.has(0, 'ffa0ff'), check: checkWsq },
  { name: 'jp2', matches: (file) => file.has(0, JP2_SIGNATURE), check: checkJp2 },
  {
    name: 'j2k',
    matches: (file) => file.has(0, 'ff4fff51'),
    check: (file) => checkCodestream(file, 0, file.length),
  },
  { name: 'webp', matches: (file) => file.has(0, '52494646') && file.has(8, '57454250') },
  { name: 'gif', matches: (file) => file.has(0, '47494638') },
  { name: 'pdf', matches: (file) => file.has(0, '25504446 2d') },
  {
    name: 'heic',
    matches: (file) =>
      hasBrand(file, ['heic', 'heix', 'hevc', 'heim', 'heis', 'avci', 'avcs', 'mif1', 'msf1']),
  },
  { name: 'avif', matches: (file) => hasBrand(file, ['avif', 'avis']) },
];

/** @param {Uint8Array} bytes */
export function recogniseImage(bytes) {
  return recogniseAs(bytes, FORMATS);
}

/**
 * @param {Reader} file
 * @param {string[]} brands
 */
function hasBrand(file, brands) {
  return file.length > 12 && file.text(4, 4) === 'ftyp' && brands.includes(file.text(8, 4));
}

/**
 * ITU-T T.81 annex B: segments up to the first scan, a frame header with a size, an end marker.
 *
 * @param {Reader} file
 */
function checkJpeg(file) {
  let framed = false;
  for (let at = 2; ; ) {
    if (file.u8(at) !== 0xff) return 'a marker is missing between its segments';
    const marker = file.u8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (file.u16(at + 5) === 0 || file.u16(at + 7) === 0) return NO_SIZE;
      framed = true;
    }
    const length = file.u16(at + 2);
    if (length < 2) return 'a segment has no length';
    at += 2 + length;
    if (marker === 0xda) return framed ? checkJpegScans(file, at) : 'it has no frame header';
    if (marker === 0xd9) return 'it has no scan';
  }
}

/**
 * Entropy-coded data and further segments up to EOI. Bytes after it are let pass, as decoders do.
 *
 * @param {Reader} file
 * @param {number} from
 */
function checkJpegScans(file, from) {
  for (let at = from; at + 1 < file.length; at += 1) {
    if (file.u8(at) === 0xff && file.u8(at + 1) === 0xd9) return null;
  }
  return 'it is cut off: the end marker is missing';
}

/**
 * PNG (ISO/IEC 15948): IHDR first, chunks with right checksums, image data, IEND.
 *
 * @param {Reader} file
 */
function checkPng(file) {
  let hasData = false;
  for (let at = 8; ; ) {
    const length = file.u32(at);
    const type = file.text(at + 4, 4);
    if (at === 8 && (type !== 'IHDR' || length !== 13)) return 'it does not begin with IHDR';
    if (crc32(file, at + 4, 4 + length) !== file.u32(at + 8 + length))
      return `the checksum of ${type} is wrong`;
    if (type === 'IHDR' && (file.u32(at + 8) === 0 || file.u32(at + 12) === 0)) return NO_SIZE;
    if (type === 'IDAT') hasData = true;
    if (type === 'IEND') return hasData ? null : 'it has no image data';
    at += 12 + length;
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * @param {Reader} file
 * @param {number} from
 * @param {number} count
 */
function crc32(file, from, count) {
  let crc = 0xffffffff;
  for (let at = from; at < from + count; at += 1) crc = CRC_TABLE[(crc ^ file.u8(at)) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Windows bitmap: a known header, a size, pixels that are there (their number only when they are not compressed).
 *
 * @param {Reader} file
 */
function checkBmp(file) {
  const headerSize = file.u32(14, true);
  const isCore = headerSize === 12;
  if (!isCore && (headerSize < 16 || headerSize > 2048)) return 'its header has an unknown size';
  const width = isCore ? file.u16(18, true) : file.u32(18, true) | 0;
  const height = isCore ? file.u16(20, true) : Math.abs(file.u32(22, true) | 0);
  if (width <= 0 || height === 0) return NO_SIZE;
  const bits = file.u16(isCore ? 24 : 28, true);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) return 'its bit depth is unknown';
  const pixels = file.u32(10, true);
  if (pixels < 14 + headerSize || pixels >= file.length) return 'its pixels begin outside the file';
  const compression = isCore || headerSize < 20 ? 0 : file.u32(30, true);
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  const isPlain = compression === 0 || compression === 3;
  return isPlain && pixels + rowBytes * height > file.length ? 'it is cut off: rows are missing' : null;
}

/**
 * TIFF 6.0: a first directory with a size and with strips or tiles that lie in the file.
 *
 * @param {Reader} file
 */
function checkTiff(file) {
  const little = file.has(0, '4949');
  const directory = file.u32(4, little);
  const count = file.u16(directory, little);
  /** @type {Map<number, number[]>} */
  const tags = new Map();
  for (let i = 0; i < count; i += 1) {
    const at = directory + 2 + 12 * i;
    tags.set(file.u16(at, little), tiffNumbers(file, at, little));
  }
  file.u32(directory + 2 + 12 * count, little); // where the next directory is: the end of this one
  const [width = 0] = tags.get(256) ?? [];
  const [height = 0] = tags.get(257) ?? [];
  if (width === 0 || height === 0) return NO_SIZE;
  const offsets = tags.get(273) ?? tags.get(324) ?? [];
  const sizes = tags.get(279) ?? tags.get(325) ?? offsets.map(() => 1);
  if (offsets.length === 0) return 'it has no strips or tiles';
  const outside = offsets.some((offset, i) => offset + (sizes[i] ?? 1) > file.length);
  return outside ? 'it is cut off: a strip lies outside the file' : null;
}

/**
 * The values of an entry of type SHORT or LONG; nothing for other types.
 *
 * @param {Reader} file
 * @param {number} at
 * @param {boolean} little
 */
function tiffNumbers(file, at, little) {
  const type = file.u16(at + 2, little);
  const count = file.u32(at + 4, little);
  const size = type === 3 ? 2 : 4;
  if ((type !== 3 && type !== 4) || count > 1 << 20) return [];
  const from = count * size <= 4 ? at + 8 : file.u32(at + 8, little);
  const read = type === 3 ? file.u16 : file.u32;
  return Array.from({ length: count }, (_, i) => read(from + i * size, little));
}

/**
 * WSQ (IAFIS-IC-0110): table segments, a frame header with a size, blocks, an end marker.
 *
 * @param {Reader} file
 */
function checkWsq(file) {
  let framed = false;
  for (let at = 2; ; ) {
    while (file.has(at, 'ffff')) at += 1;
    if (file.u8(at) !== 0xff) return 'a marker is missing between its segments';
    const marker = file.u8(at + 1);
    if (marker < 0xa2 || marker > 0xa8) return 'a marker is unknown';
    if (marker === 0xa2) {
      if (file.u16(at + 6) === 0 || file.u16(at + 8) === 0) return NO_SIZE;
      framed = true;
    }
    const length = file.u16(at + 2);
    if (length < 2) return 'a segment has no length';
    at += 2 + length;
    if (marker === 0xa3) return framed ? checkWsqBlocks(file, at) : 'it has no frame header';
  }
}

/**
 * @param {Reader} file
 * @param {number} from
 */
function checkWsqBlocks(file, from) {
  for (let at = from; at + 1 < file.length; at += 1) {
    if (file.u8(at) === 0xff && file.u8(at + 1) === 0xa1) return null;
  }
  return 'it is cut off: the end marker is missing';
}

/**
 * JP2 (ISO/IEC 15444-1 annex I): ftyp with a brand of the family, jp2h, a code stream.
 *
 * @param {Reader} file
 */
function checkJp2(file) {
  if (file.text(16, 4) !== 'ftyp') return 'its file type box is missing';
  if (!['jp2 ', 'jpx ', 'jph '].includes(file.text(20, 4))) return 'its brand is not an image';
  let hasHeader = false;
  for (let at = 12; at < file.length; ) {
    const declared = file.u32(at);
    const type = file.text(at + 4, 4);
    const head = declared === 1 ? 16 : 8;
    let size = declared === 0 ? file.length - at : declared;
    if (declared === 1) size = file.u32(at + 8) * 2 ** 32 + file.u32(at + 12);
    if (size < head) return 'a box has no length';
    if (at + size > file.length) return 'it is cut off inside a box';
    if (type === 'jp2h') hasHeader = true;
    if (type === 'jp2c')
      return hasHeader ? checkCodestream(file, at + head, at + size) : 'its header box is missing';
    at += size;
  }
  return 'its code stream is missing';
}

/**
 * JPEG 2000 code stream (ISO/IEC 15444-1 annex A): SOC, SIZ with a size, segments up to the first tile part, EOC.
 *
 * @param {Reader} file
 * @param {number} from
 * @param {number} to
 */
function checkCodestream(file, from, to) {
  if (!file.has(from, 'ff4fff51')) return 'its code stream does not begin with SOC and SIZ';
  const size = from + 8; // of the reference grid
  if (file.u32(size) <= file.u32(size + 8) || file.u32(size + 4) <= file.u32(size + 12)) return NO_SIZE;
  for (let at = from + 2; ; ) {
    const marker = file.u16(at);
    if (marker === 0xff90) break;
    const isBare = marker >= 0xff30 && marker <= 0xff3f; // reserved, without a segment
    if (!isBare && (marker < 0xff50 || marker > 0xff6f)) return 'a marker of its main header is unknown';
    at += 2 + (isBare ? 0 : file.u16(at + 2));
  }
  return file.has(to - 2, 'ffd9') ? null : 'it is cut off: the end marker is missing';
}
