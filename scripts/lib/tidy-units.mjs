// What clang-tidy is run over: each source of wasm/ with the flags it is compiled with, and the key under which a clean result
// is remembered.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { sha256 } from './hash.mjs';

/**
 * @typedef {{directory: string, command: string, file: string}} Command of compile_commands.json
 * @typedef {{file: string, flags: string[]}} Unit file: relative to the repository
 */

/** Flags of Emscripten's driver that its clang does not know; the rest of the clang in use may not know either. */
const EMSCRIPTEN_ONLY = /^-s[A-Z]/;
/** What of the compiler's own command line says how a source is read, rather than how code is generated. */
const READING = /^(-D.+|--sysroot=.+)$/;

/**
 * @param {Command[]} native @param {Command[]} wasm the two compile databases
 * @param {string[]} emscripten what emscriptenFlags() returns
 * @param {string} root the repository
 * @returns {Unit[]} one for each source of wasm/: by the native database, and those that only Emscripten compiles by the other
 */
export function unitsOf(native, wasm, emscripten, root) {
  /** @type {Map<string, Unit>} */
  const units = new Map();
  const add = (/** @type {Command[]} */ commands, /** @type {string[]} */ first) => {
    for (const { file, command } of commands) {
      const path = relative(root, file);
      if (path.startsWith('wasm/') && !units.has(path))
        units.set(path, { file: path, flags: [...first, ...flagsOf(command)] });
    }
  };
  add(native, []);
  add(wasm, emscripten);
  return [...units.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** @param {string} command a line of a compile database @returns {string[]} without compiler, output and source */
export function flagsOf(command) {
  const [, ...words] = command.split(/\s+/);
  const flags = [];
  for (let index = 0; index < words.length; index++) {
    if (words[index] === '-o' || words[index] === '-c') index++;
    else if (!EMSCRIPTEN_ONLY.test(words[index])) flags.push(words[index]);
  }
  return flags;
}

/**
 * @param {string} verbose what `em++ -v -c ...` prints; its first line with a target is the command line of clang
 * @returns {string[]} the flags that make a clang read sources as Emscripten's does
 */
export function emscriptenFlags(verbose) {
  const line = verbose.split('\n').find((text) => / -target wasm32/.test(text)) ?? '';
  const words = line.trim().split(/\s+/);
  const flags = ['-target', words[words.indexOf('-target') + 1]];
  for (const [index, word] of words.entries()) {
    if (READING.test(word)) flags.push(word);
    if (word.startsWith('-iwithsysroot')) flags.push(...words.slice(index - 1, index + 1));
  }
  return flags;
}

/**
 * @param {string} file relative to the repository @param {string} root
 * @param {Map<string, string[]>} [known] filled with what each file includes itself
 * @returns {string[]} the file and every header of the repository that it includes, by whatever way, sorted
 */
export function includedBy(file, root, known = new Map()) {
  const found = new Set([file]);
  for (const path of found) {
    if (!known.has(path)) known.set(path, ownIncludes(path, root));
    for (const header of known.get(path) ?? []) found.add(header);
  }
  return [...found].sort();
}

/** A header stands beside the file that includes it, or is named from wasm/. @param {string} file @param {string} root */
function ownIncludes(file, root) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].flatMap(([, name]) => {
    const places = [resolve(root, dirname(file), name), join(root, 'wasm', name)];
    const place = places.find((path) => existsSync(path));
    return place ? [relative(root, place)] : [];
  });
}

/**
 * @param {Unit} unit @param {string} root
 * @param {string} context the version and the configuration of clang-tidy
 * @param {Map<string, string[]>} [known] see includedBy
 * @returns {string} changes with the source, its headers, its flags and the context, but not with where the repository is.
 *   Library headers are not read: their folders, among the flags, have their versions or hashes in the name
 */
export function keyOf({ file, flags }, root, context, known) {
  const contents = includedBy(file, root, known).map(
    (path) => `${path} ${sha256(readFileSync(join(root, path)))}`,
  );
  const portable = flags.map((flag) => flag.replaceAll(root, '.'));
  return sha256([context, ...portable, ...contents].join('\n'));
}

/**
 * @param {string} output of clang-tidy @param {Set<string>} seen findings that were already told; findings of headers repeat
 * @returns {string[]} the new ones, each with its notes
 */
export function findingsIn(output, seen) {
  const parts = output
    .split(/^(?=\S+:\d+:\d+: (?:error|warning): |error: )/m)
    .filter((part) => /error: |warning: /.test(part));
  const fresh = parts.map((part) => part.trimEnd()).filter((part) => !seen.has(part));
  for (const part of fresh) seen.add(part);
  return fresh;
}
