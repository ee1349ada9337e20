// Who codes a small picture within a number of bytes: netocr-wasm in Node, mozjpeg in 4:2:0 and 4:4:4 at the best quality that fits,
// and a canvas in Chromium.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../../web/client/node/index.js';
import { searchByHalves } from '../../../web/demo/benchmark/recipes.js';
import { makePng } from '../../fixtures/make-images.mjs';
import { COMPETITORS } from '../competitors.mjs';
import { launch, openPagePeer } from '../peer.mjs';
import { startFileServer } from '../server.mjs';

/** @typedef {import('./pictures.mjs').Picture} Picture */
/** @typedef {{name: string, encode: (picture: Picture, maxBytes: number) => Promise<Uint8Array>}} Encoder */

const SUBSAMPLED = { '4:2:0': 2, '4:4:4': 1 }; // mozjpeg's chroma_subsample

/** @param {string} modules a folder of packages @returns {Promise<Encoder[]>} */
async function mozjpegs(modules) {
  const folder = join(modules, '@jsquash/jpeg');
  const { default: encode, init } = await import(join(folder, 'encode.js'));
  await init(await WebAssembly.compile(await readFile(join(folder, 'codec/enc/mozjpeg_enc.wasm'))));
  return Object.entries(SUBSAMPLED).map(([name, chroma_subsample]) => ({
    name: `mozjpeg ${name}`,
    encode: ({ width, height, rgb }, maxBytes) => {
      const data = new Uint8ClampedArray(4 * width * height).fill(255);
      for (let i = 0; i < width * height; i += 1) data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
      const options = { auto_subsample: false, chroma_subsample };
      return searchByHalves(
        async (quality) => new Uint8Array(await encode({ data, width, height }, { ...options, quality })),
        maxBytes,
      );
    },
  }));
}

/**
 * @param {{modules: string, browser: string, folder: string}} setting folder: for files that pass through
 * @returns {Promise<{encoders: Encoder[], close: () => Promise<void>}>}
 */
export async function openEncoders({ modules, browser: path, folder }) {
  const client = createClient({ endpoint: 'http://127.0.0.1/' });
  const picturePath = join(folder, 'small.png');
  const server = await startFileServer({ modules, photos: new Map([['small.png', picturePath]]) });
  const browser = await launch(path);
  const canvas = COMPETITORS.find(({ name }) => name === 'canvas');
  if (!canvas) throw new Error('canvas is no competitor');
  const peer = await openPagePeer(canvas, browser, server.origin);
  await peer.load();
  return {
    encoders: [
      {
        name: 'ours',
        encode: async (picture, maxBytes) =>
          (await client.prepareImage(makePng(picture), { maxBytes })).bytes,
      },
      ...(await mozjpegs(modules)),
      {
        name: 'canvas',
        encode: async (picture, maxBytes) => {
          const png = makePng(picture);
          await writeFile(picturePath, png);
          await peer.give({ name: 'small.png', path: picturePath, type: 'image/png', bytes: png.length });
          await peer.run({ maxBytes, maxEdge: 1600 });
          return peer.output();
        },
      },
    ],
    close: async () => {
      await browser.close();
      await server.close();
      client.close();
    },
  };
}
