// `npm run nightly -- [PART ...] [--minutes N] [--corpora FOLDER]`: the suites of `npm test` in full size, the fuzzers and
// the soak for N minutes each, and with a folder the conformance images. Ends with a table and the counts.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { setUp } from './build.mjs';
import { conformance, corporaFolder } from './conformance.mjs';
import { listTargets } from './fuzz.mjs';
import { root } from './lib/paths.mjs';
import { run, StepError } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { conclude, runSuite, SUITES } from './lib/suites.mjs';

/** @typedef {import('./lib/suites.mjs').Outcome} Outcome */
/** @typedef {{minutes: number, corpora?: string, onLine?: (line: string) => void}} PartOptions */

const USAGE = 'npm run nightly -- [PART ...] [--minutes N] [--corpora FOLDER]';
const DEFAULT_MINUTES = 30;

/** @type {Record<string, (options: PartOptions) => Promise<Outcome>>} */
const PARTS = {
  ...Object.fromEntries(
    Object.entries(SUITES).map(([name, suite]) => [
      name,
      async ({ minutes, onLine }) =>
        suite({ onLine, nightly: true, fuzzSeconds: await fuzzSeconds(minutes) }),
    ]),
  ),
  'fuzz:proxy': async ({ minutes }) =>
    program('tests/proxy/fuzz/run.mjs', Math.ceil((minutes * 60) / (await countProxyTargets()))),
  soak: ({ minutes }) => program('tests/proxy/soak/run.mjs', minutes * 60),
  conformance: async ({ corpora, onLine }) => conformance(await corporaFolder(corpora), { onLine }),
};

/** @param {number} minutes for all targets together @returns {Promise<number>} seconds for each */
async function fuzzSeconds(minutes) {
  const { length } = await listTargets();
  return Math.ceil((minutes * 60 * availableParallelism()) / length);
}

/** @returns {Promise<number>} how many targets one run of the proxy's fuzzer plays, one after the other */
async function countProxyTargets() {
  // Loaded at run time: it is part of the tests, which are not type-checked.
  const { TARGETS } = await import(pathToFileURL(join(root, 'tests/proxy/fuzz/targets.mjs')).href);
  return Object.keys(TARGETS).length;
}

/**
 * A program of tests/ that says by its exit code whether it found a fault.
 * @param {string} path
 * @param {number} seconds
 * @returns {Promise<Outcome>}
 */
async function program(path, seconds) {
  const args = [join(root, path), '--seconds', String(seconds)];
  const { code, output } = await run(process.execPath, args, { cwd: root, mayFail: true });
  return { passed: Number(code === 0), failed: Number(code !== 0), output };
}

/**
 * @param {string[]} args of the command line
 * @returns {{parts: string[], minutes: number, corpora?: string}} all parts where none is named; conformance only where
 *   a folder is given
 * @throws {StepError} for what is not understood
 */
export function readArguments(args) {
  const refuse = (/** @type {string} */ message) => new StepError(message, { advice: USAGE });
  let parsed;
  try {
    const options = /** @type {const} */ ({ minutes: { type: 'string' }, corpora: { type: 'string' } });
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw refuse(/** @type {Error} */ (error).message);
  }
  const { minutes = String(DEFAULT_MINUTES), corpora } = parsed.values;
  if (!/^[1-9]\d{0,3}$/.test(minutes)) throw refuse('--minutes is not a number from 1 to 9999');
  const unknown = parsed.positionals.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw refuse(`no part is called ${unknown.join(', ')}; the parts are ${Object.keys(PARTS).join(', ')}`);
  }
  const all = Object.keys(PARTS).filter((name) => name !== 'conformance' || corpora !== undefined);
  const parts = parsed.positionals.length > 0 ? parsed.positionals : all;
  if (parts.includes('conformance') && !corpora) throw refuse('conformance needs --corpora FOLDER');
  return { parts, minutes: Number(minutes), corpora };
}

/**
 * @param {{name: string, passed: number, failed: number, seconds: number}[]} outcomes
 * @returns {string} a line for each part
 */
export function tableOf(outcomes) {
  const rows = outcomes.map(({ name, passed, failed, seconds }) =>
    [name.padEnd(12), `${passed}`.padStart(7), `${failed}`.padStart(7), seconds.toFixed(1).padStart(9)].join(
      ' ',
    ),
  );
  return ['part          passed  failed   seconds', ...rows].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { parts, minutes, corpora } = readArguments(process.argv.slice(2));
    if (corpora !== undefined) await corporaFolder(corpora);
    await setUp({ tests: true });
    const outcomes = [];
    for (const name of parts) outcomes.push(await runSuite(name, () => PARTS[name]({ minutes, corpora })));
    console.log(`\n${tableOf(outcomes)}`);
    conclude(outcomes);
  });
}
