// The table of small pictures: the score of each encoder's file within 204,800 and 60,000 bytes. The score is SSIMULACRA2 by the
// program that $SSIMULACRA2 names, else the mean SSIM of red, green and blue times 100.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ssim } from '../../../web/demo/benchmark/ssim.js';
import { decodeJpeg, decodePng, makePng } from '../../fixtures/make-images.mjs';
import { openEncoders } from './encoders.mjs';
import { smallPictures } from './pictures.mjs';

/** @typedef {import('./pictures.mjs').Picture} Picture */
/** @typedef {{picture: string, maxBytes: number, scores: Record<string, number>}} Row */

export const BUDGETS = [204_800, 60_000];

const isPng = (/** @type {Uint8Array} */ file) => file[0] === 0x89;

/** @param {Picture} picture @param {{width: number, height: number, rgb: Uint8Array}} decoded */
function colourSsim(picture, decoded) {
  const channel = ({ width, height, rgb }, c) => ({
    width,
    height,
    rgb: Uint8Array.from(rgb, (_, i) => rgb[i - (i % 3) + c]),
  });
  return [0, 1, 2].reduce((sum, c) => sum + ssim(channel(picture, c), channel(decoded, c)), 0) / 3;
}

/**
 * Both pictures are given as PNGs without gAMA and cHRM: one program decoded all files, and nothing converts their colours.
 * @param {Picture} picture @param {Uint8Array} file @param {{scorer?: string, folder: string}} setting
 */
async function scoreOf(picture, file, { scorer, folder }) {
  const decoded = isPng(file) ? decodePng(file) : decodeJpeg(file);
  if (!scorer) return 100 * colourSsim(picture, decoded);
  const [reference, compared] = ['small-reference.png', 'small-compared.png'].map((name) =>
    join(folder, name),
  );
  await writeFile(reference, makePng(picture));
  await writeFile(compared, makePng(decoded));
  return Number.parseFloat((await promisify(execFile)(scorer, [reference, compared])).stdout);
}

/**
 * @param {{photos?: string, modules: string, browser: string, folder: string, scorer?: string, report: (text: string) => void}} setting
 * @returns {Promise<{measure: string, rows: Row[]}>}
 */
export async function compareSmall(setting) {
  const { encoders, close } = await openEncoders(setting);
  /** @type {Row[]} */
  const rows = [];
  try {
    for (const picture of await smallPictures(setting.photos)) {
      setting.report(`small pictures: ${picture.name}`);
      for (const maxBytes of BUDGETS) {
        /** @type {Record<string, number>} */
        const scores = {};
        for (const { name, encode } of encoders) {
          scores[name] = await scoreOf(picture, await encode(picture, maxBytes), setting);
        }
        rows.push({ picture: picture.name, maxBytes, scores });
      }
    }
  } finally {
    await close();
  }
  return { measure: setting.scorer ? 'SSIMULACRA2' : 'SSIM of red, green and blue, times 100', rows };
}
