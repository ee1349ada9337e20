// What operators see and do: the log, metrics, health, a shutdown under load, and the check of a configuration.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../web/proxy/cli/logger.js';
import { createServer } from '../../web/proxy/node/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import {
  checkLog,
  errorOf,
  FACE,
  FORM,
  formBody,
  KEY,
  LIVENESS,
  OK_REPLY,
  OPEN,
  post,
  SECRET,
  startUpstream,
} from './helpers.mjs';
import { startCommand } from './process.mjs';

const MAIN = fileURLToPath(new URL('../../web/proxy/cli/main.js', import.meta.url));

test('the command logs JSON lines of pino: levels, time, stage; nothing of what passed through', async (t) => {
  const upstream = await startUpstream(t, {
    reply: (_request, response, record) => {
      if (record.url.includes('Liveness')) response.writeHead(500);
      response.end(OK_REPLY);
    },
  });
  const proxy = await startCommand(t, { NETOCR_UPSTREAM: upstream.url });
  const planted = { authorization: 'Bearer planted', cookie: 'planted=1', 'x-forwarded-for': '203.0.113.7' };
  const replies = [
    await post(proxy, FACE, formBody(FACE, 'plantedMedia'), planted),
    await post(proxy, FACE, `${formBody(FACE, 'plantedMedia')}&key=planted`, planted),
    await post(proxy, LIVENESS, formBody(LIVENESS, 'plantedMedia'), planted),
  ];
  for (const reply of replies) await reply.text();
  proxy.child.kill('SIGTERM');
  assert.deepEqual(await proxy.exit, [0, null]);
  const lines = proxy.output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ level, code, stage, status }) => [level, code, stage, status]),
    [
      ['info', 'OK', 'done', 200],
      ['warn', 'REQUEST_REFUSED', 'body', 400],
      ['error', 'UPSTREAM_ERROR', 'service', 502],
    ],
  );
  assert.deepEqual(
    lines.map(({ requestId }) => requestId),
    replies.map(({ headers }) => headers.get('x-request-id')),
  );
  const keys = ['bytesIn', 'bytesOut', 'code', 'level', 'ms', 'path', 'requestId', 'stage', 'status', 'time'];
  for (const line of lines) assert.deepEqual(Object.keys(line).sort(), keys);
  checkLog(proxy.output.stdout);
  assert.ok(!proxy.output.stdout.includes('203.0.113.7'));
});

test('lines below the level are left out', () => {
  const written = [];
  const log = createLog('error', { write: (line) => written.push(JSON.parse(line).code) });
  for (const [status, code] of [
    [200, 'OK'],
    [400, 'REQUEST_REFUSED'],
    [502, 'UPSTREAM_ERROR'],
  ]) {
    log({ status, code });
  }
  assert.deepEqual(written, ['UPSTREAM_ERROR']);
});

test('metrics count calls on the internal port; health and readiness on both', async (t) => {
  let isWell = true;
  const upstream = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(isWell ? 200 : 500).end(OK_REPLY),
  });
  const server = await createServer({
    key: KEY,
    secret: SECRET,
    upstream: upstream.url,
    ...OPEN,
    internalPort: 0,
    breaker: { failures: 1, openMs: 60_000 },
  });
  t.after(() => server.close({ graceMs: 50 }));
  assert.equal(server.metricsPort, server.internalPort, 'its old name');
  const back = `http://127.0.0.1:${server.internalPort}`;
  const proxy = { url: `${server.url}/netocr` };
  const get = async (url) => {
    const reply = await fetch(url);
    return [reply.status, (await reply.text()).trim()];
  };
  const body = formBody(FACE);
  assert.equal((await post(proxy, FACE, body)).status, 200);
  await fetch(`${server.url}/planted-path?planted`).then((reply) => reply.text());
  const [status, metrics] = await get(`${back}/metrics`);
  assert.equal(status, 200);
  for (const line of [
    `netocr_proxy_requests_total{path="/${FACE.path}",code="OK",stage="done"} 1`,
    'netocr_proxy_requests_total{path="(other)",code="REQUEST_REFUSED",stage="head"} 1',
    `netocr_proxy_bytes_total{direction="in"} ${body.length}`,
    `netocr_proxy_request_seconds_count{path="/${FACE.path}"} 1`,
    'netocr_proxy_calls 0',
    'netocr_proxy_breaker_open 0',
  ]) {
    assert.ok(metrics.split('\n').includes(line), line);
  }
  assert.match(metrics, /^process_resident_memory_bytes \d+$/m);
  checkLog(metrics);
  assert.equal((await get(`${server.url}/metrics`))[0], 404, 'not where pages call');
  assert.equal((await get(`${back}/netocr/info`))[0], 404);
  for (const base of [server.url, back]) {
    assert.deepEqual(await get(`${base}/healthz`), [200, 'ok']);
    assert.deepEqual(await get(`${base}/readyz`), [200, 'ready']);
    assert.equal((await fetch(`${base}/readyz`, { method: 'POST' })).status, 405);
  }
  isWell = false;
  assert.equal((await errorOf(await post(proxy, FACE, body))).code, 'UPSTREAM_ERROR');
  assert.deepEqual(await get(`${back}/readyz`), [503, 'service failing']);
  assert.deepEqual(await get(`${back}/healthz`), [200, 'ok']);
  assert.match((await get(`${back}/metrics`))[1], /^netocr_proxy_breaker_open 1$/m);
});

test('an internal port that is taken frees the other one', async (t) => {
  const upstream = await startUpstream(t);
  const { port } = upstream.server.address();
  const options = { key: KEY, secret: SECRET, upstream: upstream.url, ...OPEN, internalPort: port };
  await assert.rejects(createServer(options), { code: 'EADDRINUSE', option: 'internalPort' });
});

test('SIGTERM under load loses no request', async (t) => {
  const upstream = await startUpstream(t, {
    reply: (_request, response) => setTimeout(() => response.end(OK_REPLY), 20),
  });
  const proxy = await startCommand(t, { NETOCR_UPSTREAM: upstream.url, NETOCR_DRAIN_SECONDS: '3' });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const body = formBody(FACE, 'A'.repeat(50_000));
  const headers = { 'content-type': FORM, 'content-length': body.length };

  /** The status, or the system error of a request that was never taken. */
  const send = () =>
    new Promise((resolve) => {
      const call = request(`${proxy.url}/${FACE.path}`, { method: 'POST', headers, agent }, (reply) => {
        reply.resume().once('end', () => resolve(reply.statusCode));
        reply.once('error', () => resolve('broken reply'));
      });
      call.on('error', ({ code }) => resolve(code));
      call.end(body);
    });

  const outcomes = [];
  let isOver = false;
  async function client() {
    while (!isOver) {
      const outcome = await send();
      outcomes.push(outcome);
      if (outcome !== 200) return;
    }
  }
  const clients = Array.from({ length: 8 }, client);
  while (outcomes.length < 40) await new Promise(setImmediate);
  const before = outcomes.length;
  proxy.child.kill('SIGTERM');
  let ready = 0;
  while (ready !== 503) {
    ready = await fetch(`${proxy.origin}/readyz`).then(
      (reply) => reply.status,
      () => 503,
    );
  }
  assert.deepEqual(await proxy.exit, [0, null]);
  isOver = true;
  await Promise.all(clients);

  const others = outcomes.filter((outcome) => outcome !== 200);
  assert.ok(outcomes.length - before > 8, 'it served on while it drained');
  // A connection that still waits in the system's queue when the port closes is reset: nobody has read its request.
  assert.ok(
    others.every((outcome) => outcome === 'ECONNREFUSED' || outcome === 'ECONNRESET'),
    others.join(),
  );
  assert.equal(upstream.records.length, outcomes.length - others.length);
  assert.equal(proxy.output.stdout.trim().split('\n').length, outcomes.length - others.length);
});

async function check(t, env, ...args) {
  const child = spawn(process.execPath, [MAIN, 'check', ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data;
    });
  }
  const [code] = await once(child, 'close');
  return { code, text };
}

test('check: a configuration from the environment or a file, and the credentials with --probe', async (t) => {
  const service = await startSandbox();
  t.after(() => service.close({ graceMs: 50 }));
  const folder = await mkdtemp(join(tmpdir(), 'netocr-check-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'proxy.env');
  const write = (more, key = 'sandbox-key') =>
    writeFile(
      file,
      `# the proxy\nNETOCR_KEY=${key}\nNETOCR_SECRET="sandbox-secret"\nNETOCR_ALLOWED_ORIGINS=https://a.example\n` +
        `NETOCR_TOKEN_SECRET='planted-token-secret-of-32-bytes-or-more'\n` +
        (more.startsWith('NETOCR_UPSTREAM=') ? more : `NETOCR_UPSTREAM=${service.url}\n${more}`),
    );
  const config = ['--config', file];
  const table = [
    ['', config, 0, /^configuration: good\n$/],
    [
      '',
      [...config, '--probe'],
      0,
      /\nprobe: one call [^\n]* may cost one\nservice: it takes key and secret\nstore: this process's memory/,
    ],
    ['NETOCR_BREAKER=planted\n', config, 1, /NETOCR_BREAKER must look like/],
    ['NETOCR_INTERNAL_PORT=planted\n', config, 1, /NETOCR_INTERNAL_PORT must be a number/],
    [
      `NETOCR_MINT_SECRET=${'planted'.repeat(5)}\n`,
      config,
      1,
      /NETOCR_MINT_SECRET needs NETOCR_INTERNAL_PORT/,
    ],
    [
      'NETOCR_MINT_SECRET=planted\nNETOCR_INTERNAL_PORT=0\n',
      config,
      1,
      /NETOCR_MINT_SECRET must have at least/,
    ],
    [
      `NETOCR_MINT_SECRET=${'planted'.repeat(5)}\nNETOCR_METRICS_PORT=0\n`,
      config,
      0,
      /^warning: NETOCR_METRICS_PORT is the old name of NETOCR_INTERNAL_PORT\nconfiguration: good\n$/,
    ],
    ['NETOCR_LOG_LEVEL=planted\n', config, 1, /NETOCR_LOG_LEVEL must be/],
    ['NETOCR_PLANTED=1\n', config, 1, /line 7 of the configuration: NETOCR_PLANTED is not a variable/],
    [
      'NETOCR_UPSTREAM=http://127.0.0.1:1\n',
      [...config, '--probe'],
      2,
      /service: no usable reply \(UPSTREAM_UNREACHABLE\)/,
    ],
    ['', [...config, 'planted'], 1, /check takes options only/],
  ];
  for (const [more, args, code, pattern] of table) {
    await write(more);
    const result = await check(t, {}, ...args);
    assert.equal(result.code, code, result.text);
    assert.match(result.text, pattern);
    assert.ok(!/planted|sandbox-(key|secret)/.test(result.text), result.text);
  }
  await write('', 'planted-wrong-key');
  const refused = await check(t, {}, ...config, '--probe');
  assert.equal(refused.code, 2);
  assert.match(refused.text, /service: it refuses key or secret/);
  assert.ok(!refused.text.includes('planted'));
  const other = await startUpstream(t, {
    reply: (_request, response) => response.end('<html>planted</html>'),
  });
  await write(`NETOCR_UPSTREAM=${other.url}\n`);
  const unclear = await check(t, {}, ...config, '--probe');
  assert.equal(unclear.code, 3, unclear.text);
  assert.match(unclear.text, /service: could not tell, the reply has no status/);
  assert.ok(!unclear.text.includes('planted'));
  await write('REDIS_URL=redis://127.0.0.1:1\n');
  const lost = await check(t, {}, ...config, '--probe');
  assert.equal(lost.code, 2, lost.text);
  assert.match(lost.text, /store: Redis does not answer/);
  assert.match(
    (await check(t, {})).text,
    /NETOCR_KEY \(or NETOCR_KEY_FILE\) and NETOCR_SECRET .* must be set/,
  );
});
