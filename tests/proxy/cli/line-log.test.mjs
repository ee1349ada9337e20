// The bounded log: what it drops and counts, and the command with a full disk, a reader that stalls and one that left, on
// stdout as well as on stderr.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { createLineLog } from '../../../web/proxy/cli/line-log.js';
import { until } from '../../fixtures/until.mjs';
import { FACE, FORM, formBody, startUpstream } from '../helpers.mjs';
import { COMMAND_ENV, freePort, MAIN } from '../process.mjs';

/** An output whose writes end when the test says so. */
function makeOutput() {
  const texts = [];
  const pending = [];
  return {
    texts,
    pending,
    write(bytes, done) {
      texts.push(bytes.toString());
      pending.push(done);
    },
    writeNow: (bytes) => texts.push(`now ${bytes}`),
    close: () => texts.push('closed'),
  };
}

test('lines are written together, and nothing waits for the output', async () => {
  const output = makeOutput();
  const log = createLineLog(output, { maxBytes: 30, flushMs: 1 });
  log.write('one\n');
  log.write('two\n');
  while (output.texts.length === 0) await new Promise(setImmediate);
  assert.deepEqual(output.texts, ['one\ntwo\n']);
  for (let i = 0; i < 10; i += 1) log.write(`line ${i}\n`); // three of them have room beside the eight bytes under way
  assert.equal(log.dropped(), 7);
  output.pending.shift()(null, false);
  assert.deepEqual(output.texts.slice(1), ['line 0\nline 1\nline 2\n']);
  log.write('x'.repeat(31));
  assert.equal(log.dropped(), 8);
});

test('what could not be written is counted; a torn line is ended', async () => {
  const output = makeOutput();
  const log = createLineLog(output, { flushMs: 0 });
  log.write('a\n');
  log.write('b\n');
  while (output.texts.length === 0) await new Promise(setImmediate);
  log.write('c\n');
  output.pending.shift()(new Error('ENOSPC'), true);
  while (output.texts.length === 1) await new Promise(setImmediate);
  assert.deepEqual(output.texts, ['a\nb\n', '\nc\n']);
  assert.equal(log.dropped(), 2);
});

test('at the end it waits for its output, but not for ever', async () => {
  for (const answers of [true, false]) {
    const output = makeOutput();
    const log = createLineLog(output);
    log.write('a\n');
    const closed = log.close({ graceMs: answers ? 60_000 : 20 });
    if (answers) output.pending.shift()(null, false);
    const keepAlive = setInterval(() => {}, 1000);
    await closed;
    clearInterval(keepAlive);
    assert.deepEqual(output.texts, ['a\n', 'closed']);
    log.write('late\n');
    assert.equal(log.dropped(), 1);
  }
});

test('at the exit of the process what waits is written, unless a write is under way', () => {
  const output = makeOutput();
  const log = createLineLog(output);
  log.write('a\n');
  log.flushNow();
  log.write('b\n');
  void log.close();
  log.write('c\n');
  log.flushNow();
  assert.deepEqual(output.texts, ['now a\n', 'b\n']);
});

/** The command with these outputs; resolves once it serves. */
async function startCommand(t, { upstream, stdout = 'pipe', stderr = 'pipe', env }) {
  const [port, internalPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', stdout, stderr],
    env: {
      ...COMMAND_ENV,
      NETOCR_UPSTREAM: upstream.url,
      NETOCR_INTERNAL_PORT: String(internalPort),
      PORT: String(port),
      ...env,
    },
  });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  const ended = exit.then(() => Promise.reject(new Error('it ended')));
  ended.catch(() => {});
  const ask = async (path, init) => {
    const reply = await Promise.race([fetch(`http://127.0.0.1:${port}${path}`, init), ended]);
    await reply.text();
    return reply.status;
  };
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error('it ended');
    return (await ask('/readyz').catch(() => 0)) === 200;
  };
  await until(isReady, 'the command serves');
  return {
    child,
    exit,
    call: () =>
      ask(`/netocr/${FACE.path}`, {
        method: 'POST',
        body: formBody(FACE),
        headers: { 'content-type': FORM },
      }),
    /** So many calls that are let in, so that each has a line, and then cost nothing more. */
    async fill(lines) {
      const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
      const call = () => ask(`/netocr/${FACE.path}`, init);
      for (let i = 0; i < lines / 20; i += 1) {
        const statuses = await Promise.all(Array.from({ length: 20 }, call));
        assert.deepEqual(new Set(statuses), new Set([415]));
      }
    },
    async dropped() {
      const text = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
      return Number(/^netocr_proxy_log_dropped_total (\d+)$/m.exec(text)[1]);
    },
    async end() {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

/** More than the system takes for a pipe (208 KiB): a line has about 200 bytes. */
const LINES = 1400;

const untilDropped = async (proxy) => {
  while ((await proxy.dropped()) === 0) assert.equal(await proxy.call(), 200);
};

test('a full disk', async (t) => {
  const upstream = await startUpstream(t);
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  const proxy = await startCommand(t, { upstream, stdout: full, stderr: full });
  await untilDropped(proxy);
  assert.equal(await proxy.call(), 200);
  assert.deepEqual(await proxy.end(), [0, null]);
});

test('readers that have left', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startCommand(t, { upstream });
  proxy.child.stdout.destroy();
  proxy.child.stderr.destroy();
  await untilDropped(proxy);
  assert.equal(await proxy.call(), 200);
  assert.deepEqual(await proxy.end(), [0, null]);
});

test('a reader that stalls, and reads on later', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startCommand(t, { upstream });
  proxy.child.stdout.pause();
  await proxy.fill(LINES);
  assert.equal(await proxy.call(), 200);
  let text = '';
  proxy.child.stdout.on('data', (data) => {
    text += data;
  });
  proxy.child.stdout.resume();
  const closed = once(proxy.child.stdout, 'close');
  assert.deepEqual(await proxy.end(), [0, null]);
  await closed;
  assert.equal(text.trim().split('\n').map(JSON.parse).length, LINES + 1, 'so few have room in the memory');
});

test('readers that stall for good do not hold up the end', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startCommand(t, { upstream });
  proxy.child.stdout.pause();
  await proxy.fill(LINES);
  assert.deepEqual(await proxy.end(), [0, null]);
});

test('a file gets every line', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'netocr-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = openSync(join(folder, 'log'), 'a');
  t.after(() => closeSync(file));
  const upstream = await startUpstream(t);
  const proxy = await startCommand(t, { upstream, stdout: file });
  for (let i = 0; i < 5; i += 1) await proxy.call();
  await proxy.end();
  const lines = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').map(JSON.parse);
  assert.deepEqual(
    lines.map(({ code }) => code),
    Array(5).fill('OK'),
  );
});
