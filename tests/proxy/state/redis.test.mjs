import assert from 'node:assert/strict';
import test from 'node:test';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { deadPort } from '../../fixtures/server.mjs';
import { eventually, startRedis } from './redis-server.mjs';
import { STORE_CASES } from './store-cases.mjs';

async function open(t, redis, options) {
  const store = await createRedisStore({ url: redis.url, ...options });
  t.after(() => store.close());
  return store;
}

test('what every store does', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, redis);
  for (const [name, check] of Object.entries(STORE_CASES)) {
    await t.test(name, () => check(store, name.replaceAll(' ', '-')));
  }
});

test('two stores on one Redis share uses, rates and values; another prefix is another world', async (t) => {
  const redis = await startRedis(t);
  const [a, b, c] = [await open(t, redis), await open(t, redis), await open(t, redis, { prefix: 'c:' })];
  const use = { limit: 1, issuedMs: Date.now(), ttlMs: 60_000 };
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (i % 2 ? a : b).spend('token', use)),
  );
  assert.equal(answers.filter(Boolean).length, 1);
  const rate = { events: 4, perMs: 3_600_000 };
  const turns = await Promise.all([a, b, a, b, a, b].map((store) => store.takeTurn('x', rate)));
  assert.equal(turns.filter(({ allowed }) => allowed).length, 4);
  await a.set('breaker', 'open', 60_000);
  assert.equal(await b.get('breaker'), 'open');
  assert.equal(await c.get('breaker'), null);
  assert.equal(await c.spend('token', { ...use, issuedMs: Date.now() + 1000 }), true);
});

test('entries expire', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, redis);
  await store.set('value', 'x', 30);
  assert.equal(await store.increment('count', 30), 1);
  await eventually(async () => assert.equal(await store.get('value'), null));
  await eventually(async () => assert.equal(await store.get('count'), null));
});

test('a Redis that dies: calls fail at once, it is found again, and no token of before has a use', async (t) => {
  const redis = await startRedis(t, '--appendonly', 'no');
  const store = await open(t, redis);
  const use = { limit: 1, issuedMs: Date.now(), ttlMs: 60_000 };
  assert.equal(await store.spend('spent', use), true);
  await redis.kill();
  for (const call of [
    () => store.spend('new', use),
    () => store.takeTurn('x', { events: 1, perMs: 1000 }),
    () => store.get('x'),
    () => store.ping(),
  ]) {
    await assert.rejects(
      call,
      (error) => error instanceof StoreError && !/no answer in time/.test(error.cause.message),
    );
  }
  await redis.start();
  await eventually(() => store.ping());
  // Its memory is empty: "spent" would have its use again if its age did not speak against it.
  assert.equal(await store.spend('spent', use), false);
  assert.equal(await store.spend('fresh', { ...use, issuedMs: Date.now() + 1000 }), true);
});

test('a data set that survives a restart does not make old tokens usable either', async (t) => {
  const redis = await startRedis(t, '--appendonly', 'yes', '--appendfsync', 'always');
  const first = await open(t, redis);
  const use = { limit: 2, issuedMs: Date.now(), ttlMs: 60_000 };
  assert.equal(await first.spend('token', use), true);
  await redis.kill();
  await redis.start();
  const second = await open(t, redis);
  assert.equal(await second.spend('token', use), false);
});

test('a data set that is emptied: no token of before has a use, every token of after has', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, redis);
  const use = { limit: 1, issuedMs: Date.now(), ttlMs: 60_000 };
  assert.equal(await store.spend('spent', use), true);
  await redis.ask('FLUSHALL');
  assert.equal(await store.spend('spent', use), false);
  // That call found it empty: the memory of all tags begins, not only of its own.
  await eventually(async () => assert.equal((await redis.ask('KEYS', '*:epoch')).length, 256));
  for (let i = 0; i < 300; ++i) {
    assert.equal(await store.spend(`fresh${i}`, { ...use, issuedMs: Date.now() }), true, `token ${i}`);
  }
});

test('a Redis that hangs is not waited for', async (t) => {
  const redis = await startRedis(t);
  const store = await open(t, redis);
  redis.pause();
  t.after(() => redis.resume());
  await assert.rejects(store.spend('x', { limit: 1, issuedMs: Date.now(), ttlMs: 1000 }), StoreError);
});

test('what cannot work is told at the start', async (t) => {
  const forgetful = await startRedis(t, '--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
  await assert.rejects(createRedisStore({ url: forgetful.url }), /maxmemory-policy/);
  const careful = await startRedis(t, '--maxmemory', '50mb', '--maxmemory-policy', 'noeviction');
  await (await createRedisStore({ url: careful.url })).close();
  await assert.rejects(createRedisStore({ url: 'http://127.0.0.1' }), TypeError);
  const url = `redis://user:planted@127.0.0.1:${await deadPort()}`;
  await assert.rejects(
    createRedisStore({ url }),
    (error) => error instanceof StoreError && !error.message.includes('planted'),
  );
});
