// Files that cannot be used, as the person sees it: what the file is, why it cannot be used, and what to do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { convert, pictureOf } from '../formats/pictures.mjs';
import { operation, seen } from './demo-page.mjs';
import { useDemo } from './demo-server.mjs';
import { makeMp4 } from './videos.mjs';

const demo = useDemo({ seed: 3, width: 800, height: 600 });
const withDemo = demo.visit;

const isoFile = (brand) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`),
    Buffer.alloc(64),
  ]);

/** File -> what the slot says: the code, the words for the person, the format that was recognised. */
const kUnusable = [
  {
    name: 'notes.txt',
    buffer: Buffer.from('these are words, not a picture\n'.repeat(20)),
    code: 'UNRECOGNIZED_FORMAT',
    says: /not a photo/,
    original: /^620 B$/,
  },
  {
    name: 'IMG_0001.HEIC',
    buffer: isoFile('heic'),
    code: 'CORRUPT_IMAGE',
    says: /damaged or incomplete/,
    original: /^HEIC · /,
  },
  {
    name: 'photo.jpg',
    buffer: isoFile('avif'),
    code: 'UNSUPPORTED_FORMAT',
    says: /JPEG or PNG/,
    original: /^AVIF · /,
  },
  {
    name: 'card.pdf',
    buffer: Buffer.from(`%PDF-1.7\n${' '.repeat(70)}`),
    code: 'UNSUPPORTED_FORMAT',
    says: /JPEG or PNG/,
    original: /^PDF · /,
  },
  { name: 'empty.jpg', buffer: Buffer.alloc(0), code: 'EMPTY_INPUT', says: /empty/, original: /^0 B$/ },
];

describe('files that cannot be used', () => {
  for (const { name, buffer, code, says, original } of kUnusable) {
    test(`${name}: ${code}`, () =>
      withDemo({}, async (page) => {
        const faces = operation(page, 'compareFaces');
        assert.equal(await faces.give(0, { name, mimeType: 'application/octet-stream', buffer }), 'failed');
        const problem = faces.slot(0).locator('.problem');
        assert.match(await seen(problem), says);
        assert.equal(await seen(problem.locator('code')), code);
        assert.match(await faces.fact(faces.slot(0), 'Original'), original);
        assert.equal(await faces.panel.locator('[data-part="run"]').isDisabled(), true);

        // Another file makes it good again.
        assert.equal(await faces.give(0, demo.photo), 'ready');
        assert.equal(await problem.isHidden(), true);
      }));
  }

  for (const format of ['tiff', 'jp2', 'webp']) {
    test(`a ${format} can be used: the second module reads it`, () =>
      withDemo({}, async (page) => {
        const faces = operation(page, 'compareFaces');
        const buffer = convert(pictureOf('rgb'), `${format}:-`);
        const file = { name: `photo.${format}`, mimeType: 'application/octet-stream', buffer };
        assert.equal(await faces.give(0, file), 'ready');
        assert.match(
          await faces.fact(faces.slot(0), 'Original'),
          /^(TIFF|JPEG 2000 \(JP2\)|WebP) · 150 × 97/,
        );
      }));
  }

  test('a photo that is cut off in its header', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      const buffer = demo.photo.buffer.subarray(0, 60);
      assert.equal(await liveness.give(0, { ...demo.photo, buffer }), 'failed');
      assert.equal(await seen(liveness.slot(0).locator('.problem code')), 'CORRUPT_IMAGE');
    }));

  const kVideos = [
    { name: 'a photo as a video', make: () => demo.photo.buffer, code: 'NOT_A_VIDEO', state: 'failed' },
    {
      name: 'a video of 1 s',
      make: () => makeMp4({ durationMs: 1000 }),
      code: 'VIDEO_TOO_SHORT',
      state: 'ready',
    },
    {
      name: 'a video of 9 s',
      make: () => makeMp4({ durationMs: 9000 }),
      code: 'VIDEO_TOO_LONG',
      state: 'ready',
    },
    {
      name: 'a video over 1 MB',
      make: () => makeMp4({ durationMs: 4000, bytes: 1_200_000 }),
      code: 'VIDEO_TOO_LARGE',
      state: 'ready',
    },
  ];
  for (const { name, make, code, state } of kVideos) {
    test(`${name}: ${code}`, () =>
      withDemo({}, async (page) => {
        const video = operation(page, 'checkVideoLiveness');
        await video.open();
        assert.equal(await video.give(0, { name: 'me.mp4', mimeType: 'video/mp4', buffer: make() }), state);
        if (state === 'failed') {
          assert.equal(await seen(video.slot(0).locator('.problem code')), code);
          return;
        }
        assert.equal(await video.run(), 'error');
        assert.equal((await video.record()).code, code);
      }));
  }
});
