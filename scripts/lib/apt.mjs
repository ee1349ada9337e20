// An apt of our own beside the system's: it reads Debian 13 from the machine's own mirror with the machine's own keyring,
// keeps its lists in our cache, needs no root and changes nothing outside that folder.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, StepError } from './run.mjs';

const SUITE = 'trixie';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const LISTS_FRESH_MS = 24 * 3600 * 1000;

/**
 * @returns {Promise<{id: string, version: number} | null>} of /etc/os-release, e.g. {id: 'debian', version: 12}; null where there is none
 */
export async function readDistribution(path = '/etc/os-release') {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  /** @param {string} key */
  const field = (key) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), version: Number.parseFloat(field('VERSION_ID')) || 0 };
}

/**
 * Runs a program as root: directly, or through sudo.
 * @param {string[]} command
 * @param {import('./run.mjs').RunOptions} options
 */
export function runAsRoot(command, options) {
  const isRoot = process.getuid?.() === 0;
  const [program, ...args] = isRoot ? command : ['sudo', ...command];
  const env = { ...options.env, DEBIAN_FRONTEND: 'noninteractive' };
  const advice = `run this yourself as root, then start again: ${command.join(' ')}`;
  return run(program, args, { advice, ...options, env });
}

/**
 * @param {string} indexTargets output of `apt-get indextargets`
 * @returns {string[]} the URIs of the Debian archive itself (component main, not security or updates)
 */
export function archiveUris(indexTargets) {
  const uris = indexTargets.split(/\n\n+/).flatMap((stanza) => {
    const field = (/** @type {string} */ key) => new RegExp(`^${key}: (.*)$`, 'm').exec(stanza)?.[1];
    const isArchive =
      field('Origin') === 'Debian' && field('Component') === 'main' && field('Created-By') === 'Packages';
    const isRelease =
      field('Label') === 'Debian' &&
      field('Release') === field('Codename') &&
      !/-/.test(field('Release') ?? '-');
    const uri = field('Repo-URI');
    return isArchive && isRelease && uri ? [uri.replace(/\/$/, '')] : [];
  });
  return [...new Set(uris)];
}

/**
 * @param {string} folder where it keeps its state (in the cache)
 * @param {string} log
 * @param {string} [suites] of Debian
 */
export function createApt(folder, log, suites = SUITE) {
  const stamp = join(folder, 'lists.stamp');
  const options = [
    `Dir::Etc::sourcelist=${folder}/debian.sources`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    `Dir::State::lists=${folder}/lists`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${folder}/cache`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
    'Acquire::Retries=3',
  ].flatMap((option) => ['-o', option]);

  /** @param {string[]} args @param {import('./run.mjs').RunOptions} [more] */
  const apt = (args, more) => run('apt-get', [...options, ...args], { log, env: { LC_ALL: 'C' }, ...more });

  const update = async () => {
    const uris = await findArchive(log);
    await mkdir(join(folder, 'lists/partial'), { recursive: true });
    await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
    const source = [
      'Types: deb deb-src',
      `URIs: ${uris.join(' ')}`,
      `Suites: ${suites}`,
      'Components: main',
      `Signed-By: ${KEYRING}`,
    ];
    await writeFile(join(folder, 'debian.sources'), `${source.join('\n')}\n`);
    const first = await apt(['update', '--error-on=any'], { mayFail: true });
    if (first.code !== 0) {
      // An early Debian 12 does not know the keys of Debian 13 yet; its updated keyring package does.
      await runAsRoot(['apt-get', 'install', '-y', '--no-install-recommends', 'debian-archive-keyring'], {
        log,
      });
      await apt(['update', '--error-on=any'], {
        advice: 'check the network and the mirror in /etc/apt, then start again',
      });
    }
    await writeFile(stamp, '');
  };

  const isFresh = async () =>
    Date.now() -
      (await stat(stamp).then(
        (s) => s.mtimeMs,
        () => 0,
      )) <
    LISTS_FRESH_MS;

  return {
    /**
     * Runs one apt-get command in a folder; when it fails on lists that are not new, once more with new ones.
     * @param {string[]} args
     * @param {{cwd: string, mayFail?: boolean, onLine?: (line: string) => void}} where
     */
    async get(args, where) {
      const wasFresh = await isFresh();
      if (!wasFresh) await update();
      const first = await apt(args, { ...where, mayFail: true });
      if (first.code === 0 || (where.mayFail && !wasFresh)) return first;
      if (wasFresh) await update();
      return apt(args, {
        advice: 'check the network and the mirror in /etc/apt, then start again',
        ...where,
      });
    },
  };
}

/** @param {string} log @returns {Promise<string[]>} */
async function findArchive(log) {
  const find = async () =>
    archiveUris((await run('apt-get', ['indextargets'], { env: { LC_ALL: 'C' } })).output);
  let uris = await find();
  if (uris.length === 0) {
    await runAsRoot(['apt-get', 'update'], { log });
    uris = await find();
  }
  if (uris.length > 0) return uris;
  throw new StepError('no Debian mirror is set up in /etc/apt', {
    advice: 'add the Debian archive to /etc/apt/sources.list.d, then start again',
  });
}
