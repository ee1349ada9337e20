// `npm run bench`: netocr-wasm beside the ways that a page has otherwise, in Chromium and Node; `--small` has only the pictures
// that are small for their budget, `--native` times the kernels without WebAssembly, `--libraries` compares parts of ours with
// libraries, `--update-bounds` counts instructions anew. All options are in CONTRIBUTING.md.
import { parseArgs } from 'node:util';
import { setUp } from './build.mjs';
import * as debian from './debian.mjs';
import { StepError } from './lib/run.mjs';
import { main, runSteps } from './lib/steps.mjs';

const DEFAULT_ROUNDS = 9;

const OPTIONS = /** @type {const} */ ({
  photos: { type: 'string' },
  large: { type: 'boolean' },
  small: { type: 'boolean' },
  only: { type: 'string' },
  runs: { type: 'string' },
  json: { type: 'string' },
  chart: { type: 'string' },
  browser: { type: 'string' },
  docs: { type: 'boolean' },
  native: { type: 'boolean' },
  libraries: { type: 'boolean' },
  'update-bounds': { type: 'boolean' },
});

/** @param {string[]} args */
function readOptions(args) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (positionals.length > 0 && !values.native) throw new Error(`what is ${positionals.join(' ')}?`);
    const runs = Number(values.runs ?? DEFAULT_ROUNDS);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1');
    return { ...values, runs, positionals };
  } catch (error) {
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new StepError(/** @type {Error} */ (error).message, {
      advice: `the options are ${names.join(' ')}`,
    });
  }
}

/** What the tests of the bench folder need, which are no part of what this program is checked with. @param {string} name */
const load = (name) => import(new URL(`../tests/bench/${name}`, import.meta.url).href);

/** @param {{bench: boolean}} options */
async function installPrograms({ bench }) {
  const wanted = { tests: true, bench };
  await runSteps([
    {
      title: 'installing programs for measuring',
      isDone: async () => (await debian.missing(wanted)).length === 0,
      run: (report) => debian.install(wanted, report),
    },
  ]);
}

await main(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.native) {
    await installPrograms({ bench: true });
    await (await load('native.mjs')).timeKernels(options.positionals);
  } else if (options.libraries) {
    await installPrograms({ bench: false });
    await (await load('libraries/command.mjs')).compareLibraries(options);
  } else if (options['update-bounds']) {
    await installPrograms({ bench: false });
    await (await load('native.mjs')).rewriteBounds();
  } else {
    await setUp({ tests: false });
    await installPrograms({ bench: false });
    const { compareInBrowser, compareSmallPictures } = await load('command.mjs');
    await (options.small ? compareSmallPictures(options) : compareInBrowser(options));
  }
});
