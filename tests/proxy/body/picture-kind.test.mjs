// The proxy's table of first bytes against the core's: tests/contract/sniff.json says what the core recognises.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { pictureKindOf, SNIFF_BYTES } from '../../../web/proxy/body/picture-kind.js';

const { sniff } = JSON.parse(readFileSync(new URL('../../contract/sniff.json', import.meta.url), 'utf8'));

const EXTENSIONS = {
  jpeg: 'jpg',
  png: 'png',
  bmp: 'bmp',
  tiff: 'tif',
  wsq: 'wsq',
  jp2: 'jp2',
  j2k: 'j2k',
};
const extensionOf = (image) => EXTENSIONS[image] ?? 'bin';

test('every file of the contract has the extension of what the core takes it for, where the service knows the kind', () => {
  const seen = new Set();
  for (const { name, input, expect } of sniff) {
    const bytes = Buffer.from(input.base64, 'base64');
    assert.equal(pictureKindOf(bytes).extension, extensionOf(expect.image), name);
    assert.equal(pictureKindOf(bytes.subarray(0, SNIFF_BYTES)).extension, extensionOf(expect.image), name);
    seen.add(extensionOf(expect.image));
  }
  assert.deepEqual(
    [...seen].sort(),
    [...Object.values(EXTENSIONS), 'bin'].sort(),
    'every kind is among them',
  );
});

test('limits of the signatures', () => {
  const bmp = (size) => [0x42, 0x4d, ...new Array(12).fill(1), size & 255, (size >> 8) & 255, size >> 16, 0];
  const table = [
    [bmp(11), 'bin'],
    [bmp(12), 'bmp'],
    [bmp(2048), 'bmp'],
    [bmp(2049), 'bin'],
    [bmp(65_536 + 40), 'bin'],
    [[0xff, 0xa0, 0xff, 0xa3], 'bin'],
    [[0xff, 0xa0, 0xff, 0xa7], 'bin'],
    [Buffer.from('II+\0\x08\0\0\0', 'latin1'), 'tif'],
    [Buffer.from('MM\0+\0\x08\0\0', 'latin1'), 'tif'],
    [Buffer.from('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypmjp2', 'latin1'), 'bin'],
  ];
  for (const [bytes, extension] of table) {
    assert.equal(
      pictureKindOf(Uint8Array.from(bytes)).extension,
      extension,
      Buffer.from(bytes).toString('latin1'),
    );
  }
});
