// The photos of the benchmark: those of a folder, or generated ones that are kept in build/bench/photos.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createPhotoPainter } from '../../web/demo/benchmark/made-photo.js';
import { makePng, withOrientation } from '../fixtures/make-images.mjs';

/** @typedef {{name: string, path: string, type: string, bytes: number}} Photo */

const TYPES = { '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png' };

/** Changes when the pictures below change, so that older files are not taken. */
const SERIES = 'made-1';

/** As phones take them: 4:2:0, quality 95, one of them sideways. */
const MADE = {
  '12mp.jpg': { width: 4032, height: 3024, seed: 1, orientation: 6 },
  '12mp-progressive.jpg': { width: 4032, height: 3024, seed: 1, more: ['-progressive'] },
  '12mp.png': { width: 4032, height: 3024, seed: 2 },
};
const LARGE = { '48mp.jpg': { width: 8064, height: 6048, seed: 3 } };

/** @param {{width: number, height: number, seed: number}} size @returns {Buffer} three bytes a pixel */
function paint({ width, height, seed }) {
  const next = createPhotoPainter({ width, height, seed });
  const rgb = Buffer.alloc(3 * width * height);
  const row = new Uint8ClampedArray(4 * width);
  for (let y = 0, at = 0; y < height; y += 1) {
    next(row, 1);
    for (let i = 0; i < row.length; i += 4, at += 3) {
      rgb[at] = row[i];
      rgb[at + 1] = row[i + 1];
      rgb[at + 2] = row[i + 2];
    }
  }
  return rgb;
}

/** @param {string} name @param {any} recipe @returns {Buffer} */
function makeFile(name, { width, height, seed, orientation = 1, more = [] }) {
  const rgb = paint({ width, height, seed });
  if (name.endsWith('.png')) return makePng({ width, height, rgb });
  const input = Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), rgb]);
  const args = ['-quality', '95', '-sample', '2x2', '-optimize', ...more];
  const jpeg = execFileSync('cjpeg', args, { input, maxBuffer: 256 << 20 });
  return orientation === 1 ? jpeg : withOrientation(jpeg, orientation);
}

/**
 * @param {string} folder where they are kept
 * @param {{large?: boolean, report?: (text: string) => void}} [options]
 * @returns {Promise<Photo[]>}
 */
export async function makePhotos(folder, { large = false, report = () => {} } = {}) {
  const target = join(folder, SERIES);
  await mkdir(target, { recursive: true });
  const wanted = { ...MADE, ...(large ? LARGE : {}) };
  for (const [name, recipe] of Object.entries(wanted)) {
    const path = join(target, name);
    if (await stat(path).catch(() => null)) continue;
    report(`making ${name}`);
    await writeFile(`${path}.tmp`, makeFile(name, recipe));
    await rename(`${path}.tmp`, path);
  }
  const photos = await readPhotos(target);
  return Object.keys(wanted).map((name) => photos.find((photo) => photo.name === name));
}

/** @param {string} folder @returns {Promise<Photo[]>} its JPEG and PNG files, by name */
export async function readPhotos(folder) {
  const names = (await readdir(folder)).filter((name) => extname(name).toLowerCase() in TYPES).sort();
  if (names.length === 0) throw new Error(`${folder} has no .jpg, .jpeg or .png`);
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const bytes = (await readFile(path)).length;
      return { name: basename(name), path, type: TYPES[extname(name).toLowerCase()], bytes };
    }),
  );
}
