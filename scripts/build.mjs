// Set-up (scripts/setup.mjs) and build in order: the native tests, the WebAssembly modules, the bundles and the type
// declarations. Each step does nothing when its result is there. `npm run build` runs it.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasBundles, writeBundles } from './bundles.mjs';
import { exists } from './lib/exists.mjs';
import { sha256OfFiles } from './lib/hash.mjs';
import { reportNinja } from './lib/ninja.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { webSources } from './lib/web-sources.mjs';
import { complete, setUpSteps } from './setup.mjs';

/** @typedef {import('./lib/steps.mjs').Step} Step */

/**
 * @param {{tests: boolean}} options tests: also the native tests
 * @returns {Step[]}
 */
function steps({ tests }) {
  return [
    ...setUpSteps({ tests }),
    ...(tests ? [compile('asan', 'building the native tests (sanitizers)')] : []),
    compile('wasm', 'building the WebAssembly modules', copyProduct),
    { title: 'bundling the client and its worker', isDone: hasBundles, run: writeBundles },
    { title: 'writing the type declarations', isDone: hasTypes, run: writeTypes },
    { title: 'copying licences and examples', isDone: hasCopies, run: writeCopies },
  ];
}

/**
 * @param {'asan' | 'wasm'} preset of CMakePresets.json
 * @param {string} title
 * @param {() => Promise<void>} [after]
 * @returns {Step}
 */
function compile(preset, title, after) {
  const tree = join(buildDir, preset);
  const log = join(buildDir, `logs/${preset}.log`);
  const stamp = join(tree, 'toolchain.stamp');
  const toolchain = join(buildDir, `toolchain/${preset === 'wasm' ? 'wasm' : 'native'}.cmake`);
  const isConfigured = async () => {
    const [used, present] = await Promise.all(
      [stamp, toolchain].map((path) => readFile(path, 'utf8').catch(() => null)),
    );
    return used !== null && used === present && (await exists(join(tree, 'build.ninja')));
  };
  return {
    title,
    isDone: async () => {
      if (!(await isConfigured())) return false;
      const { code, output } = await run('ninja', ['-C', tree, '-n'], { mayFail: true });
      if (code !== 0 || !output.includes('no work to do')) return false;
      await after?.();
      return true;
    },
    run: async (report) => {
      if (!(await isConfigured())) {
        report('configuring');
        await run('cmake', ['--preset', preset, '--fresh'], { cwd: root, log });
        await writeFile(stamp, await readFile(toolchain));
      }
      const advice = 'mend the source file named above, then start again';
      const jobs = String(availableParallelism());
      await run('cmake', ['--build', tree, '-j', jobs], {
        cwd: root,
        log,
        advice,
        onLine: (line) => reportNinja(line, report),
      });
      await after?.();
    },
  };
}

/** Copies the linked modules to the package's dist/. Unchanged files are left alone. */
async function copyProduct() {
  const dist = join(root, 'web/client/dist');
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(join(buildDir, 'wasm/bin'))) {
    const made = await readFile(join(buildDir, 'wasm/bin', name));
    const present = await readFile(join(dist, name)).catch(() => null);
    if (present?.equals(made)) continue;
    await writeFile(join(dist, `${name}.tmp`), made);
    await rename(join(dist, `${name}.tmp`), join(dist, name));
  }
}

/** A project of TypeScript for each package, and what it writes. */
const TYPE_CONFIGS = ['tsconfig.types.json', 'tsconfig.proxy-types.json'];
const TYPES = ['web/client/dist/types', 'web/proxy/dist/types'].map((folder) => join(root, folder));
const typesStamp = join(buildDir, 'types.stamp');

/** @returns {Promise<string>} the hash of everything that the declarations are made from */
async function typesInputs() {
  return sha256OfFiles([
    ...TYPE_CONFIGS.map((name) => join(root, name)),
    join(root, 'tsconfig.base.json'),
    join(root, 'package-lock.json'),
    ...(await webSources()),
  ]);
}

async function hasTypes() {
  const used = await readFile(typesStamp, 'utf8').catch(() => null);
  return used === (await typesInputs()) && (await Promise.all(TYPES.map(exists))).every(Boolean);
}

async function writeTypes() {
  const log = join(buildDir, 'logs/types.log');
  for (const folder of TYPES) await rm(folder, { recursive: true, force: true });
  for (const config of TYPE_CONFIGS)
    await run(join(root, 'node_modules/.bin/tsc'), ['-p', config], { cwd: root, log });
  await writeFile(typesStamp, await typesInputs());
}

/** What a tarball needs from outside its package's folder: copy -> original. */
const COPIES = {
  'web/client/LICENSE': 'LICENSE',
  'web/client/THIRD-PARTY-NOTICES.md': 'THIRD-PARTY-NOTICES.md',
  'web/proxy/LICENSE': 'LICENSE',
  'web/proxy/examples': 'examples/proxy',
};

/** @param {string} path a file or folder @returns {Promise<Record<string, string>>} name -> content */
async function contentsOf(path) {
  const names = await readdir(path).catch(() => null);
  const files = names?.map((name) => join(path, name)) ?? [path];
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return Object.fromEntries(contents.map((content, i) => [names?.[i] ?? '', content]));
}

async function hasCopies() {
  const areSame = await Promise.all(
    Object.entries(COPIES).map(async (paths) => {
      const [copy, original] = await Promise.all(paths.map((path) => contentsOf(join(root, path))));
      return JSON.stringify(copy) === JSON.stringify(original);
    }),
  );
  return areSame.every(Boolean);
}

async function writeCopies() {
  for (const [copy, original] of Object.entries(COPIES)) {
    await rm(join(root, copy), { recursive: true, force: true });
    await cp(join(root, original), join(root, copy), { recursive: true });
  }
}

/**
 * Everything before the work itself; prints nothing but one line when all is there.
 * @param {{tests: boolean}} options
 */
export async function setUp(options) {
  await complete(steps(options), 'Set-up and build are');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => setUp({ tests: false }));
}
