// The file of `--config`: NAME=VALUE lines as systemd's EnvironmentFile and the env files of Docker Compose read them,
// where the two agree. `#` begins a comment line; a quoted value may span lines (a PEM); between double quotes `\"`, `\\`
// and `\$` stand for the second character. A value without quotes is taken as it stands.
import { VARIABLES } from './environment.js';
import { fileVariable, SECRETS, unknownVariable } from './variable-names.js';

const KNOWN = new Set([...Object.keys(VARIABLES), ...SECRETS.map(fileVariable)]);

/**
 * Throws a TypeError that tells the number of the line and no value.
 *
 * @param {string} text
 * @returns {import('./environment.js').Environment}
 */
export function parseConfig(text) {
  /** @type {import('./environment.js').Environment} */
  const env = {};
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    if (/^\s*(#|$)/.test(lines[at])) continue;
    const [, name, rest] = /^\s*([A-Z][A-Z0-9_]*)=\s*(.*?)\s*$/.exec(lines[at]) ?? [];
    checkName(name, at + 1);
    const quote = /^["']/.exec(rest)?.[0];
    const { value, end } = quote ? readQuoted(lines, at, quote) : { value: rest, end: at };
    env[name] = value;
    at = end;
  }
  return env;
}

/**
 * @param {string | undefined} name
 * @param {number} line
 */
function checkName(name, line) {
  if (name !== undefined && KNOWN.has(name)) return;
  // What looks like another name may be a piece of a value.
  const reason = name?.startsWith('NETOCR_')
    ? unknownVariable(name, [...KNOWN])
    : 'it is not NAME=VALUE with a known name';
  throw new TypeError(`line ${line} of the configuration: ${reason}`);
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
  if (close === -1) throw new TypeError(`line ${start + 1} of the configuration: the quote is never closed`);
  const value = inner.slice(0, close);
  const end = start + value.split('\n').length - 1;
  const behind = inner.slice(close + 1).split('\n', 1)[0];
  if (behind.trim() !== '')
    throw new TypeError(`line ${end + 1} of the configuration: something stands behind the closing quote`);
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
