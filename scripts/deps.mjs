// Builds the third-party libraries of one flavour (native, release, wasm) into the cache, under a folder named by the
// hash of everything that the result depends on, and tells CMake where: build/deps/<flavour>.cmake.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exists } from './lib/exists.mjs';
import { sha256 } from './lib/hash.mjs';
import { withLock } from './lib/lock.mjs';
import { buildDir, cacheRoot, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { readSources, sourcesFolder } from './sources.mjs';

/** @typedef {'native' | 'release' | 'wasm'} Flavour */

const project = join(root, 'scripts/third-party');
const PROJECT_FILES = ['CMakeLists.txt', 'codecs.cmake'];

/** @param {Flavour} flavour */
const toolchainFile = (flavour) =>
  join(buildDir, `toolchain/${flavour === 'wasm' ? 'wasm' : 'native'}.cmake`);

/** @param {Flavour} flavour @returns {Promise<string>} the cache folder with include/ and lib/; it may not exist yet */
export async function depsFolder(flavour) {
  const inputs = [
    JSON.stringify(await readSources()),
    ...(await Promise.all(PROJECT_FILES.map((name) => readFile(join(project, name), 'utf8')))),
    await compilerVersion(flavour),
  ];
  return join(cacheRoot(), 'deps', `${flavour}-${sha256(inputs.join('\n')).slice(0, 12)}`);
}

/** @param {Flavour} flavour @returns {Promise<boolean>} */
export async function hasDeps(flavour) {
  if (!(await exists(toolchainFile(flavour)))) return false;
  const folder = await depsFolder(flavour);
  const pointer = await readFile(join(buildDir, `deps/${flavour}.cmake`), 'utf8').catch(() => '');
  return pointer === pointerTo(folder) && exists(folder);
}

/**
 * @param {Flavour} flavour
 * @param {(detail: string) => void} report
 */
export async function ensureDeps(flavour, report) {
  const target = await depsFolder(flavour);
  const onWait = () => report('waiting for another set-up on this machine');
  await withLock(
    join(cacheRoot(), `locks/deps-${flavour}`),
    async () => {
      if (!(await exists(target))) await build(flavour, target, report);
    },
    { onWait },
  );
  await mkdir(join(buildDir, 'deps'), { recursive: true });
  await writeFile(join(buildDir, `deps/${flavour}.cmake`), pointerTo(target));
}

/** @param {string} folder */
function pointerTo(folder) {
  return `set(NETOCR_DEPS "${folder}")\n`;
}

/** @param {Flavour} flavour @param {string} target @param {(detail: string) => void} report */
async function build(flavour, target, report) {
  const log = join(buildDir, `logs/third-party-${flavour}.log`);
  const draft = `${target}.tmp`;
  const tree = `${target}.build`;
  for (const folder of [draft, tree]) await rm(folder, { recursive: true, force: true });
  const definitions = {
    SOURCES: await sourcesFolder(),
    FLAVOUR: flavour,
    CMAKE_TOOLCHAIN_FILE: toolchainFile(flavour),
    CMAKE_INSTALL_PREFIX: draft,
  };
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
  await run('cmake', ['-G', 'Ninja', '-S', project, '-B', tree, ...flags], { log });
  await run('cmake', ['--build', tree, '--target', 'install', '-j', String(availableParallelism())], {
    log,
    onLine: (line) => reportNinja(line, report),
  });
  await rm(tree, { recursive: true });
  await rename(draft, target);
}

/** Turns ninja's `[12/84] Building C object .../zlib/inflate.c.o` into progress. @param {string} line @param {(detail: string) => void} report */
export function reportNinja(line, report) {
  const match = /^\[(\d+\/\d+)\] (.*)$/.exec(line);
  if (match) report(`${match[1]} ${match[2].split('/').at(-1)?.replace(/\.o$/, '') ?? ''}`.trim());
}

/** @param {Flavour} flavour @returns {Promise<string>} what tells one compiler from another */
async function compilerVersion(flavour) {
  const text = await readFile(toolchainFile(flavour), 'utf8');
  if (flavour !== 'wasm') {
    const [compiler] = /"[^"]+"/.exec(text) ?? [''];
    return (await run(compiler.slice(1, -1), ['--version'])).output;
  }
  const folder = /"(.*)\/cmake\//.exec(text)?.[1] ?? '';
  return readFile(join(folder, 'emscripten-version.txt'), 'utf8');
}
