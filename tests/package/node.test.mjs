// The installed package in Node: what it holds, that each entry can be imported, an operation, and its types.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { installPackages } from './installed.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let app;
before(async () => {
  app = await installPackages(['netocr-wasm', 'netocr-proxy']);
});
after(() => app.remove());

const WANTED = {
  'netocr-wasm': {
    needed: [
      'dist/codecs.mjs',
      'dist/codecs.wasm',
      'dist/core.mjs',
      'dist/core.wasm',
      'dist/index.js',
      'dist/worker.js',
      'dist/types/index.d.ts',
      'index.js',
      'THIRD-PARTY-NOTICES.md',
    ],
    known: /^(dist|page|worker|core|shared|node)\/|^(index\.js|THIRD-PARTY-NOTICES\.md)$/,
  },
  'netocr-proxy': {
    needed: [
      'dist/edge.js',
      'dist/index.js',
      'dist/main.js',
      'dist/node.js',
      'dist/sandbox.js',
      'dist/sandbox-node.js',
      'examples/Dockerfile',
      'examples/nginx.conf',
      'examples/netocr-proxy.service',
    ],
    known: /^(dist|examples)\//,
  },
};
for (const [name, { needed, known }] of Object.entries(WANTED)) {
  test(`the tarball of ${name} holds what is needed, and no tests, sources of others or tools`, () => {
    const files = app.files[name];
    for (const file of [...needed, 'package.json', 'LICENSE', 'README.md'])
      assert.ok(files.includes(file), file);
    const strange = files.filter(
      (path) => !known.test(path) && !/^(package\.json|LICENSE|README\.md)$/.test(path),
    );
    assert.deepEqual(strange, []);
    assert.deepEqual(
      files.filter((path) => /\.(tmp|map|ts\.buildinfo|wasm\.map)$/.test(path)),
      [],
    );
  });

  test(`every entry of the exports and commands of ${name} is there, with its types`, async () => {
    const manifest = join(app.folder, 'node_modules', name, 'package.json');
    const { exports, bin = {} } = JSON.parse(await readFile(manifest, 'utf8'));
    const targets = [...Object.values(exports), ...Object.values(bin)].flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    );
    for (const target of targets) assert.ok(app.files[name].includes(target.replace('./', '')), target);
  });
}

test('the client needs no other package, the proxy the client of its own version', async () => {
  const read = async (name) =>
    JSON.parse(await readFile(join(app.folder, 'node_modules', name, 'package.json'), 'utf8'));
  const [client, proxy] = await Promise.all(['netocr-wasm', 'netocr-proxy'].map(read));
  assert.deepEqual(Object.keys(client.dependencies ?? {}), []);
  assert.equal(proxy.dependencies['netocr-wasm'], client.version);
  assert.equal(proxy.version, client.version);
});

test('the bundles of the proxy import only packages that it depends on, and Node', async () => {
  const folder = join(app.folder, 'node_modules/netocr-proxy');
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const names = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const bundles = app.files['netocr-proxy'].filter((path) => /^dist\/[^/]+\.js$/.test(path));
  for (const path of bundles) {
    const text = await readFile(join(folder, path), 'utf8');
    for (const [, specifier] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)";$/gm)) {
      const isKnown =
        /^(\.\/|node:)/.test(specifier) ||
        names.some((name) => specifier === name || specifier.startsWith(`${name}/`));
      assert.ok(isKnown, `${path}: ${specifier}`);
    }
  }
  assert.ok(bundles.length >= 6);
});

test('the client in one file exports what the package does', async () => {
  const installed = join(app.folder, 'node_modules/netocr-wasm');
  const [bundle, sources] = await Promise.all(
    ['dist/index.js', 'index.js'].map((path) => import(pathToFileURL(join(installed, path)).href)),
  );
  assert.deepEqual(Object.keys(bundle), Object.keys(sources));
  assert.equal(bundle.version, sources.version);
});

test('the command of the installed proxy tells its version and help', async () => {
  const command = join(app.folder, 'node_modules/.bin/netocr-proxy');
  const { version } = JSON.parse(await readFile(join(root, 'web/proxy/package.json'), 'utf8'));
  assert.equal((await run(command, ['--version'], { cwd: app.folder })).stdout.trim(), version);
  assert.match((await run(command, ['--help'], { cwd: app.folder })).stdout, /NETOCR_KEY/);
});

test('an operation in Node, through the packaged proxy and sandbox', async () => {
  await writeFile(join(app.folder, 'a.jpg'), makeJpeg(photoPixels(2000, 1500, 21)));
  await writeFile(
    join(app.folder, 'operation.js'),
    `import { readFile } from 'node:fs/promises';
    import { createClient, inspectImage, version } from 'netocr-wasm';
    import * as nodeEntry from 'netocr-wasm/node';
    import { createServer } from 'netocr-proxy/node';
    import { startSandbox } from 'netocr-proxy/sandbox/node';

    const sandbox = await startSandbox();
    const proxy = await createServer({ key: 'sandbox-key', secret: 'sandbox-secret', upstream: sandbox.url, sandbox: true,
      allowAnonymous: true, allowSameOrigin: true });
    const client = createClient({ endpoint: proxy.url + '/netocr' });
    const photo = await readFile('a.jpg');
    const info = await inspectImage(photo);
    const result = await client.compareFaces(photo, photo);
    await proxy.close();
    await sandbox.close();
    console.log(JSON.stringify({
      version, width: info.width, verdict: result.verdict, sandbox: result.sandbox,
      sent: result.prepared[0].bytes, same: nodeEntry.createClient === createClient,
    }));`,
  );
  const { stdout, stderr } = await run(process.execPath, ['operation.js'], {
    cwd: app.folder,
    timeout: 120_000,
  });
  assert.equal(stderr, '');
  const { sent, version, ...rest } = JSON.parse(stdout);
  assert.deepEqual(rest, { width: 2000, verdict: 'pass', sandbox: true, same: true });
  assert.ok(sent > 10_000 && sent <= 204_800);
  assert.match(version, /^\d/);
});

test('the types are those of the documentation, in a strict project', async () => {
  await writeFile(
    join(app.folder, 'consumer.ts'),
    `import { createClient, errorMessage, isNetocrError, NetocrError, prepareImage } from 'netocr-wasm';
    const client = createClient({ endpoint: '/netocr', token: async () => 'x', image: { maxEdge: 1200 } });
    export async function check(photo: File, signal: AbortSignal): Promise<boolean> {
      try {
        const result = await client.checkLiveness(photo, { signal, onProgress: ({ fraction }) => fraction.toFixed(2) });
        const score: number | undefined = result.score?.value;
        const first = result.prepared[0];
        if (first?.kind === 'image') first.quality.toFixed();
        if (result.reason === 'withheld') {
          const verdict: 'indeterminate' = result.verdict;
          const blinked: boolean | null | undefined = result.signals?.blinked;
          // @ts-expect-error it would tell the verdict
          result.signals?.live;
          return verdict !== undefined && blinked !== undefined;
        }
        if (result.verdict === 'indeterminate') { const reason: 'unclear' = result.reason; reason.valueOf(); }
        if (!result.withheld.includes('items')) result.items?.map(({ desc }) => desc);
        // @ts-expect-error no such part
        result.withheld.includes('verdicts');
        // @ts-expect-error the list may be withheld
        result.items.length;
        // @ts-expect-error a pass has no such reason
        if (result.verdict === 'pass' && result.reason === 'withheld') return false;
        return result.verdict === 'pass' && score !== undefined;
      } catch (error) {
        if (isNetocrError(error)) { const code: string = error.code; errorMessage(code, 'zh-CN'); }
        if (error instanceof NetocrError) error.retryable.valueOf();
        if (isNetocrError(error)) { const wait: number | null = error.retryAfterMs; wait?.toFixed(); }
        return false;
      }
    }
    export const small: Promise<Uint8Array> = prepareImage(new Uint8Array(3)).then(({ bytes }) => bytes);
    // @ts-expect-error an option that does not exist
    createClient({ endpoint: '/netocr', endPoint: 'x' });
    // @ts-expect-error a verdict that does not exist
    client.checkLiveness('data:,').then(({ verdict }) => verdict === 'passed');
    // @ts-expect-error no input
    client.checkLiveness(5);`,
  );
  await assertTypes('consumer.ts', []);
});

test('the types of every other entry are sound, for servers', async () => {
  await writeFile(
    join(app.folder, 'server.ts'),
    `import { createMintHandler, createProxyHandler, mintToken, verifyReceipt } from 'netocr-proxy';
    import proxy, { createEdgeProxy } from 'netocr-proxy/edge';
    import { createRedisStore, createServer } from 'netocr-proxy/node';
    import { createSandboxHandler } from 'netocr-proxy/sandbox';
    import { startSandbox } from 'netocr-proxy/sandbox/node';
    import { createClient } from 'netocr-wasm/node';
    const secret = 's'.repeat(32);
    export const token: Promise<string> = mintToken({ secret, operations: 'checkLiveness', origin: 'https://a.example' });
    // @ts-expect-error an operation that does not exist
    mintToken({ secret, operations: 'checkAge', origin: 'https://a.example' });
    const handle = createProxyHandler({ key: 'k', secret: 's', tokenSecret: secret, reveal: ['verdict'] });
    export const reply: Promise<Response> = handle(new Request('https://a.example'));
    export const url: Promise<string> = createServer({ key: 'k', secret: 's', internalPort: 0 }).then((server) => server.url);
    export const verdict = verifyReceipt('', { publicKey: '', applicantId: null }).then((receipt) => receipt.verdict);
    export const all = [createMintHandler, proxy.fetch, createEdgeProxy, createRedisStore, createSandboxHandler, startSandbox, createClient];`,
  );
  await assertTypes('server.ts', ['node']);
});

/** The installed types alone, but for Node's. @param {string} file @param {string[]} types */
async function assertTypes(file, types) {
  const config = join(app.folder, `${file}.json`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', 'dom'],
    types,
    typeRoots: [join(root, 'node_modules/@types')],
    skipLibCheck: true,
  };
  await writeFile(config, JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { stdout } = await run(tsc, ['-p', config]).catch((error) => error);
  assert.equal(stdout, '');
}
