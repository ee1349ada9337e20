// Is this really a video of a documented container (avi, mp4, mpg, wmv, mkv, rm, rmvb, mov, flv)? As for images the
// structure is walked; the coded pictures themselves are not looked at.
import { recogniseAs } from './bytes.js';

/** @typedef {import('./bytes.js').Reader} Reader */

const ASF_HEADER = '3026b275 8e66cf11 a6d900aa 0062ce6c';
const ASF_DATA = '3626b275 8e66cf11 a6d900aa 0062ce6c';
const ASF_VIDEO = 'c0ef19bc 4d5bcf11 a8fd0080 5f5c442b';
const EBML = '1a45dfa3';
// Top-level boxes with which old QuickTime files begin: they have no ftyp.
const QUICKTIME_STARTS = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];

/** @type {readonly import('./bytes.js').Format[]} */
const FORMATS = [
  { name: 'avi', matches: (file) => file.has(0, '52494646') && file.has(8, '41564920'), check: checkAvi },
  { name: '3gp', matches: (file) => brandOf(file)?.startsWith('3g') ?? false },
  { name: 'audio', matches: (file) => brandOf(file)?.startsWith('M4A') ?? false },
  { name: 'image', matches: (file) => /^(heic|heix|hevc|mif1|msf1|avif|avis)$/.test(brandOf(file) ?? '') },
  { name: 'mov', matches: isQuickTime, check: checkIso },
  { name: 'mp4', matches: (file) => brandOf(file) !== null, check: checkIso },
  { name: 'mpg', matches: (file) => file.has(0, '000001ba') || file.has(0, '000001b3'), check: checkMpeg },
  { name: 'wmv', matches: (file) => file.has(0, ASF_HEADER), check: checkAsf },
  { name: 'webm', matches: (file) => file.has(0, EBML) && docTypeOf(file) === 'webm' },
  { name: 'mkv', matches: (file) => file.has(0, EBML), check: checkMatroska },
  { name: 'rm', matches: (file) => file.has(0, '2e524d46'), check: checkRealMedia },
  { name: 'flv', matches: (file) => file.has(0, '464c5601'), check: checkFlv },
  { name: 'ogg', matches: (file) => file.has(0, '4f676753') },
];

/** @param {Uint8Array} bytes */
export function recogniseVideo(bytes) {
  return recogniseAs(bytes, FORMATS);
}

/** @param {Reader} file */
function brandOf(file) {
  return file.length >= 16 && file.text(4, 4) === 'ftyp' ? file.text(8, 4) : null;
}

/** @param {Reader} file */
function isQuickTime(file) {
  const brand = brandOf(file);
  if (brand !== null) return brand === 'qt  ';
  return file.length >= 16 && file.u32(0) >= 8 && QUICKTIME_STARTS.includes(file.text(4, 4));
}

/**
 * RIFF chunks in an AVI form: a header list with its main header, and frames.
 *
 * @param {Reader} file
 */
function checkAvi(file) {
  let hasHeader = false;
  for (let at = 12; at < file.length; ) {
    const id = file.text(at, 4);
    const size = file.u32(at + 4, true);
    if (id === 'LIST' && file.text(at + 8, 4) === 'hdrl') hasHeader = file.text(at + 12, 4) === 'avih';
    if (at + 8 + size > file.length) return 'it is cut off inside a chunk';
    if (id === 'LIST' && file.text(at + 8, 4) === 'movi') {
      if (!hasHeader) return 'its header list is missing';
      return size > 4 ? null : 'it has no frames';
    }
    at += 8 + size + (size & 1);
  }
  return 'it has no frames';
}

/**
 * ISO/IEC 14496-12 and QuickTime: a movie box with a video track, and media data, whole.
 *
 * @param {Reader} file
 */
function checkIso(file) {
  let hasMovie = false;
  let hasVideo = false;
  let hasData = false;
  for (const { type, from, to } of boxesOf(file, 0, file.length)) {
    if (to > file.length) return 'it is cut off inside a box';
    if (type === 'moov') {
      hasMovie = true;
      hasVideo = hasVideoTrack(file, from, to);
    }
    if (type === 'mdat' && to > from) hasData = true;
  }
  if (!hasMovie) return 'its movie box is missing';
  if (!hasVideo) return 'it has no video track';
  return hasData ? null : 'it has no media data';
}

/**
 * moov/trak/mdia/hdlr with the handler type `vide`.
 *
 * @param {Reader} file
 * @param {number} from
 * @param {number} to
 * @returns {boolean}
 */
function hasVideoTrack(file, from, to) {
  for (const box of boxesOf(file, from, to)) {
    if ((box.type === 'trak' || box.type === 'mdia') && hasVideoTrack(file, box.from, box.to)) return true;
    if (box.type === 'hdlr' && file.text(box.from + 8, 4) === 'vide') return true;
  }
  return false;
}

/**
 * @param {Reader} file
 * @param {number} start
 * @param {number} end
 * @returns {Generator<{type: string, from: number, to: number}>} the payloads
 */
function* boxesOf(file, start, end) {
  for (let at = start; at + 8 <= end; ) {
    const declared = file.u32(at);
    const head = declared === 1 ? 16 : 8;
    let size = declared === 0 ? end - at : declared;
    if (declared === 1) size = file.u32(at + 8) * 2 ** 32 + file.u32(at + 12);
    if (size < head) throw new RangeError('a box has no length');
    yield { type: file.text(at + 4, 4), from: at + head, to: at + size };
    at += size;
  }
}

/**
 * ISO/IEC 11172-1 and 13818-1 program streams (pack header, then a video packet) and video elementary streams
 * (sequence header, then a picture).
 *
 * @param {Reader} file
 */
function checkMpeg(file) {
  const isElementary = file.u8(3) === 0xb3;
  const marked = isElementary || file.u8(4) >> 6 === 1 || file.u8(4) >> 4 === 2;
  if (!marked) return 'its first pack header is damaged';
  for (let at = 4; at + 3 < file.length; at += 1) {
    if (!file.has(at, '000001')) continue;
    const code = file.u8(at + 3);
    if (isElementary ? code === 0x00 : code >= 0xe0 && code <= 0xef) return null;
  }
  return 'it has no video';
}

/**
 * Advanced Systems Format: a header object that names a video stream, then a data object.
 *
 * @param {Reader} file
 */
function checkAsf(file) {
  const headerSize = file.u32(16, true) + file.u32(20, true) * 2 ** 32;
  if (headerSize < 30 || headerSize > file.length) return 'its header object is cut off';
  let hasVideo = false;
  for (let at = 30; at + 16 <= headerSize && !hasVideo; at += 1) hasVideo = file.has(at, ASF_VIDEO);
  if (!hasVideo) return 'it has no video stream';
  return file.has(headerSize, ASF_DATA) ? null : 'its data object is missing';
}

/**
 * The DocType of the EBML header (RFC 8794), '' when it has none.
 *
 * @param {Reader} file
 */
function docTypeOf(file) {
  const at = file.text(0, Math.min(file.length, 64)).indexOf('\x42\x82');
  if (at < 0) return '';
  const { from, size } = ebmlSize(file, at + 2);
  return file.text(from, Math.min(size, 32));
}

/**
 * Matroska (RFC 9559): EBML header, a segment with tracks and clusters.
 *
 * @param {Reader} file
 */
function checkMatroska(file) {
  if (docTypeOf(file) !== 'matroska') return 'its document type is not matroska';
  const header = ebmlSize(file, 4);
  let at = header.from + header.size;
  if (!file.has(at, '18538067')) return 'its segment is missing';
  at = ebmlSize(file, at + 4).from;
  let hasTracks = false;
  while (at < file.length) {
    const idBytes = Math.clz32(file.u8(at)) - 23;
    if (idBytes > 4) return 'an element is damaged';
    const { from, size } = ebmlSize(file, at + idBytes);
    if (file.has(at, '1654ae6b')) hasTracks = true;
    if (file.has(at, '1f43b675')) return hasTracks ? null : 'its tracks are missing';
    at = from + size;
  }
  return 'it has no clusters';
}

/**
 * A variable-size integer; an unknown size (live recordings) reads as the rest of the file.
 *
 * @param {Reader} file
 * @param {number} at
 */
function ebmlSize(file, at) {
  const first = file.u8(at);
  const count = Math.clz32(first) - 23;
  if (count > 8) throw new RangeError('a size is damaged');
  let size = first & (0xff >> count);
  let unknown = size === 0xff >> count;
  for (let i = 1; i < count; i += 1) {
    const byte = file.u8(at + i);
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  const from = at + count;
  return { from, size: unknown ? file.length - from : size };
}

/**
 * RealMedia: .RMF, PROP, DATA chunks.
 *
 * @param {Reader} file
 */
function checkRealMedia(file) {
  let hasProperties = false;
  for (let at = 0; at + 10 <= file.length; ) {
    const id = file.text(at, 4);
    const size = file.u32(at + 4);
    if (size < 10) return 'a chunk has no length';
    if (id === 'PROP') hasProperties = true;
    if (id === 'DATA') return hasProperties ? null : 'its properties are missing';
    at += size;
  }
  return 'it has no data';
}

/**
 * FLV 10.1 annex E: a header that announces video, tags whose sizes agree, a video tag.
 *
 * @param {Reader} file
 */
function checkFlv(file) {
  if ((file.u8(4) & 1) === 0) return 'its header announces no video';
  let hasVideo = false;
  for (let at = file.u32(5) + 4; at < file.length; ) {
    const type = file.u8(at) & 0x1f;
    const size = (file.u8(at + 1) << 16) | file.u16(at + 2);
    if (![8, 9, 18].includes(type)) return 'a tag has an unknown type';
    if (file.u32(at + 11 + size) !== 11 + size) return 'the sizes of a tag do not agree';
    if (type === 9 && size > 1) hasVideo = true;
    at += 15 + size;
  }
  return hasVideo ? null : 'it has no video';
}
