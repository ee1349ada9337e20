// `npm run fuzz:proxy -- [TARGET ...] [--seconds N] [--seed N]`: plays the fuzz targets of the proxy's readers, each for N
// seconds (default 60). A failure is printed with its input and seed; with that seed the first round is the one that failed.
import { parseArgs } from 'node:util';
import { play } from './play.mjs';
import { TARGETS } from './targets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Date.now() % 1e9 : Number(values.seed);
const names = positionals.length > 0 ? positionals : Object.keys(TARGETS);
const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));

if (unknown !== undefined || !(seconds > 0) || !Number.isSafeInteger(seed)) {
  console.error(
    `fuzz:proxy [TARGET ...] [--seconds N] [--seed N]; targets: ${Object.keys(TARGETS).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  for (const name of names) {
    const { rounds, accepted, failure } = play(TARGETS[name], { seed, seconds });
    console.log(`${name}: ${rounds} inputs from seed ${seed}, ${accepted} accepted`);
    if (!failure) continue;
    console.log(`FAULT: ${name} with --seed ${failure.seed}\n${failure.message}`);
    process.exitCode = 1;
  }
}
