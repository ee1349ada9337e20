// Secrets whose variables name files.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import {
  readSecretFiles,
  secretsInFiles,
  withEnvironment,
} from '../../../web/proxy/environment/secret-files.js';
import { SECRETS } from '../../../web/proxy/environment/variable-names.js';

async function folderOf(t) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-secrets-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

const PEM = '-----BEGIN PRIVATE KEY-----\nMIGH\nAgEA\n-----END PRIVATE KEY-----';

test('each secret comes from its file, without one line end', async (t) => {
  const folder = await folderOf(t);
  assert.deepEqual([...SECRETS].sort(), [
    'NETOCR_KEY',
    'NETOCR_MINT_SECRET',
    'NETOCR_RECEIPT_KEY',
    'NETOCR_SECRET',
    'NETOCR_TOKEN_SECRET',
    'NETOCR_TOKEN_SECRET_PREVIOUS',
    'REDIS_URL',
  ]);
  const given = { PORT: '1' };
  for (const name of SECRETS) {
    given[`${name}_FILE`] = join(folder, name);
    await writeFile(join(folder, name), `secret of ${name}\n`);
  }
  const before = { ...given };
  const expected = Object.fromEntries(SECRETS.map((name) => [name, `secret of ${name}`]));
  assert.deepEqual(readSecretFiles(given), { PORT: '1', ...expected });
  assert.deepEqual(given, before, 'what was handed over stays');
});

test('the environment comes before a configuration file, whichever form either has', () => {
  const table = [
    [{ NETOCR_KEY: 'c' }, { NETOCR_KEY: 'e' }, { NETOCR_KEY: 'e' }],
    [{ NETOCR_KEY_FILE: '/c' }, { NETOCR_KEY: 'e' }, { NETOCR_KEY: 'e' }],
    [{ NETOCR_KEY: 'c' }, { NETOCR_KEY_FILE: '/e' }, { NETOCR_KEY_FILE: '/e' }],
    [{ NETOCR_KEY_FILE: '/c' }, { NETOCR_KEY_FILE: '/e' }, { NETOCR_KEY_FILE: '/e' }],
    [{ NETOCR_KEY_FILE: '/c' }, { NETOCR_KEY: '' }, { NETOCR_KEY_FILE: '/c', NETOCR_KEY: '' }],
    [
      { NETOCR_SECRET: 's', PORT: '1', HOST: 'c' },
      { NETOCR_KEY: 'e', PORT: '2' },
      { NETOCR_SECRET: 's', NETOCR_KEY: 'e', PORT: '2', HOST: 'c' },
    ],
    // An error where it is made.
    [{ NETOCR_KEY: 'c', NETOCR_KEY_FILE: '/c' }, {}, { NETOCR_KEY: 'c', NETOCR_KEY_FILE: '/c' }],
    [
      { PORT: '1' },
      { NETOCR_KEY: 'e', NETOCR_KEY_FILE: '/e' },
      { PORT: '1', NETOCR_KEY: 'e', NETOCR_KEY_FILE: '/e' },
    ],
  ];
  for (const [config, environment, expected] of table) {
    const before = { ...config };
    assert.deepEqual(withEnvironment(config, environment), expected);
    assert.deepEqual(config, before);
  }
});

test('which secrets come from files', () => {
  assert.deepEqual(secretsInFiles({ NETOCR_KEY: 'k', NETOCR_SECRET_FILE: '/s', REDIS_URL_FILE: '' }), [
    'NETOCR_SECRET',
  ]);
});

test('contents', () => {
  const read = (text) =>
    readSecretFiles({ NETOCR_RECEIPT_KEY_FILE: '/f' }, () => Buffer.from(text, 'latin1')).NETOCR_RECEIPT_KEY;
  for (const [text, expected] of [
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['abc\r\n', 'abc'],
    ['abc\n\n', 'abc\n'],
    [' a b ', ' a b '],
    [`${PEM}\n`, PEM],
    ['"abc"', '"abc"'],
  ])
    assert.equal(read(text), expected);
  for (const text of ['', '\n', '\r\n'])
    assert.throws(() => read(text), /^TypeError: NETOCR_RECEIPT_KEY_FILE: the file is empty$/);
  assert.throws(
    () => read('planted\xff'),
    ({ message }) => message === 'NETOCR_RECEIPT_KEY_FILE: the file cannot be read (it is not UTF-8)',
  );
});

test('both forms, and files that cannot be read, are errors that name the variable', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'planted'), 'planted');
  const table = [
    [
      { NETOCR_KEY: 'planted', NETOCR_KEY_FILE: join(folder, 'planted') },
      /^NETOCR_KEY and NETOCR_KEY_FILE are both/,
    ],
    [
      { REDIS_URL: 'planted', REDIS_URL_FILE: join(folder, 'planted') },
      /^REDIS_URL and REDIS_URL_FILE are both/,
    ],
    [
      { NETOCR_SECRET_FILE: join(folder, 'planted-none') },
      /^NETOCR_SECRET_FILE: .* cannot be read \(ENOENT\)$/,
    ],
    [{ NETOCR_MINT_SECRET_FILE: folder }, /^NETOCR_MINT_SECRET_FILE: .* cannot be read \(EISDIR\)$/],
    [{ NETOCR_KEY_FILE: 'planted\0' }, /^NETOCR_KEY_FILE: .* cannot be read \(ERR_INVALID_ARG_VALUE\)$/],
  ];
  for (const [env, pattern] of table)
    assert.throws(
      () => readSecretFiles(env),
      (error) =>
        error instanceof TypeError &&
        pattern.test(error.message) &&
        !/planted|netocr-secrets/.test(error.message),
      String(pattern),
    );
});

test('an empty variable is one that is not set', () => {
  assert.deepEqual(readSecretFiles({ NETOCR_KEY: 'k', NETOCR_KEY_FILE: '' }), { NETOCR_KEY: 'k' });
  const read = () => Buffer.from('k');
  assert.deepEqual(readSecretFiles({ NETOCR_KEY: '', NETOCR_KEY_FILE: '/f' }, read), { NETOCR_KEY: 'k' });
});
