// The programs that building and testing need. On Debian the missing packages are installed (with sudo when not root); on
// another system the missing programs are named.
import { join } from 'node:path';
import { readDistribution, runAsRoot } from './lib/apt.mjs';
import { buildDir } from './lib/paths.mjs';
import { run, StepError, which } from './lib/run.mjs';
import { findEmscripten } from './toolchain.mjs';

const log = join(buildDir, 'logs/debian.log');

/** Package -> the program that stands for it elsewhere (null: comes with another). */
const BUILD = {
  cmake: 'cmake',
  'ninja-build': 'ninja',
  python3: 'python3',
  patch: 'patch',
  'xz-utils': 'xz',
  bzip2: 'bzip2',
  'ca-certificates': null,
};
/** What Emscripten's private folder takes from Debian 12 itself. */
const LLVM = { 'clang-19': 'clang', 'lld-19': null, 'llvm-19': null };
const TEST = {
  'clang-19': 'clang++',
  'libclang-rt-19-dev': null,
  'libstdc++-12-dev': null,
  'libc6-dev': null,
  'libgtest-dev': null,
  'libsimde-dev': null,
  'clang-format-19': 'clang-format',
  'clang-tidy-19': 'clang-tidy',
  'libjpeg-turbo-progs': 'djpeg',
  'libopenjp2-tools': 'opj_compress',
  webp: 'cwebp',
  imagemagick: 'convert',
  netpbm: 'pnmtopng',
  pngcheck: 'pngcheck',
  'libtiff-tools': 'tiffcp',
  'libheif-examples': 'heif-enc',
  ffmpeg: 'ffmpeg',
  'redis-server': 'redis-server',
  'nginx-light': 'nginx',
  chromium: 'chromium',
  // WebKitGTK, its video decoders (HEVC is in "libav", the parser of its streams in "bad"), and a display for it.
  'webkit2gtk-driver': 'WebKitWebDriver',
  'gstreamer1.0-libav': null,
  'gstreamer1.0-plugins-good': null,
  'gstreamer1.0-plugins-bad': null,
  xvfb: 'Xvfb',
  valgrind: 'valgrind',
};
/** What `npm run bench -- --native` needs besides; null: a library, found by CMake. */
const BENCH = { 'libbenchmark-dev': null };

/**
 * @param {{tests: boolean, bench?: boolean}} options
 * @returns {Promise<string[]>} the missing Debian packages, or on another system the missing programs
 */
export async function missing({ tests, bench = false }) {
  const distribution = await readDistribution();
  const isDebian = distribution?.id === 'debian';
  const hasEmscripten = (await findEmscripten()) !== null;
  const fromDebian13 = isDebian && distribution.version >= 13;
  const emscripten = hasEmscripten
    ? {}
    : fromDebian13
      ? { emscripten: 'emcc' }
      : isDebian
        ? LLVM
        : { emscripten: 'emcc' };
  const wanted = { ...BUILD, ...emscripten, ...(tests ? TEST : {}), ...(bench ? BENCH : {}) };
  return isDebian ? missingPackages(Object.keys(wanted)) : missingPrograms(Object.values(wanted));
}

/** @param {string[]} packages @returns {Promise<string[]>} */
async function missingPackages(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in
  const format = '${Package} ${db:Status-Status}\\n';
  const { output } = await run('dpkg-query', ['-W', `-f=${format}`, ...packages], { mayFail: true });
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  );
  return packages.filter((name) => !installed.has(name));
}

/**
 * @param {(string | null)[]} programs
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<string[]>}
 */
export async function missingPrograms(programs, env = process.env) {
  const found = await Promise.all(
    programs.map(async (name) => name === null || (await which(name, env)) !== null),
  );
  return /** @type {string[]} */ (programs.filter((_, index) => !found[index]));
}

/**
 * @param {{tests: boolean, bench?: boolean}} options
 * @param {(detail: string) => void} report
 */
export async function install(options, report) {
  const names = await missing(options);
  if (names.length === 0) return;
  if ((await readDistribution())?.id !== 'debian') throw missingProgramsError(names);
  report(names.join(' '));
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
  const onLine = (/** @type {string} */ line) => {
    const match = /^(Get:\d+|Unpacking|Setting up) .*?([a-z][a-z0-9.+-]+)/.exec(line);
    if (match) report(line.slice(0, 60));
  };
  // Lists that are old or empty name files that are no longer there: then once more with new ones.
  const first = await runAsRoot(command, { log, onLine, mayFail: true });
  if (first.code === 0) return;
  report('apt-get update');
  await runAsRoot(['apt-get', 'update'], { log });
  await runAsRoot(command, { log, onLine });
}

/** @param {string[]} programs */
export function missingProgramsError(programs) {
  const advice =
    "install them with your system's package manager (or put them on the PATH), then start again";
  return new StepError(`these programs are missing: ${programs.join(', ')}`, { advice });
}
