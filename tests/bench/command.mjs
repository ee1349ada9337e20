// `npm run bench` in a browser: compares, prints and writes the results.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDir } from '../../scripts/lib/paths.mjs';
import { chartOf } from './chart.mjs';
import { compare } from './compare.mjs';
import { writeFigures } from './figures.mjs';
import { installPackages } from './install.mjs';
import { textReport } from './report.mjs';
import { compareSmall } from './small/compare.mjs';
import { smallReport } from './small/report.mjs';

/** @param {string} text */
const report = (text) => console.error(text);
const browserOf = (/** @type {Record<string, any>} */ options) =>
  options.browser ?? process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Pictures that are small for their budget, beside mozjpeg. @param {Record<string, any>} options of scripts/bench.mjs */
export async function compareSmallPictures(options) {
  const folder = join(buildDir, 'bench');
  await mkdir(join(folder, 'out'), { recursive: true });
  const modules = await installPackages(folder, [{ packages: ['@jsquash/jpeg'] }], report);
  const small = await compareSmall({
    photos: options.photos,
    modules,
    browser: browserOf(options),
    folder: join(folder, 'out'),
    scorer: process.env.SSIMULACRA2,
    report,
  });
  console.log(smallReport(small));
  return small;
}

/** @param {Record<string, any>} options of scripts/bench.mjs */
export async function compareInBrowser(options) {
  const results = await compare({
    photos: options.photos,
    large: options.large,
    only: options.only?.split(','),
    rounds: options.runs,
    browser: browserOf(options),
    scorer: process.env.SSIMULACRA2,
    report,
  });
  console.log(textReport(results));
  if (!options.only) await compareSmallPictures(options);
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.chart) await writeFile(options.chart, chartOf(results, 'en'));
  if (options.docs) await writeFigures(results);
}
