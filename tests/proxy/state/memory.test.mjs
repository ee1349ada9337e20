import assert from 'node:assert/strict';
import test from 'node:test';
import { createExpiringMap } from '../../../web/proxy/state/expiring-map.js';
import { createMemoryStore } from '../../../web/proxy/state/memory.js';
import { nextTurn, StoreError } from '../../../web/proxy/state/store.js';
import { STORE_CASES } from './store-cases.mjs';

for (const [name, check] of Object.entries(STORE_CASES)) {
  test(name, () => check(createMemoryStore(), 'key'));
}

function clocked(options) {
  const clock = { ms: 1_000_000 };
  return { clock, store: createMemoryStore({ now: () => clock.ms, ...options }) };
}

test('entries expire, and an expiry is not moved by a later count', async () => {
  const { clock, store } = clocked();
  await store.set('value', 'x', 100);
  assert.equal(await store.increment('count', 100), 1);
  clock.ms += 60;
  assert.equal(await store.increment('count', 100), 2);
  clock.ms += 39;
  assert.equal(await store.get('value'), 'x');
  clock.ms += 1;
  assert.equal(await store.get('value'), null);
  assert.equal(await store.increment('count', 100), 1);
  assert.equal(await store.setIfAbsent('value', 'y', 100), true);
});

test('a rate never lets more than its events pass in any period, and no fewer on the long run', async () => {
  const { clock, store } = clocked();
  const rate = { events: 7, perMs: 1000 };
  const passed = [];
  let state = 1;
  while (clock.ms < 1_060_000) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    clock.ms += state % 40;
    if ((await store.takeTurn('key', rate)).allowed) passed.push(clock.ms);
  }
  // A burst after a pause: `events` at once, then one each spacing; so at most twice that in a period.
  for (let i = 14; i < passed.length; ++i) assert.ok(passed[i] - passed[i - 14] >= 1000 - 143);
  assert.ok(passed.length >= 7 * 59 && passed.length <= 7 * 62, String(passed.length));
});

test('waiting as long as it was told is enough', () => {
  for (const rate of [
    { events: 7, perMs: 1000 },
    { events: 60, perMs: 60_000 },
    { events: 100_000, perMs: 1000 },
  ]) {
    let now = 1.7e12;
    let tat = 0;
    for (let i = 0; i < 1000; ++i) {
      const { tat: next, answer } = nextTurn(tat, now, rate);
      if (answer.allowed) tat = next;
      else {
        now += answer.retryAfterMs;
        assert.equal(nextTurn(tat, now, rate).answer.allowed, true);
      }
    }
  }
});

test('spent uses are never forgotten early: a full store refuses tokens it does not know', async () => {
  const { clock, store } = clocked({ maxEntries: 3 });
  const use = { limit: 2, issuedMs: clock.ms, ttlMs: 1000 };
  for (const key of ['a', 'b', 'c']) assert.equal(await store.spend(key, use), true);
  await assert.rejects(store.spend('d', use), StoreError);
  assert.equal(await store.spend('a', use), true);
  assert.equal(await store.spend('a', use), false);
  clock.ms += 1000;
  assert.equal(await store.spend('d', { ...use, issuedMs: clock.ms }), true);
});

test('rates and values make room for new ones', async () => {
  const { store } = clocked({ maxEntries: 3 });
  for (const key of ['a', 'b', 'c', 'd']) {
    await store.set(key, key, 1000);
    await store.takeTurn(key, { events: 1, perMs: 1000 });
  }
  assert.equal(await store.get('a'), null);
  assert.equal(await store.get('d'), 'd');
  assert.equal((await store.takeTurn('d', { events: 1, perMs: 1000 })).allowed, false);
});

test('a map drops what has expired as it goes, and is never over its size', () => {
  let now = 0;
  const map = createExpiringMap({ maxEntries: 1000, now: () => now, forgets: true });
  for (; now < 10_000; ++now) {
    map.set(`key${now}`, now, now + 10);
    assert.ok(map.size() <= 30, `${map.size()} at ${now}`);
  }
  assert.equal(map.get('key9995'), 9995);
});
