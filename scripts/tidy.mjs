// `npm run tidy [-- FILE ...]`: clang-tidy over every source of wasm/ or over those named. A clean result is remembered in the
// user's cache for as long as source, headers, flags, .clang-tidy and clang-tidy itself stay what they are. Part of `npm test`.
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './build.mjs';
import { exists } from './lib/exists.mjs';
import { sha256 } from './lib/hash.mjs';
import { buildDir, cacheRoot, root } from './lib/paths.mjs';
import { run, StepError, which } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { emscriptenFlags, findingsIn, keyOf, unitsOf } from './lib/tidy-units.mjs';

/** @typedef {{file: string, isClean: boolean, isNew: boolean, findings: string[]}} Outcome isNew: clang-tidy was run */

/** The analyzer follows fewer states of a function than by default (225000): a third of the time, and the same findings here. */
const ANALYZER = ['-Xclang', '-analyzer-config', '-Xclang', 'max-nodes=40000'];
const FORGET_AFTER_MS = 60 * 24 * 3600 * 1000;
const memory = join(cacheRoot(), 'tidy');

/** @returns {Promise<string>} the program */
async function findTidy() {
  const tidy = (await which('clang-tidy-19')) ?? (await which('clang-tidy'));
  if (tidy) return tidy;
  throw new StepError('clang-tidy was not found', { advice: 'run npm test, which installs it on Debian' });
}

/** @returns {Promise<import('./lib/tidy-units.mjs').Unit[]>} */
async function readUnits() {
  const [native, wasm] = await Promise.all(
    ['asan', 'wasm'].map(async (preset) =>
      JSON.parse(await readFile(join(buildDir, preset, 'compile_commands.json'), 'utf8')),
    ),
  );
  const compiler = wasm[0].command.split(' ')[0].replace(/emcc$/, 'em++');
  const source = join(buildDir, 'tidy.cpp');
  await writeFile(source, '');
  const { output } = await run(compiler, ['-v', '-c', source, '-o', join(tmpdir(), `tidy-${process.pid}.o`)]);
  await rm(join(tmpdir(), `tidy-${process.pid}.o`), { force: true });
  const units = unitsOf(native, wasm, emscriptenFlags(output), root);
  return units.map(({ file, flags }) => ({ file, flags: [...flags, ...ANALYZER] }));
}

/** @param {string} key */
async function remembers(key) {
  const path = join(memory, key);
  if (!(await exists(path))) return false;
  await utimes(path, new Date(), new Date());
  return true;
}

/** Drops what no run has asked for in a long time. */
async function forgetOld() {
  for (const name of await readdir(memory)) {
    const path = join(memory, name);
    if (Date.now() - (await stat(path)).mtimeMs > FORGET_AFTER_MS) await rm(path, { force: true });
  }
}

/**
 * Checks the sources; needs the trees asan and wasm to be configured.
 * @param {{files?: string[], onOutcome?: (outcome: Outcome) => void}} [options] files: relative to the repository
 * @returns {Promise<Outcome[]>} one for each source, in any order
 */
export async function tidy({ files, onOutcome } = {}) {
  const program = await findTidy();
  const version = (await run(program, ['--version'])).output;
  const context = sha256(`${version}\n${await readFile(join(root, '.clang-tidy'), 'utf8')}`);
  const all = await readUnits();
  const unknown = (files ?? []).filter((file) => !all.some((unit) => unit.file === file));
  if (unknown.length > 0) throw new StepError(`no source is called ${unknown.join(', ')}`);
  const waiting = files ? all.filter(({ file }) => files.includes(file)) : all;
  await mkdir(memory, { recursive: true });

  const escaped = root.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const known = new Map();
  const seen = new Set();
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @param {import('./lib/tidy-units.mjs').Unit} unit @returns {Promise<Outcome>} */
  const check = async (unit) => {
    const key = keyOf(unit, root, context, known);
    const { file } = unit;
    if (await remembers(key)) return { file, isClean: true, isNew: false, findings: [] };
    const args = ['--quiet', `--header-filter=^${escaped}/wasm/`, file, '--', ...unit.flags];
    const { code, output } = await run(program, args, { cwd: root, mayFail: true });
    if (code === 0) await writeFile(join(memory, key), '');
    return { file, isClean: code === 0, isNew: true, findings: code === 0 ? [] : findingsIn(output, seen) };
  };
  const work = async () => {
    for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
      const outcome = await check(unit);
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  await forgetOld();
  return outcomes;
}

/** @param {Outcome} outcome @returns {string} */
export function describeTidy({ file, isClean, findings }) {
  return [`${isClean ? 'ok    ' : 'FAILED'} ${file}`, ...findings].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await setUp({ tests: true });
    const named = process.argv.slice(2).map((file) => relative(root, resolve(file)));
    const outcomes = await tidy({
      files: named.length > 0 ? named : undefined,
      onOutcome: (outcome) => outcome.isNew && console.log(describeTidy(outcome)),
    });
    const bad = outcomes.filter(({ isClean }) => !isClean).length;
    console.log(`${outcomes.length - bad} of ${outcomes.length} sources are clean`);
    process.exitCode = bad > 0 ? 1 : 0;
  });
}
