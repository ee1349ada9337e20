// The comparison: every way prepares the same photo, in turn, round by round; then each file is judged.
import { createClient } from '../../client/index.js';
import { hasImageDecoder, prepareByCanvas } from './recipes.js';
import { startRemote } from './remote.js';

export const BUDGET = { maxBytes: 200 * 1024, maxEdge: 1600 };

/**
 * @typedef {{name: string, open: () => Promise<(photo: Blob) => Promise<Blob>>, close: () => void}} Way
 *   open() loads all that it needs
 * @typedef {{name: string, times: number[], file: Blob, width: number, height: number, ssim: number | null}} Outcome
 * @typedef {{stage: string, fraction: number, round?: number, rounds?: number}} Progress
 */

/** @param {string} name @param {object} image @returns {Way | null} null when the package has no such option */
function oursWith(name, image) {
  /** @type {ReturnType<typeof createClient>} */
  let client;
  try {
    client = createClient({ endpoint: new URL('/netocr', location.href).href, image });
  } catch {
    return null;
  }
  return {
    name,
    async open() {
      await client.warmUp();
      return async (photo) => {
        const { bytes, type } = await client.prepareImage(photo, BUDGET);
        return new Blob([bytes], { type });
      };
    },
    close: () => client.close(),
  };
}

/** @param {AbortSignal} signal @returns {Way} */
function imageDecoder(signal) {
  const remote = startRemote(signal);
  return {
    name: 'decoder',
    open: async () => (photo) => remote.call('prepareByImageDecoder', { photo, budget: BUDGET }),
    close: remote.close,
  };
}

/** @type {Way} */
const canvas = { name: 'canvas', open: async () => (photo) => prepareByCanvas(photo, BUDGET), close() {} };

/** @param {AbortSignal} signal @returns {Way[]} those that this browser has */
function waysHere(signal) {
  const ways = [
    oursWith('ours', {}),
    oursWith('best', { effort: 'best' }),
    hasImageDecoder() ? imageDecoder(signal) : null,
    canvas,
  ];
  return ways.filter((way) => way !== null);
}

/**
 * The photo that is compared when there is none of the visitor's: 12 megapixels.
 * @param {AbortSignal} signal
 * @returns {Promise<File>}
 */
export async function makePhoto(signal) {
  const remote = startRemote(signal);
  try {
    const blob = await remote.call('makePhoto', { width: 4032, height: 3024, quality: 0.95 });
    return new File([blob], '12mp.jpg', { type: blob.type });
  } finally {
    remote.close();
  }
}

/**
 * @param {Blob} photo
 * @param {{rounds: number, signal: AbortSignal, onProgress: (progress: Progress) => void}} options
 * @returns {Promise<Outcome[]>} Errors: the signal's reason; what a way throws, with its name as `way`
 */
export async function compareWays(photo, { rounds, signal, onProgress }) {
  const ways = waysHere(signal);
  const judge = startRemote(signal);
  // Loading, the reference, a first run, the rounds, the judging: a step for each way in each, and the reference counts double.
  const steps = ways.length * (rounds + 3) + 2;
  let done = 0;
  const step = (/** @type {string} */ stage, more = {}, count = 1) => {
    signal.throwIfAborted();
    onProgress({ stage, fraction: done / steps, ...more });
    done += count;
  };
  try {
    step('bench.reference', {}, 2);
    await judge.call('makeReference', { photo, maxEdge: BUDGET.maxEdge });
    /** @type {(Outcome & {prepare: (photo: Blob) => Promise<Blob>})[]} */
    const outcomes = [];
    for (const { name, open } of ways) {
      step('bench.load');
      const prepare = await named(name, open());
      step('bench.first');
      const file = await named(name, prepare(photo));
      outcomes.push({ name, prepare, file, times: [], width: 0, height: 0, ssim: null });
    }
    for (let round = 0; round < rounds; round += 1) {
      // Each round begins with another one: nobody always follows the same neighbour.
      for (let i = 0; i < outcomes.length; i += 1) {
        const outcome = outcomes[(i + round) % outcomes.length];
        step('bench.round', { round: round + 1, rounds });
        const started = performance.now();
        await named(outcome.name, outcome.prepare(photo));
        outcome.times.push(performance.now() - started);
      }
    }
    for (const outcome of outcomes) {
      step('bench.judge');
      Object.assign(outcome, await judge.call('judge', { file: outcome.file }));
    }
    signal.throwIfAborted();
    return outcomes.map(({ prepare, ...outcome }) => outcome);
  } finally {
    judge.close();
    for (const { close } of ways) close();
  }
}

/**
 * @template T
 * @param {string} name @param {Promise<T>} promise
 * @returns {Promise<T>} its error knows which way it was
 */
async function named(name, promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { way: name });
    throw error;
  }
}

/** @param {number[]} values @returns {number} */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
