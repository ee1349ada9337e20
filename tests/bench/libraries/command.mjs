// `npm run bench -- --libraries`: compares our own inflate, filters, XML path and JPEG decoder with libraries that could
// replace them, all in WebAssembly: time, size, memory. docs/architecture.md has the figures and the decisions based on
// them.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliSize } from '../../../scripts/check-size.mjs';
import { buildDir } from '../../../scripts/lib/paths.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { runSteps } from '../../../scripts/lib/steps.mjs';
import { buildModules } from './build.mjs';
import { compareTimes } from './measure.mjs';
import { FIRST, NONE, PLANES, ROWS, XML } from './modules.mjs';
import { makeJpegs } from './photos.mjs';
import { makePictures } from './pictures.mjs';
import { textReport } from './report.mjs';

const FIRST_ROUNDS = 5;
const PICTURES = join(buildDir, 'bench/libraries');
const PHOTOS = join(buildDir, 'bench/photos');
/** @param {string} name */
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @param {string} folder @returns {Promise<{module: string, raw: number, brotli: number}[]>} bytes over those of no library */
async function sizes(folder) {
  const measure = async (/** @type {string} */ module) => {
    const wasm = await readFile(join(folder, `${module}.wasm`));
    return { module, raw: wasm.length, brotli: brotliSize(wasm) };
  };
  const rows = [];
  for (const [names, none] of /** @type {const} */ ([
    [ROWS, NONE.rows],
    [XML, NONE.xml],
    [PLANES, NONE.planes],
  ])) {
    const base = await measure(none);
    for (const { module, raw, brotli } of await Promise.all(names.map(measure)))
      rows.push({ module, raw: raw - base.raw, brotli: brotli - base.brotli });
  }
  return rows;
}

/** @param {string} folder @param {(text: string) => void} report */
async function firstPictures(folder, report) {
  const { timed } = await makePictures(PICTURES, report);
  const rows = [];
  for (const { name, path } of timed) {
    report(`first picture of a process: ${name}`);
    const times = FIRST.map(() => /** @type {number[]} */ ([]));
    for (let round = 0; round < FIRST_ROUNDS; round += 1)
      for (const [i, module] of FIRST.entries()) {
        const { output } = await run(process.execPath, [script('first.mjs'), folder, module, path]);
        times[i].push(Number(output));
      }
    rows.push({ name, rows: compareTimes(FIRST, times) });
  }
  return rows;
}

/** @param {{runs: number, json?: string}} options runs: rounds of the main figures */
export async function compareLibraries({ runs, json }) {
  let folder = '';
  await runSteps([
    {
      title: 'building our code and the libraries beside it',
      run: async (report) => {
        folder = await buildModules(report);
      },
    },
  ]);
  const report = (/** @type {string} */ text) => console.error(text);
  await makePictures(PICTURES, report);
  await makeJpegs(PHOTOS, report);
  const args = ['--no-liftoff', script('steady.mjs'), folder, PICTURES, PHOTOS, String(runs)];
  const { output } = await run(process.execPath, args, { log: join(buildDir, 'logs/libraries.log') });
  const results = {
    machine: { cores: availableParallelism(), node: process.versions.node },
    rounds: runs,
    ...JSON.parse(/** @type {string} */ (output.trim().split('\n').at(-1))),
    first: await firstPictures(folder, report),
    sizes: await sizes(folder),
  };
  console.log(textReport(results));
  if (json) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
}
