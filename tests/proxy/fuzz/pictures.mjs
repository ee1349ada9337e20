// Fuzz target for the sniffing of pictures: the patterns against a reader that compares bytes.
import assert from 'node:assert/strict';
import { pictureKindOf, SNIFF_BYTES } from '../../../web/proxy/body/picture-kind.js';

const SIGNATURES = [
  ['\xff\xd8\xff', 'jpg', 'image/jpeg'],
  ['\x89PNG\r\n\x1a\n', 'png', 'image/png'],
  ['II*\0', 'tif', 'image/tiff'],
  ['MM\0*', 'tif', 'image/tiff'],
  ['II+\0\b\0\0\0', 'tif', 'image/tiff'],
  ['MM\0+\0\b\0\0', 'tif', 'image/tiff'],
  ['\xff\x4f\xff\x51', 'j2k', 'application/octet-stream'],
  ...[...'\xa2\xa4\xa5\xa6\xa8'].map((end) => [`\xff\xa0\xff${end}`, 'wsq', 'application/octet-stream']),
];
const JP2 = '\0\0\0\x0cjP  \r\n\x87\n';
const MOTION = 'ftypmjp2';

/** @param {Buffer} bytes of a whole file */
export function kindOf(bytes) {
  const text = bytes.toString('latin1', 0, SNIFF_BYTES);
  const [, extension, type] = SIGNATURES.find(([begins]) => text.startsWith(begins)) ?? [];
  if (extension) return { extension, type };
  if (text.startsWith(JP2) && text.slice(16, 24) !== MOTION) return { extension: 'jp2', type: 'image/jp2' };
  const headerBytes = text.startsWith('BM') && bytes.length >= 18 ? bytes.readUInt32LE(14) : 0;
  if (headerBytes >= 12 && headerBytes <= 2048) return { extension: 'bmp', type: 'image/bmp' };
  return { extension: 'bin', type: 'application/octet-stream' };
}

const BMP_SIZES = [
  '\x0b',
  '\x0c',
  '\x28',
  '\xff',
  '\0\x01',
  '\xff\x07',
  '\0\x08',
  '\x01\x08',
  '\0\x09',
  '\0',
];
const BMPS = BMP_SIZES.map((size) => `BM${'x'.repeat(12)}${size.padEnd(4, '\0')}`);
const BEGINNINGS = [...SIGNATURES.map(([begins]) => begins), JP2, `${JP2}\0\0\0\x14${MOTION}`, ...BMPS, ''];

/** @type {Record<string, import('./play.mjs').Target>} */
export const PICTURE_TARGETS = {
  picture: {
    make(random) {
      const any = Array.from({ length: random(40) }, () => String.fromCharCode(random(256))).join('');
      const text = BEGINNINGS[random(BEGINNINGS.length)] + any;
      if (random(2)) return text;
      const at = random(text.length + 1);
      const other = random(4) ? String.fromCharCode(random(256)) : '';
      return text.slice(0, at) + other + text.slice(at + random(2));
    },
    check(text) {
      const bytes = Buffer.from(text, 'latin1');
      const kind = pictureKindOf(bytes);
      assert.deepEqual(kind, kindOf(bytes));
      assert.deepEqual(pictureKindOf(bytes.subarray(0, SNIFF_BYTES)), kind, 'the first bytes say it all');
      return kind.extension !== 'bin';
    },
  },
};
