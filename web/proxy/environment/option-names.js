// Errors about options name the option; who sets variables needs the variable's name.

/** Option -> variable, for options whose names are no words of English. */
const VARIABLE_OF = Object.freeze({
  addressHeader: 'NETOCR_ADDRESS_HEADER',
  allowAnonymous: 'NETOCR_ALLOW_ANONYMOUS',
  allowAnonymousOnNetwork: 'NETOCR_ALLOW_ANONYMOUS_ON_NETWORK',
  allowCredentials: 'NETOCR_ALLOW_CREDENTIALS',
  allowedHeaders: 'NETOCR_ALLOWED_HEADERS',
  allowedOrigins: 'NETOCR_ALLOWED_ORIGINS',
  'breaker.failures': 'NETOCR_BREAKER',
  'breaker.openMs': 'NETOCR_BREAKER',
  internalHost: 'NETOCR_INTERNAL_HOST',
  internalHosts: 'NETOCR_INTERNAL_HOSTS',
  internalPort: 'NETOCR_INTERNAL_PORT',
  maxConnections: 'NETOCR_MAX_CONNECTIONS',
  metricsHost: 'NETOCR_METRICS_HOST',
  metricsPort: 'NETOCR_METRICS_PORT',
  mintSecret: 'NETOCR_MINT_SECRET',
  previousTokenSecret: 'NETOCR_TOKEN_SECRET_PREVIOUS',
  'rates.address': 'NETOCR_RATE_ADDRESS',
  'rates.failed': 'NETOCR_RATE_FAILED',
  'rates.global': 'NETOCR_RATE_GLOBAL',
  'rates.refused': 'NETOCR_RATE_REFUSED',
  'rates.token': 'NETOCR_RATE_TOKEN',
  sandbox: 'NETOCR_SANDBOX',
  ratesOnStoreFailure: 'NETOCR_RATE_ON_STORE_FAILURE',
  'receipts.webhook': 'NETOCR_WEBHOOK_URL',
  'differ from port': 'differ from PORT',
  'slots.maxCalls': 'NETOCR_MAX_CALLS',
  'slots.maxQueued': 'NETOCR_MAX_QUEUED',
  'the URL of Redis': 'REDIS_URL',
  'the key of receipts': 'NETOCR_RECEIPT_KEY',
  tokenSecret: 'NETOCR_TOKEN_SECRET',
  trustProxy: 'NETOCR_TRUST_PROXY',
});

/** Option -> variable, for words that mean the option only where a message begins with them. */
const VARIABLE_OF_FIRST_WORD = Object.freeze({
  attempts: 'NETOCR_ATTEMPTS',
  host: 'HOST',
  key: 'NETOCR_KEY',
  port: 'PORT',
  reveal: 'NETOCR_REVEAL',
  secret: 'NETOCR_SECRET',
  upstream: 'NETOCR_UPSTREAM',
});

/** Not where the variable follows in brackets. */
const ANYWHERE = new RegExp(
  `(?<![\\w.])(${Object.keys(VARIABLE_OF)
    .map((name) => name.replaceAll('.', '\\.'))
    .join('|')})(?!\\w|\\.\\w| \\((?:NETOCR_|REDIS_URL))`,
  'g',
);
const FIRST = new RegExp(
  `^(${Object.keys(VARIABLE_OF_FIRST_WORD).join('|')})(?= (?:must|of|has|withholds) |: )`,
);

/** @param {Record<string, string>} table @returns {(name: string) => string} */
const lookUp = (table) => (name) => table[name];

/**
 * @param {string} message of a TypeError about options, or a warning
 * @param {readonly string[]} [inFiles] variables of secrets that came from files: they are named with _FILE
 * @returns {string} the same with the names of variables
 */
export function withVariables(message, inFiles = []) {
  return message
    .replace(FIRST, lookUp(VARIABLE_OF_FIRST_WORD))
    .replace(ANYWHERE, lookUp(VARIABLE_OF))
    .replace(/\b(NETOCR_|REDIS_)[A-Z_]+\b/g, (name) => (inFiles.includes(name) ? `${name}_FILE` : name));
}

/**
 * The variable of an option, for tests: '' when messages about it would not name one.
 *
 * @param {string} option such as `slots.maxCalls`
 */
export function variableOf(option) {
  const named = withVariables(`${option} must be something`);
  return named.startsWith(`${option} `) ? '' : named.split(' ')[0];
}
