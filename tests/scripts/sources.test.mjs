import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256, sha256OfFile } from '../../scripts/lib/hash.mjs';
import { readSources, unpack } from '../../scripts/sources.mjs';
import { makeFolder } from './folder.mjs';

const PATCH = '--- a/hello.c\n+++ b/hello.c\n@@ -1 +1 @@\n-old\n+new\n';

/** A library `hello` 1.0 with a patch, its tarballs, and an empty downloads folder. */
async function makeLibrary(t) {
  const folder = await makeFolder(t, {
    'tree/hello-1.0/hello.c': 'old\n',
    'tree/hello-1.0/docs/much.txt': 'text\n',
    'packaging/debian/patches/fix.patch': PATCH,
    'downloads/.keep': '',
  });
  const tarball = join(folder, 'hello_1.0.orig.tar.gz');
  execFileSync('tar', ['-czf', tarball, '-C', join(folder, 'tree'), 'hello-1.0']);
  const packaging = join(folder, 'hello_1.0-3.debian.tar.xz');
  execFileSync('tar', ['-cJf', packaging, '-C', join(folder, 'packaging'), 'debian']);
  /** @type {import('../../scripts/sources.mjs').Source} */
  const source = {
    name: 'hello',
    version: '1.0',
    sha256: ['0'.repeat(64), await sha256OfFile(tarball)],
    debian: { package: 'hello', file: 'hello_1.0.orig.tar.gz' },
    urls: ['https://upstream.invalid/hello-1.0.tar.gz'],
  };
  const patches = {
    debian: { package: 'hello', file: 'hello_1.0-*.debian.tar.xz' },
    urls: ['https://upstream.invalid/patches'],
    sha256: { 'fix.patch': sha256(PATCH) },
  };
  return {
    folder,
    tarball,
    packaging,
    source,
    patches,
    target: join(folder, 'out'),
    downloads: join(folder, 'downloads'),
  };
}

/** A fetcher that hands out copies of files, and counts how often it was asked. */
function fetcherOf(name, ...files) {
  const fetcher = {
    name,
    asked: 0,
    async fetch(_debian, _urls, folder) {
      fetcher.asked++;
      for (const file of files) await copyFile(file, join(folder, file.split('/').at(-1)));
    },
  };
  return fetcher;
}

test('a tarball with a listed checksum is unpacked, kept, and not fetched again', async (t) => {
  const { source, target, downloads, tarball } = await makeLibrary(t);
  const fetcher = fetcherOf('Debian', tarball);
  await unpack(source, target, { downloads, fetchers: [fetcher] });
  assert.equal(await readFile(join(target, 'hello.c'), 'utf8'), 'old\n');
  await unpack(source, `${target}2`, { downloads, fetchers: [fetcher] });
  assert.equal(await readFile(join(`${target}2`, 'hello.c'), 'utf8'), 'old\n');
  assert.equal(fetcher.asked, 1);
  assert.deepEqual((await readdir(downloads)).sort(), ['.keep', 'hello_1.0.orig.tar.gz']);
});

test('a wrong checksum is refused, named, and nothing of it is kept', async (t) => {
  const { source, target, downloads, tarball } = await makeLibrary(t);
  const wrong = { ...source, sha256: ['1'.repeat(64)] };
  const actual = await sha256OfFile(tarball);
  await assert.rejects(
    unpack(wrong, target, { downloads, fetchers: [fetcherOf('Debian', tarball)] }),
    (error) => {
      assert.equal(error.message, 'hello 1.0: what was downloaded has the wrong checksum');
      assert.ok(error.tail.includes(actual) && error.tail.includes('hello_1.0.orig.tar.gz'));
      assert.match(error.advice, /by hand/);
      return true;
    },
  );
  assert.deepEqual(await readdir(downloads), ['.keep']);
  await assert.rejects(readdir(target), { code: 'ENOENT' });
});

test('a spoilt file in the downloads folder is replaced', async (t) => {
  const { source, target, downloads, tarball } = await makeLibrary(t);
  await writeFile(join(downloads, 'hello_1.0.orig.tar.gz'), 'cut off');
  await unpack(source, target, { downloads, fetchers: [fetcherOf('Debian', tarball)] });
  assert.equal(await sha256OfFile(join(downloads, 'hello_1.0.orig.tar.gz')), source.sha256[1]);
});

test('the next fetcher is asked when one has nothing or the wrong thing', async (t) => {
  const { folder, source, target, downloads, tarball } = await makeLibrary(t);
  const other = join(folder, 'other/hello_1.0.orig.tar.gz');
  execFileSync('mkdir', ['-p', join(folder, 'other')]);
  await writeFile(other, 'something else');
  const upstream = join(folder, 'upstream-0');
  await copyFile(tarball, upstream);
  const fetchers = [fetcherOf('empty'), fetcherOf('Debian', other), fetcherOf('upstream', upstream)];
  await unpack(source, target, { downloads, fetchers });
  assert.deepEqual(
    fetchers.map(({ asked }) => asked),
    [1, 1, 1],
  );
  assert.equal(await readFile(join(target, 'hello.c'), 'utf8'), 'old\n');
});

test('nothing to be had: says so, and what to do', async (t) => {
  const { source, target, downloads } = await makeLibrary(t);
  await assert.rejects(unpack(source, target, { downloads, fetchers: [fetcherOf('empty')] }), (error) => {
    assert.equal(error.message, 'hello 1.0: it could not be downloaded');
    assert.match(error.advice, /hello_1\.0\.orig\.tar\.gz/);
    return true;
  });
});

test('patches are applied when each has its checksum', async (t) => {
  const { source, patches, target, downloads, tarball, packaging } = await makeLibrary(t);
  await unpack({ ...source, patches }, target, {
    downloads,
    fetchers: [fetcherOf('Debian', tarball, packaging)],
  });
  assert.equal(await readFile(join(target, 'hello.c'), 'utf8'), 'new\n');
});

test('a patch with a wrong checksum, or a missing one, is refused', async (t) => {
  const { source, patches, target, downloads, tarball, packaging } = await makeLibrary(t);
  const from = { downloads, fetchers: [fetcherOf('Debian', tarball, packaging)] };
  const changed = { ...patches, sha256: { 'fix.patch': '2'.repeat(64) } };
  await assert.rejects(
    unpack({ ...source, patches: changed }, target, from),
    /patches of hello: .*wrong checksum/,
  );
  const missing = { ...patches, sha256: { ...patches.sha256, 'other.patch': sha256(PATCH) } };
  await assert.rejects(
    unpack({ ...source, patches: missing }, target, from),
    /patches of hello: .*wrong checksum/,
  );
});

test('only the listed paths are unpacked', async (t) => {
  const { source, target, downloads, tarball } = await makeLibrary(t);
  await unpack({ ...source, only: ['hello.c'] }, target, {
    downloads,
    fetchers: [fetcherOf('Debian', tarball)],
  });
  assert.deepEqual(await readdir(target), ['hello.c']);
});

test('the real table: every entry is pinned, by https, and names its Debian file', async () => {
  const sources = await readSources();
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['libjpeg-turbo', 'zlib', 'pugixml', 'nlohmann-json', 'tiff', 'openjpeg', 'libwebp', 'lcms2'],
  );
  for (const { name, sha256: hashes, urls, debian, patches } of sources) {
    const all = [...hashes, ...Object.values(patches?.sha256 ?? {})];
    assert.ok(all.length > 0 && all.every((hash) => /^[0-9a-f]{64}$/.test(hash)), name);
    assert.ok(urls.length > 0 && urls.every((url) => url.startsWith('https://')), name);
    assert.ok(debian.package && /\.orig\.tar\.(gz|xz|bz2)$/.test(debian.file), name);
  }
});
