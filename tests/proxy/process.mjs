// The proxy's command as a process of its own, for tests that look at it from outside, and what other processes need.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { checkLog, KEY, SECRET } from './helpers.mjs';

export const MAIN = fileURLToPath(new URL('../../web/proxy/cli/main.js', import.meta.url));
/** What the command needs to let anybody call as often as they like. */
export const COMMAND_ENV = {
  PATH: process.env.PATH,
  NETOCR_KEY: KEY,
  NETOCR_SECRET: SECRET,
  NETOCR_ALLOWED_ORIGINS: 'https://a.example',
  NETOCR_ALLOW_ANONYMOUS: '1',
  NETOCR_RATE_ADDRESS: 'off',
  NETOCR_RATE_GLOBAL: 'off',
};
const COUNTERS = new URL('counters.mjs', import.meta.url).href;

/** How long it may take to end of itself after a test, with requests that the test left behind. */
const END_MS = 1500;

/**
 * Starts it and waits until it listens. `output` grows; `exit` resolves with [code, signal]. After the test all that it
 * printed must be free of what nobody may read.
 */
export const startCommand = (t, env, ...args) => start(t, env, [MAIN, ...args]);

/**
 * The same with `counters` (counters.mjs) in its process: `ask(question)` resolves with its answer. `maxFiles`: how many it
 * may have open.
 */
export async function startCounted(t, env, { maxFiles, counters = COUNTERS } = {}) {
  const args = ['--expose-gc', '--import', counters, MAIN];
  const command = await start(t, env, args, { channels: ['ipc'], maxFiles });
  const { child, exit, output } = command;
  return {
    ...command,
    async ask(question) {
      child.send(question);
      const ended = exit.then(() => Promise.reject(new Error(`it ended: ${output.stderr}`)));
      const [answer] = await Promise.race([once(child, 'message'), ended]);
      return answer;
    },
  };
}

async function start(t, env, args, { channels = [], maxFiles } = {}) {
  const output = { stdout: '', stderr: '' };
  const limited = ['-c', `ulimit -n ${maxFiles}; exec "$0" "$@"`, process.execPath, ...args];
  const [program, list] = maxFiles ? ['/bin/sh', limited] : [process.execPath, args];
  const child = spawn(program, list, {
    stdio: ['pipe', 'pipe', 'pipe', ...channels],
    env: {
      ...COMMAND_ENV,
      PORT: '0',
      ...env,
    },
  });
  t.after(async () => {
    child.kill('SIGTERM'); // what it has not printed yet comes too
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await exit;
    clearTimeout(timer);
    checkLog(output.stdout);
    checkLog(output.stderr.replace(/listens on http:\S+/, ''));
  });
  for (const name of ['stdout', 'stderr']) {
    child[name].on('data', (data) => {
      output[name] += data;
    });
  }
  const exit = once(child, 'close');
  while (!/listens on .*\n/.test(output.stderr)) {
    await Promise.race([
      once(child.stderr, 'data'),
      exit.then(() => Promise.reject(new Error(`it ended: ${output.stderr}`))),
    ]);
  }
  const [, origin, port] = /(http:\/\/\S+?:(\d+))\/netocr/.exec(output.stderr);
  return { child, output, exit, origin, port: Number(port), url: `${origin}/netocr` };
}

/** A port that nobody listened on a moment ago, for programs that cannot choose one themselves. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
