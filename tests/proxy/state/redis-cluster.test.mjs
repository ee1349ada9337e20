// The store on a Redis Cluster of real processes: how calls spread, and what becomes of them while slots move, nodes die,
// go silent or are replaced.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { slotOf, TAGS, tagOf } from '../../../web/proxy/state/redis-keys.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { startCluster } from './redis-nodes.mjs';
import { eventually } from './redis-server.mjs';
import { STORE_CASES } from './store-cases.mjs';

/** Where no test looks at how soon a silence is noticed: a machine that is busy with other tests may take its time. */
const PATIENT = { answerMs: 10_000, startMs: 40_000 };

async function open(t, url, { times, ...options } = {}) {
  const store = await createRedisStore({ url, ...options }, { times });
  t.after(() => store.close());
  return store;
}

const use = (more = {}) => ({ limit: 1, issuedMs: Date.now(), ttlMs: 60_000, ...more });
/** The index of the primary that holds the key in a fresh cluster of that many. */
const holderOf = (key, primaries = 3) => Math.floor((slotOf(tagOf(key)) * primaries) / 16_384);
/** Keys that the primary of that index holds. */
const keysAt = (index, count, name = 'key') =>
  Array.from({ length: 1000 }, (_, i) => `${name}${i}`)
    .filter((key) => holderOf(key) === index)
    .slice(0, count);

test('what every store does, on a cluster of three', async (t) => {
  const { nodes } = await startCluster(t);
  const store = await open(t, nodes[1].url, { times: PATIENT });
  for (const [name, check] of Object.entries(STORE_CASES)) {
    await t.test(name, () => check(store, name.replaceAll(' ', '-')));
  }
  for (const tag of TAGS) assert.equal(await nodes[0].ask('CLUSTER', 'KEYSLOT', tag), slotOf(tag));
});

test('calls spread over all nodes, the uses of one token and the memory of its node lie together', async (t) => {
  const { nodes, urls } = await startCluster(t);
  const [a, b] = [await open(t, urls, { times: PATIENT }), await open(t, nodes[2].url, { times: PATIENT })];
  const keys = Array.from({ length: 150 }, (_, i) => `token${i}:checkLiveness`);
  const spent = await Promise.all(keys.flatMap((key) => [a.spend(key, use()), b.spend(key, use())]));
  assert.equal(spent.filter(Boolean).length, 150, 'each once, at whichever store it came first');
  for (const [index, { ask }] of nodes.entries()) {
    const names = (await ask('KEYS', 'netocr:*')).sort();
    const here = keys.filter((key) => holderOf(key) === index);
    assert.deepEqual(
      names.filter((name) => name.includes(':use:')),
      here.map((key) => `netocr:{${tagOf(key)}}:use:${key}`).sort(),
    );
    assert.ok(here.length >= 30, `${here.length} of 150 at one of three`);
    assert.equal(
      names.filter((name) => name.endsWith(':epoch')).length,
      TAGS.filter((tag) => Math.floor((slotOf(tag) * 3) / 16_384) === index).length,
      'the memory of every tag began before any call',
    );
  }
});

test('a node that dies: the others work on, its calls fail at once, no use of before comes back with it', async (t) => {
  const { nodes, all } = await startCluster(t);
  const store = await open(t, nodes[0].url, { times: PATIENT });
  const [spent, other, fresh] = keysAt(1, 3);
  const [elsewhere, more] = keysAt(2, 2);
  const before = use();
  assert.equal(await store.spend(spent, before), true);
  await nodes[1].kill();
  await assert.rejects(store.spend(other, use()), StoreError);
  assert.equal(await store.spend(elsewhere, use()), true);
  await store.ping(); // most calls work
  await nodes[1].start();
  await all();
  await eventually(() => store.get(spent));
  assert.equal(await store.spend(spent, before), false, 'its memory is empty, and it knows');
  assert.equal(await store.spend(other, before), false);
  assert.equal(await store.spend(fresh, use()), true, 'a token minted since it is back');
  assert.equal(await store.spend(more, use()), true);
});

test('a slot that moves: calls follow it, and what was spent in it stays spent', async (t) => {
  const { nodes } = await startCluster(t);
  const [store, late] = [
    await open(t, nodes[0].url, { times: PATIENT }),
    await open(t, nodes[0].url, { times: PATIENT }),
  ];
  const [key] = keysAt(0, 1);
  const slot = slotOf(tagOf(key));
  const before = use();
  assert.equal(await store.spend(key, before), true);
  await store.set(key, 'kept', 60_000);
  await nodes[1].ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', nodes[0].id);
  await nodes[0].ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', nodes[1].id);
  const names = await nodes[0].ask('CLUSTER', 'GETKEYSINSLOT', slot, 100);
  const value = names.find((name) => name.includes(':value:'));
  const moveAll = (list) =>
    list.length && nodes[0].ask('MIGRATE', '127.0.0.1', nodes[1].port, '', 0, 5000, 'KEYS', ...list);
  await moveAll([value]);
  assert.equal(await store.get(key), 'kept', 'ASK: the value is at the new node, the slot not yet');
  await store.set(key, 'changed', 60_000);
  assert.equal(await nodes[0].ask('EXISTS', value).catch(({ message }) => message.slice(0, 3)), 'ASK');
  // One of two keys is there already: TRYAGAIN, until the rest has come too.
  await moveAll(names.filter((name) => name.endsWith(':epoch')));
  const waiting = store.spend(key, before);
  await moveAll(names.filter((name) => name.includes(':use:')));
  for (const { ask } of [nodes[1], nodes[0], nodes[2]])
    await ask('CLUSTER', 'SETSLOT', slot, 'NODE', nodes[1].id);
  assert.equal(await waiting, false);
  // MOVED, for a store that knows nothing of it.
  assert.equal(await late.get(key), 'changed');
  assert.equal(await late.spend(key, use()), false, 'the use came along');
  const [sibling] = keysAt(0, 1000, 'sibling').filter((name) => tagOf(name) === tagOf(key));
  assert.equal(await late.spend(sibling, before), false, 'older than what the new node remembers');
  assert.equal(await late.spend(sibling, use({ issuedMs: Date.now() + 1000 })), true);
});

test('a primary that is replaced, dead or silent: its slots work again, no use comes back', async (t) => {
  for (const end of ['kill', 'pause']) {
    const { nodes } = await startCluster(t, { replicas: [0] });
    const store = await open(t, nodes[1].url);
    const [spent, fresh] = keysAt(0, 2);
    const before = use();
    assert.equal(await store.spend(spent, before), true);
    await nodes[0].ask('WAIT', 1, 5000);
    await nodes[0][end]();
    await eventually(() => store.get(spent));
    assert.match(await nodes[3].ask('ROLE').then(String), /^master/, end);
    assert.equal(await store.spend(spent, before), false);
    assert.equal(await store.spend(fresh, before), false, 'nobody knows whether it was spent');
    assert.equal(await store.spend(fresh, use({ issuedMs: Date.now() + 1000 })), true);
    if (end === 'pause') nodes[0].resume();
  }
});

test('a cluster that is not made yet is away, and used as soon as it is', async (t) => {
  const { nodes } = await startCluster(t, {
    primaries: 1,
    settings: [['--cluster-require-full-coverage', 'yes']],
  });
  const [{ url, ask }] = nodes;
  await ask('CLUSTER', 'DELSLOTSRANGE', 0, 16_383);
  await assert.rejects(createRedisStore({ url }), { name: 'StoreError', code: 'STORE_AWAY' });
  const store = await open(t, url, { retry: true });
  await assert.rejects(store.ping(), StoreError);
  await ask('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await eventually(() => store.ping());
  assert.equal(await store.spend('x', use()), true);
});

test('several servers that are no cluster, and a database in one, are told', async (t) => {
  const { nodes } = await startCluster(t, { primaries: 1 });
  await assert.rejects(createRedisStore({ url: `${nodes[0].url}/3` }), /REDIS_URL \(a cluster has only 0\)/);
});
