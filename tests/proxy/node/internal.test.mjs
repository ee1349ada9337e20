// The operators' own port: its names, old and new, and who may ask it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createServer } from '../../../web/proxy/node/index.js';
import { checkInternal } from '../../../web/proxy/node/internal.js';
import { KEY, OPEN, openSocket, SECRET } from '../helpers.mjs';
import { startCommand } from '../process.mjs';

async function start(t, options) {
  const server = await createServer({
    key: KEY,
    secret: SECRET,
    ...OPEN,
    warn() {},
    internalPort: 0,
    ...options,
  });
  t.after(() => server.close({ graceMs: 50 }));
  return server;
}

test('its connections are part of what is kept for the program itself, however many one host makes', async (t) => {
  const server = await start(t);
  const idle = [];
  for (let i = 0; i < 60; i += 1) idle.push(await openSocket(t, server.internalPort, ['GET / HTTP/1.1']));
  const ended = idle.map(({ closed }, i) => closed.then(() => i));
  // 32, and the 8 that may only ask for health: the rest has to go.
  for (let i = 0; i < 60 - 40; i += 1) {
    const gone = await Promise.race(ended.filter(Boolean));
    ended[gone] = null;
  }
  assert.equal(await ask(t, server.internalPort, '/healthz', 'Host: 127.0.0.1'), 200);
  assert.equal(await ask(t, server.port, '/healthz', 'Host: 127.0.0.1'), 200);
});

/** The status of a request with these header lines. */
async function ask(t, port, path, ...headers) {
  const client = await openSocket(t, port, [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close']);
  await client.closed;
  return Number(/^HTTP\/1\.1 (\d+) /.exec(client.text())?.[1]);
}

test('it answers to addresses, localhost and listed names; a page’s name or Origin is refused', async (t) => {
  const { internalPort: port } = await start(t, { internalHosts: ['metrics.internal', 'Proxy-1'] });
  const table = [
    ['127.0.0.1', 200],
    [`127.0.0.1:${port}`, 200],
    ['10.1.2.3:9100', 200], // a pod's address, by which Prometheus asks in Kubernetes
    ['[::1]', 200],
    [`[fd00::1]:${port}`, 200],
    ['localhost', 200],
    [`LOCALHOST:${port}`, 200],
    ['metrics.internal', 200],
    ['METRICS.internal:9100', 200],
    ['proxy-1', 200],
    ['evil.example', 403],
    [`evil.example:${port}`, 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['10.0.0.1.nip.io', 403],
    ['a.metrics.internal', 403],
    ['metrics.internal.', 403],
    ['internal', 403],
  ];
  for (const path of ['/metrics', '/healthz', '/readyz'])
    for (const [host, status] of table) assert.equal(await ask(t, port, path, `Host: ${host}`), status, host);
  for (const origin of ['https://a.example', 'null', `http://127.0.0.1:${port}`, 'http://localhost'])
    assert.equal(await ask(t, port, '/metrics', 'Host: 127.0.0.1', `Origin: ${origin}`), 403);
  assert.equal(await ask(t, port, '/nothing', 'Host: 127.0.0.1'), 404);
});

test('the refusal names the option and nothing of the request', async (t) => {
  const { internalPort } = await start(t);
  const client = await openSocket(t, internalPort, [
    'GET /metrics HTTP/1.1',
    'Host: evil.example',
    'Connection: close',
  ]);
  await client.closed;
  assert.match(client.text(), /"REQUEST_REFUSED".*NETOCR_INTERNAL_HOSTS/);
  assert.match(client.text(), /^x-request-id: [0-9a-f-]{36}\r$/im);
  assert.ok(!/evil|prom|nodejs_/.test(client.text()));
});

test('the log tells what was refused and why, and repeats nothing of the request', async (t) => {
  const lines = [];
  const server = await start(t, { log: (line) => lines.push(line) });
  const { internalPort: port } = server;
  await ask(t, port, '/metrics', 'Host: planted.example');
  await ask(t, port, '/tokens', 'Host: 127.0.0.1', 'Origin: https://planted.example');
  await ask(t, port, '/planted', 'Host: 127.0.0.1');
  await ask(t, port, '/metrics', 'Host: 127.0.0.1');
  await server.close({ graceMs: 50 });
  assert.deepEqual(
    lines.map(({ path, status, code, stage, reason }) => [path, status, code, stage, reason]),
    [
      [
        '/metrics',
        403,
        'REQUEST_REFUSED',
        'head',
        'the name in Host is not in NETOCR_INTERNAL_HOSTS (option internalHosts)',
      ],
      ['/tokens', 403, 'REQUEST_REFUSED', 'head', 'this port is for servers, not for pages'],
      ['(other)', 404, 'REQUEST_REFUSED', 'head', 'there is no such path'],
    ],
  );
  assert.ok(!JSON.stringify(lines).includes('planted'));
});

test('the name that it listens by is one of its own', async (t) => {
  const { internalPort: port } = await start(t, { internalHost: 'localhost', internalHosts: [] });
  assert.equal(await ask(t, port, '/healthz', 'Host: localhost'), 200);
  assert.deepEqual(
    [...checkInternal({ internalPort: 1, internalHost: 'Own.Example' }).names],
    ['own.example'],
  );
});

test('methods', async (t) => {
  const { internalPort } = await start(t);
  const status = async (method) =>
    (await fetch(`http://127.0.0.1:${internalPort}/metrics`, { method })).status;
  assert.deepEqual(
    await Promise.all(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'].map(status)),
    [200, 200, 405, 405, 405],
  );
});

test('old names are taken with a warning, and must not contradict the new ones', () => {
  const check = (options) => {
    const warnings = [];
    const result = checkInternal({ ...options, warn: (message) => warnings.push(message) });
    return [result && [result.port, result.host], warnings];
  };
  const oldPort = 'metricsPort is the old name of internalPort';
  const oldHost = 'metricsHost is the old name of internalHost';
  const table = [
    [{}, null, []],
    [{ internalHost: '::1' }, null, []],
    [{ internalPort: 0 }, [0, undefined], []],
    [{ internalPort: 0, port: 0 }, [0, undefined], []],
    [{ internalPort: 1, port: 2 }, [1, undefined], []],
    [{ internalPort: 1, internalHost: '::1' }, [1, '::1'], []],
    [{ metricsPort: 1, metricsHost: '::1' }, [1, '::1'], [oldPort, oldHost]],
    [{ internalPort: 1, metricsPort: 1 }, [1, undefined], [oldPort]],
    [{ internalPort: 1, metricsHost: '::1' }, [1, '::1'], [oldHost]],
  ];
  for (const [options, expected, warnings] of table) assert.deepEqual(check(options), [expected, warnings]);
  for (const [options, pattern] of [
    [{ internalPort: 1, metricsPort: 2 }, /^internalPort and metricsPort, its old name, differ/],
    [{ internalPort: 0, metricsPort: 2 }, /^internalPort and metricsPort, its old name, differ/],
    [{ internalHost: 'a', metricsHost: 'b' }, /^internalHost and metricsHost, its old name, differ/],
    [{ internalPort: 8787, port: 8787 }, /^internalPort must differ from port$/],
    [{ metricsPort: 8787, port: 8787 }, /^internalPort must differ from port$/],
    [{ mintSecret: 'planted' }, /^mintSecret needs internalPort/],
    [{ internalPort: 1, internalHosts: ['planted:1'] }, /^internalHosts must be names/],
    [{ internalPort: 1, internalHosts: ['*.planted'] }, /^internalHosts must be names/],
    [{ internalPort: 1, internalHosts: [''] }, /^internalHosts must be names/],
    [{ internalPort: 1, internalHosts: [7] }, /^internalHosts must be names/],
  ])
    assert.throws(
      () => checkInternal(options),
      (error) =>
        error instanceof TypeError && pattern.test(error.message) && !error.message.includes('planted'),
      String(pattern),
    );
});

test('the command: what its internal port has, and the variable of the old name', async (t) => {
  const secrets = { NETOCR_TOKEN_SECRET: 't'.repeat(32), NETOCR_MINT_SECRET: 'm'.repeat(32) };
  for (const [env, paths, warning] of [
    [{ NETOCR_INTERNAL_PORT: '0' }, '/metrics, /healthz, /readyz', ''],
    [{ NETOCR_INTERNAL_PORT: '0', ...secrets }, '/metrics, /tokens, /healthz, /readyz', ''],
    [
      { NETOCR_METRICS_PORT: '0' },
      '/metrics, /healthz, /readyz',
      'warning: NETOCR_METRICS_PORT is the old name of NETOCR_INTERNAL_PORT\n',
    ],
  ]) {
    const { output, exit, child } = await startCommand(t, env);
    child.kill('SIGTERM');
    await exit;
    const [, port, said] = /^internal port (\d+): (.*)$/m.exec(output.stderr) ?? assert.fail(output.stderr);
    assert.ok(Number(port) > 0);
    assert.equal(said, paths);
    assert.ok(output.stderr.includes(warning) && /old name/.test(output.stderr) === (warning !== ''));
  }
});
