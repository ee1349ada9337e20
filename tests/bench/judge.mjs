// Measures the quality of a competitor's file against the exact resampled picture: SSIM in a page (the demo's own functions),
// and SSIMULACRA2 by the program in $SSIMULACRA2.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePng } from '../fixtures/make-images.mjs';
import { BUDGET } from './measure.mjs';
import { launch, openPage } from './peer.mjs';

/**
 * @param {import('./photos.mjs').Photo} photo @param {import('./measure.mjs').Setting} setting
 * @param {string | undefined} program prints the score of (reference, file)
 */
export async function openJudge(photo, setting, program) {
  const folder = join(setting.folder, 'out', photo.name);
  await mkdir(folder, { recursive: true });
  const browser = await launch(setting.browser);
  const page = await openPage(browser, setting.origin);
  const url = `/photos/${encodeURIComponent(photo.name)}`;
  await page.evaluate((args) => bench.fetchPhoto(...args), [url, photo.type]);
  const { width, height, rgb } = await page.evaluate((edge) => bench.makeReference(edge), BUDGET.maxEdge);
  const reference = join(folder, 'reference.png');
  await writeFile(reference, makePng({ width, height, rgb: Buffer.from(rgb, 'base64') }));

  return {
    /** @param {string} name of the competitor @param {Buffer} output */
    async judge(name, output) {
      const file = join(folder, `${name}.jpg`);
      await writeFile(file, output);
      const { scaled, ...seen } = await page.evaluate((text) => bench.judge(text), output.toString('base64'));
      const compared = scaled ? join(folder, `${name}.png`) : file;
      if (scaled) await writeFile(compared, Buffer.from(scaled, 'base64'));
      return { ...seen, ssimulacra2: program ? await score(program, reference, compared) : null };
    },
    close: () => browser.close(),
  };
}

/** @param {string} program @param {string} reference @param {string} file */
async function score(program, reference, file) {
  const { stdout } = await promisify(execFile)(program, [reference, file]);
  const value = Number.parseFloat(stdout);
  if (!Number.isFinite(value)) throw new Error(`${program} gave no number`);
  return value;
}
