// The pictures and replies for the comparison of libraries: generated from seeds, kept in build/bench/libraries.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPhotoPainter } from '../../../web/demo/benchmark/made-photo.js';
import { makeFilteredPng } from './png-maker.mjs';

/** @typedef {import('./png-maker.mjs').Raw} Raw */
/** @typedef {{name: string, path: string, file: Buffer, shape: import('./png-maker.mjs').Shape}} Picture */

/** Changes when what is painted below changes, so that older files are not taken. */
const SERIES = 'pictures-1';

/** @param {number} seed @returns {() => number} whole numbers in [0, 2^16) */
function numbersOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
}

/**
 * The made photo of the demo's benchmark, row by row.
 * @param {number} width @param {number} height @param {(rgba: Uint8ClampedArray, y: number) => void} put
 */
function paintPhoto(width, height, put) {
  const next = createPhotoPainter({ width, height, seed: 4 });
  const row = new Uint8ClampedArray(4 * width);
  for (let y = 0; y < height; y += 1) {
    next(row, 1);
    put(row, y);
  }
}

/** @param {number} width @param {number} height @param {number} [mask] which bits of a sample stay @returns {Raw} */
function photo(width, height, mask = 255) {
  const samples = Buffer.alloc(3 * width * height);
  paintPhoto(width, height, (row, y) => {
    for (let x = 0, at = 3 * width * y; x < width; x += 1, at += 3)
      for (let c = 0; c < 3; c += 1) samples[at + c] = row[4 * x + c] & mask;
  });
  return { width, height, depth: 8, type: 2, samples };
}

/** A photo with bits of noise below the eight. @returns {Raw} */
function photo16(width, height) {
  const samples = Buffer.alloc(6 * width * height);
  const random = numbersOf(16);
  paintPhoto(width, height, (row, y) => {
    for (let x = 0, at = 6 * width * y; x < width; x += 1)
      for (let c = 0; c < 3; c += 1, at += 2)
        samples.writeUInt16BE((row[4 * x + c] << 8) | (random() & 255), at);
  });
  return { width, height, depth: 16, type: 2, samples };
}

/** A scan: paper with grain, lines of letters. @returns {Raw} */
function scan(width, height) {
  const samples = Buffer.alloc(width * height);
  const random = numbersOf(8);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) samples[y * width + x] = (isInk(x, y) ? 40 : 232) + (random() & 7);
  return { width, height, depth: 8, type: 0, samples };
}

/** Letters of strokes, 20 px wide and 30 high, in lines. @param {number} x @param {number} y */
function isInk(x, y) {
  const [u, v] = [x % 24, y % 48];
  if (v >= 30 || u >= 20 || x % 960 > 880) return false;
  const letter = (Math.floor(x / 24) * 7 + Math.floor(y / 48) * 13) % 16;
  const strokes = [u < 4, u > 15, v < 4, v > 25, Math.abs(v - 15) < 2, Math.abs(u - 10) < 2];
  return strokes.some((isStroke, i) => isStroke && (letter >> (i % 4)) & 1);
}

/** A phone's screen: bars, cards with text, a picture with a gradient; opaque RGBA. @returns {Raw} */
function screen(width, height) {
  const samples = Buffer.alloc(4 * width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0, at = 4 * width * y; x < width; x += 1, at += 4) {
      const inCard = x % 720 > 40 && y % 520 > 60;
      let colour = inCard ? [255, 255, 255] : [242, 243, 247];
      if (y < 120) colour = [22, 119, 255];
      else if (inCard && isInk(x, y)) colour = [51, 54, 57];
      else if (y > 1600 && y < 2200) colour = [(x * 255) / width, ((y - 1600) * 255) / 600, 160];
      samples.set([...colour.map(Math.trunc), 255], at);
    }
  return { width, height, depth: 8, type: 6, samples };
}

/** The photo in 216 colours, with an ordered dither. @returns {Raw} */
function indexed(width, height) {
  const samples = Buffer.alloc(width * height);
  const dither = [0, 32, 8, 40, 48, 16, 56, 24, 12, 44, 4, 36, 60, 28, 52, 20];
  paintPhoto(width, height, (row, y) => {
    for (let x = 0; x < width; x += 1) {
      const add = dither[(y % 4) * 4 + (x % 4)] * 0.8;
      const level = (/** @type {number} */ c) => Math.min(5, Math.floor((row[4 * x + c] + add) / 51));
      samples[y * width + x] = level(0) * 36 + level(1) * 6 + level(2);
    }
  });
  const palette = Buffer.from(
    Array.from({ length: 216 }, (_, i) => [
      Math.floor(i / 36) * 51,
      (Math.floor(i / 6) % 6) * 51,
      (i % 6) * 51,
    ]).flat(),
  );
  return { width, height, depth: 8, type: 3, samples, palette };
}

/** Name -> what is painted. @type {Record<string, () => Raw>} */
const TIMED = {
  'photo, RGB, 12 MP': () => photo(4032, 3024),
  'screen, RGBA, 4.5 MP': () => screen(1440, 3120),
  'photo, 16 bits, 6 MP': () => photo16(3000, 2000),
  'photo, palette, 12 MP': () => indexed(4032, 3024),
  'scan, grey, 12 MP': () => scan(4032, 3024),
};
/** Without its lowest bits, so that the file has fewer bytes than the 64 MiB that the product reads. */
const LARGE = { 'photo, RGB, 48 MP': () => photo(8064, 6048, 0xf0) };

/** @param {string} folder @param {string} name @param {() => Raw} paint @param {(text: string) => void} report @returns {Promise<Picture>} */
async function makeOnce(folder, name, paint, report) {
  const path = join(folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`);
  const stored = await readFile(`${path}.json`, 'utf8').catch(() => null);
  if (stored !== null) return { name, path, file: await readFile(path), shape: JSON.parse(stored) };
  report(`making ${name}`);
  const { file, shape } = makeFilteredPng(paint());
  await writeFile(path, file);
  await writeFile(`${path}.json.tmp`, JSON.stringify(shape));
  await rename(`${path}.json.tmp`, `${path}.json`);
  return { name, path, file, shape };
}

/**
 * @param {string} folder @param {(text: string) => void} report
 * @returns {Promise<{timed: Picture[], large: Picture}>} large: for the memory that it takes
 */
export async function makePictures(folder, report) {
  const target = join(folder, SERIES);
  await mkdir(target, { recursive: true });
  const made = [];
  for (const [name, paint] of Object.entries({ ...TIMED, ...LARGE }))
    made.push(await makeOnce(target, name, paint, report));
  return { timed: made.slice(0, -1), large: /** @type {Picture} */ (made.at(-1)) };
}

/** @param {number} items @returns {string} a reply as the service writes it */
function reply(items) {
  const list = Array.from(
    { length: items },
    (_, i) => `<item desc="住址${i}"><![CDATA[某某省某某市某某路${i}号]]></item>`,
  );
  return (
    "<?xml version='1.0' encoding='UTF-8'?><data><message><status>0</status><value>比对完成</value></message>" +
    `<cardsinfo><card type="21"><item desc="判定值"><![CDATA[0.98207855]]></item>` +
    `<item desc="判定结果"><![CDATA[是]]></item>${list.join('')}</card></cardsinfo></data>`
  );
}

/** @typedef {{name: string, text: Buffer, times: number}} Reply times: how often it is parsed for one figure */

/** @returns {Reply[]} one as they come, and one near the limit of 1 MiB and 65,536 nodes */
export function makeReplies() {
  return [
    { name: 'reply of a face comparison', text: Buffer.from(reply(0)), times: 2000 },
    { name: 'reply with 12 items of a card', text: Buffer.from(reply(12)), times: 1000 },
    { name: 'reply of 0.7 MiB, 10,000 items', text: Buffer.from(reply(10_000)), times: 2 },
  ];
}
