// A Redis of a test's own: loopback, a free port, a folder of its own, ended by its process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { freePort } from '../process.mjs';

/**
 * @returns {Promise<{url: string, port: number, folder: string, kill: () => Promise<void>, start: () => Promise<void>,
 *   pause: () => void, resume: () => void, ask: (...args: string[]) => Promise<any>}>} `ask`: Redis's answer to a command,
 *   in a connection of its own
 */
export async function startRedis(t, ...settings) {
  const redis = await prepareRedis(t, ...settings);
  await redis.start();
  return redis;
}

/** The same, not started yet. */
export async function prepareRedis(t, ...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-redis-'));
  const port = await freePort();
  let child = { exitCode: 0 };
  async function start() {
    child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    while (!output.includes('Ready to accept connections')) {
      const [more] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      if (typeof more === 'number') throw new Error(`Redis did not start: ${output}`);
    }
  }
  async function kill() {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const end = once(child, 'exit');
    child.kill('SIGKILL');
    await end;
  }
  t.after(async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  });
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    port,
    folder,
    kill,
    start,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    ask: (...args) => askRedis(url, args),
  };
}

/** Redis's answer to a command, in a connection of its own. */
export async function askRedis(url, args) {
  const client = createClient({ url, RESP: 2, disableClientInfo: true, maintNotifications: 'disabled' });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.sendCommand(args.map(String));
  } finally {
    client.destroy();
  }
}

/** Asks until the answer comes: what is true in the end, as connections are made again by themselves. */
export async function eventually(ask) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
