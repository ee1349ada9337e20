// `npm start`: set-up, build, then the demo with the proxy behind it (scripts/serve.mjs).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setUp } from './build.mjs';
import { root } from './lib/paths.mjs';
import { main } from './lib/steps.mjs';

await main(async () => {
  await setUp({ tests: false });
  const server = spawn(process.execPath, [join(root, 'scripts/serve.mjs')], { stdio: 'inherit' });
  // The terminal's Ctrl-C reaches both; a signal sent to this process alone is passed on.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => server.kill(signal));
  process.exitCode = await new Promise((resolve) => server.on('exit', (code) => resolve(code ?? 1)));
});
