// The file of --config.
import assert from 'node:assert/strict';
import test from 'node:test';
import { parseConfig } from '../../../web/proxy/environment/config-file.js';

const PEM = '-----BEGIN PRIVATE KEY-----\nMIGH=\nABC=\n\n# no comment\n-----END PRIVATE KEY-----\n';

test('lines are read like those of an environment file', () => {
  assert.deepEqual(parseConfig('# a\n\n PORT=1 \r\nHOST="a b"\nNETOCR_KEY=a=b#c\n'), {
    PORT: '1',
    HOST: 'a b',
    NETOCR_KEY: 'a=b#c',
  });
  assert.deepEqual(parseConfig('\uFEFFPORT=1\nNETOCR_KEY_FILE=/run/secrets/key'), {
    PORT: '1',
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
    ['"a # b"', 'a # b'],
    ['#a', '#a'],
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
    ...['PORT', 'PATH=/', '=1', 'PLANTED=1', 'export PLANTED=1', 'PLANTED =1', 'PROT='].map((line) => [
      `\n${line}`,
      /^line 2 of the configuration: it is not NAME=VALUE with a known name$/,
    ]),
    ['PORT=1\n\nHOST=a\nPORT=planted', /^line 4 of the configuration: PORT is already in line 1$/],
    [
      `NETOCR_RECEIPT_KEY="${PEM}"\nNETOCR_RECEIPT_KEY=planted`,
      /^line 8 of the configuration: NETOCR_RECEIPT_KEY is already in line 1$/,
    ],
    ...['export PORT=planted', '  export  NETOCR_KEYS=planted'].map((line) => [
      `#\n${line}`,
      /^line 2 of the configuration: write it without "export"$/,
    ]),
    ...['PORT =planted', 'PORT = planted', 'NETOCR_KEY\t= planted'].map((line) => [
      line,
      /^line 1 of the configuration: write no spaces round "="$/,
    ]),
    ...['-----BEGIN PLANTED-----', 'MIGHplanted', 'PLANTED=', 'PLANTED==', 'pla/nt+ed='].map((line) => [
      `HOST=a\nNETOCR_RECEIPT_KEY=planted\n${line}`,
      /^line 3 of the configuration: is this the rest of a value of several lines\? Quote it$/,
    ]),
    ...[
      ['PROT', 'PORT'],
      ['port', 'PORT'],
      ['HOSTS', 'HOST'],
      ['REDIS_ULR', 'REDIS_URL'],
    ].map(([name, meant]) => [
      `HOST=a\n${name}=planted`,
      new RegExp(
        `^line 2 of the configuration: ${name} is not a variable of the proxy: did you mean ${meant}\\?$`,
      ),
    ]),
    ...['NETOCR_UPSTREAM_FILE', 'PORT_FILE'].map((name) => [
      `${name}=/planted`,
      new RegExp(
        `^line 1 of the configuration: ${name} is not a variable of the proxy: only secrets come from files$`,
      ),
    ]),
    ...['PORT=planted # x', 'PORT= # planted', 'PORT="planted" # planted', 'PORT="\nplanted"\t#'].map(
      (text) => [
        text,
        /^line [12] of the configuration: a comment is a line of its own; quote a value that has " #" in it$/,
      ],
    ),
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
