// `npm run tidy`: clang-tidy over the C++ sources (or over those named), with the compile commands of the tests' build.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { setUp } from './build.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { run, StepError, which } from './lib/run.mjs';
import { main } from './lib/steps.mjs';

/** @returns {Promise<string[]>} relative to the repository */
async function sourceFiles() {
  const commands = JSON.parse(await readFile(join(buildDir, 'asan/compile_commands.json'), 'utf8'));
  const files = commands.map((/** @type {{file: string}} */ { file }) => relative(root, file));
  return files.filter((/** @type {string} */ file) => file.startsWith('wasm/'));
}

await main(async () => {
  await setUp({ tests: true });
  const tidy = (await which('clang-tidy-19')) ?? (await which('clang-tidy'));
  if (!tidy) {
    throw new StepError('clang-tidy was not found', {
      advice: 'install it (Debian: apt-get install clang-tidy-19)',
    });
  }
  const named = process.argv.slice(2);
  const queue = named.length > 0 ? named : await sourceFiles();
  let bad = 0;
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { code, output } = await run(tidy, ['-p', join(buildDir, 'asan'), '--quiet', file], {
        cwd: root,
        mayFail: true,
      });
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${file}`);
      if (code !== 0) console.log(output);
      bad += code === 0 ? 0 : 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  process.exitCode = bad > 0 ? 1 : 0;
});
