// A Redis of a test's own: loopback, a free port, a folder of its own, ended by its process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../process.mjs';

/**
 * @returns {Promise<{url: string, port: number, kill: () => Promise<void>, start: () => Promise<void>,
 *   pause: () => void, resume: () => void}>}
 */
export async function startRedis(t, ...settings) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-redis-'));
  const port = await freePort();
  let child;
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
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
  };
}
