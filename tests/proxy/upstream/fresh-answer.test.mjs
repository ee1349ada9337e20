import assert from 'node:assert/strict';
import test from 'node:test';
import { createFreshAnswer } from '../../../web/proxy/upstream/fresh-answer.js';

test('an answer holds for its time, for everybody, unless it is forgotten or none', async () => {
  let now = 0;
  let asked = 0;
  let isBroken = false;
  const answer = createFreshAnswer(
    async () => {
      asked += 1;
      if (isBroken) throw new Error('broken');
      return asked;
    },
    1000,
    () => now,
  );
  assert.deepEqual(await Promise.all([answer.get(), answer.get()]), [1, 1]);
  now = 999;
  assert.equal(await answer.get(), 1);
  now = 1000;
  assert.equal(await answer.get(), 2);
  answer.forget();
  assert.equal(await answer.get(), 3);
  answer.forget();
  isBroken = true;
  await assert.rejects(answer.get(), /broken/);
  isBroken = false;
  assert.equal(await answer.get(), 5);
});
