// The installed package in Node: what it holds, that each entry can be imported, an operation, and its types.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { installPackage } from './installed.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let app;
before(async () => {
  app = await installPackage();
});
after(() => app.remove());

test('the tarball holds what is needed, and no tests, sources or tools', () => {
  for (const needed of [
    'dist/codecs.mjs',
    'dist/codecs.wasm',
    'dist/core.mjs',
    'dist/core.wasm',
    'dist/index.js',
    'dist/worker.js',
    'dist/types/client/index.d.ts',
    'web/client/index.js',
    'LICENSE',
    'THIRD-PARTY-NOTICES.md',
  ]) {
    assert.ok(app.files.includes(needed), needed);
  }
  const strange = app.files.filter(
    (path) =>
      !/^(dist|web\/(src|proxy|sandbox|demo))\/|^(package\.json|LICENSE|README(\.zh-CN)?\.md|THIRD-PARTY-NOTICES\.md)$/.test(
        path,
      ),
  );
  assert.deepEqual(strange, []);
  assert.deepEqual(
    app.files.filter((path) => /\.(tmp|map|ts\.buildinfo)$/.test(path)),
    [],
  );
});

test('the client in one file exports what the package does', async () => {
  const installed = join(app.folder, 'node_modules/netocr-wasm');
  const [bundle, sources] = await Promise.all(
    ['dist/index.js', 'web/client/index.js'].map((path) => import(pathToFileURL(join(installed, path)).href)),
  );
  assert.deepEqual(Object.keys(bundle), Object.keys(sources));
  assert.equal(bundle.version, sources.version);
});

test('every entry of `exports` is there, with its types', async () => {
  const { exports } = JSON.parse(
    await readFile(join(app.folder, 'node_modules/netocr-wasm/package.json'), 'utf8'),
  );
  const targets = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? entry : Object.values(entry),
  );
  for (const target of targets) assert.ok(app.files.includes(target.replace('./', '')), target);
});

test('an operation in Node, through the packaged proxy and sandbox', async () => {
  await writeFile(join(app.folder, 'a.jpg'), makeJpeg(photoPixels(2000, 1500, 21)));
  await writeFile(
    join(app.folder, 'operation.js'),
    `import { readFile } from 'node:fs/promises';
    import { createClient, inspectImage, version } from 'netocr-wasm';
    import * as nodeEntry from 'netocr-wasm/node';
    import { createServer } from 'netocr-wasm/proxy/node';
    import { startSandbox } from 'netocr-wasm/sandbox/node';

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
    `import { createMintHandler, createProxyHandler, mintToken, verifyReceipt } from 'netocr-wasm/proxy';
    import proxy, { createEdgeProxy } from 'netocr-wasm/proxy/edge';
    import { createRedisStore, createServer } from 'netocr-wasm/proxy/node';
    import { createSandboxHandler } from 'netocr-wasm/sandbox';
    import { startSandbox } from 'netocr-wasm/sandbox/node';
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
