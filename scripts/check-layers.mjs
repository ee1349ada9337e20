// Checks who may use whom: #includes between the folders of wasm/ (lib/cpp-layers.mjs), imports between the folders of web/.
// `node scripts/check-layers.mjs [folder]` prints each violation and fails when there is one.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { includeViolations } from './lib/cpp-layers.mjs';
import { root } from './lib/paths.mjs';

/** Folder of web/ -> where its relative imports may lead, and which packages it may import. */
const FOLDERS = {
  client: { into: ['web/client'], packages: /^$/ },
  demo: { into: ['web/demo', 'web/client/index.js'], packages: /^$/ },
  http: { into: ['web/http', 'web/proxy/errors.js', 'web/proxy/access/addresses.js'], packages: /^node:/ },
  // Receipts read replies with the client's own core.
  proxy: {
    into: ['web/proxy', 'web/http', 'web/client/core'],
    packages: /^(node:|hono(\/|$)|@hono\/|jose$|pino$|prom-client$|@redis\/client$|netocr-wasm\/)/,
  },
  // Proxy and sandbox are served in Node by one HTTP adapter.
  sandbox: { into: ['web/sandbox', 'web/http'], packages: /^(node:|hono(\/|$)|@hono\/)/ },
};
/** The Node entry of web/client: the only part of it that may import Node's modules. */
const NODE_PART = /^web\/client\/node(\.js$|\/)/;

/**
 * @param {string} path of the file, relative to the repository
 * @param {string} text its contents
 * @returns {string[]} what is forbidden in it, one sentence each
 */
export function importViolations(path, text) {
  const folder = path.split('/')[1];
  const rule = /** @type {Record<string, {into: string[], packages: RegExp}>} */ (FOLDERS)[folder];
  if (!rule) return [`${path}: web/${folder} is not a known folder`];
  const found = [];
  for (const specifier of importsOf(text)) {
    if (specifier.startsWith('.')) {
      const target = relative('/', resolve('/', dirname(path), specifier));
      const isAllowed = rule.into.some((place) => target === place || target.startsWith(`${place}/`));
      if (!isAllowed) found.push(`${path}: web/${folder} may not import ${target}`);
    } else if (!rule.packages.test(specifier) && !(NODE_PART.test(path) && specifier.startsWith('node:'))) {
      found.push(`${path}: web/${folder} may not import '${specifier}'`);
    }
    if (
      !NODE_PART.test(path) &&
      folder === 'client' &&
      NODE_PART.test(relative('/', resolve('/', dirname(path), specifier)))
    ) {
      found.push(`${path}: only the Node entry may import ${specifier}`);
    }
  }
  return found;
}

/** @param {string} text @returns {string[]} what it imports, statically or by import('...'), types in comments left aside */
function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\b[^;'"()]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
}

/**
 * @param {string} [top] the repository
 * @returns {Promise<{files: number, violations: string[]}>}
 */
export async function checkLayers(top = root) {
  const violations = [];
  const sources = await filesIn(top, 'wasm', /\.(cpp|hpp)$/);
  const modules = await filesIn(top, 'web', /^(?!(client|proxy)\/(dist|examples)\/).*\.(js|mjs)$/);
  for (const path of sources)
    violations.push(...includeViolations(path, await readFile(join(top, path), 'utf8')));
  for (const path of modules)
    violations.push(...importViolations(path, await readFile(join(top, path), 'utf8')));
  return { files: sources.length + modules.length, violations };
}

/** @param {string} top @param {string} folder @param {RegExp} pattern @returns {Promise<string[]>} relative to top */
async function filesIn(top, folder, pattern) {
  const names = await readdir(join(top, folder), { recursive: true });
  return names
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, violations } = await checkLayers(process.argv[2] ? resolve(process.argv[2]) : root);
  for (const violation of violations) console.error(violation);
  console.log(`${files} files, ${violations.length} forbidden includes or imports`);
  process.exitCode = violations.length > 0 || files === 0 ? 1 : 0;
}
