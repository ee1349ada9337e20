// The command-line entry, run as a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { VARIABLES } from '../../../web/proxy/environment.js';
import { verifyReceipt } from '../../../web/proxy/index.js';
import { until } from '../../fixtures/until.mjs';
import {
  checkLog,
  FACE,
  FORM,
  formBody,
  KEY,
  listen,
  SECRET,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';
import { freePort, startCommand } from '../process.mjs';

const MAIN = fileURLToPath(new URL('../../../web/proxy/cli/main.js', import.meta.url));

const MINT = 'planted-mint-secret-of-32-bytes-00';

function run(t, env, ...args) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  t.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].on('data', (data) => {
      output[name] += data;
    });
  }
  return { child, output, exit: once(child, 'close') };
}

test('serves, logs JSON lines without secrets, and ends on SIGTERM', async (t) => {
  const upstream = await startUpstream(t);
  const { child, output, exit } = run(t, {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    PORT: '0',
    NETOCR_UPSTREAM: upstream.url,
    NETOCR_ALLOW_ANONYMOUS: '1',
    NETOCR_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
  });
  const ended = exit.then(() => Promise.reject(new Error(`it ended: ${output.stderr}`)));
  ended.catch(() => {});
  while (!/listens on .*\n/.test(output.stderr)) await Promise.race([once(child.stderr, 'data'), ended]);
  const [url] = /http:\S+/.exec(output.stderr);
  const reply = await fetch(`${url}/${FACE.path}`, {
    method: 'POST',
    body: formBody(FACE),
    headers: { 'content-type': FORM, origin: 'https://b.example' },
  });
  assert.equal(reply.status, 200);
  await reply.text();
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  assert.match(output.stderr, /^warning: calls without a token are let in/);
  const line = JSON.parse(output.stdout);
  assert.equal(line.requestId, reply.headers.get('x-request-id'));
  checkLog(output.stdout + output.stderr.replace(/listens on http:\S+/, ''));
});

test('serves and ends well when nobody reads its log any more', async (t) => {
  const upstream = await startUpstream(t);
  const internalPort = await freePort();
  const { child, exit, url } = await startCommand(t, {
    NETOCR_UPSTREAM: upstream.url,
    NETOCR_INTERNAL_PORT: String(internalPort),
  });
  const ask = () =>
    fetch(`${url}/${FACE.path}`, { method: 'POST', body: formBody(FACE), headers: { 'content-type': FORM } });
  const dropped = async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
    return Number(/^netocr_proxy_log_dropped_total (\d+)$/m.exec(metrics)[1]);
  };
  assert.equal((await ask()).status, 200);
  child.stdout.destroy();
  for (let lines = 1; lines <= 3; lines += 1) {
    assert.equal((await ask()).status, 200);
    // Each line is tried before the next one comes.
    await until(async () => (await dropped()) >= lines, `${lines} lines are lost`);
  }
  assert.equal((await ask()).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});

test('says what is wrong with its environment', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-main-'));
  t.after(() => rm(folder, { recursive: true }));
  const SHORT = join(folder, 'short');
  await writeFile(SHORT, 'short\n');
  const taken = createServer();
  await listen(t, taken);
  const good = {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    NETOCR_ALLOWED_ORIGINS: 'https://a.example',
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
  };
  const table = [
    [{}, /: NETOCR_KEY \(or NETOCR_KEY_FILE\) and NETOCR_SECRET \(or NETOCR_SECRET_FILE\) must be set$/m],
    [{ NETOCR_KEY: KEY }, /^netocr-proxy: NETOCR_SECRET \(or NETOCR_SECRET_FILE\) must be set$/m],
    [{ NETOCR_SECRET: SECRET }, /^netocr-proxy: NETOCR_KEY \(or NETOCR_KEY_FILE\) must be set$/m],
    [
      { ...good, NETOCR_TOKEN_SECRET: undefined, NETOCR_TOKEN_SECRET_FILE: SHORT },
      /^netocr-proxy: NETOCR_TOKEN_SECRET_FILE must have at least 32 bytes$/m,
    ],
    [
      { ...good, NETOCR_UPSTREAM_FILE: SHORT },
      /: NETOCR_UPSTREAM_FILE is not a variable of the proxy: only secrets come from files$/m,
    ],
    [{ ...good, PORT: '70000' }, /PORT must be a number/],
    [{ ...good, PORT: 'http' }, /PORT must be a number/],
    [{ ...good, PORT: String(taken.address().port) }, /^netocr-proxy: PORT: the port is in use: .* set PORT/],
    [
      { ...good, NETOCR_UPSTREAM: 'http://netocr.com' },
      /^netocr-proxy: NETOCR_UPSTREAM must be an https URL/,
    ],
    [
      { ...good, NETOCR_ALLOWED_ORIGINS: '*' },
      /^netocr-proxy: NETOCR_ALLOWED_ORIGINS: "\*" is no origin: there are no wildcards/,
    ],
    [
      { ...good, NETOCR_TOKEN_SECRET: undefined },
      /NETOCR_TOKEN_SECRET \(or NETOCR_TOKEN_SECRET_FILE\) must be set/,
    ],
    [{ ...good, NETOCR_MAX_CALLS: '0' }, /^netocr-proxy: NETOCR_MAX_CALLS must be a positive integer/],
    [{ ...good, NETOCR_TRUST_PROXY: '11' }, /^netocr-proxy: NETOCR_TRUST_PROXY must be/],
    [{ ...good, NETOCR_KEY: 'k 1' }, /^netocr-proxy: NETOCR_KEY must be 1 to 256/],
    [
      { ...good, NETOCR_TOKEN_SECRT: '1' },
      /^netocr-proxy: NETOCR_TOKEN_SECRT .* did you mean NETOCR_TOKEN_SECRET\?/,
    ],
    [
      { ...good, NETOCR_PROXY_PORT: 'tcp://10.0.0.1:1', PORT: 'http' },
      /^netocr-proxy: PORT must be a number/,
    ],
    [
      { ...good, NETOCR_MINT_SECRET: MINT },
      /^netocr-proxy: NETOCR_MINT_SECRET needs NETOCR_INTERNAL_PORT: \/tokens/,
    ],
    [
      { ...good, NETOCR_MINT_SECRET: 'm', NETOCR_INTERNAL_PORT: '0' },
      /: NETOCR_MINT_SECRET must have at least 32 bytes/,
    ],
    [
      { ...good, NETOCR_MINT_SECRET: TOKEN_SECRET, NETOCR_INTERNAL_PORT: '0' },
      /: NETOCR_MINT_SECRET must differ from the token secrets/,
    ],
    [
      {
        ...good,
        NETOCR_MINT_SECRET: MINT,
        NETOCR_INTERNAL_PORT: '0',
        NETOCR_TOKEN_SECRET: undefined,
        NETOCR_ALLOW_ANONYMOUS: '1',
      },
      /^netocr-proxy: NETOCR_MINT_SECRET is of no use without NETOCR_TOKEN_SECRET/m,
    ],
    [
      { ...good, NETOCR_INTERNAL_PORT: '1', NETOCR_METRICS_PORT: '2' },
      /^netocr-proxy: NETOCR_INTERNAL_PORT and NETOCR_METRICS_PORT, its old name, differ: set NETOCR_INTERNAL_PORT alone/,
    ],
    [
      { ...good, NETOCR_INTERNAL_PORT: 'tcp://10.0.0.1:9100' },
      /^netocr-proxy: NETOCR_INTERNAL_PORT has the address that Kubernetes injects for a service named netocr-internal/,
    ],
    [{ ...good, NETOCR_INTERNAL_PORT: 'http' }, /^netocr-proxy: NETOCR_INTERNAL_PORT must be a number/],
    [
      { ...good, NETOCR_INTERNAL_HOSTS: '*', NETOCR_INTERNAL_PORT: '0' },
      /^netocr-proxy: NETOCR_INTERNAL_HOSTS must be names/,
    ],
    [
      { ...good, PORT: '0', NETOCR_INTERNAL_PORT: String(taken.address().port) },
      /^netocr-proxy: NETOCR_INTERNAL_PORT: the port is in use: .* set NETOCR_INTERNAL_PORT/,
    ],
    [
      { ...good, PORT: '8787', NETOCR_INTERNAL_PORT: '8787' },
      /^netocr-proxy: NETOCR_INTERNAL_PORT must differ from PORT$/m,
    ],
    [
      { ...good, NETOCR_REVEAL: '' },
      /^netocr-proxy: NETOCR_REVEAL is empty: list what pages may see, or "none"/,
    ],
    [{ ...good, PORT: '0', HOST: '203.0.113.1' }, /^netocr-proxy: HOST is not an address of this machine/],
    [
      { ...good, PORT: '0', NETOCR_INTERNAL_PORT: '0', NETOCR_INTERNAL_HOST: '203.0.113.1' },
      /^netocr-proxy: NETOCR_INTERNAL_HOST is not an address of this machine/,
    ],
    [{ ...good, NETOCR_KEY_FILE: MAIN }, /^netocr-proxy: NETOCR_KEY and NETOCR_KEY_FILE are both set/],
    [{ ...good, REDIS_URL: 'http://127.0.0.1' }, /the URL of Redis \(REDIS_URL\)/],
  ];
  const failures = table.map(async ([env, pattern]) => {
    const { output, exit } = run(t, env);
    assert.deepEqual(await exit, [1, null]);
    assert.match(output.stderr, pattern);
    assert.match(
      output.stderr,
      /^(warning: [^\n]+\n)?netocr-proxy: [^\n]+\nnetocr-proxy --help shows all variables\n$/,
    );
    assert.ok(![KEY, SECRET, TOKEN_SECRET, MINT].some((value) => output.stderr.includes(value)));
  });
  await Promise.all(failures);
});

test('arguments', async (t) => {
  const { version } = JSON.parse(
    await readFile(new URL('../../../web/proxy/package.json', import.meta.url), 'utf8'),
  );
  const table = [
    ...['--version', '-v', 'version'].map((word) => [[word], 0, (text) => text === `${version}\n`]),
    ...['-h', 'help'].map((word) => [[word], 0, (text) => text.startsWith('netocr-proxy adds key')]),
    [['--planted'], 1, (text) => text.startsWith("netocr-proxy: Unknown option '--planted'\n")],
    [['-p'], 1, (text) => text.startsWith("netocr-proxy: Unknown option '-p'\n")],
    [
      ['--config'],
      1,
      (text) => text.startsWith("netocr-proxy: Option '--config <value>' argument missing\n"),
    ],
    [
      ['--config', '--version'],
      1,
      (text) => text.startsWith("netocr-proxy: Option '--config' argument is ambiguous.\n"),
    ],
    [
      ['--help=1'],
      1,
      (text) => text.startsWith("netocr-proxy: Option '-h, --help' does not take an argument\n"),
    ],
    [
      ['--config', '/nowhere/at/all'],
      1,
      (text) => text.startsWith('netocr-proxy: --config: the file cannot be read (ENOENT)\n'),
    ],
    [
      ['serve'],
      1,
      (text) =>
        text.startsWith(
          'netocr-proxy: unknown command: the only one is check; without a command it serves\n',
        ),
    ],
    [['check', 'more'], 1, (text) => text.startsWith('netocr-proxy: check takes options only\n')],
    [['--probe'], 1, (text) => text.startsWith('netocr-proxy: --probe is an option of check\n')],
  ];
  const runs = table.map(async ([args, code, isExpected]) => {
    const { output, exit } = run(t, {}, ...args);
    assert.deepEqual(await exit, [code, null]);
    const [text, other] = code ? [output.stderr, output.stdout] : [output.stdout, output.stderr];
    assert.ok(isExpected(text) && other === '', `${args}: ${text}${other}`);
    if (code) assert.match(text, /^[^\n]+\nnetocr-proxy --help shows all variables\n$/);
  });
  await Promise.all(runs);
  const help = run(t, {}, '--help');
  assert.deepEqual(await help.exit, [0, null]);
  for (const name of [...Object.keys(VARIABLES), 'NETOCR_RECEIPT_KEY_FILE'])
    assert.match(help.output.stdout, new RegExp(`^  ${name}\\b`, 'm'));
});

test('a PEM of many lines in a configuration file, and a secret in a file, are what receipts are signed with', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-main-'));
  t.after(() => rm(folder, { recursive: true }));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const paths = {
    config: join(folder, 'proxy.env'),
    secret: join(folder, 'secret'),
    key: join(folder, 'key.pem'),
  };
  await writeFile(paths.secret, `${SECRET}\n`);
  await writeFile(paths.key, pem);
  const common = `NETOCR_KEY=${KEY}\nNETOCR_SECRET_FILE=${paths.secret}\n`;
  const upstream = await startUpstream(t);
  for (const key of [`NETOCR_RECEIPT_KEY="${pem}"\n`, `NETOCR_RECEIPT_KEY_FILE=${paths.key}\n`]) {
    await writeFile(paths.config, common + key);
    const env = { NETOCR_KEY: undefined, NETOCR_SECRET: undefined, NETOCR_UPSTREAM: upstream.url };
    const { url } = await startCommand(t, env, '--config', paths.config);
    const reply = await fetch(`${url}/${FACE.path}`, {
      method: 'POST',
      body: formBody(FACE),
      headers: { 'content-type': FORM },
    });
    assert.equal(reply.status, 200);
    const publicKey = createPublicKey(pem).export({ type: 'spki', format: 'pem' });
    const receipt = await verifyReceipt(reply.headers.get('x-netocr-receipt'), {
      publicKey,
      applicantId: null,
    });
    assert.equal(receipt.operation, 'compareFaces');
    assert.match(
      upstream.records.at(-1).body().toString(),
      new RegExp(`&secret=${encodeURIComponent(SECRET)}&`),
    );
  }
});
