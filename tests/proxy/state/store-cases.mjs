// What every store must do: the same cases run on the memory store and on Redis.
import assert from 'node:assert/strict';

const use = (more = {}) => ({ limit: 1, issuedMs: Date.now(), ttlMs: 60_000, ...more });

/** name -> (store, name for keys) => assertions */
export const STORE_CASES = {
  'a use is spent once, whoever asks at the same time': async (store, key) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.spend(key, use())));
    assert.equal(answers.filter(Boolean).length, 1);
    assert.equal(await store.spend(`${key}-other`, use()), true);
  },
  'a token has as many uses as it says': async (store, key) => {
    const answers = [];
    for (let i = 0; i < 5; ++i) answers.push(await store.spend(key, use({ limit: 3 })));
    assert.deepEqual(answers, [true, true, true, false, false]);
  },
  'a use that is given back can be spent again': async (store, key) => {
    assert.equal(await store.spend(key, use()), true);
    await store.giveBack(key);
    assert.equal(await store.spend(key, use()), true);
    assert.equal(await store.spend(key, use()), false);
    await store.giveBack(`${key}-never-spent`);
    assert.equal(await store.spend(`${key}-never-spent`, use()), true);
    assert.equal(await store.spend(`${key}-never-spent`, use()), false);
  },
  'a token that is older than the memory of the store has no use': async (store, key) => {
    assert.equal(await store.spend(key, use({ issuedMs: Date.now() - 3_600_000 })), false);
  },
  'a rate lets a burst pass, then says how long to wait': async (store, key) => {
    for (const events of [1, 3, 7]) {
      const rate = { events, perMs: 3_600_000 };
      for (let i = 0; i < events; ++i) {
        assert.deepEqual(await store.takeTurn(`${key}-${events}`, rate), { allowed: true });
      }
      const { allowed, retryAfterMs } = await store.takeTurn(`${key}-${events}`, rate);
      assert.equal(allowed, false);
      const spacing = rate.perMs / events;
      assert.ok(retryAfterMs > spacing - 10_000 && retryAfterMs < spacing + 1, String(retryAfterMs));
    }
  },
  'values are kept, counted, made once and removed': async (store, key) => {
    assert.equal(await store.get(key), null);
    await store.set(key, 'open', 60_000);
    assert.equal(await store.get(key), 'open');
    assert.equal(await store.setIfAbsent(key, 'mine', 60_000), false);
    await store.remove(key);
    assert.equal(await store.get(key), null);
    const made = await Promise.all([1, 2, 3].map((n) => store.setIfAbsent(key, String(n), 60_000)));
    assert.equal(made.filter(Boolean).length, 1);
    await store.remove(key);
    const counts = await Promise.all(Array.from({ length: 5 }, () => store.increment(key, 60_000)));
    assert.deepEqual(counts.sort(), [1, 2, 3, 4, 5]);
    assert.equal(await store.get(key), '5');
  },
  'it answers': async (store) => store.ping(),
};
