// Where things are: the repository, its build folder, and the user's cache that all clones share.
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** Ignored by git: everything that is made in the clone itself. */
export const buildDir = join(root, 'build');

/**
 * The cache folder of the user (downloads, toolchain, third-party libraries).
 * @param {Record<string, string | undefined>} [env]
 * @returns {string} absolute path; a relative XDG_CACHE_HOME is ignored, as the XDG specification asks
 */
export function cacheRoot(env = process.env) {
  const xdg = env.XDG_CACHE_HOME;
  const base = xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache');
  return join(base, 'netocr-wasm');
}
