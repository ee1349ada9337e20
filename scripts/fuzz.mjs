// `npm run fuzz -- [TARGET ...] [--seconds N] [--jobs N] [--corpora FOLDER]`: builds, then feeds each target of tests/fuzz
// with mutations of its seeds for N seconds. An input that breaks something is kept in build/fuzz/found.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { setUp } from './build.mjs';
import { exists } from './lib/exists.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { run, StepError } from './lib/run.mjs';
import { main } from './lib/steps.mjs';

/**
 * @typedef {object} Outcome
 * @property {string} target
 * @property {boolean} isGood
 * @property {number} executions
 * @property {number} coverage edges of the code that inputs reached
 * @property {number} corpus inputs that each reach something new
 * @property {number} seconds
 * @property {string | null} found the input that broke something
 * @property {string} output the end of what libFuzzer printed
 */

/**
 * @typedef {object} FuzzOptions
 * @property {number} [seconds] for each target
 * @property {number} [jobs] targets at a time
 * @property {string} [corpora] a folder of further seeds, with any files in any depth
 * @property {(outcome: Outcome) => void} [onOutcome] called as each target ends
 */

export const fuzzProgram = join(buildDir, 'asan/tests/fuzz/fuzz');
const workDir = join(buildDir, 'fuzz');
const DEFAULT_SECONDS = 60;

/**
 * No allocation may take 64 MiB; the targets' own limits are far below. The program itself refuses an input that takes 2 s
 * of processor time; the time-out by the clock is for one that never ends.
 */
const LIMITS = [
  '-timeout=60',
  '-report_slow_units=60',
  '-malloc_limit_mb=64',
  '-rss_limit_mb=2048',
  '-max_len=65536',
];
const ENVIRONMENT = {
  ASAN_OPTIONS: 'detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** @param {string} [program] @returns {Promise<string[]>} the names of all targets */
export async function listTargets(program = fuzzProgram) {
  const { code, output } = await run(program, [], { env: { NETOCR_FUZZ_TARGET: '' }, mayFail: true });
  const names = output.split('\n').filter((line) => /^[a-z0-9]+$/.test(line));
  if (code !== 2 || names.length === 0) throw new StepError(`${program} does not list its targets`);
  return names;
}

/** @param {string} output of libFuzzer @returns {Pick<Outcome, 'executions' | 'coverage' | 'corpus' | 'found'>} */
export function readOutput(output) {
  /** @param {RegExp} pattern @returns {number} in its last match */
  const last = (pattern) => Number([...output.matchAll(pattern)].at(-1)?.[1] ?? 0);
  return {
    executions: Math.max(last(/^stat::number_of_executed_units:\s*(\d+)/gm), last(/^#(\d+)\t/gm)),
    coverage: last(/^#\d+\t.*\bcov: (\d+)/gm),
    corpus: last(/^#\d+\t.*\bcorp: (\d+)/gm),
    found: [...output.matchAll(/Test unit written to (\S+)/g)].at(-1)?.[1] ?? null,
  };
}

/**
 * Runs one target until its time is up or something breaks.
 * @param {string} target
 * @param {{seconds: number, seeds: string, program?: string, folder?: string}} options folder: for what it finds
 * @returns {Promise<Outcome>}
 */
export async function runTarget(target, { seconds, seeds, program = fuzzProgram, folder = workDir }) {
  const corpus = join(folder, 'corpus', target);
  const found = join(folder, 'found');
  for (const path of [corpus, found]) await mkdir(path, { recursive: true });
  const dictionary = join(root, `tests/fuzz/dictionaries/${target}.dict`);
  const args = [
    ...LIMITS,
    `-max_total_time=${seconds}`,
    `-artifact_prefix=${join(found, `${target}-`)}`,
    '-print_final_stats=1',
    ...((await exists(dictionary)) ? [`-dict=${dictionary}`] : []),
    corpus,
    seeds,
    ...((await exists(regressionsOf(target))) ? [regressionsOf(target)] : []),
  ];
  const started = performance.now();
  const { code, output } = await run(program, args, {
    cwd: root,
    env: { ...ENVIRONMENT, NETOCR_FUZZ_TARGET: target },
    log: join(folder, `logs/${target}.log`),
    mayFail: true,
  });
  const read = readOutput(output);
  const isGood = code === 0 && read.executions > 0 && read.coverage > 0;
  return { target, isGood, ...read, seconds: (performance.now() - started) / 1000, output };
}

/** @param {string} target */
const regressionsOf = (target) => join(root, 'tests/fuzz/regressions', target);

/**
 * @param {string[]} targets
 * @param {FuzzOptions} [options]
 * @returns {Promise<Outcome[]>} one for each target
 */
export async function fuzz(targets, options = {}) {
  const { seconds = DEFAULT_SECONDS, jobs = availableParallelism(), corpora, onOutcome } = options;
  const seeds = join(workDir, 'seeds');
  await rm(seeds, { recursive: true, force: true });
  // Loaded at run time: what makes the seeds is part of the tests, which are not type-checked.
  const { writeSeeds } = await import(pathToFileURL(join(root, 'tests/fuzz/seeds.mjs')).href);
  await writeSeeds(seeds, targets, corpora);
  const waiting = [...targets];
  /** @type {Outcome[]} */
  const outcomes = [];
  const work = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const outcome = await runTarget(target, { seconds, seeds: join(seeds, target) });
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}

/** @param {Outcome} outcome @returns {string} one line; for a failure also why, and how to see it again */
export function describe({ target, isGood, executions, coverage, corpus, seconds, found, output }) {
  const counts = `${executions} executions, ${coverage} edges, ${corpus} inputs`;
  const line = `${isGood ? 'ok    ' : 'FAILED'} ${target.padEnd(9)} ${counts}, ${seconds.toFixed(0)} s`;
  if (isGood) return line;
  const tail = output.trimEnd().split('\n').slice(-40).join('\n').replace(/^/gm, '       ');
  const kept = found ? relative(root, found) : null;
  const program = relative(root, fuzzProgram);
  const again = kept
    ? [
        `       the input is kept: ${kept}`,
        `       again:   NETOCR_FUZZ_TARGET=${target} ${program} ${kept}`,
        `       smaller: NETOCR_FUZZ_TARGET=${target} ${program} -minimize_crash=1 -max_total_time=60 ${kept}`,
        `       when it is fixed, keep the input in tests/fuzz/regressions/${target}/`,
      ]
    : [];
  return [line, tail, ...again].join('\n');
}

/**
 * @param {string[]} args of the command line
 * @returns {{targets: string[], options: FuzzOptions}}
 * @throws {StepError} for what is not understood
 */
export function readArguments(args) {
  const usage = 'npm run fuzz -- [TARGET ...] [--seconds N] [--jobs N] [--corpora FOLDER]';
  /** @param {string} message */
  const refuse = (message) => new StepError(message, { advice: usage });
  const names = /** @type {const} */ (['seconds', 'jobs', 'corpora']);
  const options = Object.fromEntries(
    names.map((name) => [name, { type: /** @type {'string'} */ ('string') }]),
  );
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw refuse(/** @type {Error} */ (error).message);
  }
  /** @param {string} name */
  const number = (name) => {
    const text = parsed.values[name];
    if (text === undefined) return undefined;
    if (!/^[1-9]\d{0,5}$/.test(String(text))) throw refuse(`--${name} is not a number of at least 1`);
    return Number(text);
  };
  const corpora = parsed.values.corpora;
  return {
    targets: parsed.positionals,
    options: {
      seconds: number('seconds'),
      jobs: number('jobs'),
      corpora: corpora === undefined ? undefined : resolve(String(corpora)),
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { targets, options } = readArguments(process.argv.slice(2));
    await setUp({ tests: true });
    const all = await listTargets();
    const unknown = targets.filter((name) => !all.includes(name));
    if (unknown.length > 0)
      throw new StepError(`no target is called ${unknown.join(', ')}`, {
        advice: `the targets are ${all.join(', ')}`,
      });
    if (options.corpora) await readdir(options.corpora);
    const onOutcome = (/** @type {Outcome} */ outcome) => console.log(describe(outcome));
    const outcomes = await fuzz(targets.length > 0 ? targets : all, { ...options, onOutcome });
    process.exitCode = outcomes.every(({ isGood }) => isGood) ? 0 : 1;
  });
}
