// The suites of `npm test` and `npm run nightly`: each runs one kind of test and counts what passed and failed.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, fuzz, listTargets } from '../fuzz.mjs';
import { lint } from '../lint.mjs';
import { describeTidy, tidy } from '../tidy.mjs';
import { buildDir, root } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {{passed: number, failed: number, output: string}} Outcome */

/**
 * @typedef {object} SuiteOptions
 * @property {(line: string) => void} [onLine] sees what the suite prints as it runs
 * @property {boolean} [nightly] run the tests in full size (NETOCR_NIGHTLY)
 * @property {number} [fuzzSeconds] for each fuzz target
 */

const NODE_SUITES = [
  'scripts',
  'wasm',
  'formats',
  'client',
  'http',
  'proxy',
  'sandbox',
  'package',
  'bench',
  'browser',
];
const TEST_TIMEOUT_MS = 300_000;
const NIGHTLY_TIMEOUT_MS = 3_600_000;
const FUZZ_SECONDS = 10;

/** @type {Record<string, (options: SuiteOptions) => Promise<Outcome>>} */
export const SUITES = {
  lint: lintSuite,
  tidy: tidySuite,
  native: nativeSuite,
  fuzz: fuzzSuite,
  ...Object.fromEntries(NODE_SUITES.map((name) => [name, (options) => nodeSuite(name, options)])),
};

/** @param {boolean} [nightly] @returns {Record<string, string | undefined>} the environment of the tests */
const environment = (nightly) => ({ NODE_OPTIONS: undefined, NETOCR_NIGHTLY: nightly ? '1' : undefined });

/** @returns {Promise<Outcome>} */
async function lintSuite() {
  const checks = await lint();
  const bad = checks.filter(({ isGood }) => !isGood);
  const output = bad.map((check) => `${check.name}:\n${check.output}`).join('\n');
  return { passed: checks.length - bad.length, failed: bad.length, output };
}

/**
 * clang-tidy over wasm/; what was clean and has not changed since is not read again.
 * @param {SuiteOptions} options
 * @returns {Promise<Outcome>}
 */
async function tidySuite({ onLine }) {
  const outcomes = await tidy({ onOutcome: (outcome) => outcome.isNew && onLine?.(describeTidy(outcome)) });
  const bad = outcomes.filter(({ isClean }) => !isClean);
  return {
    passed: outcomes.length - bad.length,
    failed: bad.length + Number(outcomes.length === 0),
    output: bad.map(describeTidy).join('\n'),
  };
}

/**
 * The C++ tests. Each writes its counts as JSON; one that died before it could is counted as one failure.
 * @param {SuiteOptions} options
 * @returns {Promise<Outcome>}
 */
async function nativeSuite({ onLine, nightly }) {
  const results = join(buildDir, 'asan/results');
  await rm(results, { recursive: true, force: true });
  await mkdir(results);
  const args = ['--preset', 'asan', '-j', String(availableParallelism())];
  const { code, output } = await run('ctest', args, {
    cwd: root,
    mayFail: true,
    onLine,
    env: environment(nightly),
  });
  const reports = await Promise.all(
    (await readdir(results)).map(async (name) => JSON.parse(await readFile(join(results, name), 'utf8'))),
  );
  const total = reports.reduce((sum, report) => sum + report.tests, 0);
  const notRun = reports.reduce((sum, report) => sum + report.disabled, 0);
  const failed = reports.reduce((sum, report) => sum + report.failures + report.errors, 0) + notRun;
  const programs = Number(/(\d+) tests failed out of/.exec(output)?.[1] ?? 0);
  const died = programs - reports.filter((report) => report.failures + report.errors > 0).length;
  const isBroken = code !== 0 && failed === 0 && died <= 0;
  return { passed: total - failed, failed: failed + Math.max(died, 0) + Number(isBroken), output };
}

/**
 * Every target of tests/fuzz, for a short while unless it is told; `npm run fuzz` runs them for longer.
 * @param {SuiteOptions} options
 * @returns {Promise<Outcome>}
 */
async function fuzzSuite({ onLine, fuzzSeconds = FUZZ_SECONDS }) {
  const targets = await listTargets();
  const outcomes = await fuzz(targets, {
    seconds: fuzzSeconds,
    onOutcome: (outcome) => onLine?.(describe(outcome)),
  });
  const bad = outcomes.filter(({ isGood }) => !isGood);
  return {
    passed: outcomes.length - bad.length,
    failed: bad.length + targets.length - outcomes.length,
    output: bad.map(describe).join('\n'),
  };
}

/**
 * A folder of tests/ under Node's test runner. A skipped test and an empty folder are failures.
 * @param {string} name
 * @param {SuiteOptions} options
 * @returns {Promise<Outcome>}
 */
async function nodeSuite(name, { onLine, nightly }) {
  const names = await readdir(join(root, 'tests', name), { recursive: true }).catch(() => []);
  const files = names
    .filter((file) => file.endsWith('.test.mjs'))
    .sort()
    .map((file) => join('tests', name, file));
  if (files.length === 0) return { passed: 0, failed: 1, output: `tests/${name} has no *.test.mjs` };
  const counts = join(buildDir, `logs/${name}.tap`);
  await mkdir(join(buildDir, 'logs'), { recursive: true });
  const reporters = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=tap',
    `--test-reporter-destination=${counts}`,
  ];
  const timeoutMs = nightly ? NIGHTLY_TIMEOUT_MS : TEST_TIMEOUT_MS;
  // Node's own choice is one file at a time on two processors, though most files wait for timers and other processes.
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  const args = ['--test', concurrency, `--test-timeout=${timeoutMs}`, ...reporters, ...files];
  const { code, output } = await run(process.execPath, args, {
    cwd: root,
    mayFail: true,
    onLine,
    env: environment(nightly),
  });
  const { passed, failed } = readTap(await readFile(counts, 'utf8').catch(() => ''));
  const isBroken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: failed + Number(isBroken), output };
}

/**
 * @param {string} tap what Node's tap reporter wrote
 * @returns {{passed: number, failed: number}} skipped, cancelled and todo tests count as failed
 */
function readTap(tap) {
  const count = (/** @type {string} */ word) =>
    Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  return {
    passed: count('pass'),
    failed: count('fail') + count('cancelled') + count('skipped') + count('todo'),
  };
}

/**
 * Runs one suite between a line that names it and a line with its counts; prints what a failed one printed.
 * @param {string} name
 * @param {() => Promise<Outcome>} suite
 * @param {{isShown?: boolean}} [options] isShown: the suite has printed everything itself
 * @returns {Promise<Outcome & {name: string, seconds: number}>}
 */
export async function runSuite(name, suite, { isShown = false } = {}) {
  const started = performance.now();
  console.log(`\n${name} ...`);
  const outcome = await suite();
  const seconds = (performance.now() - started) / 1000;
  if (outcome.failed > 0 && !isShown) console.log(outcome.output);
  console.log(`${name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds.toFixed(1)} s)`);
  return { ...outcome, name, seconds };
}

/**
 * Prints the closing line; the exit code says whether all is well.
 * @param {Outcome[]} outcomes
 */
export function conclude(outcomes) {
  const sum = (/** @type {'passed' | 'failed'} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}
