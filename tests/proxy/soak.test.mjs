// The beginning of the soak, nightly a minute of it (`npm run soak` runs it for half an hour): faults mixed, and nothing is
// left or lost.
import assert from 'node:assert/strict';
import test from 'node:test';
import { sized } from '../fixtures/size.mjs';
import { faultsOf, soak } from './soak/soak.mjs';

/** In 20 seconds the service is rough, Redis is killed and a proxy is ended; in a minute all five faults happen. */
const { seconds, faults } = sized({ seconds: 20, faults: 3 }, { seconds: 60, faults: 5 });

test(`${seconds} s of faults: nothing is left, nothing is lost, no token is used twice`, async (t) => {
  const report = await soak(t, { seconds });
  t.diagnostic(JSON.stringify({ calls: report.calls, happened: report.happened, honest: report.honest }));
  assert.deepEqual(faultsOf(report), []);
  // It was a soak: everything happened, and calls came through at the same time.
  assert.equal(Object.keys(report.happened).length, faults);
  assert.ok(report.honest.calls > 100 && report.failed > 10, JSON.stringify(report));
});
