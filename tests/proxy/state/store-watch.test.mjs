// When the store is asked, what the operator hears, and that every failing step is noticed; on a clock of the test's own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createMemoryStore } from '../../../web/proxy/state/memory.js';
import { StoreError } from '../../../web/proxy/state/store.js';
import { watchStore } from '../../../web/proxy/state/store-watch.js';
import { deferred } from '../helpers.mjs';

/** A store that can be taken away, and the watch on it. `tick` lets time pass. */
function start({ isAway = false, name = 'Redis' } = {}) {
  const state = { isAway, pings: 0, now: 0, lines: [], timers: new Set() };
  const step = async () => {
    if (state.isAway) throw new StoreError('away', undefined, { reason: 'ECONNREFUSED' });
  };
  const store = {
    ...createMemoryStore(),
    name,
    get: step,
    async ping() {
      state.pings += 1;
      await (state.hanging?.promise ?? step());
    },
  };
  const watch = watchStore(store, {
    warn: (line) => state.lines.push(line),
    now: () => state.now,
    later(work, ms) {
      const timer = { work, at: state.now + ms };
      state.timers.add(timer);
      return () => state.timers.delete(timer);
    },
  });
  async function tick(ms) {
    state.now += ms;
    for (const timer of [...state.timers]) {
      if (timer.at > state.now || !state.timers.delete(timer)) continue;
      timer.work();
    }
    await new Promise(setImmediate);
  }
  return { state, store, watch, tick };
}

test('any number of questions are one ping a second', async () => {
  const { state, watch, tick } = start();
  const ask = () => Promise.all(Array.from({ length: 50 }, () => watch.isUp()));
  assert.ok((await ask()).every(Boolean));
  await ask();
  assert.equal(state.pings, 1);
  await tick(999);
  await ask();
  assert.equal(state.pings, 1);
  await tick(1);
  await ask();
  assert.equal(state.pings, 2);
  assert.equal(state.timers.size, 0, 'a store that is well is not asked by itself');
  assert.deepEqual(state.lines, []);
});

test('a change is told once, the way back too, though nobody asks', async () => {
  const { state, watch, tick } = start();
  assert.equal(await watch.isUp(), true);
  state.isAway = true;
  await tick(1000);
  for (let i = 0; i < 5; ++i) {
    assert.equal(await watch.isUp(), false);
    await tick(1000);
  }
  state.isAway = false;
  await tick(1000);
  assert.deepEqual(state.lines, [
    'the store (Redis) does not answer (ECONNREFUSED): calls that need it are refused',
    'the store (Redis) is back',
  ]);
  assert.equal(await watch.isUp(), true);
  assert.equal(state.timers.size, 0);
});

test('a store that was never there is told in other words, once', async () => {
  const { state, watch, tick } = start({ isAway: true });
  assert.equal(await watch.isUp(), false);
  for (let i = 0; i < 5; ++i) await tick(1000);
  state.isAway = false;
  await tick(1000);
  assert.deepEqual(state.lines, [
    'Redis cannot be reached yet (ECONNREFUSED); trying again',
    'Redis can be reached now',
  ]);
});

test('a step that fails is noticed at once, one that succeeds costs no ping', async () => {
  const { state, watch } = start({ name: '' });
  await watch.isUp();
  await watch.store.get('x');
  assert.equal(await watch.store.spend('x', { limit: 1, issuedMs: Date.now() + 1000, ttlMs: 1000 }), true);
  assert.equal(state.pings, 1);
  state.isAway = true;
  await assert.rejects(watch.store.get('x'), StoreError);
  assert.equal(await watch.isUp(), false);
  assert.match(state.lines[0], /^the store does not answer/);
});

test('an answer that does not come is none', async () => {
  const { state, watch, tick } = start();
  state.hanging = deferred();
  const answer = watch.isUp();
  await tick(2500);
  assert.equal(await answer, false);
  state.hanging.resolve();
  state.hanging = undefined;
  await tick(1000);
  assert.equal(await watch.isUp(), true);
});

test('what it says is what is wrong', async () => {
  for (const [code, pattern] of [
    ['STORE_REFUSED', /^the store \(Redis\) refuses the proxy: a right is missing$/],
    ['STORE_FULL', /^the store \(Redis\) has no room \(OOM\): calls/],
  ]) {
    const lines = [];
    const error = new StoreError('a right is missing', undefined, { code, reason: 'OOM' });
    const store = { ...createMemoryStore(), name: 'Redis', ping: () => Promise.reject(error) };
    const watch = watchStore(store, { warn: (line) => lines.push(line) });
    assert.equal(await watch.isUp(), false);
    watch.stop();
    assert.match(lines.join('\n'), pattern);
  }
});

test('while it is away nobody waits for its answer', async () => {
  const { state, watch, tick } = start({ isAway: true });
  assert.equal(await watch.isUp(), false);
  state.hanging = deferred();
  await tick(1000);
  assert.equal(state.pings, 2);
  assert.equal(await watch.isUp(), false);
});

test('it stops', async () => {
  const { state, watch } = start({ isAway: true });
  await watch.isUp();
  assert.equal(state.timers.size, 1);
  watch.stop();
  assert.equal(state.timers.size, 0);
  state.isAway = false;
  assert.equal(await watch.isUp(), false);
  assert.equal(state.timers.size, 0);
});
