// The JPEGs for the comparison of decoders: the generated photos of the benchmark, at full size and as prepareImage requests
// them by default.
import { readFile } from 'node:fs/promises';
import { makePhotos } from '../photos.mjs';

const FULL = { width: 65_535, height: 65_535 };
/** 4:3 within `maxEdge`. */
const SMALL = { width: 1600, height: 1200 };

/** @typedef {{width: number, height: number}} Size */
/**
 * @typedef {{name: string, file: Buffer, wanted: Size, isExact: boolean}} Photo isExact: every decoder gives the same samples,
 *   which is so at full size
 */

/**
 * @param {string} folder @param {(text: string) => void} report
 * @returns {Promise<{timed: Photo[], large: Photo}>} large: for the memory that it takes
 */
export async function makeJpegs(folder, report) {
  const stored = await makePhotos(folder, { large: true, report });
  const read = async (/** @type {string} */ name) =>
    readFile(/** @type {{path: string}} */ (stored.find((photo) => photo.name === name)).path);
  const [camera, progressive, large] = await Promise.all(
    ['12mp.jpg', '12mp-progressive.jpg', '48mp.jpg'].map(read),
  );
  return {
    timed: [
      { name: 'JPEG, 12 MP, at full size', file: camera, wanted: FULL, isExact: true },
      { name: 'JPEG, 12 MP, for 1600 x 1200', file: camera, wanted: SMALL, isExact: false },
      { name: 'progressive JPEG, 12 MP, at full size', file: progressive, wanted: FULL, isExact: true },
      { name: 'progressive JPEG, 12 MP, for 1600 x 1200', file: progressive, wanted: SMALL, isExact: false },
    ],
    large: { name: 'JPEG, 48 MP, for 1600 x 1200', file: large, wanted: SMALL, isExact: false },
  };
}
