// `npm run soak`: the soak for half an hour, or --seconds N. Prints what happened and the report; exit code 1 when anything
// is wrong.
// node tests/proxy/soak/run.mjs [--seconds 1800] [--seed 1]
import { parseArgs } from 'node:util';
import { faultsOf, soak } from './soak.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '1800' }, seed: { type: 'string', default: '1' } },
});

/** What a test gives its parts: work for the end, the last first. */
const work = [];
const t = { after: (one) => void work.unshift(one) };

try {
  const began = Date.now();
  const onEvent = (line) => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${line}`);
  const report = await soak(t, { seconds: Number(values.seconds), seed: Number(values.seed), onEvent });
  console.log(JSON.stringify(report, null, 2));
  const faults = faultsOf(report);
  for (const fault of faults) console.log(`FAULT: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
  else console.log('no fault');
} finally {
  for (const one of work) await one();
}
