// A peer that answers nothing and closes nothing: the connection is given up and made anew, whether calls come or not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { eventually, startRedis } from './redis-server.mjs';
import { startRelay } from './relay.mjs';

const use = (more = {}) => ({ limit: 1, issuedMs: Date.now(), ttlMs: 60_000, ...more });

async function start(t, { query = '', settings = [], ...options } = {}) {
  const redis = await startRedis(t, ...settings);
  const relay = await startRelay(t, redis.port);
  const url = `redis://${query}127.0.0.1:${relay.port}`;
  const store = await createRedisStore({ url, ...options }, { times: { pingMs: 50 } });
  t.after(() => store.close());
  return { redis, relay, store, url };
}

test('an idle connection that goes silent is made anew, and works once the way is free', async (t) => {
  const { relay, store } = await start(t);
  const before = use();
  assert.equal(await store.spend('token', before), true);
  relay.silence();
  await relay.abandoned(1);
  await assert.rejects(store.spend('token', before), StoreError);
  relay.heal();
  await eventually(() => store.ping());
  assert.equal(await store.spend('token', before), false);
  assert.equal(
    await store.spend('other', before),
    true,
    'Redis was there all the time: it has forgotten nothing',
  );
});

test('a busy one too, though calls are written to it all the time', async (t) => {
  const { relay, store } = await start(t);
  relay.silence();
  let isOver = false;
  const failures = [];
  const caller = async () => {
    while (!isOver) {
      await store.get('x').catch((error) => failures.push(error));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const callers = Array.from({ length: 50 }, caller);
  await relay.abandoned(1);
  relay.heal();
  await eventually(() => store.ping());
  isOver = true;
  await Promise.all(callers);
  assert.ok(failures.length > 0 && failures.every((error) => error instanceof StoreError));
  assert.equal(await store.get('x'), null);
});

test('a login that is not answered is given up too', async (t) => {
  const { relay, store } = await start(t, { query: ':planted@', settings: ['--requirepass', 'planted'] });
  relay.silence();
  // The first was silent in the middle, the others from the beginning.
  await relay.abandoned(3);
  relay.heal();
  await eventually(() => store.ping());
  assert.equal(await store.spend('x', use()), true);
});

test('nothing that was rejected is done later', async (t) => {
  const { redis, relay, store } = await start(t);
  relay.silence();
  await assert.rejects(store.set('late', 'x', 60_000), StoreError);
  await relay.abandoned(1);
  await assert.rejects(store.set('later', 'x', 60_000), StoreError);
  relay.heal();
  await eventually(() => store.ping());
  assert.deepEqual(
    (await redis.ask('KEYS', '*')).filter((name) => name.includes(':value:')),
    [],
  );
});

test('a Redis that was stopped in its tracks is found again when it goes on', async (t) => {
  const { redis, relay, store } = await start(t);
  const before = use();
  assert.equal(await store.spend('token', before), true);
  redis.pause();
  t.after(() => redis.resume());
  // Its system still takes connections for it.
  await relay.accepted(2);
  await assert.rejects(store.get('x'), StoreError);
  redis.resume();
  await eventually(() => store.ping());
  assert.equal(await store.spend('token', before), false);
  assert.equal(await store.spend('other', before), true);
});

test('a start at a silent peer is given up in time', async (t) => {
  const redis = await startRedis(t);
  const relay = await startRelay(t, redis.port);
  relay.silence();
  const url = `redis://127.0.0.1:${relay.port}`;
  await assert.rejects(createRedisStore({ url }), { name: 'StoreError', code: 'STORE_AWAY' });
  await relay.abandoned(1);
});
