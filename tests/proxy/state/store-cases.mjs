// What every store must do: the same cases run on the memory store and on Redis.
import assert from 'node:assert/strict';

const use = (more = {}) => ({ limit: 1, issuedMs: Date.now(), ttlMs: 60_000, ...more });

/** Whether 40 ms have passed by the store's own clock: a block of that length ends. */
function createProbe(store, key) {
  const limit = { max: 1, perMs: 40, blockMs: 40 };
  return {
    start: () => store.takeAttempt(key, limit),
    isOver: async () => (await store.takeAttempt(key, limit)).allowed,
  };
}

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
  'as many attempts pass as a limit says, whoever asks at the same time; the last one begins a block': async (
    store,
    key,
  ) => {
    for (const max of [1, 2, 5, 17]) {
      const limit = { max, perMs: 600_000, blockMs: 1_800_000 };
      const each = `${key}-${max}`;
      const answers = await Promise.all(
        Array.from({ length: 3 * max + 2 }, () => store.takeAttempt(each, limit)),
      );
      assert.equal(answers.filter(({ allowed }) => allowed).length, max);
      for (const { allowed, at, retryAfterMs } of answers) {
        if (allowed) assert.match(at, /^\d{13,14}(\.\d{1,3})?$/);
        else assert.ok(retryAfterMs > 1_790_000 && retryAfterMs <= 1_800_000, String(retryAfterMs));
      }
      assert.equal((await store.takeAttempt(`${each}-other`, limit)).allowed, true);
    }
  },
  'an attempt that is given back lifts the block that it began': async (store, key) => {
    const limit = { max: 3, perMs: 600_000, blockMs: 600_000 };
    const take = () => store.takeAttempt(key, limit);
    const taken = [await take(), await take(), await take()];
    assert.equal((await take()).allowed, false);
    await store.giveBackAttempt(key, taken.splice(1, 1)[0].at);
    taken.push(await take());
    assert.deepEqual([taken[2].allowed, (await take()).allowed], [true, false]);
    for (const { at } of taken) await store.giveBackAttempt(key, at);
    await store.giveBackAttempt(`${key}-never-taken`, '5');
    const again = [await take(), await take(), await take(), await take()];
    assert.deepEqual(
      again.map(({ allowed }) => allowed),
      [true, true, true, false],
    );
  },
  'attempts end with their time, a block with its own': async (store, key) => {
    const until = async (isSo) => {
      const deadline = Date.now() + 20_000;
      while (!(await isSo())) assert.ok(Date.now() < deadline);
    };
    // One attempt is a block of 20 ms.
    const limit = { max: 1, perMs: 20, blockMs: 20 };
    assert.equal((await store.takeAttempt(key, limit)).allowed, true);
    await until(async () => (await store.takeAttempt(key, limit)).allowed);
    // With two allowed the first is forgotten: however many come one by one, none of them is refused.
    const pair = { max: 2, perMs: 20, blockMs: 600_000 };
    for (let i = 0; i < 3; ++i) {
      const { allowed, at } = await store.takeAttempt(`${key}-pair`, pair);
      assert.equal(allowed, true);
      assert.ok(Number(at) > 0);
      const probe = createProbe(store, `${key}-probe-${i}`);
      await probe.start();
      await until(probe.isOver);
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
