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

test('attempts are never forgotten early either', async () => {
  const { clock, store } = clocked({ maxEntries: 3 });
  const limit = { max: 2, perMs: 1000, blockMs: 5000 };
  for (const key of ['a', 'b', 'c']) assert.equal((await store.takeAttempt(key, limit)).allowed, true);
  await assert.rejects(store.takeAttempt('d', limit), StoreError);
  assert.equal((await store.takeAttempt('a', limit)).allowed, true);
  assert.deepEqual(await store.takeAttempt('a', limit), { allowed: false, retryAfterMs: 5000 });
  clock.ms += 1000;
  // The others have ended and make room; the block lasts.
  assert.equal((await store.takeAttempt('d', limit)).allowed, true);
  assert.deepEqual(await store.takeAttempt('a', limit), { allowed: false, retryAfterMs: 4000 });
  clock.ms += 4000;
  assert.equal((await store.takeAttempt('a', limit)).allowed, true);
});

/** The rule, read anew from the whole history each time: [{ms, isBack}], in the order of the calls that passed. */
function blockedUntil(history, { max, perMs, blockMs }) {
  const counted = history.filter(({ isBack }) => !isBack);
  const ends = counted
    .filter(({ ms }, i) => counted.slice(0, i + 1).filter((one) => one.ms > ms - perMs).length >= max)
    .map(({ ms }) => ms + blockMs);
  return Math.max(0, ...ends);
}

test('attempts keep to their rule in any order of calls, pauses and calls that were not made after all', async () => {
  let state = 7;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const limits = [
    { max: 5, perMs: 180, blockMs: 1800 },
    { max: 1, perMs: 50, blockMs: 50 },
    { max: 3, perMs: 100, blockMs: 130 },
  ];
  const seen = { passed: 0, refused: 0, lifted: 0 };
  for (const limit of limits) {
    const { clock, store } = clocked();
    const history = [];
    for (let step = 0; step < 3000; ++step) {
      clock.ms += random(4) === 0 ? 1 + random(limit.blockMs) : 1 + random(20);
      const open = history.filter(({ isBack, ms }) => !isBack && ms > clock.ms - 40);
      if (random(4) === 0 && open.length > 0) {
        const one = open[random(open.length)];
        const before = blockedUntil(history, limit);
        one.isBack = true;
        if (before > clock.ms && blockedUntil(history, limit) <= clock.ms) seen.lifted += 1;
        await store.giveBackAttempt('key', one.at);
        continue;
      }
      const until = blockedUntil(history, limit);
      const answer = await store.takeAttempt('key', limit);
      const { allowed, at } = answer;
      seen[allowed ? 'passed' : 'refused'] += 1;
      if (until > clock.ms) assert.deepEqual(answer, { allowed: false, retryAfterMs: until - clock.ms });
      else assert.equal(allowed, true);
      if (allowed) history.push({ ms: clock.ms, at, isBack: false });
      while (history.length > 60) history.shift();
    }
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 20, `${what}: ${count}`);
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

test('callers with many addresses and a long window push out neither the rate of all nor who calls most', async () => {
  const { clock, store } = clocked({ maxEntries: 100 });
  const global = { events: 5, perMs: 60_000 };
  const hour = { events: 60, perMs: 3_600_000 };
  for (let i = 0; i < 5; ++i) assert.equal((await store.takeTurn('global:all', global)).allowed, true);
  for (let i = 0; i < 60; ++i) assert.equal((await store.takeTurn('address:heavy', hour)).allowed, true);
  for (let i = 0; i < 5000; ++i) {
    await store.takeTurn(`address:${i}`, hour);
    await store.takeTurn(`token:${i}`, hour);
    if (i % 500 === 0) clock.ms += 1;
  }
  assert.equal((await store.takeTurn('global:all', global)).allowed, false);
  assert.equal((await store.takeTurn('address:heavy', hour)).allowed, false);
});

test('what has expired makes room before anything that has not', async () => {
  const { clock, store } = clocked({ maxEntries: 16 });
  for (let i = 0; i < 8; ++i) await store.set(`v:short${i}`, 'x', 100);
  for (let i = 0; i < 8; ++i) await store.set(`v:long${i}`, 'x', 10_000);
  clock.ms += 100;
  for (let i = 0; i < 8; ++i) await store.set(`v:new${i}`, 'x', 5000);
  for (let i = 0; i < 8; ++i) {
    assert.equal(await store.get(`v:long${i}`), 'x', `long${i}`);
    assert.equal(await store.get(`v:new${i}`), 'x', `new${i}`);
  }
});

test('keys of more kinds than there should be still have bounded room', async () => {
  const { store } = clocked({ maxEntries: 10 });
  for (let i = 0; i < 1000; ++i) await store.set(`kind${i}:x`, 'x', 1000);
  let kept = 0;
  for (let i = 0; i < 1000; ++i) kept += (await store.get(`kind${i}:x`)) ? 1 : 0;
  assert.ok(kept <= 26 && (await store.get('kind999:x')) === 'x', `${kept} were kept`);
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
