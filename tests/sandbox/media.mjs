// Small files of every format, made here: structurally whole, with as little in them as their format allows.
import { deflateSync, crc32 as zlibCrc32 } from 'node:zlib';

const hex = (text) => Buffer.from(text.replace(/\s/g, ''), 'hex');
const u16 = (value) => hex(value.toString(16).padStart(4, '0'));
const u32 = (value) => hex(value.toString(16).padStart(8, '0'));
const u16le = (value) => u16(value).reverse();
const u32le = (value) => u32(value).reverse();
const ascii = (text) => Buffer.from(text, 'latin1');
const join = (...parts) => Buffer.concat(parts);

/** CRC-32 by its definition (zlib.crc32 is newer than Node 20). */
function crc32(bytes) {
  if (zlibCrc32) return zlibCrc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A grey PNG; different shades are different pictures. */
export function makePng(shade = 0x80, width = 2, height = 2) {
  const chunk = (type, data) => {
    const body = join(ascii(type), data);
    return join(u32(data.length), body, u32(crc32(body)));
  };
  const row = join(hex('00'), Buffer.alloc(width, shade));
  return join(
    hex('89504e470d0a1a0a'),
    chunk('IHDR', join(u32(width), u32(height), hex('0800000000'))),
    chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)), { level: 0 })),
    chunk('IEND', Buffer.alloc(0)),
  );
}

export function makeJpeg(width = 8, height = 8) {
  const segment = (marker, data) => join(hex(marker), u16(data.length + 2), data);
  return join(
    hex('ffd8'),
    segment('ffdb', join(hex('00'), Buffer.alloc(64, 1))),
    segment('ffc0', join(hex('08'), u16(height), u16(width), hex('01 01 11 00'))),
    segment('ffc4', join(hex('00'), hex('01'), Buffer.alloc(15), hex('00'))),
    segment('ffc4', join(hex('10'), hex('01'), Buffer.alloc(15), hex('00'))),
    segment('ffda', hex('01 01 00 00 3f 00')),
    hex('3f ff00 55 ffd9'),
  );
}

export function makeBmp(width = 3, height = 2) {
  const row = 4 * Math.ceil((width * 24) / 32);
  const pixels = Buffer.alloc(row * height, 0x55);
  const info = join(u32le(40), u32le(width), u32le(height), u16le(1), u16le(24), Buffer.alloc(24));
  return join(ascii('BM'), u32le(54 + pixels.length), u32le(0), u32le(54), info, pixels);
}

export function makeTiff() {
  const entry = (tag, type, count, value) => join(u16le(tag), u16le(type), u32le(count), u32le(value));
  const entries = [
    entry(256, 3, 1, 4),
    entry(257, 3, 1, 2),
    entry(258, 3, 1, 8),
    entry(262, 3, 1, 1),
    entry(273, 4, 1, 8),
    entry(277, 3, 1, 1),
    entry(279, 4, 1, 8),
  ];
  return join(ascii('II*\0'), u32le(16), Buffer.alloc(8, 0x55), u16le(entries.length), ...entries, u32le(0));
}

export function makeWsq() {
  const frame = join(u16(17), hex('00 ff'), u16(16), u16(16), Buffer.alloc(9));
  return join(
    hex('ffa0'),
    hex('ffa8'),
    u16(5),
    ascii('abc'),
    hex('ffa2'),
    frame,
    hex('ffa3 0003 00 55aa ffa1'),
  );
}

export function makeJ2k() {
  const grid = join(u32(16), u32(16), u32(0), u32(0), u32(16), u32(16), u32(0), u32(0));
  const size = join(u16(0), grid, u16(1), hex('07 01 01'));
  return join(
    hex('ff4fff51'),
    u16(size.length + 2),
    size,
    hex('ff90 000a 0000 00000000 00 01 ff93 55aa ffd9'),
  );
}

const box = (type, ...content) => {
  const data = join(...content);
  return join(u32(data.length + 8), ascii(type), data);
};

export function makeJp2() {
  return join(
    hex('0000000c 6a502020 0d0a870a'),
    box('ftyp', ascii('jp2 '), u32(0), ascii('jp2 ')),
    box('jp2h', box('ihdr', u32(16), u32(16), hex('0001 07 07 00 00'))),
    box('jp2c', makeJ2k()),
  );
}

const handler = (type) => box('hdlr', u32(0), u32(0), ascii(type), Buffer.alloc(13));
const movie = (type) => box('moov', box('mvhd', Buffer.alloc(100)), box('trak', box('mdia', handler(type))));

export function makeIso(brand, type = 'vide') {
  return join(
    box('ftyp', ascii(brand), u32(0), ascii(brand)),
    movie(type),
    box('mdat', Buffer.alloc(32, 0x55)),
  );
}

export const makeOldMov = () => join(movie('vide'), box('mdat', Buffer.alloc(32, 0x55)));

export function makeAvi() {
  const chunk = (id, ...content) => {
    const data = join(...content);
    return join(ascii(id), u32le(data.length), data, Buffer.alloc(data.length & 1));
  };
  const header = chunk('LIST', ascii('hdrl'), chunk('avih', Buffer.alloc(56)));
  const frames = chunk('LIST', ascii('movi'), chunk('00dc', Buffer.alloc(20, 0x55)));
  return chunk('RIFF', ascii('AVI '), header, frames);
}

export const makeMpg = () =>
  join(
    hex('000001ba 4400040004010189c3f8'),
    hex('000001bb 0006 8004ff04e1ff'),
    hex('000001e0 0004 80000055'),
  );

export function makeWmv() {
  const video = hex('c0ef19bc4d5bcf11a8fd00805f5c442b');
  const stream = join(
    hex('9107dcb7b7a9cf118ee600c00c205365'),
    u32le(24 + 32),
    u32le(0),
    video,
    Buffer.alloc(16),
  );
  const header = join(u32le(1), hex('0102'), stream);
  return join(
    hex('3026b2758e66cf11a6d900aa0062ce6c'),
    u32le(24 + header.length),
    u32le(0),
    header,
    hex('3626b2758e66cf11a6d900aa0062ce6c'),
    u32le(50),
    u32le(0),
    Buffer.alloc(26),
  );
}

export function makeMatroska(docType) {
  const element = (id, ...content) => {
    const data = join(...content);
    return join(hex(id), u16(0x4000 | data.length), data);
  };
  const tracks = element('1654ae6b', Buffer.alloc(4));
  const cluster = element('1f43b675', Buffer.alloc(16, 0x55));
  return join(element('1a45dfa3', element('4282', ascii(docType))), element('18538067', tracks, cluster));
}

export const makeRm = () =>
  join(
    ascii('.RMF'),
    u32(18),
    Buffer.alloc(10),
    ascii('PROP'),
    u32(50),
    Buffer.alloc(42),
    ascii('DATA'),
    u32(18),
    Buffer.alloc(10),
  );

export function makeFlv(type = 9) {
  const tag = (kind, data) =>
    join(Buffer.of(kind), u32(data.length).subarray(1), Buffer.alloc(7), data, u32(11 + data.length));
  return join(
    ascii('FLV\x01\x05'),
    u32(9),
    u32(0),
    tag(18, Buffer.alloc(4)),
    tag(type, Buffer.alloc(9, 0x55)),
  );
}

export const IMAGES = {
  png: makePng(),
  jpeg: makeJpeg(),
  bmp: makeBmp(),
  tiff: makeTiff(),
  wsq: makeWsq(),
  jp2: makeJp2(),
  j2k: makeJ2k(),
};

export const VIDEOS = {
  mp4: makeIso('isom'),
  mov: makeIso('qt  '),
  avi: makeAvi(),
  mpg: makeMpg(),
  wmv: makeWmv(),
  mkv: makeMatroska('matroska'),
  rm: makeRm(),
  flv: makeFlv(),
};

export const OTHER_IMAGES = {
  webp: join(ascii('RIFF'), u32le(20), ascii('WEBPVP8 '), Buffer.alloc(12)),
  gif: join(ascii('GIF89a'), Buffer.alloc(20)),
  pdf: ascii('%PDF-1.7\n'),
  heic: box('ftyp', ascii('heic'), u32(0), ascii('mif1')),
  avif: box('ftyp', ascii('avif'), u32(0), ascii('mif1')),
};

export const OTHER_VIDEOS = {
  webm: makeMatroska('webm'),
  '3gp': makeIso('3gp5'),
  audio: makeIso('M4A '),
  ogg: join(ascii('OggS'), Buffer.alloc(30)),
  image: box('ftyp', ascii('heic'), u32(0), ascii('mif1')),
};
