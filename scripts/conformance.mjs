// `npm run conformance -- FOLDER`: builds, then compares every file of a folder of public conformance images with its
// reference decoder (tests/cpp/image/corpora_test.cpp). Fails where the folder or a format's files are missing.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './build.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { run, StepError } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { conclude, runSuite } from './lib/suites.mjs';

const PROGRAM = join(buildDir, 'asan/tests/cpp/image_corpora_test');
const USAGE = 'npm run conformance -- FOLDER';

/**
 * @param {string | undefined} folder as given on the command line
 * @returns {Promise<string>} its absolute path
 * @throws {StepError} where there is no such folder, or nothing in it
 */
export async function corporaFolder(folder) {
  if (!folder) throw new StepError('no folder of conformance images is given', { advice: USAGE });
  const path = resolve(folder);
  const names = await readdir(path).catch(() => null);
  if (!names) throw new StepError(`${path} is not a folder that can be read`, { advice: USAGE });
  if (names.length === 0) throw new StepError(`${path} is empty`, { advice: USAGE });
  return path;
}

/**
 * @param {string} corpora the folder
 * @param {{onLine?: (line: string) => void, program?: string}} [options]
 * @returns {Promise<import('./lib/suites.mjs').Outcome>}
 */
export async function conformance(corpora, { onLine, program = PROGRAM } = {}) {
  const results = join(buildDir, 'conformance/results.json');
  await mkdir(join(buildDir, 'conformance'), { recursive: true });
  await rm(results, { force: true });
  const { code, output } = await run(program, [], {
    cwd: root,
    mayFail: true,
    onLine,
    env: { NETOCR_CORPORA: corpora, GTEST_OUTPUT: `json:${results}` },
  });
  const report = JSON.parse(await readFile(results, 'utf8').catch(() => '{"tests": 0, "failures": 0}'));
  const isBroken = report.failures === 0 && (code !== 0 || report.tests === 0);
  const passed = report.tests - report.failures;
  return { passed, failed: report.failures + Number(isBroken), output };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const corpora = await corporaFolder(process.argv[2]);
    await setUp({ tests: true });
    const onLine = (/** @type {string} */ line) => console.log(line);
    conclude([await runSuite('conformance', () => conformance(corpora, { onLine }), { isShown: true })]);
  });
}
