// Nothing but the picture goes out: a text that is planted at any other place of any file is not in what is prepared, and
// what is prepared has the parts that make a picture and no others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { filesWithNeedles, NEEDLE } from '../fixtures/needles.mjs';
import { loadCodecs, loadCore, withBytes } from './core.mjs';

const core = await loadCore();
const codecs = await loadCodecs();
const CORE_FORMATS = ['jpeg', 'png', 'bmp'];

/** @param {Buffer} file @param {object} [options] */
const prepare = (file, options) =>
  withBytes(core, [file], ([part]) => {
    const module = CORE_FORMATS.includes(core.sniffImage(...part)) ? core : codecs;
    return module === core
      ? core.prepareImage(...part, options)
      : withBytes(codecs, [file], ([own]) => codecs.prepareImage(...own, options));
  });

/** The marker segments of a JPEG, from SOI to EOI with nothing between or behind. @param {Buffer} jpeg */
function segmentsOf(jpeg) {
  const codes = [];
  let at = 2;
  assert.equal(jpeg.readUInt16BE(0), 0xffd8);
  for (;;) {
    assert.equal(jpeg[at], 0xff);
    const code = jpeg[at + 1];
    codes.push(code);
    if (code === 0xd9) break;
    at += 2 + jpeg.readUInt16BE(at + 2);
    if (code !== 0xda) continue;
    while (!(jpeg[at] === 0xff && jpeg[at + 1] !== 0)) at += 1;
  }
  assert.equal(at + 2, jpeg.length, 'nothing behind EOI');
  return codes;
}

/** The chunks of a PNG. @param {Buffer} png @returns {[string, Buffer][]} */
function chunksOf(png) {
  const chunks = [];
  let at = 8;
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    chunks.push([png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  assert.equal(at, png.length);
  return chunks;
}

/** @param {Buffer} bytes what goes out @param {string} what */
function assertOnlyAPicture(bytes, what) {
  assert.ok(!bytes.includes(NEEDLE), what);
  if (bytes[0] === 0xff) {
    assert.deepEqual(segmentsOf(bytes), [0xe0, 0xdb, 0xc0, 0xc4, 0xda, 0xd9], what);
    return;
  }
  const chunks = chunksOf(bytes);
  const names = chunks.map(([type]) => type).join(' ');
  assert.match(names, /^IHDR (PLTE )?IDAT IEND$/, what);
  const rows = inflateSync(chunks.find(([type]) => type === 'IDAT')[1]);
  assert.ok(!rows.includes(NEEDLE), what);
}

for (const [format, files] of Object.entries(filesWithNeedles())) {
  test(`${format}: no needle gets out of any of ${Object.keys(files).length} places`, () => {
    for (const [place, file] of Object.entries(files)) {
      const what = `${format}, ${place}`;
      // Once as it is, and once so small that it has to be encoded.
      for (const options of [{}, { maxEdge: 16 }]) {
        const record = prepare(file, options);
        assert.equal(record.code, '', what);
        const bytes = Buffer.from(record.bytes);
        assertOnlyAPicture(bytes, what);
        const again = prepare(bytes, options);
        assert.equal(again.lossless, true, what);
        assert.deepEqual(Buffer.from(again.bytes), bytes, `${what}: prepared twice`);
      }
    }
  });
}
