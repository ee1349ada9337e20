// Names of variables: misspelt ones, those that Kubernetes injects, and the options that errors are about.
import assert from 'node:assert/strict';
import test from 'node:test';
import { variableOf, withVariables } from '../../../web/proxy/environment/option-names.js';
import { checkNames, SECRETS } from '../../../web/proxy/environment/variable-names.js';
import { readEnvironment, VARIABLES } from '../../../web/proxy/environment.js';

const KNOWN = Object.keys(VARIABLES);
const check = (env) => checkNames(env, KNOWN);
const messageOf = (env) => {
  try {
    check(env);
  } catch (error) {
    assert.ok(error instanceof TypeError);
    return error.message;
  }
  return '';
};

test('every known name passes, with any value', () => {
  const names = [...KNOWN, ...SECRETS.map((name) => `${name}_FILE`)];
  check(Object.fromEntries(names.map((name) => [name, '1'])));
  check(Object.fromEntries(names.map((name) => [name, ''])));
});

test('an unknown name is an error that names it and the one that was meant, never the value', () => {
  const table = [
    ['NETOCR_TOKEN_SECRT', 'NETOCR_TOKEN_SECRET'],
    ['NETOCR_TOKENSECRET', 'NETOCR_TOKEN_SECRET'],
    ['NETOCR_ALOWED_ORIGINS', 'NETOCR_ALLOWED_ORIGINS'],
    ['NETOCR_ALLOWED_ORIGIN', 'NETOCR_ALLOWED_ORIGINS'],
    ['NETOCR_ORIGINS', 'NETOCR_ALLOWED_ORIGINS'],
    ['NETOCR_PORT', 'PORT'],
    ['NETOCR_HOST', 'HOST'],
    ['NETOCR_REDIS_URL', 'REDIS_URL'],
    ['NETOCR_RATES_TOKEN', 'NETOCR_RATE_TOKEN'],
    ['NETOCR_SECRET_FILES', 'NETOCR_SECRET_FILE'],
    ['NETOCR_KEYFILE', 'NETOCR_KEY_FILE'],
    ['NETOCR_key', 'NETOCR_KEY'],
    ['NETOCR_ENTIRELY_DIFFERENT', null],
    ['NETOCR_', null],
  ];
  for (const [name, meant] of table) {
    const suggestion = meant ? `: did you mean ${meant}?` : '';
    assert.equal(messageOf({ [name]: 'planted' }), `${name} is not a variable of the proxy${suggestion}`);
    assert.notEqual(messageOf({ [name]: '' }), '', 'also without a value');
  }
  assert.match(
    messageOf({ NETOCR_A_A: '1', NETOCR_KEY: 'k', NETOCR_B_B: '1' }),
    /^NETOCR_A_A .*; NETOCR_B_B /,
  );
});

test('only secrets come from files', () => {
  for (const name of ['NETOCR_UPSTREAM_FILE', 'NETOCR_REVEAL_FILE'])
    assert.equal(
      messageOf({ [name]: '/planted' }),
      `${name} is not a variable of the proxy: only secrets come from files`,
    );
});

test('variables of others are their own', () => {
  check({ PATH: '/bin', NETOCR: '1', netocr_key: '1', XNETOCR_KEY: '1', REDIS_PORT: 'tcp://10.0.0.1:6379' });
});

test('what Kubernetes injects for a service is left aside', () => {
  const injected = {
    SERVICE_HOST: '10.0.0.1',
    SERVICE_PORT: '8787',
    SERVICE_PORT_HTTP: '8787',
    PORT: 'tcp://10.0.0.1:8787',
    PORT_8787_TCP: 'tcp://10.0.0.1:8787',
    PORT_8787_TCP_PROTO: 'tcp',
    PORT_8787_TCP_PORT: '8787',
    PORT_8787_TCP_ADDR: '10.0.0.1',
    PORT_53_UDP: 'udp://10.0.0.1:53',
  };
  for (const service of ['NETOCR', 'NETOCR_PROXY', 'NETOCR_A_1']) {
    check(Object.fromEntries(Object.entries(injected).map(([end, value]) => [`${service}_${end}`, value])));
    check({ [`${service}_PORT`]: 'udp://10.0.0.1:53' });
    for (const value of ['8787', '', 'http://10.0.0.1', 'xtcp://10.0.0.1'])
      assert.match(messageOf({ [`${service}_PORT`]: value }), /is not a variable/, `${service} ${value}`);
  }
  for (const name of ['NETOCR_SERVICE_HOSTS', 'NETOCR_SERVICE_PORTS', 'NETOCR_PORT_TCP', 'NETOCR_PORT_8787'])
    assert.match(messageOf({ [name]: '10.0.0.1' }), /is not a variable/, name);
});

test('a known name with an injected value says whose it is', () => {
  for (const value of ['tcp://10.0.0.1:9100', 'udp://10.0.0.1:9100']) {
    const message = messageOf({ NETOCR_METRICS_PORT: value });
    assert.match(message, /^NETOCR_METRICS_PORT has the address that Kubernetes injects/);
    assert.match(
      message,
      /a service named netocr-metrics: rename the service, set enableServiceLinks: false/,
    );
    assert.ok(!message.includes('10.0.0.1'));
  }
});

test('errors about options name the variable', () => {
  const table = [
    ['key must be 1 to 256', 'NETOCR_KEY must be 1 to 256'],
    ['secret must be', 'NETOCR_SECRET must be'],
    [
      'upstream must be an https URL: the secret travels',
      'NETOCR_UPSTREAM must be an https URL: the secret travels',
    ],
    ['slots.maxCalls must be', 'NETOCR_MAX_CALLS must be'],
    ['breaker.openMs must be', 'NETOCR_BREAKER must be'],
    ['trustProxy must be', 'NETOCR_TRUST_PROXY must be'],
    ['the key of receipts must be', 'NETOCR_RECEIPT_KEY must be'],
    ['receipts.webhook must be', 'NETOCR_WEBHOOK_URL must be'],
    ['the URL of Redis must begin', 'REDIS_URL must begin'],
    [
      'tokenSecret is missing (allowAnonymous lets them)',
      'NETOCR_TOKEN_SECRET is missing (NETOCR_ALLOW_ANONYMOUS lets them)',
    ],
    [
      'previousTokenSecret must differ from tokenSecret.',
      'NETOCR_TOKEN_SECRET_PREVIOUS must differ from NETOCR_TOKEN_SECRET.',
    ],
    ['attempts of compareFaces: blockMs must not', 'NETOCR_ATTEMPTS of compareFaces: blockMs must not'],
    ['key has fewer than 8 characters: replies', 'NETOCR_KEY has fewer than 8 characters: replies'],
    ['reveal: "idcard" is not one of', 'NETOCR_REVEAL: "idcard" is not one of'],
    [
      'reveal withholds the verdict and receipts.webhook is not set',
      'NETOCR_REVEAL withholds the verdict and NETOCR_WEBHOOK_URL is not set',
    ],
    ['allowedOrigins: "*" is no origin', 'NETOCR_ALLOWED_ORIGINS: "*" is no origin'],
    ['internalPort must differ from port', 'NETOCR_INTERNAL_PORT must differ from PORT'],
    // Named already, or no option: a word, a part of another name, a name that is there already.
    ['the key must fit', 'the key must fit'],
    ['myTokenSecret, tokenSecrets and a.trustProxy.b', 'myTokenSecret, tokenSecrets and a.trustProxy.b'],
    ['NETOCR_KEY must be set', 'NETOCR_KEY must be set'],
    ['with allowAnonymous (NETOCR_ALLOW_ANONYMOUS) it', 'with allowAnonymous (NETOCR_ALLOW_ANONYMOUS) it'],
  ];
  for (const [message, expected] of table) assert.equal(withVariables(message), expected);
  for (const [message, expected] of [
    ['tokenSecret must have', 'NETOCR_TOKEN_SECRET_FILE must have'],
    ['previousTokenSecret must have', 'NETOCR_TOKEN_SECRET_PREVIOUS must have'],
    ['the URL of Redis (REDIS_URL) must', 'the URL of Redis (REDIS_URL_FILE) must'],
    ['NETOCR_TOKEN_SECRET_FILE: the file is empty', 'NETOCR_TOKEN_SECRET_FILE: the file is empty'],
  ])
    assert.equal(withVariables(message, ['NETOCR_TOKEN_SECRET', 'REDIS_URL']), expected);
});

test('every option that variables set has its variable in errors', () => {
  const options = readEnvironment({
    NETOCR_KEY: 'k',
    NETOCR_SECRET: 's',
    NETOCR_TOKEN_SECRET: 't'.repeat(32),
    NETOCR_ALLOWED_ORIGINS: 'https://a.example',
    NETOCR_MAX_CALLS: '1',
    NETOCR_MAX_QUEUED: '1',
    NETOCR_RATE_ADDRESS: '1/1',
    NETOCR_RATE_TOKEN: '1/1',
    NETOCR_RATE_GLOBAL: '1/1',
    NETOCR_RATE_FAILED: '1/1',
    NETOCR_RATE_REFUSED: '1/1',
    NETOCR_RECEIPT_KEY: 'r',
    NETOCR_WEBHOOK_URL: 'https://a.example',
  });
  const { redis, receipts, slots, breaker, rates, ...rest } = options;
  const below = (group, value) => Object.keys(value).map((name) => `${group}.${name}`);
  const names = [
    ...Object.keys(rest),
    ...below('slots', slots),
    ...below('breaker', breaker),
    ...below('rates', rates),
    'receipts.webhook',
  ];
  assert.ok(names.length > 20);
  for (const name of names)
    assert.ok(Object.hasOwn(VARIABLES, variableOf(name)), `option-names.js has no variable for ${name}`);
});
