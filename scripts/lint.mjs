// Every check that reads the code without running it: formats, lint rules, types, layers, size. `npm run lint` runs it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLayers } from './check-layers.mjs';
import { checkSize } from './check-size.mjs';
import { root } from './lib/paths.mjs';
import { run, StepError, which } from './lib/run.mjs';

/** @typedef {{name: string, isGood: boolean, output: string}} Check */

/** @type {Record<string, () => Promise<{isGood: boolean, output: string}>>} */
const CHECKS = {
  'JavaScript format and lint (Biome)': () =>
    program('biome', ['check', '--error-on-warnings', '--colors=off']),
  'types of web/client and web/demo': () => program('tsc', ['-p', 'tsconfig.web.json']),
  'types of web/client/worker': () => program('tsc', ['-p', 'tsconfig.worker.json']),
  'types of web/client/node': () => program('tsc', ['-p', 'tsconfig.src-node.json']),
  'types of web/proxy, web/http, web/sandbox and scripts': () => program('tsc', ['-p', 'tsconfig.node.json']),
  'C++ format (clang-format)': checkCppFormat,
  layers: async () => {
    const { files, violations } = await checkLayers();
    return { isGood: violations.length === 0 && files > 0, output: violations.join('\n') };
  },
  'size budget': async () => {
    const { isWithin, lines } = await checkSize();
    return { isGood: isWithin, output: lines.join('\n') };
  },
};

/** @param {string} name in node_modules/.bin @param {string[]} args */
async function program(name, args) {
  const { code, output } = await run(join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    mayFail: true,
  });
  return { isGood: code === 0, output };
}

async function checkCppFormat() {
  const clangFormat = (await which('clang-format-19')) ?? (await which('clang-format'));
  if (!clangFormat)
    throw new StepError('clang-format was not found', {
      advice: 'run npm test, which installs it on Debian',
    });
  const files = [];
  for (const folder of ['wasm', 'tests/cpp', 'tests/fuzz', 'tests/bench']) {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    files.push(...names.filter((name) => /\.[ch]pp$/.test(name)).map((name) => join(folder, name)));
  }
  const { code, output } = await run(clangFormat, ['--dry-run', '-Werror', ...files], {
    cwd: root,
    mayFail: true,
  });
  return { isGood: code === 0, output };
}

/** @returns {Promise<Check[]>} */
export async function lint() {
  const checks = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    const result = await check().catch((error) => ({ isGood: false, output: String(error) }));
    checks.push({ name, ...result });
  }
  return checks;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checks = await lint();
  for (const { name, isGood, output } of checks) {
    console.log(`${isGood ? 'ok    ' : 'FAILED'} ${name}`);
    if (!isGood || name === 'size budget') console.log(output.trimEnd().replace(/^/gm, '       '));
  }
  process.exitCode = checks.every(({ isGood }) => isGood) ? 0 : 1;
}
