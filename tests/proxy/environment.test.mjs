import assert from 'node:assert/strict';
import test from 'node:test';
import { readCommand, readEnvironment, VARIABLES } from '../../web/proxy/environment.js';
import { createNodeProxyHandler } from '../../web/proxy/node/index.js';
import { KEY, SECRET, TOKEN_SECRET } from './helpers.mjs';

const good = {
  NETOCR_KEY: KEY,
  NETOCR_SECRET: SECRET,
  NETOCR_ALLOWED_ORIGINS: ' https://a.example,https://b.example:8443, ',
  NETOCR_TOKEN_SECRET: TOKEN_SECRET,
};
const start = (env) => createNodeProxyHandler(readEnvironment(env));

test('what must be set is set, and all of it is sound; values are never told', () => {
  const table = [
    [{ ...good, NETOCR_KEY: '' }, /^NETOCR_KEY must be set$/],
    [{ ...good, NETOCR_ALLOWED_ORIGINS: 'https://*.a.example' }, /allowedOrigins: "https:.* no wildcards/],
    [{ ...good, NETOCR_ALLOWED_ORIGINS: ' , ' }, /NETOCR_ALLOWED_ORIGINS must list/],
    [{ ...good, NETOCR_ALLOWED_ORIGINS: undefined }, /NETOCR_ALLOWED_ORIGINS must list/],
    [{ ...good, NETOCR_TOKEN_SECRET: TOKEN_SECRET.slice(0, 31) }, /tokenSecret must have at least 32 bytes/],
    [{ ...good, NETOCR_TOKEN_SECRET_PREVIOUS: 'short' }, /previousTokenSecret must have at least 32 bytes/],
    [{ ...good, NETOCR_INTERNAL_PORT: '70000' }, /^NETOCR_INTERNAL_PORT must be a number/],
    [{ ...good, NETOCR_ALLOW_ANONYMOUS: 'yes' }, /NETOCR_ALLOW_ANONYMOUS must be 1 or 0/],
    [
      { ...good, NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: 'yes' },
      /NETOCR_ALLOW_ANONYMOUS_ON_NETWORK must be 1 or 0/,
    ],
    [{ ...good, NETOCR_ATTEMPTS: '5/180' }, /NETOCR_ATTEMPTS must look like 5\/180\/1800/],
    [{ ...good, NETOCR_ATTEMPTS: '0/180/1800' }, /NETOCR_ATTEMPTS must look like/],
    [{ ...good, NETOCR_ATTEMPTS: '5/180/60' }, /attempts of compareFaces: blockMs must not be under perMs/],
    [{ ...good, NETOCR_RATE_TOKEN: '10' }, /NETOCR_RATE_TOKEN must look like/],
    [{ ...good, NETOCR_RATE_GLOBAL: '0/10' }, /NETOCR_RATE_GLOBAL must look like/],
    [{ ...good, NETOCR_RATE_ON_STORE_FAILURE: 'ajar' }, /ratesOnStoreFailure must be/],
    [{ ...good, NETOCR_TRUST_PROXY: 'true' }, /NETOCR_TRUST_PROXY must be a whole number/],
    [{ ...good, NETOCR_TRUST_PROXY: '11' }, /trustProxy must be/],
    [{ ...good, NETOCR_ADDRESS_HEADER: 'forwarded' }, /addressHeader needs trustProxy/],
    [{ ...good, NETOCR_ADDRESS_HEADER: 'planted header' }, /addressHeader must be/],
    [{ ...good, NETOCR_ALLOWED_HEADERS: 'x-planted,cookie' }, /allowedHeaders must be/],
    [{ ...good, NETOCR_ALLOW_CREDENTIALS: 'planted' }, /NETOCR_ALLOW_CREDENTIALS must be 1 or 0/],
    [{ ...good, NETOCR_SANDBOX: '1' }, /^NETOCR_SANDBOX=1 needs NETOCR_UPSTREAM/],
    [{ ...good, NETOCR_RATE_FAILED: 'planted' }, /NETOCR_RATE_FAILED must look like/],
    [{ ...good, NETOCR_WEBHOOK_URL: 'https://a.example' }, /of no use without NETOCR_RECEIPT_KEY/],
    [{ ...good, NETOCR_REVEAL: 'verdict,idcard' }, /NETOCR_REVEAL: "idcard" is not one of verdict, score/],
    [{ ...good, NETOCR_PLANTED: 'planted' }, /^NETOCR_PLANTED is not a variable/],
    [{ NETOCR_KYE: KEY, NETOCR_SECRET: SECRET }, /did you mean NETOCR_KEY\?/],
    [
      { ...good, NETOCR_SECRET_FILE: '/planted' },
      /^NETOCR_SECRET_FILE cannot be used here: there are no files/,
    ],
    [
      { ...good, NETOCR_METRICS_PORT: 'tcp://planted:1' },
      /^NETOCR_METRICS_PORT has the address that Kubernetes/,
    ],
    [{ ...good, NETOCR_RECEIPT_KEY: 'planted' }, /the key of receipts must be a private key of P-256/],
  ];
  for (const [env, pattern] of table) {
    assert.throws(
      () => start(env),
      ({ message }) =>
        pattern.test(message) && ![KEY, SECRET, TOKEN_SECRET, 'planted'].some((it) => message.includes(it)),
      String(pattern),
    );
  }
});

test('a variable without the one that it needs is an error that names both', () => {
  const table = [
    ['NETOCR_REDIS_PREFIX', 'REDIS_URL'],
    ['NETOCR_REDIS_CA_FILE', 'REDIS_URL'],
    ['NETOCR_REDIS_CERT_FILE', 'REDIS_URL'],
    ['NETOCR_REDIS_KEY_FILE', 'REDIS_URL'],
    ['NETOCR_INTERNAL_HOST', 'NETOCR_INTERNAL_PORT'],
    ['NETOCR_INTERNAL_HOSTS', 'NETOCR_INTERNAL_PORT'],
    ['NETOCR_METRICS_HOST', 'NETOCR_INTERNAL_PORT'],
    ['NETOCR_WEBHOOK_URL', 'NETOCR_RECEIPT_KEY'],
  ];
  for (const [name, needed] of table) {
    const message = `${name} is of no use without ${needed}`;
    assert.throws(() => readEnvironment({ ...good, [name]: 'planted' }), { name: 'TypeError', message });
    assert.throws(() => readEnvironment({ ...good, [name]: 'planted', [needed]: '' }), { message });
    readEnvironment({ ...good, [name]: '' });
    readEnvironment({ ...good, [name]: 'planted', [needed]: '9100' });
  }
  for (const name of ['NETOCR_INTERNAL_HOST', 'NETOCR_METRICS_HOST'])
    readEnvironment({ ...good, [name]: '::1', NETOCR_METRICS_PORT: '9100' });
});

test('every variable ends up in its option', () => {
  const mintSecret = 'm'.repeat(32);
  const options = readEnvironment({
    ...good,
    NETOCR_TOKEN_SECRET_PREVIOUS: 'p'.repeat(32),
    NETOCR_MINT_SECRET: mintSecret,
    NETOCR_ALLOW_ANONYMOUS: '1',
    NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1',
    NETOCR_ATTEMPTS: '4/60/900',
    NETOCR_ALLOW_CREDENTIALS: '1',
    NETOCR_ALLOWED_HEADERS: 'X-Tenant, x-trace,',
    NETOCR_RATE_ADDRESS: '10/60',
    NETOCR_RATE_TOKEN: 'off',
    NETOCR_RATE_FAILED: '5/60',
    NETOCR_RATE_REFUSED: 'off',
    NETOCR_RATE_ON_STORE_FAILURE: 'open',
    NETOCR_TRUST_PROXY: '2',
    NETOCR_ADDRESS_HEADER: 'forwarded',
    NETOCR_RECEIPT_KEY: 'line one\\nline two',
    NETOCR_WEBHOOK_URL: 'https://a.example/hook',
    NETOCR_REVEAL: 'verdict, idCard',
    REDIS_URL: 'redis://127.0.0.1',
    NETOCR_REDIS_PREFIX: 'mine:',
    NETOCR_REDIS_CA_FILE: '/tls/ca.pem',
    NETOCR_REDIS_CERT_FILE: '/tls/cert.pem',
    NETOCR_REDIS_KEY_FILE: '/tls/key.pem',
    PORT: '0',
    HOST: '::1',
    NETOCR_UPSTREAM: 'https://service.example',
    NETOCR_SANDBOX: '1',
    NETOCR_MAX_CONNECTIONS: '100',
    NETOCR_MAX_CALLS: '10',
    NETOCR_MAX_QUEUED: '5',
    NETOCR_BREAKER: '3/20',
    NETOCR_INTERNAL_PORT: '9100',
    NETOCR_INTERNAL_HOST: '::1',
    NETOCR_INTERNAL_HOSTS: 'metrics.internal, proxy',
    NETOCR_METRICS_PORT: '9101',
    NETOCR_METRICS_HOST: '::2',
  });
  assert.deepEqual(options, {
    key: KEY,
    secret: SECRET,
    port: 0,
    host: '::1',
    internalPort: 9100,
    internalHost: '::1',
    internalHosts: ['metrics.internal', 'proxy'],
    metricsPort: 9101,
    metricsHost: '::2',
    maxConnections: 100,
    slots: { maxCalls: 10, maxQueued: 5 },
    breaker: { failures: 3, openMs: 20_000 },
    upstream: 'https://service.example',
    sandbox: true,
    allowedOrigins: ['https://a.example', 'https://b.example:8443'],
    allowedHeaders: ['X-Tenant', 'x-trace'],
    allowCredentials: true,
    allowAnonymous: true,
    allowAnonymousOnNetwork: true,
    attempts: { max: 4, perMs: 60_000, blockMs: 900_000 },
    tokenSecret: TOKEN_SECRET,
    previousTokenSecret: 'p'.repeat(32),
    mintSecret,
    rates: {
      address: { events: 10, perMs: 60_000 },
      token: null,
      failed: { events: 5, perMs: 60_000 },
      refused: null,
    },
    ratesOnStoreFailure: 'open',
    trustProxy: 2,
    addressHeader: 'forwarded',
    receipts: { key: 'line one\nline two', webhook: 'https://a.example/hook' },
    reveal: ['verdict', 'idCard'],
    redis: {
      url: 'redis://127.0.0.1',
      prefix: 'mine:',
      tls: { caFile: '/tls/ca.pem', certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' },
    },
  });
  assert.equal(typeof start(good), 'function');
  assert.equal(readEnvironment({ ...good, NETOCR_BREAKER: 'off' }).breaker, null);
  assert.equal(readEnvironment({ ...good, NETOCR_ATTEMPTS: 'off' }).attempts, null);
  assert.equal(readEnvironment({ ...good, NETOCR_ATTEMPTS: '' }).attempts, undefined);
  assert.deepEqual(readCommand({}), { level: 'info', drainMs: 0, graceMs: 60_000 });
  assert.deepEqual(
    readCommand({ NETOCR_LOG_LEVEL: 'warn', NETOCR_DRAIN_SECONDS: '5', NETOCR_GRACE_SECONDS: '7' }),
    { level: 'warn', drainMs: 5000, graceMs: 7000 },
  );
});

test('the help text names every variable that is read', () => {
  const asked = new Set();
  const env = new Proxy(
    { ...good, REDIS_URL: 'redis://127.0.0.1' },
    {
      get(target, name) {
        asked.add(name);
        return target[name];
      },
    },
  );
  readEnvironment(env);
  readCommand(env);
  assert.deepEqual([...asked].sort(), Object.keys(VARIABLES).sort());
});
