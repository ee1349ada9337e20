// Secrets from files (`NETOCR_SECRET_FILE=/run/secrets/netocr`), as Docker, Kubernetes and systemd mount them. Node only.
import { readFileSync } from 'node:fs';
import { fileVariable, SECRETS } from './variable-names.js';

/** @typedef {import('../environment.js').Environment} Environment */

/**
 * The variables of a configuration file with those of the environment over them. A secret has two names, its own and that
 * with _FILE: the environment's takes the place of either.
 *
 * @param {Environment} config
 * @param {Environment} environment
 * @returns {Environment}
 */
export function withEnvironment(config, environment) {
  const below = { ...config };
  for (const name of SECRETS) {
    const forms = [name, fileVariable(name)];
    if (forms.some((form) => environment[form])) for (const form of forms) delete below[form];
  }
  return { ...below, ...environment };
}

/**
 * Which secrets come from files.
 *
 * @param {Environment} env as readSecretFiles takes it
 * @returns {string[]} the secrets' own names
 */
export const secretsInFiles = (env) => SECRETS.filter((name) => env[fileVariable(name)]);

/**
 * The environment with the contents of the files in the place of their names. Throws a TypeError that names the variable,
 * never the path or the contents.
 *
 * @param {import('../environment.js').Environment} env not changed
 * @param {(path: string) => Uint8Array} [read]
 * @returns {import('../environment.js').Environment}
 */
export function readSecretFiles(env, read = readFileSync) {
  const result = { ...env };
  for (const name of SECRETS) {
    const variable = fileVariable(name);
    const path = result[variable];
    delete result[variable];
    if (!path) continue;
    if (result[name]) throw new TypeError(`${name} and ${variable} are both set: set one of them`);
    result[name] = readSecret(variable, path, read);
  }
  return result;
}

/**
 * @param {string} variable
 * @param {string} path
 * @param {(path: string) => Uint8Array} read
 */
function readSecret(variable, path, read) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(read(path));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    const reason =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : (code ?? 'unknown reason');
    throw new TypeError(`${variable}: the file cannot be read (${reason})`);
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') throw new TypeError(`${variable}: the file is empty`);
  return secret;
}
