// Writes the figures of docs/benchmarks.md: results as JSON, the charts drawn from them, and the text in both languages.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { chartOf } from './chart.mjs';
import { withBlock } from './report.mjs';

const FOLDER = join(root, 'web/demo/figures');
const RESULTS = join(FOLDER, 'benchmark.json');
/** @type {{lang: 'en' | 'zh', page: string, chart: string}[]} */
export const LANGUAGES = [
  { lang: 'en', page: 'docs/benchmarks.md', chart: 'benchmark.svg' },
  { lang: 'zh', page: 'docs/zh-CN/benchmarks.md', chart: 'benchmark.zh-CN.svg' },
];

/** @returns {Promise<import('./report.mjs').Results | null>} what was measured for this version, if it was */
export async function readResults() {
  const text = await readFile(RESULTS, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** @param {import('./report.mjs').Results | null} results @returns {Promise<Map<string, string>>} path -> what it should hold */
export async function figuresOf(results) {
  const files = new Map();
  for (const { lang, page, chart } of LANGUAGES) {
    const path = join(root, page);
    files.set(path, withBlock(await readFile(path, 'utf8'), results, lang));
    if (results) files.set(join(FOLDER, chart), chartOf(results, lang));
  }
  return files;
}

/** @param {import('./report.mjs').Results} results */
export async function writeFigures(results) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  for (const [path, text] of await figuresOf(results)) await writeFile(path, text);
}
