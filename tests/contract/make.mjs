// Writes the contract vectors beside it from second opinions: Node's Buffer, URLSearchParams, fetch's FormData parser,
// JSON.parse, and hand-written expectations. `node make.mjs --check` writes nothing and fails when a file would change.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import replyCases from './reply-cases.mjs';
import sniffCases from './sniff-cases.mjs';

const LONG = 2000; // outputs longer than this are given by length and SHA-256

// The inputs' generator: the next state is state * 1664525 + 1013904223 mod 2^32, the byte is its top eight bits.
function lcg(seed, length) {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function bytesOf(spec) {
  if ('text' in spec) return Buffer.from(spec.text, 'utf8');
  if ('base64' in spec) return Buffer.from(spec.base64, 'base64');
  if ('lcg' in spec) return lcg(spec.lcg, spec.length);
  if ('repeat' in spec) return Buffer.from(spec.repeat.repeat(spec.times), 'utf8');
  if ('concat' in spec) return Buffer.concat(spec.concat.map(bytesOf));
  throw new Error(`unknown input ${JSON.stringify(spec)}`);
}

function output(text) {
  if (text.length <= LONG) return { text };
  return { length: Buffer.byteLength(text), sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
}

const formValue = (text) => new URLSearchParams([['', text]]).toString().slice(1);
const base64Of = (spec) => bytesOf(spec).toString('base64');

// --- base64 and form

const byteInputs = [
  ['empty', { text: '' }],
  ...['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => [`RFC 4648 ${text}`, { text }]),
  ['plus and slash', { base64: '++//++//' }],
  ['all plus', { base64: '++++'.repeat(20) }],
  ['all slash', { base64: '////'.repeat(20) }],
  ['zeros', { base64: 'AAAA'.repeat(20) }],
  ['every six-bit value', { base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/' }],
  [
    'every six-bit value, backwards',
    { base64: '/+9876543210zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA' },
  ],
  ...Array.from({ length: 64 }, (_, length) => [`random, ${length} bytes`, { lcg: 100 + length, length }]),
  ...[255, 256, 257, 999, 4096, 65537, 204800, 1048576].map((length) => [
    `random, ${length} bytes`,
    { lcg: length, length },
  ]),
];

const base64 = {
  encode: byteInputs.map(([name, input]) => ({ name, input, expect: output(base64Of(input)) })),
  decode: [
    ...byteInputs.slice(0, 80).map(([name, input]) => ({
      name,
      input: { text: base64Of(input) },
      expect: { base64: base64Of(input) },
    })),
    ...[
      'Z',
      'Zg',
      'Zg=',
      'Zm9vYg',
      '====',
      'Z===',
      'Zg==Zg==',
      '=Zg=',
      'Zh==',
      'Zm9=',
      'Zm 9',
      'Zm\n9',
      'Zm9-',
      'Zm9_',
      'Zm9v\n',
      'data',
      'da\u00e4=',
    ]
      .map((text) => ({
        name: `strict ${JSON.stringify(text)}`,
        input: { text },
        expect: { error: 'INVALID_ARGUMENT' },
      }))
      .filter(({ input }) => Buffer.from(input.text, 'base64').toString('base64') !== input.text),
  ],
};

const texts = [
  '',
  'typeId',
  'json',
  'a b',
  'a+b',
  'a&b=c',
  '100%',
  '*-._~',
  "!'()",
  '人脸识别',
  '\u{1f600}',
  'a\r\nb',
  '\t\u007f\u0000',
  '/+=',
  Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).join(''),
];

const form = {
  text: texts.map((text) => ({
    name: JSON.stringify(text).slice(0, 40),
    input: { text },
    expect: output(formValue(text)),
  })),
  file: byteInputs.map(([name, input]) => ({ name, input, expect: output(formValue(base64Of(input))) })),
};

// --- requests

const JPEG = { base64: '/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==' };
const PNG = {
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
};
const OPERATIONS = {
  compareFaces: { typeId: '21', fields: ['img1', 'img2'] },
  checkLiveness: { typeId: '3035', fields: ['img'] },
  checkVideoLiveness: { typeId: '3036', fields: ['videoContent'] },
  matchIdCard: { typeId: '9999', fields: ['img1', 'img2'] },
  matchIdCardFile: { typeId: '9999', fields: ['file1', 'file2'] },
};

function formRequest(name, operation, files) {
  const { typeId, fields } = OPERATIONS[operation];
  const body = new URLSearchParams({ typeId, format: 'json' });
  for (const [i, file] of files.entries()) body.append(fields[i], base64Of(file));
  return {
    name,
    operation,
    files,
    expect: { contentType: 'application/x-www-form-urlencoded', body: output(body.toString()) },
  };
}

// The body is a list of texts, in which {boundary} stands for the boundary of the content type, and files by index.
async function multipartRequest(name, files, uploads) {
  const { typeId, fields } = OPERATIONS.matchIdCardFile;
  const head = (field, more = '') =>
    `--{boundary}\r\nContent-Disposition: form-data; name="${field}"${more}\r\n\r\n`;
  const body = [{ text: `${head('typeId')}${typeId}\r\n${head('format')}json\r\n` }];
  for (const [i, [fileName, type]] of uploads.entries()) {
    body.push(
      {
        text: `${i === 0 ? '' : '\r\n'}${head(fields[i], `; filename="${fileName}"\r\nContent-Type: ${type}`)}`,
      },
      { file: i },
    );
  }
  body.push({ text: '\r\n--{boundary}--\r\n' });
  const vector = {
    name,
    operation: 'matchIdCardFile',
    files,
    expect: { contentType: 'multipart/form-data; boundary={boundary}', body },
  };
  await readMultipart(vector, uploads);
  return vector;
}

// The second opinion on multipart: what fetch's parser reads from the vector.
async function readMultipart({ files, expect }, uploads) {
  const boundary = 'second-opinion';
  const bytes = Buffer.concat(
    expect.body.map((part) =>
      'file' in part ? bytesOf(files[part.file]) : Buffer.from(part.text.replaceAll('{boundary}', boundary)),
    ),
  );
  const read = await new Response(bytes, {
    headers: { 'content-type': expect.contentType.replace('{boundary}', boundary) },
  }).formData();
  const same =
    read.get('typeId') === '9999' && read.get('format') === 'json' && [...read.keys()].length === 4;
  if (!same) throw new Error('a multipart vector reads back wrong');
  for (const [i, [fileName, type]] of uploads.entries()) {
    const file = read.get(`file${i + 1}`);
    const content = Buffer.from(await file.arrayBuffer());
    if (file.name !== fileName || file.type !== type || !content.equals(bytesOf(files[i])))
      throw new Error(`a multipart vector reads back wrong: ${fileName}`);
  }
}

const refused = (name, operation, files, error) => ({ name, operation, files, expect: { error } });
const request = {
  build: [
    formRequest('compareFaces, small', 'compareFaces', [JPEG, PNG]),
    formRequest('compareFaces, the same picture', 'compareFaces', [JPEG, JPEG]),
    formRequest('checkLiveness, small', 'checkLiveness', [PNG]),
    formRequest('checkVideoLiveness, small', 'checkVideoLiveness', [{ lcg: 5, length: 100 }]),
    formRequest('matchIdCard, small', 'matchIdCard', [JPEG, PNG]),
    ...[1, 2, 3, 17, 64].map((length) =>
      formRequest(`checkLiveness, ${length} bytes`, 'checkLiveness', [{ lcg: length, length }]),
    ),
    formRequest('compareFaces, 200 KiB each', 'compareFaces', [
      { lcg: 7, length: 204800 },
      { lcg: 8, length: 204799 },
    ]),
    formRequest('checkVideoLiveness, 1 MiB', 'checkVideoLiveness', [{ lcg: 9, length: 1048576 }]),
    await multipartRequest(
      'file, JPEG and PNG',
      [JPEG, PNG],
      [
        ['file1.jpg', 'image/jpeg'],
        ['file2.png', 'image/png'],
      ],
    ),
    await multipartRequest(
      'file, unknown bytes',
      [{ text: 'hello\r\n--' }, { lcg: 6, length: 3000 }],
      [
        ['file1.bin', 'application/octet-stream'],
        ['file2.bin', 'application/octet-stream'],
      ],
    ),
    await multipartRequest(
      'file, 200 KiB',
      [{ concat: [JPEG, { lcg: 1, length: 204800 }] }, JPEG],
      [
        ['file1.jpg', 'image/jpeg'],
        ['file2.jpg', 'image/jpeg'],
      ],
    ),
    refused('too few files', 'compareFaces', [JPEG], 'INVALID_ARGUMENT'),
    refused('too many files', 'checkLiveness', [JPEG, JPEG], 'INVALID_ARGUMENT'),
    refused('no file', 'checkVideoLiveness', [], 'INVALID_ARGUMENT'),
    refused('empty first file', 'compareFaces', [{ text: '' }, JPEG], 'EMPTY_INPUT'),
    refused('empty second file', 'matchIdCardFile', [JPEG, { text: '' }], 'EMPTY_INPUT'),
  ],
};

// --- replies: what we understand, JSON.parse must understand too (we may refuse more than it does, never less)

function checkAgainstJsonParse({ name, httpStatus, body, expect }) {
  const text = bytesOf(body)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const refused = expect.error !== null && !expect.error.startsWith('SERVICE_');
  if (refused || httpStatus !== 200 || text.trimStart().startsWith('<')) return;
  const value = JSON.parse(text);
  const status = (value.messageString ?? value.message).status;
  const sign = Object.is(status, -0) ? '-' : '';
  const written =
    Number(status) === Number(expect.status.code) || sign + String(status).trim() === expect.status.code;
  if (!written) throw new Error(`reply "${name}": status`);
}

replyCases.forEach(checkAgainstJsonParse);

function checkNames(vectors) {
  const names = vectors.map(({ name }) => name);
  if (new Set(names).size !== names.length)
    throw new Error(`names are not unique: ${names.filter((name, i) => names.indexOf(name) !== i)}`);
}

// --- files

const files = { base64, form, request, reply: { parse: replyCases }, sniff: { sniff: sniffCases } };
let stale = 0;
for (const [kind, groups] of Object.entries(files)) {
  for (const vectors of Object.values(groups)) checkNames(vectors);
  const lines = Object.entries(groups).map(
    ([group, vectors]) =>
      ` ${JSON.stringify(group)}: [\n${vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(',\n')}\n ]`,
  );
  const text = `{\n${lines.join(',\n')}\n}\n`;
  const path = fileURLToPath(new URL(`${kind}.json`, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`tests/contract/${kind}.json is stale: run node tests/contract/make.mjs`);
    stale++;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
