// REDIS_URL taken apart: where to connect, as whom and how. No message holds any part of it.
import { readFile } from 'node:fs/promises';
import { refusedBy } from './redis-faults.js';

/**
 * @typedef {object} Address
 * @property {string} host
 * @property {number} port
 */

/**
 * How every server is talked to.
 *
 * @typedef {object} Access
 * @property {string | undefined} username
 * @property {string | undefined} password
 * @property {number} database
 * @property {boolean} isTls
 * @property {TlsFiles} files
 */

/**
 * PEM files for `rediss://`, read anew for each connection, so that a certificate can be renewed at any time.
 *
 * @typedef {object} TlsFiles
 * @property {string} [caFile] the certificate authority, where the system does not know it
 * @property {string} [certFile] client certificate
 * @property {string} [keyFile] its key
 */

const DEFAULT_PORT = 6379;
const BETWEEN_URLS = /,(?=\s*rediss?:\/\/)/;

/**
 * Throws a TypeError.
 *
 * @param {string} text one URL or, of nodes of one Redis Cluster, several with commas between them; user, password and
 *   database are those of the first
 * @param {TlsFiles} [files]
 * @returns {{addresses: Address[], access: Access}}
 */
export function readServers(text, files = {}) {
  const urls = text.split(BETWEEN_URLS).map((url) => parseUrl(url.trim()));
  const [{ protocol, username, password, pathname }] = urls;
  if (urls.some((url) => url.protocol !== protocol))
    throw new TypeError('the URLs of Redis (REDIS_URL) must all begin with redis:// or all with rediss://');
  const isTls = protocol === 'rediss:';
  if (!isTls && Object.values(files).some(Boolean))
    throw new TypeError('the certificate files of Redis (NETOCR_REDIS_*_FILE) need a URL with rediss://');
  if (!files.certFile !== !files.keyFile)
    throw new TypeError('NETOCR_REDIS_CERT_FILE and NETOCR_REDIS_KEY_FILE need each other');
  return {
    addresses: urls.map(({ hostname, port }) => ({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port || DEFAULT_PORT),
    })),
    access: {
      username: decode(username),
      password: decode(password),
      database: readDatabase(pathname),
      isTls,
      files,
    },
  };
}

/** @param {string} text */
function parseUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^rediss?:$/.test(url.protocol) && /^([\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname)) return url;
  throw new TypeError('the URL of Redis (REDIS_URL) must look like redis://HOST:PORT or rediss://HOST:PORT');
}

/** @param {string} part of a URL @returns {string | undefined} */
function decode(part) {
  try {
    return decodeURIComponent(part) || undefined;
  } catch {
    throw new TypeError('user or password of Redis (REDIS_URL) has a % that must be written as %25');
  }
}

/** @param {string} path */
function readDatabase(path) {
  const [, number] = /^\/?(\d{0,5})$/.exec(path) ?? [];
  if (number === undefined)
    throw new TypeError(
      'the URL of Redis (REDIS_URL) may end with the number of a database, and nothing else',
    );
  return Number(number);
}

const CERTIFICATE = /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/;
const FILES = Object.freeze({
  caFile: { variable: 'NETOCR_REDIS_CA_FILE', holds: CERTIFICATE },
  certFile: { variable: 'NETOCR_REDIS_CERT_FILE', holds: CERTIFICATE },
  keyFile: { variable: 'NETOCR_REDIS_KEY_FILE', holds: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
});

/**
 * The options of `tls.connect` that the files stand for. Rejects with a StoreError that names the one that is wrong.
 *
 * @param {TlsFiles} files
 * @returns {Promise<{ca?: string, cert?: string, key?: string}>}
 */
export async function readTlsFiles(files) {
  const read = async (/** @type {keyof TlsFiles} */ name) => {
    const path = files[name];
    if (!path) return undefined;
    const { variable, holds } = FILES[name];
    const pem = await readFile(path, 'latin1').catch((error) => {
      throw refusedBy(`the file of ${name} (${variable}) cannot be read`, error);
    });
    if (holds.test(pem)) return pem;
    throw refusedBy(`the file of ${name} (${variable}) does not hold what it should, as PEM`);
  };
  const [ca, cert, key] = await Promise.all([read('caFile'), read('certFile'), read('keyFile')]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
