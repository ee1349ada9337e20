// `npm test`: set-up, build, then every suite. `npm test -- client proxy` runs only the suites named and shows all they print.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setUp } from './build.mjs';
import { describe, fuzz, listTargets } from './fuzz.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { run, StepError } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { lint } from './lint.mjs';
import { describeTidy, tidy } from './tidy.mjs';

/** @typedef {{passed: number, failed: number, output: string}} Outcome */

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
const FUZZ_SECONDS = 20;

/** @type {Record<string, (onLine?: (line: string) => void) => Promise<Outcome>>} */
const SUITES = {
  lint: lintSuite,
  tidy: tidySuite,
  native: nativeSuite,
  fuzz: fuzzSuite,
  ...Object.fromEntries(NODE_SUITES.map((name) => [name, (onLine) => nodeSuite(name, onLine)])),
};

/** @returns {Promise<Outcome>} */
async function lintSuite() {
  const checks = await lint();
  const bad = checks.filter(({ isGood }) => !isGood);
  const output = bad.map((check) => `${check.name}:\n${check.output}`).join('\n');
  return { passed: checks.length - bad.length, failed: bad.length, output };
}

/**
 * clang-tidy over wasm/; what was clean and has not changed since is not read again.
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<Outcome>}
 */
async function tidySuite(onLine) {
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
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<Outcome>}
 */
async function nativeSuite(onLine) {
  const results = join(buildDir, 'asan/results');
  await rm(results, { recursive: true, force: true });
  await mkdir(results);
  const args = ['--preset', 'asan', '-j', String(availableParallelism())];
  const { code, output } = await run('ctest', args, { cwd: root, mayFail: true, onLine });
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
 * Every target of tests/fuzz for a short while; `npm run fuzz` runs them for longer.
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<Outcome>}
 */
async function fuzzSuite(onLine) {
  const targets = await listTargets();
  const outcomes = await fuzz(targets, {
    seconds: FUZZ_SECONDS,
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
 * @param {(line: string) => void} [onLine]
 * @returns {Promise<Outcome>}
 */
async function nodeSuite(name, onLine) {
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
  const args = ['--test', `--test-timeout=${TEST_TIMEOUT_MS}`, ...reporters, ...files];
  const { code, output } = await run(process.execPath, args, {
    cwd: root,
    mayFail: true,
    onLine,
    env: { NODE_OPTIONS: undefined },
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

/** @param {string[]} names @param {boolean} showsAll */
async function runSuites(names, showsAll) {
  let passed = 0;
  let failed = 0;
  for (const name of names) {
    const started = performance.now();
    console.log(`\n${name} ...`);
    const outcome = await SUITES[name](showsAll ? (line) => console.log(line) : undefined);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (outcome.failed > 0 && (!showsAll || name === 'lint')) console.log(outcome.output);
    console.log(`${name}: ${outcome.passed} passed, ${outcome.failed} failed (${seconds} s)`);
    passed += outcome.passed;
    failed += outcome.failed;
  }
  return { passed, failed };
}

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    throw new StepError(`no suite is called ${unknown.join(', ')}`, {
      advice: `the suites are ${Object.keys(SUITES).join(', ')}`,
    });
  }
  await setUp({ tests: true });
  const { passed, failed } = await runSuites(
    named.length > 0 ? named : Object.keys(SUITES),
    named.length > 0,
  );
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
});
