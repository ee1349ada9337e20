// What the scanners do for a body grows with its length and not with its square: counted in bytes looked at, for bodies
// that were made to cost as much as they can. A body comes in one piece or in pieces of node:http's size.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createFormScanner } from '../../web/proxy/body/form-scanner.js';
import { createMultipartRewriter } from '../../web/proxy/body/multipart-rewriter.js';
import { BOUNDARY, FACE, FILE } from './helpers.mjs';
import { outcome } from './scanner-cases.mjs';

/** Bytes that count how many of them were looked at: one by one, by a search, or handed on as a part. */
function counted(text, count) {
  const bytes = Buffer.from(text, 'latin1');
  return new Proxy(bytes, {
    get(target, name) {
      if (name === 'indexOf')
        return (value, from = 0) => {
          const found = target.indexOf(value, from);
          count.bytes += (found < 0 ? target.length : found + 1) - from;
          return found;
        };
      if (name === 'subarray')
        return (from, to) => {
          count.bytes += to - from;
          return target.subarray(from, to);
        };
      if (typeof name === 'string' && /^\d+$/.test(name)) count.bytes += 1;
      return target[name];
    },
  });
}

function workFor(createScanner, text, pieceBytes) {
  const count = { bytes: 0 };
  const pieces = [];
  for (let at = 0; at < text.length; at += pieceBytes)
    pieces.push(counted(text.slice(at, at + pieceBytes), count));
  outcome(createScanner, pieces);
  return count.bytes;
}

const form = (media) => ['form', () => createFormScanner(FACE), `typeId=21&format=json&img1=${media}`];
const disposition = (name, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
const file = (data) => [
  'multipart',
  () => createMultipartRewriter(FILE, BOUNDARY), // the scanner and what it feeds
  `${disposition('typeId')}\r\n9999\r\n${disposition('file1', '; filename="a"')}\r\n${data}`,
];

const SIZES = [6_000, 12_000, 24_000];
const fill = (unit, bytes) => unit.repeat(Math.ceil(bytes / unit.length));

/** name -> the body that has about so many bytes */
const BODIES = {
  'triplets, then a byte that is none': (n) => form(`${fill('%41', n)}-`),
  'usual triplets, then a byte that is none': (n) => form(`${fill('%2B', n)}-`),
  'triplets between characters': (n) => form(`${fill('A%2F', n)}-`),
  'triplets and a field after them': (n) => form(`${fill('%41', n)}-&img2=AA`),
  'triplets that are good': (n) => form(`${fill('%41', n)}&img2=AA`),
  'triplets and half of one': (n) => form(`${fill('%41', n)}%4`),
  'characters, then a byte that is none': (n) => form(`${fill('A', n)}-`),
  'percent signs': (n) => form(fill('%', n)),
  dashes: (n) => file(fill('-', n)),
  'dashes apart': (n) => file(fill('-x', n)),
  'boundaries that end too early': (n) => file(fill(`\r\n--${BOUNDARY.slice(0, -1)}`, n)),
  'beginnings of boundaries': (n) => file(fill('--', n).replaceAll('----', '---x')),
  'line ends': (n) => file(fill('\r\n', n)),
};

for (const pieceBytes of [1 << 20, 4096]) {
  test(`twice the bytes are twice the work, in pieces of ${pieceBytes}`, () => {
    for (const [name, make] of Object.entries(BODIES)) {
      const [small, middle, large] = SIZES.map((n) => {
        const [, createScanner, text] = make(n);
        return workFor(createScanner, text, pieceBytes);
      });
      assert.ok(large <= 8 * SIZES[2], `${name}: ${large} bytes were looked at`);
      assert.ok(middle <= 2.2 * small && large <= 2.2 * middle, `${name}: ${small}, ${middle}, ${large}`);
    }
  });
}
