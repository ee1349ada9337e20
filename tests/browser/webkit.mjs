// WebKitGTK for the tests, by WebDriver (W3C) and on a display of its own: the one browser of Debian whose video decoder
// reads HEVC.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../fixtures/until.mjs';
import { kHangMs } from './browser.mjs';

const kLibraries = '/usr/lib';

/** Debian has it in a folder of the machine's architecture. */
async function findMiniBrowser() {
  for (const folder of await readdir(kLibraries)) {
    for (const version of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
      const files = await readdir(join(kLibraries, folder, version)).catch(() => []);
      if (files.includes('MiniBrowser')) return join(kLibraries, folder, version, 'MiniBrowser');
    }
  }
  throw new Error('MiniBrowser was not found: npm run setup installs it on Debian');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Xvfb on a display number of its own choice. */
async function startDisplay() {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(child.stdio[3], 'data');
  return { child, display: `:${String(number).trim()}` };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/**
 * @returns {Promise<{open: (url: string) => Promise<void>, run: (script: string, ...args: unknown[]) => Promise<any>,
 *   close: () => Promise<void>}>} `run` gives what the asynchronous function with this body returns
 */
export async function launchWebkit() {
  const binary = await findMiniBrowser();
  const folder = await mkdtemp(join(tmpdir(), 'netocr-webkit-'));
  const { child: screen, display } = await startDisplay();
  const port = await freePort();
  const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', HOME: folder, XDG_RUNTIME_DIR: folder };
  // Its sandbox needs namespaces, which a container has none of; only the tests' own pages are opened.
  env.WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS = '1';
  const driver = spawn('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });

  async function call(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(kHangMs),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
  async function ready() {
    const answers = () =>
      call('GET', '/status').then(
        () => true,
        () => false,
      );
    await until(answers, 'WebKitWebDriver answers');
  }
  let session;
  async function close() {
    if (session) await call('DELETE', session).catch(() => {});
    await stop(driver);
    await stop(screen);
    await rm(folder, { recursive: true, force: true });
  }
  try {
    await ready();
    const options = { binary, args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    session = `/session/${(await call('POST', '/session', { capabilities })).sessionId}`;
    await call('POST', `${session}/timeouts`, { script: kHangMs, pageLoad: kHangMs });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    open: (url) => call('POST', `${session}/url`, { url }),
    async run(script, ...args) {
      const body = `const done = arguments[arguments.length - 1];
        (async (...args) => { ${script} })(...[...arguments].slice(0, -1))
          .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`;
      const { value, error } = await call('POST', `${session}/execute/async`, { script: body, args });
      if (error) throw new Error(error);
      return value;
    },
    close,
  };
}
