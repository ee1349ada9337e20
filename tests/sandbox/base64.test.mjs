import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { decodeBase64 } from '../../web/sandbox/base64.js';

test('decodes what Buffer encodes', () => {
  for (let size = 1; size < 300; size += 1) {
    const bytes = randomBytes(size);
    assert.deepEqual(Buffer.from(decodeBase64(bytes.toString('base64'), null).bytes), bytes);
  }
});

test('refuses every other spelling and says what to do', () => {
  const table = [
    ['AA BB', 'AA+BB', /character 3 is a space: encode \+ as %2B/],
    ['AA BB', 'AA%20BB', /white space/],
    ['AAAA\nAAAA', null, /character 5 is white space/],
    ['AAAA\r\nAAAA', null, /white space/],
    ['data:image/jpeg;base64,AAAA', null, /data: prefix/],
    ['AA-_', null, /URL-safe alphabet/],
    ['AA%2B', null, /encoded twice/],
    ['AA!A', null, /is not base64/],
    ['AAé=', null, /is not base64/],
    ['AAA', null, /no multiple of 4/],
    ['AAAAA', null, /no multiple of 4/],
    ['A===', null, /padding/],
    ['AA=A', null, /padding/],
    ['=AAA', null, /padding/],
    ['AB==', null, /unused last bits/],
    ['AAB=', null, /unused last bits/],
  ];
  for (const [text, raw, pattern] of table) assert.match(decodeBase64(text, raw).problem, pattern, text);
});
