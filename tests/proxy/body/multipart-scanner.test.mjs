import assert from 'node:assert/strict';
import test from 'node:test';
import { boundaryOf, createMultipartScanner } from '../../../web/proxy/body/multipart-scanner.js';
import { BOUNDARY, FILE, multipartBody } from '../helpers.mjs';
import { outcome, outcomeOfAllCuts, randomInts } from '../scanner-cases.mjs';

const onFile =
  (boundary = BOUNDARY) =>
  () =>
    createMultipartScanner(FILE, boundary);
const B = 'B';

const part = (name, value, { filename = '', type = '', boundary = B } = {}) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename && `; filename="${filename}"`}\r\n` +
  `${type && `Content-Type: ${type}\r\n`}\r\n${value}\r\n`;
const file = (name, value = 'xyz', extra = {}) => part(name, value, { filename: 'a.jpg', ...extra });
const END = `--${B}--\r\n`;
const GOOD = [part('typeId', '9999'), part('format', 'json'), file('file1'), file('file2')].join('');

test('accepts the documented parts in any order, cut anywhere', () => {
  const table = [
    [GOOD + END, 'json'],
    [`${GOOD}--${B}--`, 'json'],
    [file('file2') + file('file1') + part('typeId', '9999') + END, 'none'],
    [file('file2') + file('file1') + part('typeId', '9999') + part('format', '') + END, 'xml'],
    [GOOD.replaceAll('Content-Disposition: form-data; ', 'content-disposition:form-data;') + END, 'json'],
    [
      part('typeId', '9999', { type: 'text/plain; charset=utf-8' }) + file('file1') + file('file2') + END,
      'none',
    ],
    [
      part('typeId', '9999') + file('file1', 'x', { type: 'image/jp2' }) + file('file2', '\r\n') + END,
      'none',
    ],
    [part('typeId', '9999') + file('file1', '\r\n-') + file('file2', '-\r\n\r\n--') + END, 'none'],
    [
      part('typeId', '9999') + file('file1', 'x', { filename: '\xe8\xaf\x81%22.jpg' }) + file('file2') + END,
      'none',
    ],
  ];
  for (const [body, expected] of table) assert.equal(outcomeOfAllCuts(onFile(B), body), expected, body);
  assert.equal(outcomeOfAllCuts(onFile(), multipartBody(FILE).toString('latin1')), 'json');
});

test('refuses everything else, cut anywhere', () => {
  const without = (text) => GOOD.replace(text, '');
  const table = [
    ...['key', 'Key', 'SECRET', '%6bey', ' key', 'key[]'].map((name) => [
      GOOD + part(name, 'x') + END,
      /its own key or secret/,
    ]),
    [part('key', 'x') + GOOD + END, /its own key or secret/],
    [GOOD + part('other', 'x') + END, /does not know/],
    [GOOD + part('FILE1', 'x') + END, /does not know/],
    [GOOD + file('file1') + END, /twice/],
    [GOOD + part('typeId', '9999') + END, /twice/],
    [GOOD.replace('9999', '21') + END, /typeId must be 9999/],
    [GOOD.replace('9999', '9999\r\n') + END, /typeId must be 9999/],
    [GOOD.replace('json', 'yaml') + END, /format must be/],
    [GOOD.replace('9999', '9'.repeat(40)) + END, /too long/],
    [without(part('typeId', '9999')) + END, /typeId is missing/],
    [without(file('file2')) + END, /file2 is missing/],
    [GOOD.replace('xyz', '') + END, /is empty/],
    // headers
    [GOOD.replace('; filename="a.jpg"', '') + END, /must have a filename/],
    [GOOD.replace('name="typeId"', 'name="typeId"; filename="x"') + END, /must have a filename/],
    [GOOD.replace('name="file1"', 'name="file1"; name="key"') + END, /header that is not allowed/],
    [GOOD.replace('name="file1"', 'name*=utf-8\'\'key; name="file1"') + END, /header that is not allowed/],
    [GOOD.replace('a.jpg', 'a.jpg"; name="key') + END, /header that is not allowed/],
    [GOOD.replace('a.jpg', 'a\\".jpg') + END, /header that is not allowed/],
    [GOOD.replace('a.jpg', 'a;name=key') + END, /header that is not allowed/],
    [GOOD.replace('a.jpg', 'a\nContent-Disposition: x') + END, /header that is not allowed/],
    [GOOD.replace('a.jpg', 'a\0.jpg') + END, /header that is not allowed/],
    [GOOD.replace('Content-Disposition', ' Content-Disposition') + END, /header that is not allowed/],
    [GOOD.replace('name="file1"', '\r\n name="file1"') + END, /header that is not allowed/],
    [GOOD.replace('form-data', 'attachment') + END, /header that is not allowed/],
    [
      GOOD.replace('\r\n\r\nxyz', '\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\nxyz') + END,
      /not allowed/,
    ],
    [GOOD.replace('\r\n\r\nxyz', '\r\nContent-Transfer-Encoding: base64\r\n\r\nxyz') + END, /not allowed/],
    [
      GOOD.replace(
        '\r\n\r\nxyz',
        '\r\nContent-Type: image/png\r\nContent-Disposition: form-data; name="key"\r\n\r\nxyz',
      ) + END,
      /not allowed/,
    ],
    [GOOD.replace('a.jpg', 'a'.repeat(2000)) + END, /header of a part is too long/],
    // boundaries that only some readers would see
    [
      GOOD.replace('xyz', `x\n--${B}\r\nContent-Disposition: form-data; name="key"\r\n\r\nk`) + END,
      /inside a part/,
    ],
    [GOOD.replace('xyz', `x\r--${B}\r\nk`) + END, /inside a part/],
    [GOOD.replace('xyz', `x--${B}`) + END, /inside a part/],
    [GOOD.replace('xyz', `--${B}`) + END, /inside a part/],
    [GOOD.replace('xyz', `\r\n---${B}`) + END, /inside a part/],
    [GOOD.replace('xyz', `x\r\n--${B}x`) + END, /not followed by a line end/],
    [GOOD.replace('xyz', `x\r\n--${B} \r\n`) + END, /not followed by a line end/],
    [GOOD.replace('xyz', `x\r\n--${B}\n`) + END, /not followed by a line end/],
    [`preamble\r\n${GOOD}${END}`, /does not begin with its boundary/],
    [`\r\n${GOOD}${END}`, /does not begin with its boundary/],
    [`${GOOD}${END}epilogue`, /after the last boundary/],
    [`${GOOD}${END}\r\n`, /after the last boundary/],
    [`${GOOD}--${B}--\r`, /ends before/],
    [GOOD, /ends before/],
    ['', /ends before/],
    [END, /ends before|does not begin|typeId is missing/],
  ];
  for (const [body, pattern] of table) {
    const result = outcomeOfAllCuts(onFile(B), body);
    assert.match(result, /^400 /, JSON.stringify(body));
    assert.match(result, pattern, JSON.stringify(body));
  }
});

test('a boundary of many dashes is found after a failed match', () => {
  const boundary = '-----x';
  const body = (value) =>
    part('typeId', '9999', { boundary }) +
    file('file1', value, { boundary }) +
    file('file2', 'y', { boundary }) +
    `--${boundary}--\r\n`;
  assert.equal(outcomeOfAllCuts(onFile(boundary), body('\r\n------')), 'none');
  assert.equal(outcomeOfAllCuts(onFile(boundary), body('-------y--')), 'none');
  assert.match(outcomeOfAllCuts(onFile(boundary), body('a--------x')), /inside a part/);
});

test('the boundary is taken only from an exact content type', () => {
  const table = [
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data;boundary="abc"', 'abc'],
    ['Multipart/Form-Data; Boundary=----WebKitFormBoundaryAb12', '----WebKitFormBoundaryAb12'],
    ['multipart/form-data', null],
    ['multipart/form-data; boundary=', null],
    ['multipart/form-data; boundary=a; boundary=b', null],
    ['multipart/form-data; charset=utf-8; boundary=a', null],
    ['multipart/form-data; boundary=a b', null],
    [`multipart/form-data; boundary=${'a'.repeat(71)}`, null],
    ['multipart/mixed; boundary=a', null],
    ['application/x-www-form-urlencoded', null],
  ];
  for (const [type, expected] of table) assert.equal(boundaryOf(type), expected, type);
});

// Second opinion: the platform's own reader (which wants boundaries of 27 characters) must see the same parts.
test('what passes holds only the known parts for FormData', async () => {
  const boundary = '----netocrTestBoundary0123456789';
  const base = (GOOD + END).replaceAll(`--${B}`, `--${boundary}`);
  const random = randomInts(7);
  const mark = `--${boundary}`;
  const key = part('key', 'x', { boundary });
  const pieces = [
    '\r\n',
    '\n',
    '\r',
    '--',
    mark,
    `\r\n${mark}\r\n`,
    key,
    '"',
    ';',
    '\0',
    'B',
    '-',
    '\r\n\r\n',
  ];
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  let accepted = 0;
  for (let round = 0; round < 6000; round += 1) {
    const at = random(base.length + 1);
    const body = base.slice(0, at) + pieces[random(pieces.length)] + base.slice(at + random(2));
    const bytes = Buffer.from(body, 'latin1');
    if (/^400 /.test(outcome(onFile(boundary), [bytes]))) continue;
    accepted += 1;
    const form = await new Response(bytes, { headers }).formData();
    assert.deepEqual([...form.keys()].sort(), ['file1', 'file2', 'format', 'typeId'], body);
    assert.equal(form.get('typeId'), '9999', body);
  }
  assert.ok(accepted > 50, `only ${accepted} bodies were accepted`);
});
