// The fuzz targets of tests/proxy/fuzz for a fixed number of rounds, the same in every run: `npm run fuzz:proxy` plays them for
// longer. And the kernel of the form scanner against a regular expression.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createKernel } from '../../web/proxy/body/base64-kernel.js';
import { CHARACTER } from './fuzz/bodies.mjs';
import { play } from './fuzz/play.mjs';
import { TARGETS } from './fuzz/targets.mjs';
import { randomInts } from './scanner-cases.mjs';

const ROUNDS = 4000;

for (const [name, target] of Object.entries(TARGETS)) {
  test(`${name}: what the proxy reads is what a simple reader does, in ${ROUNDS} inputs`, () => {
    const { accepted, failure } = play(target, { seed: 20_261_130, rounds: ROUNDS });
    assert.equal(failure, null, failure?.message);
    assert.ok(accepted > ROUNDS / 50 && accepted < ROUNDS, `${accepted} were accepted`);
  });
}

test('a failing input is told with its seed, and plays again by it', () => {
  const target = {
    make: (random) => 'ab'[random(2)],
    check(text) {
      assert.notEqual(text, 'b');
      return true;
    },
  };
  const { failure, rounds } = play(target, { seed: 3, rounds: ROUNDS });
  assert.equal(failure.input, 'b');
  const again = play(target, { seed: failure.seed, rounds: 1 });
  assert.deepEqual([again.failure.input, again.rounds], ['b', 1]);
  assert.ok(rounds < ROUNDS);
});

test(`the kernel and a regular expression agree on ${ROUNDS} texts`, () => {
  const kernel = createKernel();
  const random = randomInts(7);
  const good = new RegExp(`^${CHARACTER}*$`);
  let accepted = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const units = Array.from({ length: random(60) }, () => ['A', '%41', '%2b', 'zz/', '='][random(5)]);
    if (random(2)) units.splice(random(units.length + 1), 0, ['%', '%4', '-', '%7b', '\xff', '&'][random(6)]);
    const text = units.join('');
    assert.equal(kernel(Buffer.from(text, 'latin1')), good.test(text), text);
    accepted += good.test(text);
  }
  assert.ok(accepted > ROUNDS / 4 && accepted < ROUNDS, `${accepted} were accepted`);
});
