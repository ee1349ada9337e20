// Fuzz targets for what is searched in replies: escapes against a reader that replaces them at the end of a text by regular
// expressions, and credentials that were written in any spelling against the check that must find them.
import assert from 'node:assert/strict';
import { createEchoCheck } from '../../../web/proxy/upstream/echo.js';
import { unescaped } from '../../../web/proxy/upstream/unescape.js';
import { KEY, SECRET } from '../helpers.mjs';

const NAMED = {
  ...{
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    plus: '+',
    sol: '/',
    equals: '=',
    percnt: '%',
    num: '#',
  },
  ...{ excl: '!', commat: '@', ast: '*', comma: ',', period: '.', colon: ':', semi: ';', lowbar: '_' },
};

/** The character of an entity, or the entity itself. */
function characterOf(entity, name) {
  if (Object.hasOwn(NAMED, name)) return NAMED[name];
  const [, hex, decimal] = /^#(?:[xX]([\da-fA-F]+)|(\d+))$/.exec(name) ?? [];
  const code = hex ? Number.parseInt(hex, 16) : decimal ? Number.parseInt(decimal, 10) : 128;
  return code < 128 ? String.fromCharCode(code) : entity;
}

const byteOf = (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16));

/** One escape at the end of a text is undone. */
function undoneOnce(text) {
  if (text.endsWith(';')) return text.replace(/&([^&]{0,10});$/, (entity, name) => characterOf(entity, name));
  const byHex = text.replace(/(?:%|\\x|\\u00)([\da-fA-F]{2})$/, byteOf);
  return byHex === text ? text.replace(/\\([^ux])$/s, '$1') : byHex;
}

/** All escapes, from the inside out. */
function undone(text) {
  let out = '';
  for (const char of text) {
    out += char;
    for (let next = undoneOnce(out); next !== out; next = undoneOnce(out)) out = next;
  }
  return out;
}

const PIECES = [
  ...[
    '%',
    '%2',
    '%25',
    '%41',
    '25',
    '41',
    '5c',
    '\\',
    '\\\\',
    '\\u',
    '\\u00',
    '\\u0041',
    '\\x',
    '\\x5C',
    'u',
    'x',
  ],
  ...[
    '&',
    '&amp;',
    'amp;',
    '&#',
    '&#x',
    '&#38;',
    '&#X26;',
    '#38',
    ';',
    '&#0000038;',
    '&#00000038;',
    '&#200;',
    '&#127;',
    '&percnt;',
    '&semi;',
    '&lowbar;',
    '&num;',
    '&sol;',
    '&#128;',
    '&#x7F;',
    '&#000000038;',
    '&#0000000038;',
    '&lt;',
  ],
  ...['&AMP;', '0', '00', '\n', '\xff', '"', '/', '{"a":1}'],
];

const hex = (char, digits) => char.charCodeAt(0).toString(16).padStart(digits, '0');
const each = (write) => (text) => Array.from(text, write).join('');

/** Each undoes to the text; the texts have no backslash before they are written. */
const SPELLINGS = [
  (text) => text,
  encodeURIComponent,
  each((char) => `%${hex(char, 2)}`),
  each((char) => `\\u${hex(char, 4)}`),
  each((char) => `\\x${hex(char, 2).toUpperCase()}`),
  each((char) => `&#${char.charCodeAt(0)};`),
  each((char) => `&#x${hex(char, 2)};`),
  (text) => text.replaceAll('&', '&amp;'),
  (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
];
const VALUES = [KEY, SECRET];
const isEcho = createEchoCheck({ key: KEY, secret: SECRET }, () => {});

/** Where an escape may not begin before a credential, nor go on behind it. */
const APART = '{"text":"';

const pick = (list, random) => list[random(list.length)];
const noise = (random, length) => Array.from({ length: random(length) }, () => pick(PIECES, random)).join('');

/** A credential or its base64, as a whole, or without its last character, in up to three spellings one around the other. */
function spelled(random) {
  const value = pick(VALUES, random);
  const base64 = [value, encodeURIComponent(value)].map((it) => Buffer.from(it).toString('base64'));
  let text = pick([value, ...base64, value.slice(0, -1)], random);
  for (let depth = random(4); depth > 0; depth -= 1) text = pick(SPELLINGS, random)(text);
  return text;
}

const holds = (text) => {
  const forms = VALUES.map(encodeURIComponent);
  const needles = [...VALUES, ...forms].flatMap((value) => [
    value,
    Buffer.from(value).toString('base64').replace(/.?=+$/, ''),
  ]);
  return needles.some((needle) => text.toLowerCase().includes(needle.toLowerCase()));
};

/** @type {Record<string, import('./play.mjs').Target>} */
export const ESCAPE_TARGETS = {
  escapes: {
    make: (random) => noise(random, 30),
    check(text) {
      const result = Buffer.from(unescaped(Buffer.from(text, 'latin1'))).toString('latin1');
      assert.equal(result, undone(text));
      return result !== text;
    },
  },
  echo: {
    make: (random) => `${noise(random, 12)}${APART}${spelled(random)}${APART}${noise(random, 12)}`,
    check(text) {
      const found = isEcho(Buffer.from(text, 'latin1'));
      assert.equal(found, holds(text) || holds(undone(text)));
      return found;
    },
  },
};
