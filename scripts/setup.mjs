// `npm run setup`: what a build needs and the repository does not hold: programs, npm packages, compilers, third-party
// sources. Afterwards every preset of CMakePresets.json works, here and in an editor. Other commands run it by themselves.
import { fileURLToPath } from 'node:url';
import * as debian from './debian.mjs';
import { StepError } from './lib/run.mjs';
import { main, runSteps } from './lib/steps.mjs';
import { isAtLeast, parseVersion } from './lib/version.mjs';
import * as npm from './npm.mjs';
import { ensureSources, hasSources } from './sources.mjs';
import { ensureClang, ensureEmscripten, isToolchainReady } from './toolchain.mjs';

/** @typedef {import('./lib/steps.mjs').Step} Step */

const LEAST_NODE = [20, 0];

/**
 * @param {{tests: boolean}} options tests: also what native builds and tests need
 * @returns {Step[]}
 */
export function setUpSteps({ tests }) {
  const native = {
    title: 'finding a native compiler',
    isDone: () => isToolchainReady('native'),
    run: ensureClang,
  };
  return [
    {
      title: `installing programs${tests ? ' for building and testing' : ''}`,
      isDone: async () => (await debian.missing({ tests })).length === 0,
      run: (report) => debian.install({ tests }, report),
    },
    { title: 'installing npm packages', isDone: () => npm.isInstalled(), run: npm.install },
    { title: 'setting up Emscripten', isDone: () => isToolchainReady('wasm'), run: ensureEmscripten },
    ...(tests ? [native] : []),
    { title: 'getting the third-party sources', isDone: hasSources, run: ensureSources },
  ];
}

/** @param {string} version of Node @throws {StepError} */
export function checkNode(version = process.version) {
  if (isAtLeast(parseVersion(version) ?? [0], LEAST_NODE)) return;
  throw new StepError(`Node ${version} is too old`, {
    advice: `install Node ${LEAST_NODE[0]} or later, then start again`,
  });
}

/**
 * Runs the steps; prints nothing but one line when all is there.
 * @param {Step[]} steps @param {string} what e.g. 'Set-up'
 */
export async function complete(steps, what) {
  checkNode();
  const started = performance.now();
  const worked = await runSteps(steps);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${what} ${worked === 0 ? 'up to date' : 'complete'} (${seconds} s).`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => complete(setUpSteps({ tests: true }), 'Set-up is'));
}
