// The file of `--config`: NAME=VALUE lines as systemd's EnvironmentFile and the env files of Docker Compose read them,
// where the two agree. `#` begins a comment line; a quoted value may span lines (a PEM); between double quotes `\"`, `\\`
// and `\$` stand for the second character. A value without quotes is taken as it stands, but where ` #` is in it the two
// do not agree, and it is an error.

import { lineMistake } from './config-mistake.js';
import { fileVariable, SECRETS } from './variable-names.js';
import { VARIABLES } from './variables.js';

const KNOWN = new Set([...Object.keys(VARIABLES), ...SECRETS.map(fileVariable)]);

/**
 * Throws a TypeError that tells the number of the line and no value.
 *
 * @param {string} text
 * @returns {import('../environment.js').Environment}
 */
export function parseConfig(text) {
  /** @type {import('../environment.js').Environment} */
  const env = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  /** @type {Map<string, number>} name -> number of its line */
  const lineOf = new Map();
  /** A value without quotes may have been meant to go on. */
  let mayContinue = false;
  for (let at = 0; at < lines.length; at += 1) {
    if (/^\s*(#|$)/.test(lines[at])) continue;
    const [, name, rest] = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(lines[at]) ?? [];
    if (name === undefined || !KNOWN.has(name))
      throw mistakeIn(at + 1, lineMistake(lines[at], { known: [...KNOWN], mayContinue }));
    if (lineOf.has(name)) throw mistakeIn(at + 1, `${name} is already in line ${lineOf.get(name)}`);
    lineOf.set(name, at + 1);
    const { value, end } = readValue(lines, at, rest);
    env[name] = value;
    mayContinue = !/^\s*["']/.test(rest);
    at = end;
  }
  return env;
}

/** @param {number} line @param {string} mistake */
const mistakeIn = (line, mistake) => new TypeError(`line ${line} of the configuration: ${mistake}`);

const COMMENT = 'a comment is a line of its own; quote a value that has " #" in it';

/**
 * @param {readonly string[]} lines
 * @param {number} at index of the line
 * @param {string} rest behind its `=`
 * @returns {{value: string, end: number}} `end`: index of the last line of the value
 */
function readValue(lines, at, rest) {
  const quote = /^\s*(["'])/.exec(rest)?.[1];
  if (quote) return readQuoted(lines, at, quote);
  if (/\s#/.test(rest)) throw mistakeIn(at + 1, COMMENT);
  return { value: rest.trim(), end: at };
}

/**
 * @param {readonly string[]} lines
 * @param {number} start index of the line whose value begins with the quote
 * @param {string} quote
 * @returns {{value: string, end: number}} `end`: index of the line with the closing quote
 */
function readQuoted(lines, start, quote) {
  const text = lines.slice(start).join('\n');
  const inner = text.slice(text.indexOf(quote, text.indexOf('=')) + 1);
  const close = closingQuote(inner, quote);
  if (close === -1) throw mistakeIn(start + 1, 'the quote is never closed');
  const value = inner.slice(0, close);
  const end = start + value.split('\n').length - 1;
  const behind = inner.slice(close + 1).split('\n', 1)[0];
  if (/^\s+#/.test(behind)) throw mistakeIn(end + 1, COMMENT);
  if (behind.trim() !== '') throw mistakeIn(end + 1, 'something stands behind the closing quote');
  return { value: quote === '"' ? value.replace(/\\(["\\$])/g, '$1') : value, end };
}

/**
 * @param {string} text
 * @param {string} quote
 * @returns {number} -1 when there is none
 */
function closingQuote(text, quote) {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === quote) return at;
    if (text[at] === '\\' && quote === '"') at += 1;
  }
  return -1;
}
