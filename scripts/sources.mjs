// The third-party sources: takes each pinned tarball of scripts/third-party/sources.json from the cache, from Debian or
// from upstream, checks its SHA-256, unpacks it and applies the listed security patches. The result is one cached folder, of
// which scripts/third-party/sources.cmake learns by build/toolchain/sources.cmake.
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createApt, readDistribution } from './lib/apt.mjs';
import { exists } from './lib/exists.mjs';
import { sha256, sha256OfFile } from './lib/hash.mjs';
import { withLock } from './lib/lock.mjs';
import { buildDir, cacheRoot, root } from './lib/paths.mjs';
import { run, StepError } from './lib/run.mjs';

/**
 * @typedef {{package: string, file: string}} DebianFile file may contain one `*`
 * @typedef {object} Source
 * @property {string} name folder name
 * @property {string} version
 * @property {string[]} sha256 any of these (Debian's and upstream's tarball can differ)
 * @property {DebianFile} debian
 * @property {string[]} urls
 * @property {string[]} [only] unpack only these paths
 * @property {{debian: DebianFile, urls: string[], sha256: Record<string, string>}} [patches] Debian's packaging tarball;
 *   each patch in it is checked by its own hash, so that a later revision with further patches still serves
 */

const tableFile = join(root, 'scripts/third-party/sources.json');
const log = join(buildDir, 'logs/sources.log');

/** @returns {Promise<Source[]>} */
export async function readSources() {
  return JSON.parse(await readFile(tableFile, 'utf8'));
}

/** @returns {Promise<string>} the cache folder of all unpacked sources, named by the hash of the table; it may not exist yet */
export async function sourcesFolder() {
  const hash = sha256(JSON.stringify(await readSources())).slice(0, 12);
  return join(cacheRoot(), 'sources', hash);
}

const pointerFile = join(buildDir, 'toolchain/sources.cmake');
const pointerTo = (/** @type {string} */ folder) => `set(NETOCR_SOURCES "${folder}")\n`;

/** @returns {Promise<boolean>} */
export async function hasSources() {
  const folder = await sourcesFolder();
  const pointer = await readFile(pointerFile, 'utf8').catch(() => '');
  return pointer === pointerTo(folder) && exists(folder);
}

/** @param {(detail: string) => void} report */
export async function ensureSources(report) {
  const target = await sourcesFolder();
  const onWait = () => report('waiting for another set-up on this machine');
  await withLock(
    join(cacheRoot(), 'locks/sources'),
    async () => {
      if (await exists(target)) return;
      const draft = `${target}.tmp`;
      await rm(draft, { recursive: true, force: true });
      const sources = await readSources();
      const fetchers = await sourceFetchers();
      for (const [index, source] of sources.entries()) {
        report(`${source.name} ${source.version}, ${index + 1} of ${sources.length}`);
        await unpack(source, join(draft, source.name), {
          downloads: join(cacheRoot(), 'downloads'),
          fetchers,
        });
      }
      await rename(draft, target);
    },
    { onWait },
  );
  await mkdir(dirname(pointerFile), { recursive: true });
  await writeFile(pointerFile, pointerTo(target));
}

/**
 * A way to get a file: puts candidates for it into a folder.
 * @typedef {{name: string, fetch: (debian: DebianFile, urls: string[], folder: string) => Promise<void>}} Fetcher
 */

/**
 * @param {ReturnType<typeof createApt>} [apt] what Debian is asked by
 * @returns {Promise<Fetcher[]>} in the order in which they are tried
 */
export async function sourceFetchers(apt = createApt(join(cacheRoot(), 'apt'), log)) {
  const distribution = await readDistribution();
  const fetchers = [{ name: 'upstream', fetch: fetchFromUpstream }];
  if (distribution?.id === 'debian') fetchers.unshift({ name: 'Debian', fetch: fetchFromDebianBy(apt) });
  return fetchers;
}

/**
 * Some .dsc files are missing on mirrors, so apt-get may fail with the tarball in place: only our own check counts.
 * @param {ReturnType<typeof createApt>} apt @returns {Fetcher['fetch']}
 */
function fetchFromDebianBy(apt) {
  return async (debian, _urls, folder) => {
    await apt.get(['source', '--download-only', debian.package], { cwd: folder, mayFail: true });
  };
}

/** @param {DebianFile} _debian @param {string[]} urls @param {string} folder */
async function fetchFromUpstream(_debian, urls, folder) {
  for (const [index, url] of urls.entries()) {
    const response = await fetch(url).catch(() => null);
    if (!response?.ok || !response.body) continue;
    await pipeline(
      Readable.fromWeb(/** @type {any} */ (response.body)),
      createWriteStream(join(folder, `upstream-${index}`)),
    );
  }
}

/**
 * Unpacks one library.
 * @param {Source} source
 * @param {string} target folder to make
 * @param {{downloads: string, fetchers: Fetcher[]}} from downloads: the cache of verified files
 * @throws {StepError} when no tarball with the right checksum can be had
 */
export async function unpack(source, target, { downloads, fetchers }) {
  const tarball = await obtain(
    `${source.name} ${source.version}`,
    source,
    downloads,
    fetchers,
    async (file) => source.sha256.includes(await sha256OfFile(file)),
  );
  await mkdir(target, { recursive: true });
  const only = (source.only ?? []).map((path) => `*/${path}`);
  await run(
    'tar',
    ['-xf', tarball, '-C', target, '--strip-components=1', '--no-same-owner', '--wildcards', ...only],
    { log },
  );
  if (!source.patches) return;

  const { sha256: hashes } = source.patches;
  const packaging = await obtain(
    `the patches of ${source.name}`,
    source.patches,
    downloads,
    fetchers,
    async (file) => hasPatches(file, hashes),
  );
  const folder = await mkdtemp(join(downloads, 'patches-'));
  try {
    await run('tar', ['-xf', packaging, '-C', folder, 'debian/patches'], { log });
    for (const name of Object.keys(hashes)) {
      await run(
        'patch',
        ['-d', target, '-p1', '--forward', '--silent', '-i', join(folder, 'debian/patches', name)],
        { log },
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Gets one verified file: out of the downloads folder, else by each fetcher in turn.
 * @param {string} what for messages
 * @param {{debian: DebianFile, urls: string[]}} origin
 * @param {string} downloads
 * @param {Fetcher[]} fetchers
 * @param {(file: string) => Promise<boolean>} isGood
 * @returns {Promise<string>} path in the downloads folder
 */
async function obtain(what, { debian, urls }, downloads, fetchers, isGood) {
  await mkdir(downloads, { recursive: true });
  const wanted = new RegExp(`^${debian.file.split('*').map(escapeRegExp).join('.*')}$`);
  for (const name of (await readdir(downloads)).filter((candidate) => wanted.test(candidate))) {
    if (await isGood(join(downloads, name))) return join(downloads, name);
  }
  const seen = [];
  for (const fetcher of fetchers) {
    const folder = await mkdtemp(join(downloads, 'fetch-'));
    try {
      await fetcher.fetch(debian, urls, folder);
      for (const name of await readdir(folder)) {
        const isUpstream = name.startsWith('upstream-');
        if (!isUpstream && !wanted.test(name)) continue;
        const file = join(folder, name);
        if (await isGood(file)) {
          const kept = join(downloads, isUpstream ? debian.file.replace('*', 'upstream') : name);
          await copyFile(file, `${kept}.tmp`);
          await rename(`${kept}.tmp`, kept);
          return kept;
        }
        seen.push(
          `${fetcher.name}: ${isUpstream ? urls[Number(name.slice(9))] : basename(name)} has SHA-256 ${await sha256OfFile(file)}`,
        );
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const why =
    seen.length > 0
      ? `${what}: what was downloaded has the wrong checksum`
      : `${what}: it could not be downloaded`;
  const advice = `check the network; or put the file ${debian.file} into ${downloads} by hand, then start again`;
  throw new StepError(why, { tail: seen.join('\n') || undefined, advice, log });
}

/** @param {string} tarball @param {Record<string, string>} hashes by name in debian/patches */
async function hasPatches(tarball, hashes) {
  const folder = await mkdtemp(`${tarball}-`);
  try {
    const { code } = await run('tar', ['-xf', tarball, '-C', folder, 'debian/patches'], {
      log,
      mayFail: true,
    });
    if (code !== 0) return false;
    for (const [name, hash] of Object.entries(hashes)) {
      const file = join(folder, 'debian/patches', name);
      if (!(await exists(file)) || (await sha256OfFile(file)) !== hash) return false;
    }
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} text */
function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
