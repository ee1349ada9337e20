// Generated bodies, the same in every run: each scanner says the same of a body in one piece, in pieces and byte by byte,
// and accepts exactly what a simple reader of the whole body accepts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createKernel } from '../../web/proxy/base64-kernel.js';
import { createFormScanner } from '../../web/proxy/form-scanner.js';
import { createMultipartScanner } from '../../web/proxy/multipart-scanner.js';
import { FACE, FILE } from './helpers.mjs';
import { outcome, randomInts } from './scanner-cases.mjs';

const CHARACTER = '(?:[A-Za-z0-9+/=]|%(?:2[BbFf]|3[0-9Dd]|[46][1-9A-Fa-f]|[57][0-9Aa]))';
const MEDIA = new RegExp(`^${CHARACTER}+$`);

/** What the fields say: the format that was asked for, or null when they are not those of the route. */
function formatOf(fields, { typeId, fields: media }, isMedia) {
  const names = fields.map(([name]) => name);
  if (new Set(names).size !== names.length) return null;
  if (!['typeId', ...media].every((name) => names.includes(name))) return null;
  for (const [name, value] of fields) {
    if (
      name === 'typeId'
        ? value !== typeId
        : name === 'format'
          ? !/^(json|xml|)$/.test(value)
          : !media.includes(name) || !isMedia(value)
    )
      return null;
  }
  const format = fields.find(([name]) => name === 'format');
  return format ? format[1] || 'xml' : 'none';
}

function readForm(text) {
  const pairs = text.split('&').map((pair) => /^([^=]*)=(.*)$/s.exec(pair));
  if (!pairs.every(Boolean)) return null;
  return formatOf(
    pairs.map(([, name, value]) => [name, value]),
    FACE,
    (value) => MEDIA.test(value),
  );
}

const B = 'a--ab';
const DISPOSITION = /^content-disposition: ?form-data; ?name="([^"]*)"(; ?filename="[^"\\;]{1,255}")?$/i;
const TYPE =
  /^content-type: ?(?:image\/[a-z0-9.+-]{1,64}|application\/octet-stream|text\/plain(?:; ?charset=utf-8)?)$/i;

function readPart(piece) {
  if (!piece.startsWith('\r\n') || !piece.endsWith('\r\n')) return null;
  const end = piece.indexOf('\r\n\r\n', 2);
  if (end < 0 || end + 4 > piece.length - 2) return null;
  const [first, ...more] = piece.slice(2, end).split('\r\n');
  const [, name, filename] = DISPOSITION.exec(first) ?? [];
  if (name === undefined || more.length > 1 || (more.length === 1 && !TYPE.test(more[0]))) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(first) || end + 2 > 1024) return null;
  if (FILE.fields.includes(name) !== (filename !== undefined)) return null;
  return [name, piece.slice(end + 4, -2)];
}

function readMultipart(text) {
  const [before, ...pieces] = text.split(`--${B}`);
  const last = pieces.pop();
  if (before !== '' || (last !== '--' && last !== '--\r\n')) return null;
  const parts = pieces.map(readPart);
  return parts.every(Boolean) ? formatOf(parts, FILE, (value) => value !== '') : null;
}

const field = (name, value, more = '') =>
  `--${B}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const upload = (name, value) => field(name, value, '; filename="a.jpg"\r\nContent-Type: image/jpeg');
const MULTIPART = `${field('typeId', '9999')}${field('format', 'json')}${upload('file1', '\r\n--a-\xff')}${upload('file2', 'y')}--${B}--\r\n`;
const FORM_BODY = `typeId=21&format=json&img1=AB%2b%2F%3D${'A'.repeat(70)}&img2=${'%41'.repeat(40)}`;

const KINDS = {
  form: {
    read: readForm,
    createScanner: () => createFormScanner(FACE),
    base: FORM_BODY,
    pieces: [
      '%41',
      '%41'.repeat(40),
      'A'.repeat(80),
      '%2',
      '%',
      '-',
      '&',
      '=',
      '&img2=AA',
      '&format=xml',
      'typeId=21',
      '%26',
      ';',
      '\0',
      '/',
      '%7A',
      '%7b',
      '+',
      '',
    ],
  },
  multipart: {
    read: readMultipart,
    createScanner: () => createMultipartScanner(FILE, B),
    base: MULTIPART,
    pieces: [
      '\r\n',
      '\r',
      '\n',
      '-',
      '--',
      `--${B}`,
      `\r\n--${B}`,
      'a--a',
      'a--ab',
      `--${B}--`,
      field('typeId', '9999'),
      upload('file2', 'z'),
      '"',
      ';',
      '\0',
      '\r\n\r\n',
      'x'.repeat(300),
      '',
    ],
  },
};

const ROUNDS = 4000;

/** The base with one to three cuts, insertions or repetitions. */
function mutate({ base, pieces }, random) {
  let text = base;
  for (let steps = 1 + random(3); steps > 0; steps -= 1) {
    const at = random(text.length + 1);
    const gone = random(3) === 0 ? random(6) : 0;
    text = text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + gone);
  }
  return text;
}

function cut(bytes, random) {
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(2) ? 8 : 200);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

for (const [name, kind] of Object.entries(KINDS)) {
  test(`${name}: chunks, the whole, and a simple reader agree on ${ROUNDS} bodies`, () => {
    const random = randomInts(20_261_130);
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = round === 0 ? kind.base : mutate(kind, random);
      const bytes = Buffer.from(text, 'latin1');
      const whole = outcome(kind.createScanner, [bytes]);
      assert.equal(outcome(kind.createScanner, cut(bytes, random)), whole, JSON.stringify(text));
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      if (round % 8 === 0) assert.equal(outcome(kind.createScanner, single), whole, JSON.stringify(text));
      const expected = kind.read(text);
      assert.equal(/^4/.test(whole) ? null : whole, expected, `${JSON.stringify(text)}: ${whole}`);
      accepted += expected !== null;
    }
    assert.ok(accepted > ROUNDS / 50 && accepted < ROUNDS, `${accepted} were accepted`);
  });
}

test(`the kernel and a regular expression agree on ${ROUNDS} texts`, () => {
  const kernel = createKernel();
  const random = randomInts(7);
  const good = new RegExp(`^${CHARACTER}*$`);
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const units = Array.from({ length: random(60) }, () => ['A', '%41', '%2b', 'zz/', '='][random(5)]);
    if (random(2)) units.splice(random(units.length + 1), 0, ['%', '%4', '-', '%7b', '\xff', '&'][random(6)]);
    const text = units.join('');
    assert.equal(kernel(Buffer.from(text, 'latin1')), good.test(text), text);
    accepted += good.test(text);
  }
  assert.ok(accepted > ROUNDS / 4 && accepted < ROUNDS, `${accepted} were accepted`);
});
