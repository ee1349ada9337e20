// What the set-up finds out about the machine: system, mirror, programs, Emscripten, installed npm packages, cache folder.
import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingPrograms, missingProgramsError } from '../../scripts/debian.mjs';
import { archiveUris, readDistribution } from '../../scripts/lib/apt.mjs';
import { cacheRoot } from '../../scripts/lib/paths.mjs';
import { explain } from '../../scripts/lib/steps.mjs';
import { isInstalled } from '../../scripts/npm.mjs';
import { findClang, findEmscripten, findPrivateEmscripten } from '../../scripts/toolchain.mjs';
import { makeFolder } from './folder.mjs';

test('the distribution', async (t) => {
  const folder = await makeFolder(t, {
    debian: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
    ubuntu: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
    sid: 'ID=debian\n',
  });
  assert.deepEqual(await readDistribution(join(folder, 'debian')), { id: 'debian', version: 12 });
  assert.deepEqual(await readDistribution(join(folder, 'ubuntu')), { id: 'ubuntu', version: 24.04 });
  assert.deepEqual(await readDistribution(join(folder, 'sid')), { id: 'debian', version: 0 });
  assert.equal(await readDistribution(join(folder, 'none')), null);
});

/** One stanza of `apt-get indextargets`. */
const target = (fields) =>
  Object.entries({
    'Created-By': 'Packages',
    Origin: 'Debian',
    Label: 'Debian',
    Component: 'main',
    Codename: 'bookworm',
    Release: 'bookworm',
    'Repo-URI': 'http://mirror.example/debian/',
    ...fields,
  })
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');

test("the machine's own mirror: the archive, not security, updates or other vendors", () => {
  const security = { Label: 'Debian-Security', Codename: 'bookworm-security', Release: 'bookworm-security' };
  const text = [
    target({ Origin: 'Node Source', 'Repo-URI': 'https://other.example/' }),
    target({ ...security, 'Repo-URI': 'http://mirror.example/debian-security/' }),
    target({
      Codename: 'bookworm-updates',
      Release: 'bookworm-updates',
      'Repo-URI': 'http://updates.example/',
    }),
    target({ Component: 'contrib', 'Repo-URI': 'http://contrib.example/' }),
    target({ 'Created-By': 'Translations', 'Repo-URI': 'http://words.example/' }),
    target({}),
    target({}),
  ].join('\n\n');
  assert.deepEqual(archiveUris(text), ['http://mirror.example/debian']);
  assert.deepEqual(archiveUris(''), []);
});

test('missing programs are named, with what to do', async (t) => {
  const folder = await makeFolder(t, { cmake: '#!/bin/sh\n' });
  await chmod(join(folder, 'cmake'), 0o755);
  const names = await missingPrograms(['cmake', 'ninja', null, 'patch'], { PATH: folder });
  assert.deepEqual(names, ['ninja', 'patch']);
  const text = explain(missingProgramsError(names));
  assert.match(text, /^Why: these programs are missing: ninja, patch\nWhat to do: install them /);
});

/** A folder that looks like an Emscripten of some version. */
async function fakeEmscripten(t, version, prefix = '') {
  const folder = await makeFolder(t, {
    [`${prefix}emcc`]: `#!/bin/sh\necho "emcc (Emscripten gcc/clang-like replacement) ${version}"\n`,
    [`${prefix}cmake/Modules/Platform/Emscripten.cmake`]: '',
  });
  await chmod(join(folder, prefix, 'emcc'), 0o755);
  return folder;
}

test('an emcc on the PATH is taken when it is new enough', async (t) => {
  const folder = await fakeEmscripten(t, '3.1.69');
  assert.equal(await findEmscripten({ PATH: folder }), folder);
});

test('an emcc that is too old is passed over (Debian 12 has 3.1.6)', async (t) => {
  const old = await fakeEmscripten(t, '3.1.6');
  assert.equal(await findEmscripten({ PATH: old }), null);
  const sdk = await fakeEmscripten(t, '4.0.10', 'upstream/emscripten/');
  assert.equal(await findEmscripten({ PATH: old, EMSDK: sdk }), join(sdk, 'upstream/emscripten'));
});

test('no emcc at all', async (t) => {
  assert.equal(await findEmscripten({ PATH: await makeFolder(t) }), null);
});

test('a private folder that was not completed is not taken', async (t) => {
  const place = 'netocr-wasm/toolchain/emscripten-3.1.69-r1';
  const half = await makeFolder(t, { [`${place}/emscripten/emcc`]: '' });
  assert.equal(await findPrivateEmscripten({ XDG_CACHE_HOME: half }), null);
  const whole = await makeFolder(t, { [`${place}/emscripten/emcc`]: '', [`${place}/complete`]: '' });
  assert.equal(await findPrivateEmscripten({ XDG_CACHE_HOME: whole }), join(whole, place, 'emscripten'));
});

test('a native clang that is too old is not taken', async (t) => {
  const folder = await makeFolder(t, {
    'old/clang++': '#!/bin/sh\necho "Debian clang version 14.0.6"\n',
    'new/clang++': '#!/bin/sh\necho "clang version 18.1.3"\n',
  });
  await chmod(join(folder, 'old/clang++'), 0o755);
  await chmod(join(folder, 'new/clang++'), 0o755);
  assert.equal(await findClang({ PATH: join(folder, 'old') }), null);
  const found = { c: join(folder, 'new/clang'), cxx: join(folder, 'new/clang++') };
  assert.deepEqual(await findClang({ PATH: join(folder, 'new') }), found);
});

const lock = (packages) => JSON.stringify({ lockfileVersion: 3, packages });
const WANTED = {
  '': {},
  'node_modules/a': { version: '1.0.0' },
  'node_modules/mac-only': { version: '2.0.0', optional: true },
};
const INSTALLED = [
  ['as asked for, an optional one left out', { 'node_modules/a': { version: '1.0.0' } }, true],
  ['another version', { 'node_modules/a': { version: '1.0.1' } }, false],
  ['one missing', {}, false],
  ['one too many', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }, false],
];
for (const [name, present, expected] of INSTALLED) {
  test(`npm packages: ${name}`, async (t) => {
    const files = { 'package-lock.json': lock(WANTED), 'node_modules/.package-lock.json': lock(present) };
    assert.equal(await isInstalled(await makeFolder(t, files)), expected);
  });
}

test('npm packages: none installed', async (t) => {
  assert.equal(await isInstalled(await makeFolder(t, { 'package-lock.json': lock(WANTED) })), false);
});

test('the cache folder', () => {
  assert.equal(cacheRoot({ XDG_CACHE_HOME: '/somewhere' }), '/somewhere/netocr-wasm');
  assert.equal(cacheRoot({}), join(homedir(), '.cache/netocr-wasm'));
  assert.equal(cacheRoot({ XDG_CACHE_HOME: 'relative' }), join(homedir(), '.cache/netocr-wasm'));
});
