// Bundles the page's worker and everything that it imports into dist/worker.js.
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFiles } from './lib/hash.mjs';
import { buildDir, root } from './lib/paths.mjs';

const output = join(root, 'dist/worker.js');
const stamp = join(buildDir, 'worker.stamp');

/** @returns {Promise<string>} the hash of everything that the bundle is made from */
async function inputs() {
  const src = join(root, 'web/src');
  const names = await readdir(src, { recursive: true });
  return sha256OfFiles([
    ...names.filter((name) => name.endsWith('.js')).map((name) => join(src, name)),
    ...['core.mjs', 'codecs.mjs'].map((name) => join(root, 'dist', name)),
    join(root, 'package-lock.json'),
  ]);
}

export async function hasWorker() {
  const used = await readFile(stamp, 'utf8').catch(() => null);
  const isThere = await stat(output).then(
    () => true,
    () => false,
  );
  return isThere && used === (await inputs());
}

export async function bundleWorker() {
  // Imported here: it is an npm package, which an earlier step of the build installs.
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ input: join(root, 'web/src/worker/entry.js'), platform: 'browser' });
  try {
    const { output: chunks } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false });
    await writeFile(`${output}.tmp`, chunks[0].code);
    await rename(`${output}.tmp`, output);
  } finally {
    await bundle.close();
  }
  await writeFile(stamp, await inputs());
}
