// A video as small as its container allows: the boxes of an MP4 file with one video track (ISO/IEC 14496-12), and media
// data of any size. Nothing in the flow decodes the pictures.

const u16 = (value) => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value) => Buffer.from([value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]);

/** @param {string} type @param {...Buffer} parts */
function box(type, ...parts) {
  const payload = Buffer.concat(parts);
  return Buffer.concat([u32(payload.length + 8), Buffer.from(type, 'latin1'), payload]);
}

const fullBox = (type, flags, ...parts) => box(type, u32(flags), ...parts);
const zeros = (count) => Buffer.alloc(count);
const kMatrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));

/**
 * @param {{durationMs: number, bytes?: number}} options  `bytes`: of the media data
 * @returns {Buffer}
 */
export function makeMp4({ durationMs, bytes = 200_000 }) {
  const times = Buffer.concat([u32(0), u32(0), u32(1000), u32(durationMs)]);
  const samples = Math.max(1, Math.round(durationMs / 40));
  const mvhd = fullBox('mvhd', 0, times, u32(0x10000), u16(0x100), zeros(10), kMatrix, zeros(24), u32(2));
  const tkhd = fullBox(
    'tkhd',
    3,
    u32(0),
    u32(0),
    u32(1),
    u32(0),
    u32(durationMs),
    zeros(16),
    kMatrix,
    u32(640 << 16),
    u32(480 << 16),
  );
  const stbl = box(
    'stbl',
    fullBox('stsd', 0, u32(0)),
    fullBox('stts', 0, u32(1), u32(samples), u32(40)),
    fullBox('stsz', 0, u32(Math.floor(bytes / samples)), u32(samples)),
  );
  const hdlr = fullBox('hdlr', 0, u32(0), Buffer.from('vide'), zeros(13));
  const mdia = box('mdia', fullBox('mdhd', 0, times, zeros(4)), hdlr, box('minf', stbl));
  const data = Buffer.alloc(bytes);
  let state = 7;
  for (let i = 0; i < bytes; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return Buffer.concat([
    box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isommp42')),
    box('moov', mvhd, box('trak', tkhd, mdia)),
    box('mdat', data),
  ]);
}
