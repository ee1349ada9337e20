// What the store says of a Redis that cannot be used, before any call of a person; and which rights it needs, exactly.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ATTEMPT_SCRIPTS } from '../../../web/proxy/state/attempts.js';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { ACL_RULES } from '../../../web/proxy/state/redis-rights.js';
import * as SCRIPTS from '../../../web/proxy/state/redis-scripts.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { deadPort } from '../../fixtures/server.mjs';
import { deferred } from '../helpers.mjs';
import { startCluster } from './redis-nodes.mjs';
import { askRedis, eventually, prepareRedis, startRedis } from './redis-server.mjs';
import { STORE_CASES } from './store-cases.mjs';

const SINGLE_RULES = ACL_RULES.filter((rule) => !/select|cluster|asking/.test(rule));

async function open(t, options, parts) {
  const store = await createRedisStore(options, parts);
  t.after(() => store.close());
  return store;
}

/** The error of a start that Redis refuses; nothing of the URL is in it. */
async function refusal(options, parts) {
  const error = await createRedisStore(options, parts).then(
    () => assert.fail('it started'),
    (reason) => reason,
  );
  assert.ok(error instanceof StoreError);
  assert.equal(error.code, 'STORE_REFUSED', error.stack);
  assert.ok(!/planted|127\.0\.0\.1/.test(error.message), error.message);
  return error.message;
}

const setUser = (redis, rules) => redis.ask('ACL', 'SETUSER', 'proxy', 'reset', 'on', '>planted', ...rules);
const asUser = ({ url }) => url.replace('//', '//proxy:planted@');

test('a user or password that Redis does not take is told at once', async (t) => {
  const redis = await startRedis(t, '--requirepass', 'planted-right');
  const at = (login) => ({ url: redis.url.replace('//', `//${login}`) });
  assert.match(await refusal(at('')), /REDIS_URL has none/);
  assert.match(await refusal(at(':planted-wrong@')), /refuses the user or the password of REDIS_URL/);
  assert.match(await refusal(at('planted:planted@')), /refuses the user or the password/);
  await open(t, at(':planted-right@'));
  await open(t, at('default:planted-right@'));
  const free = await startRedis(t);
  await open(t, { url: free.url.replace('//', '//default:planted@') });
  assert.match(
    await refusal({ url: free.url.replace('//', '//:planted@') }),
    /refuses the user or the password/,
  );
  assert.match(await refusal({ url: `${free.url}/4711` }), /no database of the number in REDIS_URL/);
  await open(t, { url: `${free.url}/3` });
});

test('a password may hold what a URL must escape', async (t) => {
  const redis = await startRedis(t, '--requirepass', 'p@ss:w/ord,redis://%');
  await open(t, { url: redis.url.replace('//', `//:${encodeURIComponent('p@ss:w/ord,redis://%')}@`) });
});

test('the rights that are documented are enough', async (t) => {
  const redis = await startRedis(t);
  await setUser(redis, ['~netocr:*', ...SINGLE_RULES]);
  const store = await open(t, { url: asUser(redis) });
  for (const [name, check] of Object.entries(STORE_CASES)) {
    await t.test(name, () => check(store, name.replaceAll(' ', '-')));
  }
});

test('and in a cluster', async (t) => {
  const { nodes } = await startCluster(t);
  for (const node of nodes) await setUser(node, ['~netocr:*', ...ACL_RULES]);
  const store = await open(t, { url: asUser(nodes[0]) });
  for (const [name, check] of Object.entries(STORE_CASES)) {
    await t.test(name, () => check(store, name.replaceAll(' ', '-')));
  }
  // One node is enough to miss something.
  await setUser(nodes[2], ['~netocr:*', ...ACL_RULES.filter((rule) => rule !== '+asking')]);
  assert.match(await refusal({ url: asUser(nodes[0]) }), /lacks rights in Redis: \+asking$/);
});

test('each right that is missing is named, and only it', async (t) => {
  const redis = await startRedis(t);
  for (const missing of SINGLE_RULES) {
    await setUser(redis, ['~netocr:*', ...SINGLE_RULES.filter((rule) => rule !== missing)]);
    const message = await refusal({ url: asUser(redis) });
    assert.equal(message.replace(/ \(.*/, ''), `the user of REDIS_URL lacks rights in Redis: ${missing}`);
    assert.equal(/INFO shows that Redis was restarted/.test(message), missing === '+info');
  }
  await setUser(redis, ['~other:*', ...SINGLE_RULES]);
  assert.match(
    await refusal({ url: asUser(redis) }),
    /: ~PREFIX\* \(PREFIX: of its keys, NETOCR_REDIS_PREFIX\)$/,
  );
  await open(t, { url: asUser(redis), prefix: 'other:' });
  await setUser(redis, ['~netocr:*', '+ping']);
  assert.match(await refusal({ url: asUser(redis) }), /: \+info \+time \+eval \+set .* \+del/);
});

test('a database other than 0 needs one more right, which is named', async (t) => {
  const redis = await startRedis(t);
  const url = `${asUser(redis)}/3`;
  const message = 'the user of REDIS_URL lacks rights in Redis: +select (a database other than 0 needs it)';
  await setUser(redis, ['~netocr:*', ...SINGLE_RULES]);
  assert.equal(await refusal({ url }), message);
  await open(t, { url: `${asUser(redis)}/0` });
  await setUser(redis, ['~netocr:*', ...SINGLE_RULES, '+select']);
  const store = await open(t, { url });
  await STORE_CASES[Object.keys(STORE_CASES)[0]](store, 'database-3');
  const without = await startRedis(t, '--rename-command', 'SELECT', '');
  assert.equal(await refusal({ url: `${without.url}/3` }), message);
});

test('the page about deploying lists the rights that the code needs', () => {
  for (const [name, sentence] of [
    ['docs/proxy/deploy.md', /An ACL user needs ([^.]*)\./],
    ['docs/zh-CN/proxy/deploy.md', /ACL 用户需要([^。]*)。/],
  ]) {
    const text = readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
    const [, list] = sentence.exec(text) ?? assert.fail(`${name} lists no rights`);
    const listed = list.match(/[+~][\w:|*]+/g);
    assert.deepEqual(listed.sort(), ['~netocr:*', ...ACL_RULES].sort(), name);
  }
});

test('a command that was taken out of Redis is named like a right', async (t) => {
  const redis = await startRedis(t, '--rename-command', 'INFO', '');
  assert.match(await refusal({ url: redis.url }), /: \+info/);
});

test('a script calls nothing that is not among the rights', () => {
  const called = [...Object.values(SCRIPTS), ...ATTEMPT_SCRIPTS].flatMap((script) =>
    [...script.matchAll(/redis\.call\('([A-Z]+)'/g)].map(([, name]) => `+${name.toLowerCase()}`),
  );
  assert.ok(called.length >= 10);
  for (const right of called) assert.ok(ACL_RULES.includes(right), right);
});

test('what keeps it from remembering is told', async (t) => {
  const forgetful = await startRedis(t, '--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
  assert.match(await refusal({ url: forgetful.url }), /maxmemory-policy noeviction/);
  const careful = await startRedis(t, '--maxmemory', '50mb', '--maxmemory-policy', 'noeviction');
  await open(t, { url: careful.url });
  const url = `${careful.url},redis://127.0.0.1:${await deadPort()}`;
  assert.match(await refusal({ url }), /names several servers, which are not a Redis Cluster/);
});

test('the package that it needs is named with the command that installs it', async () => {
  const importLibrary = () => import('@redis/no-such-client');
  const message = await refusal({ url: 'redis://127.0.0.1:1' }, { importLibrary });
  assert.match(message, /npm install @redis\/client/);
});

test('wrong options', async () => {
  const table = [
    [{ url: 'http://planted' }, /REDIS_URL/],
    [{ url: 'redis://' }, /REDIS_URL/],
    [{ url: 'redis://127.0.0.1/planted' }, /number of a database/],
    [{ url: 'redis://:%planted@127.0.0.1' }, /%25/],
    [{ url: 'redis://a,rediss://b' }, /all begin with/],
    [{ url: 'redis://a,planted' }, /REDIS_URL/],
    [{ url: 'redis://127.0.0.1', prefix: 'planted{' }, /NETOCR_REDIS_PREFIX/],
    [{ url: 'redis://127.0.0.1', tls: { caFile: 'planted' } }, /rediss:\/\//],
    [{ url: 'rediss://127.0.0.1', tls: { certFile: 'planted' } }, /NETOCR_REDIS_KEY_FILE/],
  ];
  for (const [options, pattern] of table) {
    await assert.rejects(createRedisStore(options), (error) => {
      assert.ok(error instanceof TypeError && pattern.test(error.message), error.message);
      return !error.message.includes('planted');
    });
  }
});

test('a Redis that is away is tried again where that is asked for, and used once it is there', async (t) => {
  const redis = await prepareRedis(t);
  await assert.rejects(createRedisStore({ url: redis.url }), { code: 'STORE_AWAY', reason: 'ECONNREFUSED' });
  const refused = () => assert.fail('nobody refuses');
  const store = await open(t, { url: redis.url, retry: true, refused }, { times: { retryMs: 20 } });
  const use = { limit: 1, issuedMs: Date.now(), ttlMs: 60_000 };
  await assert.rejects(store.spend('x', use), { code: 'STORE_AWAY', reason: 'ECONNREFUSED' });
  await redis.start();
  await eventually(() => store.ping());
  assert.equal(await store.spend('x', use), false, 'minted before Redis could remember');
  assert.equal(await store.spend('y', { ...use, issuedMs: Date.now() }), true);
});

test('one that refuses when it comes is told, and not tried again', async (t) => {
  const redis = await prepareRedis(t, '--requirepass', 'planted');
  const error = deferred();
  const options = { url: redis.url, retry: true, refused: error.resolve };
  const store = await open(t, options, { times: { retryMs: 20 } });
  await redis.start();
  assert.equal((await error.promise).code, 'STORE_REFUSED');
  await assert.rejects(store.ping(), { code: 'STORE_REFUSED', reason: 'NOAUTH' });
  assert.match((await error.promise).message, /REDIS_URL has none/);
  // With the first attempt it is a rejection in any case.
  assert.match(await refusal({ url: redis.url, retry: true }), /REDIS_URL has none/);
});

test('a store that is closed while it tries leaves nothing behind', async (t) => {
  const redis = await prepareRedis(t);
  const store = await open(t, { url: redis.url, retry: true }, { times: { retryMs: 20 } });
  await store.close();
  await redis.start();
  await assert.rejects(store.ping(), StoreError);
  assert.match(await redis.ask('INFO', 'stats'), /total_connections_received:[12]\r/);
});

test('a password that is changed while it runs is told by the calls, and taken back by itself', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, { url: redis.url });
  await redis.ask('CONFIG', 'SET', 'requirepass', 'planted');
  const admin = (...args) => askRedis(redis.url.replace('//', '//:planted@'), args);
  await admin('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await eventually(() => assert.rejects(store.get('x'), { code: 'STORE_REFUSED', reason: 'NOAUTH' }));
  await admin('CONFIG', 'SET', 'requirepass', '');
  await eventually(() => store.ping());
});

test('a Redis that is full, or a replica, answers but does not do: the ping says so', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, { url: redis.url });
  await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
  await assert.rejects(store.ping(), { code: 'STORE_FULL', reason: 'OOM' });
  await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
  await store.ping();
  const other = await startRedis(t);
  await redis.ask('REPLICAOF', '127.0.0.1', other.port);
  await assert.rejects(store.ping(), (error) => error instanceof StoreError && error.reason === 'READONLY');
  await redis.ask('REPLICAOF', 'NO', 'ONE');
  await eventually(() => store.ping());
});
