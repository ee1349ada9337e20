// One fraction for a whole call out of the stages of its parts: it never falls, and the last report is 1.

/** @typedef {import('../shared/types.js').Stage} Stage */

// The share of the bar that is done when a stage begins and when it ends. Uploading takes longest on a phone.
/** @type {Record<Stage, [number, number]>} */
const SPANS = {
  load: [0, 0.05],
  read: [0.05, 0.1],
  prepare: [0.1, 0.4],
  upload: [0.4, 0.85],
  wait: [0.85, 0.95],
  download: [0.95, 0.99],
  done: [1, 1],
};

/**
 * @param {((progress: import('../shared/types.js').Progress) => void) | undefined} onProgress
 * @param {number} inputs
 * @returns {(stage: Stage, portion: number, index?: number) => void} `portion`: 0..1 of the stage
 */
export function createProgress(onProgress, inputs) {
  if (!onProgress) return () => {};
  const perInput = new Array(inputs).fill(0);
  let fraction = 0;

  /** @param {Stage} stage @param {number} portion @param {number} [index] */
  return (stage, portion, index) => {
    const [from, to] = SPANS[stage];
    const reached = from + (to - from) * Math.min(Math.max(portion, 0), 1);
    if (index !== undefined) perInput[index] = Math.max(perInput[index], reached);
    const whole = index === undefined ? reached : perInput.reduce((sum, part) => sum + part, 0) / inputs;
    fraction = Math.max(fraction, whole);
    try {
      onProgress(index === undefined ? { stage, fraction } : { stage, fraction, index });
    } catch {
      // The page's own fault, and not a reason to fail its call.
    }
  };
}
