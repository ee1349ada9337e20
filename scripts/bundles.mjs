// Bundles the client for pages without a bundler, and the page's worker, each with everything that it imports.
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exists } from './lib/exists.mjs';
import { sha256OfFiles } from './lib/hash.mjs';
import { buildDir, root } from './lib/paths.mjs';

// What dist has besides the modules: in a page without a bundler each of these is one request instead of a chain of them.
const BUNDLES = [
  { entry: 'web/client/index.js', output: 'dist/index.js' },
  { entry: 'web/client/worker/entry.js', output: 'dist/worker.js' },
];
const stamp = join(buildDir, 'bundles.stamp');

/** @returns {Promise<string>} the hash of everything that the bundles are made from */
async function inputs() {
  const src = join(root, 'web/client');
  const names = await readdir(src, { recursive: true });
  return sha256OfFiles([
    ...names.filter((name) => name.endsWith('.js')).map((name) => join(src, name)),
    ...['core.mjs', 'codecs.mjs'].map((name) => join(root, 'dist', name)),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]);
}

export async function hasBundles() {
  const isThere = await Promise.all(BUNDLES.map(({ output }) => exists(join(root, output))));
  const used = await readFile(stamp, 'utf8').catch(() => null);
  return isThere.every(Boolean) && used === (await inputs());
}

// The sources name what is in dist, and the module that few pages load, from where they are themselves.
const asSeenFromDist = {
  name: 'as-seen-from-dist',
  /** @param {string} code */
  transform: (code) => code.replaceAll("new URL('../../../dist/", "new URL('./"),
  /** @param {string} source */
  resolveId: (source) =>
    source === '../worker/in-thread.js' ? { id: '../web/client/worker/in-thread.js', external: true } : null,
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
  await writeFile(stamp, await inputs());
}
