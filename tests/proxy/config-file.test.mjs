// The file of --config.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseConfig } from '../../web/proxy/config-file.js';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIGH=\nABC=\n\n# no comment\n-----END PRIVATE KEY-----\n';

test('lines are read like those of an environment file', () => {
  assert.deepEqual(parseConfig('# a\n\n PORT=1 \r\nHOST="a b"\nNETOCR_KEY=a=b#c\n'), {
    PORT: '1',
    HOST: 'a b',
    NETOCR_KEY: 'a=b#c',
  });
  assert.deepEqual(parseConfig('\uFEFFPORT=1\nPORT=2\nNETOCR_KEY_FILE=/run/secrets/key'), {
    PORT: '2',
    NETOCR_KEY_FILE: '/run/secrets/key',
  });
});

test('quoted values may span lines; escapes are those that systemd and Compose share', () => {
  const table = [
    ['""', ''],
    ["''", ''],
    [`"${PEM}"`, PEM],
    [`'${PEM}'`, PEM],
    [`"${PEM.replaceAll('\n', '\r\n')}"`, PEM],
    ['"a\\"b\\\\c\\$d"', 'a"b\\c$d'],
    ['"a\\nb\\`c"', 'a\\nb\\`c'],
    ["'a\\nb\\'", 'a\\nb\\'],
    [`"it's"`, "it's"],
    [`'a "b" c'`, 'a "b" c'],
    [' " a " ', ' a '],
    ['a "b" \'c\'', 'a "b" \'c\''],
    ['C:\\n\\\\x', 'C:\\n\\\\x'],
    ['"\\\\"', '\\'],
  ];
  for (const [text, expected] of table)
    assert.deepEqual(parseConfig(`PORT=1\nNETOCR_RECEIPT_KEY=${text}\nHOST=h`), {
      PORT: '1',
      NETOCR_RECEIPT_KEY: expected,
      HOST: 'h',
    });
});

test('errors tell the line and no value', () => {
  const table = [
    ...['PORT', 'port=1', 'PATH=/', 'export PORT=1', '=1', 'PORT =1', 'PLANTED=1'].map((line) => [
      `\n${line}`,
      /^line 2 of the configuration: it is not NAME=VALUE with a known name$/,
    ]),
    [
      'NETOCR_KEYS=planted',
      /^line 1 of the configuration: NETOCR_KEYS is not a variable of the proxy: did you mean NETOCR_KEY\?$/,
    ],
    ['PORT=1\nNETOCR_KEY="planted\n\n', /^line 2 of the configuration: the quote is never closed$/],
    ["NETOCR_KEY='planted\\", /^line 1 of the configuration: the quote is never closed$/],
    ['NETOCR_KEY="planted\\"', /^line 1 of the configuration: the quote is never closed$/],
    [
      'NETOCR_KEY="planted\nx" planted',
      /^line 2 of the configuration: something stands behind the closing quote$/,
    ],
    [
      `NETOCR_RECEIPT_KEY="${PEM}"\nPLANTED`,
      /^line 8 of the configuration: it is not NAME=VALUE with a known name$/,
    ],
  ];
  for (const [text, pattern] of table)
    assert.throws(
      () => parseConfig(text),
      (error) => error instanceof TypeError && pattern.test(error.message) && !/planted/i.test(error.message),
      text,
    );
});

test('a large file of quotes takes time in proportion', () => {
  const lines = 200_000;
  const value = '\\\\\n'.repeat(lines);
  assert.equal(parseConfig(`NETOCR_KEY="${value}"\nPORT=1`).NETOCR_KEY.length, 2 * lines);
});
