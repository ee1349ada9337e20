// A minute of the soak (`npm run soak` runs it for half an hour): all faults mixed, and nothing is left or lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import { faultsOf, soak } from './soak/soak.mjs';

test('a minute of all faults at once: nothing is left, nothing is lost, no token is used twice', async (t) => {
  const report = await soak(t, { seconds: 60 });
  t.diagnostic(JSON.stringify({ calls: report.calls, happened: report.happened, honest: report.honest }));
  assert.deepEqual(faultsOf(report), []);
  // It was a soak: everything happened, and calls came through at the same time.
  assert.equal(Object.keys(report.happened).length, 5);
  assert.ok(report.honest.calls > 100 && report.failed > 10, JSON.stringify(report));
});
