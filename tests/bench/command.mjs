// `npm run bench` in a browser: compares, prints, writes.
import { writeFile } from 'node:fs/promises';
import { chartOf } from './chart.mjs';
import { compare } from './compare.mjs';
import { writeFigures } from './figures.mjs';
import { textReport } from './report.mjs';

/** @param {Record<string, any>} options of scripts/bench.mjs */
export async function compareInBrowser(options) {
  const results = await compare({
    photos: options.photos,
    large: options.large,
    only: options.only?.split(','),
    rounds: options.runs,
    browser: options.browser ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
    scorer: process.env.SSIMULACRA2,
    report: (text) => console.error(text),
  });
  console.log(textReport(results));
  if (options.json) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.chart) await writeFile(options.chart, chartOf(results, 'en'));
  if (options.readme) await writeFigures(results);
}
