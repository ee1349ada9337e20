// The command line of `netocr-proxy`: its arguments, where its variables come from, and what it says when it cannot start.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseConfig } from '../environment/config-file.js';
import { withVariables } from '../environment/option-names.js';
import { readSecretFiles, secretsInFiles, withEnvironment } from '../environment/secret-files.js';
import { SECRETS } from '../environment/variable-names.js';
import { VARIABLES } from '../environment.js';

const OPTIONS = /** @type {const} */ ({
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  config: { type: 'string' },
  probe: { type: 'boolean' },
});

export const USAGE = `netocr-proxy adds key and secret to the calls of web pages and passes them on to netocr.com.
  netocr-proxy [--config FILE]                  serves
  netocr-proxy check [--config FILE] [--probe]  says whether it would, and whether the store answers; --probe also asks
                                                the service: one call without a picture, which it may bill
  netocr-proxy --help | --version               (also -h, -v, help, version)
check ends with 0 (good), 1 (would not start), 2 (the store or the service refuses or does not answer) or 3 (the
service's answer tells nothing).
FILE has a NAME=VALUE on each line, or a comment that begins with #; the environment comes before it:
${Object.entries(VARIABLES)
  .map(([name, meaning]) => `  ${name.padEnd(28)}  ${meaning}\n`)
  .join('')}A secret may also come from a file whose path is in the variable with _FILE behind its name:
${SECRETS.map((name) => `  ${name}_FILE\n`).join('')}`;

/** Ends what is said about a failure. */
export const HINT = 'netocr-proxy --help shows all variables\n';

/** @typedef {{action: 'serve' | 'check' | 'help' | 'version', config: string | undefined, probe: boolean}} Command */

/**
 * Throws a TypeError for what the command does not know.
 *
 * @param {string[]} args
 * @returns {Command}
 */
export function parseCommandLine(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const { help, version, config, probe = false } = values;
  const [command, ...more] = positionals;
  if (help || command === 'help') return { action: 'help', config, probe };
  if (version || command === 'version') return { action: 'version', config, probe };
  if (command !== undefined && command !== 'check')
    throw new TypeError('unknown command: the only one is check; without a command it serves');
  if (more.length > 0) throw new TypeError('check takes options only');
  if (probe && !command) throw new TypeError('--probe is an option of check');
  return { action: command ? 'check' : 'serve', config, probe };
}

/** @returns {Promise<string>} the package's version */
export async function readVersion() {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/**
 * The variables of the file, over them those of the environment; then secrets from their files, whose names are `inFiles`.
 *
 * @param {string | undefined} file
 * @param {import('../environment.js').Environment} environment
 * @returns {Promise<{env: import('../environment.js').Environment, inFiles: string[]}>}
 */
export async function readVariables(file, environment) {
  const config = file === undefined ? {} : parseConfig(await readConfig(file));
  const given = withEnvironment(config, environment);
  return { env: readSecretFiles(given), inFiles: secretsInFiles(given) };
}

/** @param {string} path */
function readConfig(path) {
  return readFile(path, 'utf8').catch(({ code }) => {
    throw new TypeError(`--config: the file cannot be read (${code})`);
  });
}

/**
 * @param {unknown} error
 * @param {readonly string[]} [inFiles] secrets that came from files
 * @returns {string} one sentence with the name of the variable
 */
export function explain(error, inFiles = []) {
  const { code, message, option } = /** @type {NodeJS.ErrnoException & {option?: string}} */ (error);
  const [port, host] =
    option === 'internalPort' ? ['NETOCR_INTERNAL_PORT', 'NETOCR_INTERNAL_HOST'] : ['PORT', 'HOST'];
  if (code === 'EADDRINUSE')
    return `${port}: the port is in use: stop the other program or set ${port} to another one`;
  if (code === 'EACCES') return `${port}: this user may not listen there: set ${port} to a port above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `${host} is not an address of this machine`;
  // Node's sentence about an unknown option goes on with advice for programs that take file names.
  if (code?.startsWith('ERR_PARSE_ARGS')) return message.split(/\. To specify |\n/)[0];
  return withFileForms(withVariables(message, inFiles));
}

/**
 * What is said about a message: that something works again is no warning.
 *
 * @param {string} message of the option `warn`
 */
export function kindOf(message) {
  return / (is back|can be reached now)(?=$|: )/.test(message) ? 'note' : 'warning';
}

/**
 * Where secrets are missing, the other way to set them.
 *
 * @param {string} message
 */
function withFileForms(message) {
  const [missing] = /^\w+( and \w+)?(?= must be set)/.exec(message) ?? [''];
  const names = missing
    .split(' and ')
    .map((name) => (SECRETS.includes(name) ? `${name} (or ${name}_FILE)` : name));
  return names.join(' and ') + message.slice(missing.length);
}
