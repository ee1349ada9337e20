// Runs a program quietly: what it prints goes to a log, and a failure carries the log's tail.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

const TAIL_LINES = 30;
const TAIL_BYTES = 256 * 1024;

/** A step that failed: what, why, and what the reader can do about it. */
export class StepError extends Error {
  /** @param {string} why @param {{advice?: string, log?: string, tail?: string}} [details] */
  constructor(why, { advice, log, tail } = {}) {
    super(why);
    this.name = 'StepError';
    this.advice = advice;
    this.log = log;
    this.tail = tail;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] added to this process's environment
 * @property {string} [log] file that everything printed is appended to
 * @property {(line: string) => void} [onLine] sees each line of both streams
 * @property {string} [advice] what to do when it fails
 * @property {boolean} [mayFail] resolve instead of throwing on a non-zero exit code
 */

/**
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{code: number, output: string}>} output: the last 256 KiB of both streams
 */
export async function run(program, args, options = {}) {
  const { cwd, env, log, onLine, advice, mayFail } = options;
  if (log) await mkdir(dirname(log), { recursive: true });
  const file = log ? createWriteStream(log, { flags: 'a' }) : null;
  file?.write(`\n$ ${program} ${args.join(' ')}\n`);
  let output = '';
  let partial = '';
  /** @param {string} text */
  const take = (text) => {
    file?.write(text);
    output = (output + text).slice(-TAIL_BYTES);
    if (!onLine) return;
    const lines = (partial + text).split(/\r?\n/);
    partial = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
  const code = await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) =>
      reject(new StepError(`cannot run ${program}: ${error.message}`, { advice })),
    );
    child.on('close', (status, signal) => resolve(status ?? (signal ? 128 : 1)));
  }).finally(() => file?.end());
  if (code !== 0 && !mayFail) {
    const tail = tailOf(output);
    throw new StepError(`${program} ${args[0] ?? ''} ended with exit code ${code}`, { advice, log, tail });
  }
  return { code, output };
}

/**
 * @param {string} output
 * @returns {string} its last lines, without ninja's `[12/84] ...`
 */
function tailOf(output) {
  const lines = output.trimEnd().split('\n');
  return lines
    .filter((line) => !/^\[\d+\/\d+\] /.test(line))
    .slice(-TAIL_LINES)
    .join('\n');
}

/**
 * @param {string} program
 * @param {Record<string, string | undefined>} [env]
 * @returns {Promise<string | null>} the absolute path of a program on the PATH
 */
export async function which(program, env = process.env) {
  const { access, constants } = await import('node:fs/promises');
  for (const folder of (env.PATH ?? '').split(':').filter(Boolean)) {
    const path = `${folder}/${program}`;
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}
