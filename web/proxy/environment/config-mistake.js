// What is wrong with a line of the file of `--config` that is no NAME=VALUE with a known name. The line may be a piece of a
// value of several lines, such as a key: nothing of it is repeated but what is nearly the name of a variable.
import { nearVariable, unknownVariable } from './variable-names.js';

/**
 * @param {string} line
 * @param {{known: readonly string[], mayContinue: boolean}} context `mayContinue`: the value before it has no quotes
 * @returns {string}
 */
export function lineMistake(line, { known, mayContinue }) {
  const bare = line.replace(/^\s*export\s+/, '');
  const [, name = '', space = '', value = ''] = /^\s*(\w+)(\s*)=(.*)$/.exec(bare) ?? [];
  const isKnown = known.includes(name);
  if (bare !== line && (isKnown || isNearlyKnown(name, value, known))) return 'write it without "export"';
  if (isKnown && space !== '') return 'write no spaces round "="';
  if (isNearlyKnown(name, value, known)) return unknownVariable(name, known);
  if (mayContinue && !/\w\s*=\s*[^\s=]/.test(line))
    return 'is this the rest of a value of several lines? Quote it';
  return 'it is not NAME=VALUE with a known name';
}

/**
 * A line of Base64 may end with `=` and have no more behind it.
 *
 * @param {string} name
 * @param {string} value
 * @param {readonly string[]} known
 */
function isNearlyKnown(name, value, known) {
  if (name.startsWith('NETOCR_')) return true;
  return /[^\s=]/.test(value) && nearVariable(name, known);
}
