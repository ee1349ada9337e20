// `npm test`: set-up, build, then every suite. `npm test -- client proxy` runs only the suites named and shows all they print.
import { setUp } from './build.mjs';
import { StepError } from './lib/run.mjs';
import { main } from './lib/steps.mjs';
import { conclude, runSuite, SUITES } from './lib/suites.mjs';

await main(async () => {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    throw new StepError(`no suite is called ${unknown.join(', ')}`, {
      advice: `the suites are ${Object.keys(SUITES).join(', ')}`,
    });
  }
  await setUp({ tests: true });
  const showsAll = named.length > 0;
  const onLine = showsAll ? (/** @type {string} */ line) => console.log(line) : undefined;
  const outcomes = [];
  for (const name of showsAll ? named : Object.keys(SUITES)) {
    const isShown = showsAll && name !== 'lint';
    outcomes.push(await runSuite(name, () => SUITES[name]({ onLine }), { isShown }));
  }
  conclude(outcomes);
});
