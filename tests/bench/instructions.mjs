// Compares the instruction counts of the kernels, by callgrind, with the bounds in instructions.json. Unlike times, counts are
// the same on a busy machine; they are compared only for the compiler and the processor of the bounds.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildDir, root } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { ensureClang } from '../../scripts/toolchain.mjs';

/** A count may be this much over its bound. */
export const TOLERANCE = 0.05;
export const BOUNDS = join(root, 'tests/bench/instructions.json');
const TREE = join(buildDir, 'kernels');
const TOOLCHAIN = join(buildDir, 'toolchain/native.cmake');

/** @typedef {{made: {compiler: string, processor: string}, counts: Record<string, number>}} Counts */

/** @param {'count_instructions' | 'kernel_benchmark'} program @returns {Promise<string>} its path */
export async function buildKernels(program) {
  const log = join(buildDir, 'logs/kernels.log');
  await ensureClang();
  const args = ['-G', 'Ninja', '-S', join(root, 'tests/bench/kernels'), '-B', TREE];
  await run('cmake', [...args, `-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}`], { log });
  const advice = 'kernel_benchmark needs google-benchmark: on Debian the package libbenchmark-dev';
  await run('cmake', ['--build', TREE, '--target', program, '-j', String(availableParallelism())], {
    log,
    advice,
  });
  return join(TREE, program);
}

/** @returns {Promise<Counts['made']>} what counts depend on, such as 'clang 19' and 'x86_64' */
async function circumstances() {
  const [, compiler] = /CMAKE_CXX_COMPILER "([^"]+)"/.exec(await readFile(TOOLCHAIN, 'utf8')) ?? [];
  const { output } = await run(compiler, ['--version']);
  const [, name, version] = /(\w+) version (\d+)/.exec(output) ?? [];
  const [, processor] = /^Target: (\w+)-/m.exec(output) ?? [];
  return { compiler: `${name} ${version}`, processor };
}

/** @returns {Promise<Counts>} */
export async function countInstructions() {
  const program = await buildKernels('count_instructions');
  const folder = join(TREE, 'counts');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const options = [
    '--tool=callgrind',
    '--collect-atstart=no',
    `--callgrind-out-file=${join(folder, 'part')}`,
  ];
  await run('valgrind', [...options, program], { log: join(buildDir, 'logs/kernels.log') });
  const parts = (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'));
  const counts = (await Promise.all(parts)).map(readPart).filter((part) => part !== null);
  return { made: await circumstances(), counts: Object.fromEntries(counts.sort()) };
}

/**
 * @param {string} text a file that callgrind wrote
 * @returns {[string, number] | null} kernel and count; null for the part at the program's end
 */
export function readPart(text) {
  const [, name] = /^desc: Trigger: Client Request: (.+)$/m.exec(text) ?? [];
  const [, count] = /^totals: (\d+)$/m.exec(text) ?? [];
  return name && count ? [name, Number(count)] : null;
}

/** @returns {Promise<Counts>} */
export const readBounds = async () => JSON.parse(await readFile(BOUNDS, 'utf8'));

/** Makes what is counted now the bounds. */
export async function updateBounds() {
  const counted = await countInstructions();
  await writeFile(BOUNDS, `${JSON.stringify(counted, null, 2)}\n`);
  return counted;
}

/**
 * @param {Counts} counted @param {Counts} bounds
 * @returns {{comparable: boolean, rows: {name: string, count: number | null, bound: number | null, change: number | null,
 *   isGood: boolean}[]}} comparable: made with the same compiler on the same kind of processor; not good: over the bound, or
 *   in one of the two lists alone
 */
export function compareCounts(counted, bounds) {
  const names = [...new Set([...Object.keys(bounds.counts), ...Object.keys(counted.counts)])];
  const rows = names.map((name) => {
    const count = counted.counts[name] ?? null;
    const bound = bounds.counts[name] ?? null;
    const change = count !== null && bound !== null ? count / bound - 1 : null;
    return { name, count, bound, change, isGood: change !== null && count <= bound * (1 + TOLERANCE) };
  });
  const comparable =
    counted.made.compiler === bounds.made.compiler && counted.made.processor === bounds.made.processor;
  return { comparable, rows };
}

/** @param {number | null} count @param {number | null} bound */
const wrongIn = (count, bound) => (bound === null ? '  NEW' : count === null ? '  GONE' : '  OVER');

/** @param {ReturnType<typeof compareCounts>} comparison @returns {string} a table */
export function describeCounts({ rows }) {
  const number = (/** @type {number | null} */ value) =>
    (value === null ? '–' : value.toLocaleString('en')).padStart(14);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, count, bound, change, isGood }) => {
    const percent =
      change === null ? '' : `${change < 0 ? '' : '+'}${(100 * change).toFixed(1)} %`.padStart(10);
    return `${name.padEnd(width)}${number(count)}${number(bound)}${percent}${isGood ? '' : wrongIn(count, bound)}`;
  });
  const head = `${'kernel'.padEnd(width)}${'instructions'.padStart(14)}${'bound'.padStart(14)}`;
  return [head, ...lines].join('\n');
}
