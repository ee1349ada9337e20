// Fuzz targets for the scanners of request bodies: each says the same of a body in one piece, in pieces and byte by byte, and
// accepts exactly what a simple reader of the whole body accepts.
import assert from 'node:assert/strict';
import { createFormScanner } from '../../../web/proxy/body/form-scanner.js';
import { createMultipartRewriter } from '../../../web/proxy/body/multipart-rewriter.js';
import { createMultipartScanner } from '../../../web/proxy/body/multipart-scanner.js';
import { FACE, FILE } from '../helpers.mjs';
import { outcome, randomInts } from '../scanner-cases.mjs';
import { kindOf } from './pictures.mjs';

/** One character of a media value in a form. */
export const CHARACTER = '(?:[A-Za-z0-9+/=]|%(?:2[BbFf]|3[0-9Dd]|[46][1-9A-Fa-f]|[57][0-9Aa]))';
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
const MULTIPART = `${field('typeId', '9999')}${field('format', 'json')}${upload('file1', '\xff\xd8\xff\r\n--a-\xff')}${upload('file2', 'y')}--${B}--\r\n`;
const FORM_BODY = `typeId=21&format=json&img1=AB%2b%2F%3D${'A'.repeat(70)}&img2=${'%41'.repeat(40)}`;

const FORM_BODIES = [FORM_BODY, FORM_BODY, `img1=A&typeId=21&img2=B`];

const FORM_PIECES = [
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
];
const MULTIPART_PIECES = [
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
  '\xff\xd8\xff',
  '\x89PNG\r\n\x1a\n',
  'shell.jsp',
];

/** The base with one to three cuts, insertions or repetitions. */
function mutate(base, pieces, random) {
  let text = base;
  for (let steps = 1 + random(3); steps > 0; steps -= 1) {
    const at = random(text.length + 1);
    const gone = random(3) === 0 ? random(6) : 0;
    text = text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + gone);
  }
  return text;
}

/** In pieces, always the same for the same bytes. */
function cut(bytes) {
  const random = randomInts(bytes.reduce((hash, byte) => (31 * hash + byte) | 0, 7));
  const chunks = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(random(2) ? 8 : 200);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const single = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** The outcome of a scanner, null when it refuses. */
function scan(createScanner, bytes) {
  const whole = outcome(createScanner, [bytes]);
  assert.equal(outcome(createScanner, cut(bytes)), whole);
  assert.equal(outcome(createScanner, single(bytes)), whole);
  return /^4/.test(whole) ? null : whole;
}

/** What goes on of a body, null when it is refused. */
function rewritten(chunks) {
  const out = [];
  const createScanner = () => {
    const rewriter = createMultipartRewriter(FILE, B);
    return { ...rewriter, push: (chunk) => void out.push(Buffer.from(rewriter.push(chunk))) };
  };
  return /^4/.test(outcome(createScanner, chunks)) ? null : Buffer.concat(out).toString('latin1');
}

const partsOf = (text) => {
  const pieces = text.split(`--${B}`).slice(1, -1);
  return pieces.map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    return { header: piece.slice(2, end), value: piece.slice(end + 4, -2) };
  });
};

/** The headers are those of the proxy, which name a file after its field and its bytes; nothing else differs. */
function checkRewritten(text, written) {
  assert.equal(written.length, text.length);
  const before = partsOf(text);
  const after = partsOf(written);
  assert.deepEqual(
    after.map(({ value }) => value),
    before.map(({ value }) => value),
  );
  for (const [i, { header, value }] of after.entries()) {
    const [, name] = /name="([^"]*)"/.exec(before[i].header);
    const { extension, type } = kindOf(Buffer.from(value, 'latin1'));
    const file = `form-data; name="${name}"; filename="${name}.${extension}"`;
    const expected = FILE.fields.includes(name)
      ? [`Content-Disposition:${file}Content-Type:${type}`, `Content-Disposition:${file}`]
      : [`Content-Disposition:form-data; name="${name}"`, `Content-Disposition:form-data;name="${name}"`];
    assert.ok(expected.includes(header.replace(/\r\n/, '').replace(/: */g, ':')), header);
  }
}

/** @type {Record<string, import('./play.mjs').Target>} */
export const BODY_TARGETS = {
  form: {
    make: (random) => (random(100) === 0 ? FORM_BODY : mutate(FORM_BODIES[random(3)], FORM_PIECES, random)),
    check(text) {
      const accepted = scan(() => createFormScanner(FACE), Buffer.from(text, 'latin1'));
      assert.equal(accepted, readForm(text));
      return accepted !== null;
    },
  },
  multipart: {
    make: (random) => (random(100) === 0 ? MULTIPART : mutate(MULTIPART, MULTIPART_PIECES, random)),
    check(text) {
      const bytes = Buffer.from(text, 'latin1');
      const accepted = scan(() => createMultipartScanner(FILE, B), bytes);
      assert.equal(accepted, readMultipart(text));
      const written = rewritten([bytes]);
      assert.equal(rewritten(cut(bytes)), written);
      assert.equal(rewritten(single(bytes)), written);
      assert.equal(bytes.toString('latin1'), text, 'the pieces themselves are not written to');
      if (accepted === null) assert.equal(written, null);
      if (written === null) return false;
      checkRewritten(text, written);
      return true;
    },
  },
};
