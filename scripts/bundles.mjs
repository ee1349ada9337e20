// Bundles what the two packages ship: the client for pages without a bundler and its worker, each in one file, and the
// proxy with the HTTP adapter and the sandbox.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists } from './lib/exists.mjs';
import { sha256OfFiles } from './lib/hash.mjs';
import { buildDir, root } from './lib/paths.mjs';
import { webSources } from './lib/web-sources.mjs';

// What dist has besides the modules: in a page without a bundler each of these is one request instead of a chain of them.
const BUNDLES = [
  { entry: 'web/client/index.js', output: 'web/client/dist/index.js' },
  { entry: 'web/client/worker/entry.js', output: 'web/client/dist/worker.js' },
];
/** Entries of netocr-proxy -> their sources. They share chunks, since a store made by one is handed to another. */
const PROXY_ENTRIES = {
  index: 'web/proxy/index.js',
  node: 'web/proxy/node/index.js',
  edge: 'web/proxy/edge.js',
  main: 'web/proxy/cli/main.js',
  sandbox: 'web/sandbox/index.js',
  'sandbox-node': 'web/sandbox/node.js',
};
const PROXY_DIST = join(root, 'web/proxy/dist');
const stamp = join(buildDir, 'bundles.stamp');

/** @returns {Promise<string>} the hash of everything that the bundles are made from */
async function inputs() {
  return sha256OfFiles([
    ...(await webSources()),
    ...['core.mjs', 'codecs.mjs'].map((name) => join(root, 'web/client/dist', name)),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]);
}

export async function hasBundles() {
  const outputs = [
    ...BUNDLES.map(({ output }) => join(root, output)),
    ...Object.keys(PROXY_ENTRIES).map((name) => join(PROXY_DIST, `${name}.js`)),
  ];
  const isThere = await Promise.all(outputs.map(exists));
  const used = await readFile(stamp, 'utf8').catch(() => null);
  return isThere.every(Boolean) && used === (await inputs());
}

// The sources name what is in dist, and the module that few pages load, from where they are themselves.
const asSeenFromDist = {
  name: 'as-seen-from-dist',
  /** @param {string} code */
  transform: (code) => code.replaceAll("new URL('../dist/", "new URL('./"),
  /** @param {string} source */
  resolveId: (source) =>
    source === '../worker/in-thread.js' ? { id: '../worker/in-thread.js', external: true } : null,
};

export async function writeBundles() {
  // Imported here: it is an npm package, which an earlier step of the build installs.
  const { rolldown } = await import('rolldown');
  for (const { entry, output } of BUNDLES) {
    const target = join(root, output);
    const bundle = await rolldown({
      input: join(root, entry),
      platform: 'browser',
      plugins: [asSeenFromDist],
    });
    try {
      const { output: chunks } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false });
      await writeFile(`${target}.tmp`, chunks[0].code);
      await rename(`${target}.tmp`, target);
    } finally {
      await bundle.close();
    }
  }
  await writeProxy(rolldown);
  await writeFile(stamp, await inputs());
}

/** @param {typeof import('rolldown').rolldown} rolldown */
async function writeProxy(rolldown) {
  await rm(PROXY_DIST, { recursive: true, force: true });
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(PROXY_ENTRIES).map(([name, path]) => [name, join(root, path)])),
    platform: 'node',
    // Packages stay imports: they are the package's dependencies, or the runtime's.
    external: (id) => !/^[./]/.test(id),
  });
  try {
    await bundle.write({
      dir: PROXY_DIST,
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'shared-[hash].js',
    });
  } finally {
    await bundle.close();
  }
}
