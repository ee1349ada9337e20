// Real HEVC: WebKitGTK decodes it by GStreamer, which set-up installs. heif-convert is the second opinion.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { byHeifConvert } from '../fixtures/heif-convert.mjs';
import { clap, codeHevc, imir, irot, makeGridHeic, makeHeic } from '../fixtures/make-heic.mjs';
import { decodeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { cropped, difference } from '../fixtures/turned-pixels.mjs';
import { kBlankPath, startStaticServer } from './static-server.mjs';
import { launchWebkit } from './webkit.mjs';

let browser;
let site;

before(async () => {
  site = await startStaticServer();
  browser = await launchWebkit();
  await browser.open(site.origin + kBlankPath);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** The picture, and how many parts the browser's decoder was given. */
async function prepare(file) {
  const prepared = await browser.run(
    `const { createClient } = await import('/web/client/index.js');
    const bytes = Uint8Array.from(atob(args[0]), (c) => c.charCodeAt(0));
    const { decode } = VideoDecoder.prototype;
    let parts = 0;
    VideoDecoder.prototype.decode = function (chunk) {
      parts += 1;
      return decode.call(this, chunk);
    };
    // In this thread, where the calls are seen.
    const client = createClient({ endpoint: '/netocr', workers: 0 });
    try {
      const { width, height, warnings, bytes: made } = await client.prepareImage(bytes);
      return { width, height, warnings, parts, bytes: [...made] };
    } catch ({ code, detail }) {
      return { code, detail };
    } finally {
      VideoDecoder.prototype.decode = decode;
      client.close();
    }`,
    file.toString('base64'),
  );
  assert.equal(prepared.code, undefined, prepared.detail);
  return { ...prepared, picture: decodeJpeg(Buffer.from(prepared.bytes)) };
}

async function assertLikeHeifConvert(file, parts) {
  const prepared = await prepare(file);
  const mean = difference(prepared.picture, byHeifConvert(file));
  assert.ok(mean < 2, `mean difference ${mean}`);
  assert.deepEqual([prepared.parts, prepared.warnings], [parts, []]);
}

const pixels = photoPixels(512, 384, 8);
const code = (of, ...more) => codeHevc(of, ['-p', 'chroma=420', ...more]);

const CODINGS = {
  'BT.601, full range': ['--matrix_coefficients=6', '--full_range_flag=1'],
  'BT.601, limited range': ['--matrix_coefficients=6', '--full_range_flag=0'],
  'BT.709, full range': ['--matrix_coefficients=1', '--full_range_flag=1'],
  'BT.709, limited range': ['--matrix_coefficients=1', '--full_range_flag=0'],
};
for (const [name, options] of Object.entries(CODINGS)) {
  test(`${name}: as heif-convert decodes it`, () =>
    assertLikeHeifConvert(makeHeic([{ coded: code(pixels, ...options) }]), 1));
}

test('a grid of 4 x 3 tiles, cropped and turned', () => {
  const tiles = Array.from({ length: 12 }, (_, i) =>
    code(cropped(128, 128, (i % 4) * 128 - 192, Math.floor(i / 4) * 128 - 128)(pixels)),
  );
  const grid = { columns: 4, rows: 3, width: 500, height: 380, inData: true };
  return assertLikeHeifConvert(
    makeGridHeic(tiles, { ...grid, properties: [clap(420, 300, 20, -10), irot(1), imir(1)] }),
    12,
  );
});

test('4:4:4 is left to the named decoder; without one the error says what helps', async () => {
  const file = makeHeic([{ coded: codeHevc(pixels) }]);
  const outcome = await browser.run(
    `const { createClient } = await import('/web/client/index.js');
    const bytes = Uint8Array.from(atob(args[0]), (c) => c.charCodeAt(0));
    const client = createClient({ endpoint: '/netocr', workers: 0 });
    return client.prepareImage(bytes).then(() => 'prepared', ({ code, detail }) => ({ code, detail }));`,
    file.toString('base64'),
  );
  assert.equal(outcome.code, 'UNSUPPORTED_FORMAT');
  assert.match(outcome.detail, /camera settings/);
});
