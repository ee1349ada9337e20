// Every variant of variants.mjs through the shipped modules: decoded ones look as the picture that they were made of, the
// others end in the error that docs/formats.md tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJpeg } from '../fixtures/make-images.mjs';
import { loadCodecs, loadCore, withBytes } from '../wasm/core.mjs';
import { convert, HEIGHT, referenceOf, WIDTH } from './pictures.mjs';
import { VARIANTS } from './variants.mjs';

const core = await loadCore();
const codecs = await loadCodecs();

/** The formats that only the second module reads. */
const CODECS_FORMATS = ['tiff', 'wsq', 'jp2', 'j2k', 'webp'];

test('each format has one module that reads it', () => {
  assert.deepEqual(core.readableFormats().sort(), ['bmp', 'jpeg', 'png']);
  assert.deepEqual(codecs.readableFormats().sort(), ['bmp', 'jpeg', 'png', ...CODECS_FORMATS].sort());
  assert.deepEqual(
    [...new Set(VARIANTS.map(({ format }) => format))].sort(),
    codecs.readableFormats().sort(),
    'each has its variants here',
  );
});

/** Mean absolute difference of two pictures, over all samples. */
function difference(a, b) {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  let sum = 0;
  for (let at = 0; at < a.rgb.length; at += 1) sum += Math.abs(a.rgb[at] - b.rgb[at]);
  return sum / a.rgb.length;
}

/** The module that the package would use, and what it says of the file. */
function take(file) {
  const format = withBytes(core, [file], ([part]) => core.sniffImage(...part));
  const isLeft = withBytes(core, [file], ([part]) => core.inspectImage(...part).leftToCodecs);
  const module = isLeft ? codecs : core;
  const options = { maxBytes: 10_000_000, maxQuality: 100 };
  const preparedBy = (one) => withBytes(one, [file], ([part]) => one.prepareImage(...part, options));
  const prepared = preparedBy(module);
  return {
    format,
    isLeft,
    info: withBytes(module, [file], ([part]) => module.inspectImage(...part)),
    prepared: prepared.leftToCodecs ? preparedBy(codecs) : prepared,
  };
}

for (const variant of VARIANTS) {
  test(`${variant.format}: ${variant.name}`, () => {
    const makers = [variant.make].flat();
    for (const [index, make] of makers.entries()) {
      const file = make();
      const { format, isLeft, info, prepared } = take(file);
      const expected = variant.isRare ?? CODECS_FORMATS.includes(format);
      assert.deepEqual([format, isLeft], [variant.format, expected]);
      if (variant.code) {
        assert.deepEqual([prepared.ok, prepared.code], [false, variant.code], prepared.detail);
        continue;
      }
      assert.equal(prepared.code, '', prepared.detail);
      assert.deepEqual([info.code, info.decodable, info.width, info.height], ['', true, WIDTH, HEIGHT]);
      assert.deepEqual(prepared.warnings, variant.warnings ?? []);
      const within = [variant.within ?? 3].flat();
      const bound = within[index] ?? within[0];
      const seen = [variant.seen].flat();
      const off = difference(seenIn(prepared), referenceOf(seen[index] ?? seen[0]));
      assert.ok(off <= bound, `file ${index}: off by ${off.toFixed(2)} on average`);
    }
  });
}

/** A PNG may pass through as it is. @returns {import('../fixtures/make-images.mjs').Pixels} */
function seenIn({ format, bytes, width, height }) {
  if (format === 'jpeg') return decodeJpeg(bytes);
  return { width, height, rgb: new Uint8Array(convert(bytes, '-depth', '8', 'rgb:-')) };
}
