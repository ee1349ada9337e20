// Times modules on one input in turns, so that a busy machine slows all of them alike: the result is the median of the
// rounds' ratios. It uses processor time, which depends less on other programs than wall-clock time. Every module must first
// return the same result, if there is only one.
import { loadModule } from './module.mjs';

/** @typedef {import('./module.mjs').Module} Module */
/** @typedef {{module: string, ms: number, ratio: number, low: number, high: number}} Timing ms: median; ratio: time to that of
 *   the first module, median, and the quarters around it */
/** @typedef {{name: string, bytes: Buffer, times: number, isExact: boolean}} Input times: how often a run does the work;
 *   isExact: all modules must give the same hash */

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.round((sorted.length - 1) * share)];
/** @param {number[]} values */
const sort = (values) => [...values].sort((a, b) => a - b);

/** @returns {number} ms that this process has computed for */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * @param {string[]} names
 * @param {number[][]} times of each, in the same rounds
 * @returns {Timing[]} beside the first
 */
export function compareTimes(names, times) {
  return names.map((module, i) => {
    const ratios = sort(times[i].map((ms, round) => ms / times[0][round]));
    return {
      module,
      ms: quantile(sort(times[i]), 0.5),
      ratio: quantile(ratios, 0.5),
      low: quantile(ratios, 0.25),
      high: quantile(ratios, 0.75),
    };
  });
}

/**
 * @param {number} count of competitors @param {number} rounds @param {(index: number) => void} run
 * @param {() => number} [now] ms
 * @returns {number[][]} the times of each; a round before the first is not counted
 */
export function timeInTurns(count, rounds, run, now = processorTime) {
  const times = Array.from({ length: count }, () => /** @type {number[]} */ ([]));
  for (let round = 0; round <= rounds; round += 1) {
    for (let i = 0; i < count; i += 1) {
      // Each round begins with another one, so that none always follows the same.
      const turn = (i + round) % count;
      const start = now();
      run(turn);
      if (round > 0) times[turn].push(now() - start);
    }
  }
  return times;
}

/**
 * @param {Module[]} modules @param {Input} input @param {number} rounds
 * @param {(module: Module, at: number, isCheck: boolean) => number} run answers a hash; of everything when it is a check
 * @returns {{name: string, bytes: number, rows: Timing[]}}
 */
export function timeInput(modules, { name, bytes, times, isExact }, rounds, run) {
  const places = modules.map((module) => module.put(bytes));
  const hashes = modules.map((module, i) => run(module, places[i], true));
  const other = hashes.findIndex((hash) => hash !== hashes[0]);
  if (isExact && other >= 0) throw new Error(`${modules[other].name} reads other bytes out of "${name}"`);
  const measured = timeInTurns(modules.length, rounds, (i) => run(modules[i], places[i], false));
  modules.forEach((module, i) => {
    module.drop(places[i]);
  });
  const rows = compareTimes(
    modules.map((module) => module.name),
    measured.map((one) => one.map((ms) => ms / times)),
  );
  return { name, bytes: bytes.length, rows };
}

/**
 * What a new instance takes over the input's own bytes, in pages of 64 KiB.
 * @param {string} folder @param {Module} module @param {Buffer} input @param {(fresh: Module, at: number) => void} run
 * @returns {Promise<number>} bytes
 */
export async function peakMemory(folder, module, input, run) {
  const fresh = await loadModule(folder, module.name, module.wasm);
  const at = fresh.put(input);
  const before = fresh.memory();
  run(fresh, at);
  return fresh.memory() - before;
}
