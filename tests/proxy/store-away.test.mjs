// A proxy whose Redis is away, at the start or later, or refuses it: what callers, health checks, metrics, the log, the
// operator's terminal and `check` are told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import { mintToken } from '../../web/proxy/index.js';
import { createRedisStore, createServer } from '../../web/proxy/node/index.js';
import { checkLog, formBody, KEY, LIVENESS, SECRET, startUpstream, TOKEN_SECRET } from './helpers.mjs';
import { COMMAND_ENV, MAIN, startCommand } from './process.mjs';
import { askRedis, eventually, prepareRedis, startRedis } from './state/redis-server.mjs';
import { startRelay } from './state/relay.mjs';

const ORIGIN = 'https://www.example.com';
const TOKEN_ENV = {
  NETOCR_ALLOW_ANONYMOUS: '0',
  NETOCR_ALLOWED_ORIGINS: ORIGIN,
  NETOCR_TOKEN_SECRET: TOKEN_SECRET,
};
const NO_CLIENT = new URL('no-redis-client.mjs', import.meta.url).href;

/** A call with a token of its own: the status and the error code, '' when it went well. */
async function call(url) {
  const token = await mintToken({ secret: TOKEN_SECRET, operations: 'checkLiveness', origin: ORIGIN });
  const reply = await fetch(`${url}/netocr/${LIVENESS.path}`, {
    method: 'POST',
    body: formBody(LIVENESS),
    headers: { 'content-type': LIVENESS.contentType, origin: ORIGIN, authorization: `Bearer ${token}` },
  });
  const text = await reply.text();
  return reply.status === 200 ? '' : JSON.parse(text).error.code;
}

const get = async (url) => {
  const reply = await fetch(url);
  return [reply.status, (await reply.text()).trim()];
};
const is = (url, ...expected) => eventually(async () => assert.deepEqual(await get(url), expected));

async function startServing(t, redis, more) {
  const upstream = await startUpstream(t);
  const store = await createRedisStore({ url: redis.url }, { times: { pingMs: 50 } });
  const records = [];
  const warnings = [];
  const server = await createServer({
    key: KEY,
    secret: SECRET,
    upstream: upstream.url,
    allowedOrigins: [ORIGIN],
    tokenSecret: TOKEN_SECRET,
    port: 0,
    internalPort: 0,
    store,
    log: (record) => records.push(record),
    warn: (line) => warnings.push(line),
    ...more,
  });
  t.after(async () => {
    await server.close({ graceMs: 50 });
    await store.close();
    checkLog(JSON.stringify([records, warnings]));
  });
  const back = `http://127.0.0.1:${server.internalPort}`;
  const metric = async (name) =>
    new RegExp(`^${name}(.*)$`, 'm').exec((await get(`${back}/metrics`))[1])?.[1];
  return { server, upstream, records, warnings, metric };
}

test('a Redis that dies is in health, metrics, the log and a warning, and so is its return', async (t) => {
  const redis = await startRedis(t);
  const { server, upstream, records, warnings, metric } = await startServing(t, redis);
  assert.equal(await call(server.url), '');
  assert.deepEqual(await get(`${server.url}/readyz`), [200, 'ready']);
  assert.equal(await metric('netocr_proxy_store_up'), ' 1');
  await redis.kill();
  assert.equal(await call(server.url), 'UNAVAILABLE');
  await is(`${server.url}/readyz`, 503, 'store failing');
  assert.deepEqual(await get(`${server.url}/healthz`), [200, 'ok']);
  assert.equal(await metric('netocr_proxy_store_up'), ' 0');
  assert.equal(await metric('netocr_proxy_store_failures_total'), '{cause="STORE_AWAY"} 1');
  assert.deepEqual(
    records.map(({ code, cause = '' }) => [code, cause]),
    [
      ['OK', ''],
      ['UNAVAILABLE', 'STORE_AWAY'],
    ],
  );
  await redis.start();
  await is(`${server.url}/readyz`, 200, 'ready');
  assert.equal(await metric('netocr_proxy_store_up'), ' 1');
  assert.equal(await call(server.url), '');
  assert.equal(upstream.records.length, 2);
  assert.equal(warnings.length, 2, warnings.join('\n'));
  assert.match(
    warnings[0],
    /^the store \(Redis\) does not answer( \(\w+\))?: calls that need it are refused$/,
  );
  assert.equal(warnings[1], 'the store (Redis) is back');
});

test('other reasons for UNAVAILABLE are told apart from it', async (t) => {
  const redis = await startRedis(t);
  const { server, records, metric } = await startServing(t, redis, { room: () => 'memory' });
  assert.equal(await call(server.url), 'UNAVAILABLE');
  assert.equal(records[0].cause, undefined);
  assert.equal(await metric('netocr_proxy_store_failures_total'), undefined);
});

test('a Redis that went silent refuses no call longer than its bound, and serves again', async (t) => {
  const redis = await startRedis(t);
  const relay = await startRelay(t, redis.port);
  const { server } = await startServing(t, { url: `redis://127.0.0.1:${relay.port}` });
  assert.equal(await call(server.url), '');
  relay.silence();
  assert.equal(await call(server.url), 'UNAVAILABLE');
  await relay.abandoned(1);
  await is(`${server.url}/readyz`, 503, 'store failing');
  assert.equal(await call(server.url), 'UNAVAILABLE');
  relay.heal();
  await is(`${server.url}/readyz`, 200, 'ready');
  assert.equal(await call(server.url), '');
});

test('health checks in any number ask Redis once a second', async (t) => {
  const redis = await startRedis(t);
  const { server } = await startServing(t, redis);
  const commands = async () =>
    Number(/total_commands_processed:(\d+)/.exec(await redis.ask('INFO', 'stats'))[1]);
  const before = await commands();
  const started = performance.now();
  for (let i = 0; i < 300; ++i) assert.equal((await get(`${server.url}/readyz`))[0], 200);
  const seconds = (performance.now() - started) / 1000;
  // Each second a SET and a GET, and the pings of the connection (20 here).
  assert.ok((await commands()) - before <= 3 + 23 * Math.ceil(seconds));
});

test('the command: Redis away at the start is told in one line, and waited for', async (t) => {
  const redis = await prepareRedis(t);
  const upstream = await startUpstream(t);
  const env = { ...TOKEN_ENV, NETOCR_UPSTREAM: upstream.url, REDIS_URL: redis.url };
  const { origin, output, child, exit } = await startCommand(t, env);
  assert.deepEqual(await get(`${origin}/healthz`), [200, 'ok']);
  assert.deepEqual(await get(`${origin}/readyz`), [503, 'store failing']);
  assert.equal(await call(origin), 'UNAVAILABLE');
  await redis.start();
  await is(`${origin}/readyz`, 200, 'ready');
  assert.equal(await call(origin), '');
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
  assert.deepEqual(
    output.stderr.split('\n').filter((line) => line.includes('Redis')),
    ['warning: Redis cannot be reached yet (ECONNREFUSED); trying again', 'note: Redis can be reached now'],
  );
  const lines = output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ code, cause }) => [code, cause]),
    [
      ['UNAVAILABLE', 'STORE_AWAY'],
      ['OK', undefined],
    ],
  );
  assert.equal(upstream.records.length, 1);
});

test('the command: SIGTERM ends the wait', async (t) => {
  const redis = await prepareRedis(t);
  const { child, exit } = await startCommand(t, { ...TOKEN_ENV, REDIS_URL: redis.url });
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});

test('the command: a Redis that refuses when it comes ends the process', async (t) => {
  const redis = await prepareRedis(t, '--requirepass', 'planted');
  const { exit, output } = await startCommand(t, { ...TOKEN_ENV, REDIS_URL: redis.url });
  await redis.start();
  assert.deepEqual(await exit, [1, null]);
  assert.match(output.stderr, /\nnetocr-proxy: Redis requires a password and REDIS_URL has none\n/);
});

async function run(t, env, ...args) {
  const child = spawn(process.execPath, args, { env: { ...COMMAND_ENV, PORT: '0', ...TOKEN_ENV, ...env } });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data;
    });
  }
  const [code] = await once(child, 'close');
  assert.ok(!/planted|sandbox-(key|secret)/.test(text), text);
  return { code, text };
}

test('start and check: what only the operator can change ends both, before any call of the service', async (t) => {
  const redis = await startRedis(t, '--requirepass', 'planted', '--maxmemory', '50mb');
  await askAs(redis, 'ACL', 'SETUSER', 'proxy', 'on', '>planted', '~netocr:*', '+@all', '-info');
  await askAs(redis, 'ACL', 'SETUSER', 'select', 'on', '>planted', '~netocr:*', '+@all', '-select');
  const upstream = await startUpstream(t);
  const withLogin = (login) => ({
    NETOCR_UPSTREAM: upstream.url,
    REDIS_URL: redis.url.replace('//', `//${login}@`),
  });
  const table = [
    [withLogin(':planted-wrong'), [], /netocr-proxy: Redis refuses the user or the password of REDIS_URL/],
    [withLogin('proxy:planted'), [], /netocr-proxy: the user of REDIS_URL lacks rights in Redis: \+info/],
    [
      { NETOCR_UPSTREAM: upstream.url, REDIS_URL: `${withLogin('select:planted').REDIS_URL}/3` },
      [],
      /netocr-proxy: the user of REDIS_URL lacks rights in Redis: \+select/,
    ],
    [withLogin(':planted'), ['--import', NO_CLIENT], /netocr-proxy: .*npm install @redis\/client/],
    [{ REDIS_URL: 'planted' }, [], /netocr-proxy: the URL of Redis \(REDIS_URL\)/],
    [{ ...withLogin(':planted'), NETOCR_REDIS_CA_FILE: '/planted' }, [], /NETOCR_REDIS_\*_FILE/],
  ];
  await Promise.all(
    table.flatMap(([env, imports, pattern]) =>
      [[], ['check'], ['check', '--probe']].map(async (args) => {
        const { code, text } = await run(t, env, ...imports, MAIN, ...args);
        assert.equal(code, 1, text);
        assert.match(text, pattern);
      }),
    ),
  );
  const noEviction = await run(t, withLogin(':planted'), MAIN, 'check');
  assert.match(noEviction.text, /store: Redis answers/);
  assert.equal(noEviction.code, 0);
  await askAs(redis, 'CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const forgetful = await run(t, withLogin(':planted'), MAIN, 'check');
  assert.match(forgetful.text, /netocr-proxy: Redis must have maxmemory-policy noeviction/);
  assert.equal(forgetful.code, 1);
  assert.equal(upstream.records.length, 0);
});

const askAs = ({ url }, ...args) => askRedis(url.replace('//', '//:planted@'), args);

test('check: the store is asked without a call of the service; one that is away is no wrong configuration', async (t) => {
  const redis = await prepareRedis(t);
  const upstream = await startUpstream(t);
  const env = { NETOCR_UPSTREAM: upstream.url, REDIS_URL: redis.url };
  const away = await run(t, env, MAIN, 'check');
  assert.equal(away.code, 2);
  assert.equal(
    away.text,
    'configuration: good\nstore: Redis does not answer (ECONNREFUSED); the proxy would try again\n',
  );
  await redis.start();
  const there = await run(t, env, MAIN, 'check');
  assert.equal(there.code, 0);
  assert.equal(
    there.text,
    'configuration: good\nstore: Redis answers and grants every right that the proxy needs\n',
  );
  assert.equal(upstream.records.length, 0);
});
