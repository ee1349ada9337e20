// A reply that repeats key or secret, in whatever spelling, goes nowhere: not to the page, a log line or a receipt.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import { createEchoCheck } from '../../../web/proxy/upstream/echo.js';
import { unescaped } from '../../../web/proxy/upstream/unescape.js';
import {
  errorOf,
  FACE,
  formBody,
  KEY,
  LIVENESS,
  OK_REPLY,
  post,
  SECRET,
  startProxy,
  startUpstream,
} from '../helpers.mjs';
import { randomInts } from '../scanner-cases.mjs';

const check = (...values) => {
  const isEcho = createEchoCheck(Object.fromEntries(values.entries()), () => {});
  return (text) => isEcho(Buffer.from(text));
};
const each = (write) => (text) => Array.from(text, (char) => write(char.charCodeAt(0))).join('');
const hex = (code, digits = 2) => code.toString(16).padStart(digits, '0');

/** What programs make of a text when they repeat it. */
const SPELLINGS = {
  plain: (text) => text,
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ text })),
  'JSON with every character escaped': each((code) => `\\u${hex(code, 4).toUpperCase()}`),
  'JSON with slashes escaped': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'JSON in JSON, all escaped': (text) => JSON.stringify(each((code) => `\\u${hex(code, 4)}`)(text)),
  JavaScript: each((code) => `\\x${hex(code)}`),
  'URI component': encodeURIComponent,
  'URI component twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ secret: text }).toString(),
  'every byte percent-encoded': each((code) => `%${hex(code).toUpperCase()}`),
  'XML text': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'XML text twice': (text) => SPELLINGS['XML text'](SPELLINGS['XML text'](text)),
  'HTML, decimal': each((code) => `&#${code};`),
  'HTML, hexadecimal': each((code) => `&#X00${hex(code)};`),
  'HTML in JSON': (text) => JSON.stringify(each((code) => `&#${code};`)(text)),
  'form in JSON': (text) => JSON.stringify({ body: `a=1&b=${encodeURIComponent(text)}` }),
  'the names of HTML': (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('+', '&plus;')
      .replaceAll('/', '&sol;')
      .replaceAll('=', '&equals;')
      .replaceAll('%', '&percnt;'),
  'base64 of a form': (text) => Buffer.from(`key=k&secret=${encodeURIComponent(text)}&x=`).toString('base64'),
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 of more, moved by one': (text) => Buffer.from(`k${text}x`).toString('base64'),
  'base64 of more, moved by two': (text) => Buffer.from(`k=${text}&secret=`).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(`key=${text}`).toString('base64url'),
  'base64 in JSON': (text) => JSON.stringify(Buffer.from(text).toString('base64')).replaceAll('/', '\\/'),
  'base64 in a form': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  'upper case': (text) => text.toUpperCase(),
  'lower case': (text) => text.toLowerCase(),
};

test('every spelling is found, between other text, and nothing else is', () => {
  const random = randomInts(5);
  const values = [KEY, SECRET, 'ab%41cd&amp;&#65;%2525efgh', '????????>>>>', 'MzQ4NzE2'];
  for (let round = 0; round < 60; round += 1)
    values.push(
      Array.from({ length: 8 + random(40) }, () =>
        String.fromCharCode(0x21 + random(94)).replace('\\', 'x'),
      ).join(''),
    );
  for (const value of values) {
    const isEcho = check(value);
    for (const [name, write] of Object.entries(SPELLINGS)) {
      assert.ok(isEcho(`{"a":"${write(value)}"}`), `${name} of ${value}`);
      assert.ok(isEcho(write(value)), `${name} of ${value} alone`);
    }
  }
});

test('replies of the usual kinds are no echo', () => {
  const isEcho = check(KEY, SECRET);
  const random = randomInts(9);
  const portrait = Buffer.from(Uint8Array.from({ length: 200_000 }, () => random(256))).toString('base64');
  for (const text of [
    OK_REPLY,
    '',
    '{"status":"-4","value":"key 或 secret 错误"}',
    KEY.slice(0, -1),
    SECRET.slice(1),
    JSON.stringify({ portrait }),
    JSON.stringify({ portrait }).replaceAll('/', '\\/'),
    `<?xml version='1.0'?><data><item desc="头像"><![CDATA[${portrait}]]></item></data>`,
  ]) {
    assert.equal(isEcho(text), false, text.slice(0, 60));
  }
});

test('a value that is nothing but escapes is found as it is, and makes no other reply an echo', () => {
  for (const value of ['%2541%2541', '\\'.repeat(8)]) {
    const isEcho = check(value);
    assert.equal(isEcho(`{"a":"${value}"}`), true);
    for (const text of ['{"a":"b\\/c"}', '{"a":"AA"}', '{"a":"%41%41"}'])
      assert.equal(isEcho(text), false, text);
  }
});

test('a short value is not searched for, and the operator is told which', () => {
  const warnings = [];
  const isEcho = createEchoCheck({ key: 'seven77', secret: 'eight888' }, (message) => warnings.push(message));
  assert.deepEqual(warnings, ['key has fewer than 8 characters: replies that repeat it are not noticed']);
  assert.equal(isEcho(Buffer.from('seven77')), false);
  assert.equal(isEcho(Buffer.from('eight888')), true);
});

test('long replies made of escapes are searched in linear time: a quadratic search would not end', () => {
  const isEcho = check(KEY, SECRET);
  for (const unit of [
    '%',
    '%25',
    '%252525',
    '\\',
    '\\u00',
    '\\u0070',
    '&',
    ';',
    '&amp;',
    '&#x0000000',
    '&#112;',
    KEY.slice(0, -1),
  ])
    assert.equal(isEcho(unit.repeat(Math.ceil((1 << 20) / unit.length))), false, unit);
});

test('escapes are undone from the inside out, and the rest is left alone', () => {
  const table = [
    ['%41', 'A'],
    ['%2541', 'A'],
    ['%4', '%4'],
    ['%4g', '%4g'],
    ['\\u0041\\x42', 'AB'],
    ['\\\\u0041', 'A'],
    ['\\u4f60', '\\u4f60'],
    ['\\/\\"', '/"'],
    ['&amp;amp;#65;', 'A'],
    ['&#x41;&#65;&#X0041;', 'AAA'],
    ['&#20320;&nbsp;&;', '&#20320;&nbsp;&;'],
    ['a; b & c;', 'a; b & c;'],
  ];
  for (const [text, expected] of table)
    assert.equal(Buffer.from(unescaped(Buffer.from(text))).toString(), expected, text);
});

test('through the proxy: 502, and no byte of it anywhere', async (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const warnings = [];
  let body = '';
  const upstream = await startUpstream(t, { reply: (_request, response) => response.end(body) });
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    receipts: { key },
    warn: (message) => warnings.push(message),
    breaker: { failures: 3 },
  });
  for (const [write, value] of [
    [SPELLINGS.plain, KEY],
    [SPELLINGS.form, SECRET],
    [SPELLINGS.base64, SECRET],
    [SPELLINGS['JSON in JSON'], SECRET],
    [SPELLINGS['XML text twice'], SECRET],
  ]) {
    body = `{"messageString":{"status":"2000","value":"成功 ${write(value)}"},"infoList":[]}`;
    const reply = await post(proxy, FACE, formBody(FACE));
    assert.equal(reply.headers.get('x-netocr-receipt'), null);
    assert.deepEqual(await errorOf(reply), {
      status: 502,
      code: 'UPSTREAM_ERROR',
      message: 'the reply of the service repeats key or secret: it is withheld',
    });
    assert.equal(proxy.lines.at(-1).cause, 'CREDENTIALS_ECHOED');
  }
  body = OK_REPLY;
  const good = await post(proxy, LIVENESS, formBody(LIVENESS));
  assert.equal(await good.text(), OK_REPLY, 'one caller’s pictures do not open the breaker');
  assert.match(good.headers.get('x-netocr-receipt'), /^eyJ/);
  const told = warnings.filter((message) => /repeats key or secret/.test(message));
  assert.equal(told.length, 1, 'the operator is told once');
});

test('the list of scenarios is looked at as well', async (t) => {
  const upstream = await startUpstream(t, { reply: (_request, response) => response.end(`["${KEY}"]`) });
  const proxy = await startProxy(t, { upstream: upstream.url, sandbox: true });
  assert.equal((await errorOf(await fetch(`${proxy.url}/sandbox/scenarios`))).status, 502);
});
