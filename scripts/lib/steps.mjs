// Progress of long work: numbered steps that say what they do, how far they are, and why one failed.
import { StepError } from './run.mjs';

const HEARTBEAT_MS = 15_000;

/**
 * @typedef {object} Step
 * @property {string} title what it does, e.g. 'building the third-party libraries (wasm)'
 * @property {() => Promise<boolean> | boolean} [isDone] true: nothing to do
 * @property {(report: (detail: string) => void) => Promise<void>} run report says how far it is, e.g. '12/84'
 */

/**
 * Runs the steps in order. Steps that have nothing to do print nothing.
 * @param {Step[]} steps
 * @param {{out?: {write: (text: string) => unknown, isTTY?: boolean}}} [options]
 * @returns {Promise<number>} how many steps had something to do
 * @throws {StepError} of the first step that fails; `step` names it
 */
export async function runSteps(steps, { out = process.stdout } = {}) {
  let worked = 0;
  for (const [index, step] of steps.entries()) {
    if (await step.isDone?.()) continue;
    worked++;
    await runStep(`[${index + 1}/${steps.length}] ${step.title}`, step, out);
  }
  return worked;
}

/**
 * @param {string} label @param {Step} step @param {{write: (text: string) => unknown, isTTY?: boolean}} out
 */
async function runStep(label, step, out) {
  const started = performance.now();
  let detail = '';
  let shown = '';
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const draw = () => {
    const line = `${label} ... ${detail ? `${detail}, ` : ''}${seconds()}`;
    if (out.isTTY) out.write(`\r\x1b[K${line}`);
    else if (line !== shown) out.write(`${line}\n`);
    shown = line;
  };
  if (!out.isTTY) out.write(`${label} ...\n`);
  const timer = setInterval(draw, out.isTTY ? 500 : HEARTBEAT_MS);
  try {
    await step.run((text) => {
      detail = text;
    });
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}${label}: done in ${seconds()}\n`);
  } catch (error) {
    out.write(`${out.isTTY ? '\r\x1b[K' : ''}${label}: FAILED after ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * What the person at the terminal reads when a step failed: why, the log's tail, where it is, what to do.
 * @param {unknown} error
 * @returns {string}
 */
export function explain(error) {
  if (!(error instanceof StepError)) return `${error instanceof Error ? error.stack : error}\n`;
  const parts = [`Why: ${error.message}`];
  if (error.tail) parts.push(`The end of what it printed:\n${error.tail.replace(/^/gm, '  | ')}`);
  if (error.log) parts.push(`The whole log: ${error.log}`);
  if (error.advice) parts.push(`What to do: ${error.advice}`);
  return `${parts.join('\n')}\n`;
}

/**
 * The frame of every command: prints a failure and sets the exit code.
 * @param {() => Promise<void>} work
 */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(explain(error));
    process.exitCode = 1;
  }
}
