// The small pictures of the benchmark, without loss: photos of a folder scaled to 512 and 768 pixels, parts of the largest one at its
// full size, and a drawn card. Without a folder, parts of made photos stand for them.
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createPhotoPainter } from '../../../web/demo/benchmark/made-photo.js';
import { drawCard } from '../../fixtures/draw-card.mjs';

/** @typedef {{name: string, width: number, height: number, rgb: Buffer}} Picture three bytes a pixel */

const PHOTOS = /\.(jpe?g|png|webp)$/i;
const EDGES = [512, 768];
const CROPS = 12;
const CROP = { width: 768, height: 512 };
/** Parts of a folder of photos that are the same picture in other formats. */
const SAME = /prog|cmyk|^o[2-8]\./;

/** Numbers in [0, 1), the same ones each time. */
function makeRandom() {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {string} name @param {Buffer} ppm @returns {Picture} */
function pictureOf(name, ppm) {
  const [head, width, height] = /** @type {RegExpExecArray} */ (
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 60).toString('latin1'))
  );
  return { name, width: Number(width), height: Number(height), rgb: ppm.subarray(head.length) };
}

/** @param {string} name @param {string[]} args of ImageMagick */
const converted = (name, args) =>
  pictureOf(name, execFileSync('convert', [...args, '-depth', '8', 'ppm:-'], { maxBuffer: 1 << 30 }));

/** @param {string} path of a photo @returns {Picture[]} */
function cropsOf(path) {
  const [width, height] = execFileSync('identify', ['-format', '%w %h', path])
    .toString()
    .split(' ')
    .map(Number);
  if (width < 2 * CROP.width || height < 2 * CROP.height) return [];
  const random = makeRandom();
  return Array.from({ length: CROPS }, (_, i) => {
    const [left, top] = [width - CROP.width, height - CROP.height].map((room) => Math.floor(random() * room));
    const region = `${CROP.width}x${CROP.height}+${left}+${top}`;
    return converted(`crop ${i + 1}`, [`${path}[${region}]`, '-strip']);
  });
}

/** @param {string} folder @returns {Promise<string[]>} paths of its photos, and of those in its folders */
async function photosOf(folder) {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => PHOTOS.test(name) && !SAME.test(name.split('/').at(-1) ?? ''))
    .sort()
    .map((name) => join(folder, name));
}

/** @param {string} folder @returns {Promise<Picture[]>} */
async function fromFolder(folder) {
  const paths = await photosOf(folder);
  const scaled = paths.flatMap((path) =>
    EDGES.map((edge) => {
      const name = `${path.split('/').at(-1)?.slice(0, -extname(path).length)} ${edge}`;
      const args = [path, '-auto-orient', '-strip', '-filter', 'Lanczos', '-resize', `${edge}x${edge}`];
      return converted(name, args);
    }),
  );
  const areas = paths.map((path) => Number(execFileSync('identify', ['-format', '%[fx:w*h]', path])));
  return [...scaled, ...cropsOf(paths[areas.indexOf(Math.max(...areas))])];
}

/** @param {number} seed @returns {Picture} a part of a made photo, at its full size */
function madeCrop(seed) {
  const whole = { width: 2400, height: 1800 };
  const left = (seed * 397) % (whole.width - CROP.width);
  const next = createPhotoPainter({ ...whole, seed });
  const row = new Uint8ClampedArray(4 * whole.width);
  const rgb = Buffer.alloc(3 * CROP.width * CROP.height);
  const top = 500 + 40 * seed;
  for (let y = 0; y < top + CROP.height; y += 1) {
    next(row, 1);
    for (let x = 0; y >= top && x < CROP.width; x += 1) {
      const to = 3 * ((y - top) * CROP.width + x);
      for (let c = 0; c < 3; c += 1) rgb[to + c] = row[4 * (left + x) + c];
    }
  }
  return { name: `made ${seed}`, ...CROP, rgb };
}

/** @param {string} [folder] of photos @returns {Promise<Picture[]>} */
export async function smallPictures(folder) {
  const photos = folder ? await fromFolder(folder) : [1, 2, 3, 4].map(madeCrop);
  return [{ name: 'card', ...drawCard() }, ...photos];
}
