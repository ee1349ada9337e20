// The lock file must serve every system and every registry mirror: `npm ci` refuses one that lacks a package.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const read = async (name) => JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8'));

test('each package.json names exact versions and runs nothing at installation', async () => {
  let count = 0;
  for (const folder of ['.', 'web/client', 'web/proxy']) {
    const { dependencies, devDependencies, scripts } = await read(`${folder}/package.json`);
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    count += versions.length;
    for (const [name, version] of versions) assert.match(version, /^\d+\.\d+\.\d+$/, name);
    const hooks = Object.keys(scripts).filter((name) => /install|prepare|prepublish/.test(name));
    assert.deepEqual(hooks, []);
  }
  assert.ok(count > 0);
});

test('the lock file holds every package that another one names, those of other systems too', async () => {
  const { packages } = await read('package-lock.json');
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.link) continue;
    const wanted = { ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies };
    for (const name of Object.keys(wanted)) {
      const isThere = `node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages;
      assert.ok(isThere, `${name}, which ${path || 'package.json'} names`);
    }
  }
});

test('the lock file has a checksum for every package and names no registry', async () => {
  const { packages } = await read('package-lock.json');
  for (const [path, { integrity, resolved, link }] of Object.entries(packages)) {
    // The repository itself and its workspaces.
    if (link || !path.startsWith('node_modules/')) continue;
    assert.match(integrity ?? '', /^sha512-/, path);
    assert.equal(resolved, undefined, path);
  }
});
