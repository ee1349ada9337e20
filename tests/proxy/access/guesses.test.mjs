// The limit of wrong secrets.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createGuesses, createWrongSecrets } from '../../../web/proxy/access/guesses.js';

const MINUTE_MS = 60_000;

function start(options) {
  let time = 1000;
  const guesses = createGuesses({ now: () => time, ...options });
  /** How many of `count` wrong secrets are looked at. */
  const guess = (address, count) => {
    let looked = 0;
    for (let i = 0; i < count; i += 1) {
      if (guesses.waitMs(address) > 0) continue;
      looked += 1;
      guesses.count(address);
    }
    return looked;
  };
  const pass = (ms) => {
    time += ms;
  };
  return { ...guesses, guess, pass };
}

test('an address has ten a minute, and then one each six seconds', () => {
  const { guess, pass, waitMs } = start();
  assert.equal(guess('a', 50), 10);
  assert.equal(waitMs('a'), 6000);
  pass(2000);
  assert.equal(guess('a', 50), 0);
  assert.equal(waitMs('a'), 4000);
  pass(4000);
  assert.equal(guess('a', 50), 1);
  pass(MINUTE_MS);
  assert.equal(waitMs('a'), 0);
  assert.equal(guess('a', 50), 10);
  assert.equal(waitMs('b'), 0, 'others are not concerned');
});

test('beyond the limit in all each address has one', () => {
  const { guess, pass, waitMs } = start({ inAll: { events: 25, perMs: MINUTE_MS } });
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].map((address) => guess(address, 50)),
    [10, 10, 5, 1, 1],
  );
  assert.ok(waitMs('d') > 0 && waitMs('e') > 0);
  assert.equal(waitMs('backend'), 0, 'who has not guessed is looked at');
  pass(MINUTE_MS);
  for (const address of ['a', 'd']) assert.equal(waitMs(address), 0);
});

test('a wrong secret is known for a minute, and so many are', () => {
  let time = 1000;
  const wrong = createWrongSecrets({ maxEntries: 2, now: () => time });
  for (const guess of ['a 1', 'a 2']) {
    assert.equal(wrong.has(guess), false);
    wrong.add(guess);
    assert.equal(wrong.has(guess), true);
  }
  time += 1;
  wrong.add('b 1');
  assert.deepEqual(['a 1', 'a 2', 'b 1'].filter(wrong.has).length, 2);
  assert.equal(wrong.has('b 1'), true);
  time += MINUTE_MS;
  assert.equal(wrong.has('b 1'), false);
});

test('what is remembered is bounded', () => {
  const { guess, waitMs } = start({ maxAddresses: 3 });
  for (const address of ['a', 'b', 'c', 'd']) assert.equal(guess(address, 50), 10);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((address) => waitMs(address) > 0),
    [false, true, true, true],
  );
});
