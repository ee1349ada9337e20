// The command-line entry, run as a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
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
} from './helpers.mjs';
import { startCommand } from './process.mjs';

const MAIN = fileURLToPath(new URL('../../web/proxy/main.js', import.meta.url));

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
  const { child, exit, url } = await startCommand(t, { NETOCR_UPSTREAM: upstream.url });
  const ask = () =>
    fetch(`${url}/${FACE.path}`, { method: 'POST', body: formBody(FACE), headers: { 'content-type': FORM } });
  assert.equal((await ask()).status, 200);
  child.stdout.destroy();
  for (let i = 0; i < 3; i += 1) {
    assert.equal((await ask()).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 60)); // so that the line is written before the next one
  }
  assert.equal((await ask()).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});

test('says what is wrong with its environment', async (t) => {
  const taken = createServer();
  await listen(t, taken);
  const good = {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    NETOCR_ALLOWED_ORIGINS: 'https://a.example',
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
  };
  const table = [
    [{}, /NETOCR_KEY and NETOCR_SECRET must both be set/],
    [{ NETOCR_KEY: KEY }, /must both be set/],
    [{ ...good, PORT: '70000' }, /PORT must be a number/],
    [{ ...good, PORT: 'http' }, /PORT must be a number/],
    [{ ...good, PORT: String(taken.address().port) }, /port is in use/],
    [{ ...good, NETOCR_UPSTREAM: 'http://netocr.com' }, /upstream must be an https URL/],
    [{ ...good, NETOCR_ALLOWED_ORIGINS: '*' }, /allowedOrigins must be/],
    [{ ...good, NETOCR_TOKEN_SECRET: undefined }, /NETOCR_TOKEN_SECRET must be set/],
    [{ ...good, REDIS_URL: 'http://127.0.0.1' }, /the URL of Redis \(REDIS_URL\)/],
  ];
  const failures = table.map(async ([env, pattern]) => {
    const { output, exit } = run(t, env);
    assert.deepEqual(await exit, [1, null]);
    assert.match(output.stderr, pattern);
    assert.ok(![KEY, SECRET, TOKEN_SECRET].some((value) => output.stderr.includes(value)));
  });
  await Promise.all(failures);
  const help = run(t, {}, '--help');
  assert.deepEqual(await help.exit, [0, null]);
  assert.match(help.output.stdout, /NETOCR_SECRET/);
});
