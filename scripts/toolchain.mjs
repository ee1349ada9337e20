// The compilers. Finds an emcc that is new enough (emsdk, the PATH) or, on Debian 12, builds a private Emscripten folder in
// the cache out of Debian 13's packages; finds clang for native builds. Writes build/toolchain/{wasm,native}.cmake.
import { cp, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createApt, readDistribution } from './lib/apt.mjs';
import { exists } from './lib/exists.mjs';
import { withLock } from './lib/lock.mjs';
import { buildDir, cacheRoot, root } from './lib/paths.mjs';
import { run, StepError, which } from './lib/run.mjs';
import { isAtLeast, parseVersion } from './lib/version.mjs';

export const LEAST_EMSCRIPTEN = [3, 1, 69];
const LEAST_CLANG = [16, 0];
/** Changes when what is unpacked or written below changes, so that older folders are not taken. */
const PRIVATE_FOLDER = 'emscripten-3.1.69-r1';
const PACKAGES = ['emscripten', 'binaryen', 'libc6', 'libstdc++6', 'libgcc-s1'];
const log = join(buildDir, 'logs/toolchain.log');

/** What of the emscripten package is not unpacked: 64-bit, LTO, threaded and sanitizer libraries, tests, documents. */
const LEFT_OUT = [
  '*/sysroot/lib/wasm64-emscripten',
  '*/sysroot/lib/wasm32-emscripten/lto*',
  '*/sysroot/lib/wasm32-emscripten/pic',
  '*/wasm32-emscripten/*-mt*',
  '*/wasm32-emscripten/*-ww*',
  '*/wasm32-emscripten/*-asan*',
  '*/wasm32-emscripten/*san_*',
  '*/wasm32-emscripten/libsanitizer*',
  '*/wasm32-emscripten/libwasmfs*',
  '*-except.a',
  './usr/share/emscripten/test',
  './usr/share/emscripten/media',
  './usr/share/emscripten/docs',
  './usr/share/man',
  './usr/share/doc',
  './usr/bin',
];

/**
 * @returns {Promise<string | null>} the folder of an Emscripten >= 3.1.69 that is on the machine (it holds emcc and cmake/)
 */
export async function findEmscripten(env = process.env) {
  const candidates = [env.EMSDK && join(env.EMSDK, 'upstream/emscripten/emcc'), await which('emcc', env)];
  for (const emcc of candidates) {
    if (!emcc || !(await exists(emcc))) continue;
    const { code, output } = await run(emcc, ['--version'], { mayFail: true }).catch(() => ({
      code: 1,
      output: '',
    }));
    const version = code === 0 ? parseVersion(output) : null;
    if (!version || !isAtLeast(version, LEAST_EMSCRIPTEN)) continue;
    const beside = dirname(await realpath(emcc));
    for (const folder of [beside, join(beside, '../libexec'), join(beside, '../share/emscripten')]) {
      if (await exists(join(folder, 'cmake/Modules/Platform/Emscripten.cmake'))) return folder;
    }
  }
  return null;
}

/** @returns {Promise<string | null>} the private folder's Emscripten, if it has been built */
export async function findPrivateEmscripten(env = process.env) {
  const folder = join(cacheRoot(env), 'toolchain', PRIVATE_FOLDER);
  return (await exists(join(folder, 'complete'))) ? join(folder, 'emscripten') : null;
}

/** The clang of native builds: Debian's clang-19, else any clang that is new enough. */
export async function findClang(env = process.env) {
  for (const suffix of ['-19', '']) {
    const clang = await which(`clang++${suffix}`, env);
    if (!clang) continue;
    const { output } = await run(clang, ['--version'], { mayFail: true });
    const version = parseVersion(output);
    if (version && isAtLeast(version, LEAST_CLANG))
      return { c: clang.replace('clang++', 'clang'), cxx: clang };
  }
  return null;
}

/**
 * Sees to an Emscripten; afterwards build/toolchain/wasm.cmake exists.
 * @param {(detail: string) => void} report
 */
export async function ensureEmscripten(report) {
  const folder = (await findEmscripten()) ?? (await findPrivateEmscripten()) ?? (await buildPrivate(report));
  await writeIfChanged(
    join(buildDir, 'toolchain/wasm.cmake'),
    `include("${folder}/cmake/Modules/Platform/Emscripten.cmake")\n`,
  );
}

/** Sees to a native clang; afterwards build/toolchain/native.cmake exists. */
export async function ensureClang() {
  const clang = await findClang();
  if (!clang) {
    throw new StepError(`no clang++ >= ${LEAST_CLANG.join('.')} was found`, {
      advice: 'install clang and put it on the PATH',
    });
  }
  const text = `set(CMAKE_C_COMPILER "${clang.c}")\nset(CMAKE_CXX_COMPILER "${clang.cxx}")\n`;
  await writeIfChanged(join(buildDir, 'toolchain/native.cmake'), text);
}

/** @param {'wasm' | 'native'} kind @returns {Promise<boolean>} true when its file names compilers that are still there */
export async function isToolchainReady(kind) {
  const text = await readFile(join(buildDir, `toolchain/${kind}.cmake`), 'utf8').catch(() => '');
  const paths = [...text.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  if (paths.length === 0) return false;
  return (await Promise.all(paths.map(exists))).every(Boolean);
}

/**
 * @param {(detail: string) => void} report
 * @returns {Promise<string>} the folder of emcc
 */
async function buildPrivate(report) {
  const distribution = await readDistribution();
  if (distribution?.id !== 'debian') {
    const advice = 'install the Emscripten SDK, put emcc on the PATH (or set EMSDK), then start again';
    throw new StepError(`no emcc >= ${LEAST_EMSCRIPTEN.join('.')} was found`, { advice });
  }
  const onWait = () => report('waiting for another set-up on this machine');
  return withLock(
    join(cacheRoot(), 'locks/toolchain'),
    async () => (await findPrivateEmscripten()) ?? unpackPrivate(report),
    { onWait },
  );
}

/** @param {(detail: string) => void} report @returns {Promise<string>} */
async function unpackPrivate(report) {
  const cache = cacheRoot();
  const target = join(cache, 'toolchain', PRIVATE_FOLDER);
  const draft = `${target}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await rm(target, { recursive: true, force: true });
  await mkdir(join(draft, 'packages'), { recursive: true });

  report('downloading 246 MB');
  const apt = createApt(join(cache, 'apt'), log);
  await apt.get(['download', ...PACKAGES], { cwd: join(draft, 'packages') });
  report('unpacking');
  for (const file of await readdir(join(draft, 'packages'))) {
    await unpackDeb(
      join(draft, 'packages', file),
      join(draft, 'tree'),
      file.startsWith('emscripten') ? LEFT_OUT : ['./usr/share/doc'],
    );
  }
  await rm(join(draft, 'packages'), { recursive: true });
  await rename(join(draft, 'tree/usr/share/emscripten'), join(draft, 'emscripten'));
  await cp(join(root, 'node_modules/acorn'), join(draft, 'emscripten/node_modules/acorn'), {
    recursive: true,
  });
  await writeBinaryenWrappers(draft);

  report('trying it out');
  await configure(draft, draft);
  await tryOut(draft);
  await configure(draft, target);
  await writeFile(join(draft, 'complete'), '');
  await rename(draft, target);
  return join(target, 'emscripten');
}

/** @param {string} file @param {string} target @param {string[]} leftOut tar patterns */
async function unpackDeb(file, target, leftOut) {
  await mkdir(target, { recursive: true });
  const excludes = leftOut.map((pattern) => `--exclude='${pattern}'`).join(' ');
  await run(
    'bash',
    [
      '-o',
      'pipefail',
      '-c',
      `dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --no-same-owner ${excludes}`,
      file,
      target,
    ],
    { log },
  );
}

/**
 * Debian 13's binaryen needs a newer libc than Debian 12 has: each tool is started through the loader unpacked beside it.
 * @param {string} folder the toolchain folder being made
 */
async function writeBinaryenWrappers(folder) {
  const [triplet] = (await readdir(join(folder, 'tree/usr/lib'))).filter((name) =>
    name.includes('-linux-gnu'),
  );
  const libraries = `tree/usr/lib/${triplet}`;
  const [loader] = (await readdir(join(folder, libraries))).filter((name) => name.startsWith('ld-linux'));
  await mkdir(join(folder, 'binaryen/bin'), { recursive: true });
  for (const name of await readdir(join(folder, 'tree/usr/bin'))) {
    const start = `exec "$t/${libraries}/${loader}" --library-path "$t/${libraries}" "$t/tree/usr/bin/${name}" "$@"`;
    const text = `#!/bin/sh\nt=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")\n${start}\n`;
    await writeFile(join(folder, 'binaryen/bin', name), text, { mode: 0o755 });
  }
}

/**
 * Emscripten reads `.emscripten` in its own folder: no environment variable is needed to use it.
 * @param {string} folder the toolchain folder being made
 * @param {string} home where it will be when it is used
 */
async function configure(folder, home) {
  const lines = [
    "LLVM_ROOT = '/usr/bin'",
    "LLVM_ADD_VERSION = '19'",
    "CLANG_ADD_VERSION = '19'",
    `BINARYEN_ROOT = '${home}/binaryen'`,
    "NODE_JS = 'node'",
    `CACHE = '${home}/emscripten/cache'`,
    'FROZEN_CACHE = False',
  ];
  await writeFile(join(folder, 'emscripten/.emscripten'), `${lines.join('\n')}\n`);
}

/** Compiles and links a small module, so that a folder that does not work is never taken into use. @param {string} folder */
async function tryOut(folder) {
  const source = join(folder, 'try.cpp');
  await writeFile(
    source,
    '#include <emscripten/bind.h>\nint twice(int x) { return 2 * x; }\nEMSCRIPTEN_BINDINGS(m) { emscripten::function("twice", twice); }\n',
  );
  const flags = [
    '-O2',
    '-lembind',
    '-sMODULARIZE',
    '-sEXPORT_ES6',
    '-sENVIRONMENT=web,worker',
    '-sFETCH',
    '-fno-exceptions',
  ];
  const advice = 'remove the netocr-wasm folder in your cache folder (~/.cache), then start again';
  await run(join(folder, 'emscripten/emcc'), [source, ...flags, '-o', join(folder, 'try.mjs')], {
    log,
    advice,
  });
  for (const name of ['try.cpp', 'try.mjs', 'try.wasm']) await rm(join(folder, name));
}

/** @param {string} path @param {string} text */
async function writeIfChanged(path, text) {
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
