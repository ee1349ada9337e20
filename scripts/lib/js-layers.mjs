// Which part of web/ may import which. A part is a folder, or a file on top of web/client and web/proxy.
import { dirname, relative, resolve } from 'node:path';

/** Parts of web/proxy that know nothing of a call: everything above them may use them. */
const PROXY_BASE = ['http', 'proxy/errors.js', 'proxy/hexadecimal.js', 'proxy/routes.js'];
const PROXY_CALL = [...PROXY_BASE, 'proxy/state', 'proxy/log', 'proxy/access', 'proxy/body'];
/** What a whole proxy consists of, without a host. */
const PROXY_PARTS = [
  ...PROXY_CALL,
  'proxy/upstream',
  'proxy/receipts',
  'proxy/forward',
  'proxy/forward.js',
  'proxy/settings.js',
];
const CLIENT_BASE = ['client/shared', 'client/core'];
/** The client's public interface. */
const CLIENT_ENTRY = 'client/index.js';

/**
 * Part of web/ -> the parts that its modules may import besides its own, and the packages. Each list names only parts that
 * stand above it here, so that no two parts import each other; a part that is not here does not exist.
 *
 * @type {Record<string, {into: readonly string[], packages?: RegExp}>}
 */
const PARTS = {
  http: { into: [], packages: /^node:/ },
  sandbox: { into: ['http'], packages: /^hono(\/|$)/ },

  'client/shared': { into: [] },
  'client/core': { into: ['client/shared'] },
  'client/worker': { into: [...CLIENT_BASE, 'client/dist'] },
  'client/page': { into: CLIENT_BASE },
  'client/node': {
    into: [...CLIENT_BASE, 'client/worker', 'client/page', 'client/dist'],
    packages: /^node:/,
  },
  [CLIENT_ENTRY]: { into: ['client/shared', 'client/page'] },

  'proxy/hexadecimal.js': { into: [] },
  'proxy/routes.js': { into: [] },
  'proxy/errors.js': { into: ['http'] },
  'proxy/state': { into: PROXY_BASE, packages: /^(@redis\/client|node:fs\/promises)$/ },
  'proxy/log': { into: [...PROXY_BASE, 'proxy/state'] },
  'proxy/access': { into: [...PROXY_BASE, 'proxy/state', 'proxy/log'], packages: /^jose$/ },
  'proxy/body': { into: PROXY_BASE },
  'proxy/upstream': { into: PROXY_CALL },
  // Receipts read replies with the client's own core.
  'proxy/receipts': { into: [...PROXY_BASE, 'client/core'], packages: /^jose$/ },
  'proxy/forward': { into: [...PROXY_BASE, 'proxy/body', 'proxy/upstream'] },
  'proxy/forward.js': {
    into: [...PROXY_BASE, 'proxy/body', 'proxy/upstream', 'proxy/receipts', 'proxy/forward'],
  },
  'proxy/settings.js': { into: [...PROXY_CALL, 'proxy/upstream', 'proxy/receipts'] },
  'proxy/handler.js': { into: PROXY_PARTS, packages: /^hono(\/|$)/ },
  'proxy/environment': { into: PROXY_BASE, packages: /^node:fs$/ },
  'proxy/environment.js': { into: [...PROXY_BASE, 'proxy/environment', 'proxy/access', 'proxy/receipts'] },
  'proxy/index.js': { into: [...PROXY_PARTS, 'proxy/handler.js'] },
  'proxy/edge.js': {
    into: [...PROXY_PARTS, 'proxy/handler.js', 'proxy/environment', 'proxy/environment.js'],
  },
  'proxy/node': {
    into: [...PROXY_PARTS, 'proxy/handler.js', 'client/dist'],
    packages: /^(node:|prom-client$|netocr-wasm\/)/,
  },
  'proxy/cli': {
    into: [...PROXY_PARTS, 'proxy/environment', 'proxy/environment.js', 'proxy/node'],
    packages: /^(node:|pino$)/,
  },

  'demo/text': { into: [CLIENT_ENTRY] },
  'demo/page': { into: ['demo/text', CLIENT_ENTRY] },
  demo: { into: ['demo/text', 'demo/page', CLIENT_ENTRY] },
  'demo/benchmark': { into: ['demo/text', 'demo/page', 'demo', CLIENT_ENTRY] },
};

/** Folders that form one part with another one: the views of the demo's flow hold each other. */
const SAME_PART = new Map([
  ['demo/slot', 'demo/page'],
  ['demo/result', 'demo/page'],
]);

/** Where no Worker can be started, the page runs the worker's part itself. */
const IN_THREAD = 'web/client/worker/in-thread.js';

/**
 * Single imports that the table forbids, as `module -> target`.
 *
 * @type {ReadonlySet<string>}
 */
const EXCEPTIONS = new Set([`web/client/page/browser.js -> ${IN_THREAD}`]);

/**
 * @param {string} path of the file, relative to the repository
 * @param {string} text its contents
 * @returns {string[]} what is forbidden in it, one sentence each
 */
export function importViolations(path, text) {
  const part = partOf(path);
  const rule = PARTS[part];
  if (!rule) return [`${path}: web/${part} is not a known part`];
  return importsOf(text).flatMap((specifier) => {
    const isRelative = specifier.startsWith('.');
    const target = isRelative ? relative('/', resolve('/', dirname(path), specifier)) : `'${specifier}'`;
    const isAllowed = isRelative ? mayImport(path, target) : rule.packages?.test(specifier);
    return isAllowed ? [] : [`${path}: web/${part} may not import ${target}`];
  });
}

/** @param {string} path @param {string} target both relative to the repository */
function mayImport(path, target) {
  const [from, to] = [partOf(path), partOf(target)];
  return from === to || PARTS[from].into.includes(to) || EXCEPTIONS.has(`${path} -> ${target}`);
}

/**
 * The part that a module belongs to: the folder below web/client, web/proxy and web/demo, or the file on top of one of the
 * first two; else the folder below web/, or below the repository.
 *
 * @param {string} path relative to the repository
 */
function partOf(path) {
  const [top, folder, inner, ...rest] = path.split('/');
  if (top !== 'web') return top;
  if (rest.length > 0) return SAME_PART.get(`${folder}/${inner}`) ?? `${folder}/${inner}`;
  return folder === 'client' || folder === 'proxy' ? `${folder}/${inner}` : folder;
}

/** @returns {string[]} parts that may import one that does not stand above them in the table, one sentence each */
export function tableMistakes() {
  const names = Object.keys(PARTS);
  return names.flatMap((name, at) =>
    PARTS[name].into
      .filter((other) => other !== 'client/dist' && !names.slice(0, at).includes(other))
      .map((other) => `web/${name} may import web/${other}, which does not stand above it in the table`),
  );
}

/** @param {string} text @returns {string[]} what it imports, statically or by import('...'); types in comments do not count */
function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const patterns = [
    /\b(?:import|export)\b[^;'"()]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
}
