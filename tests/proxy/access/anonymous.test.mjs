// Where a proxy may listen that lets calls without a token in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkListening } from '../../../web/proxy/access/anonymous.js';
import { checkConfiguration } from '../../../web/proxy/cli/check.js';
import { createEdgeProxy } from '../../../web/proxy/edge.js';
import { createServer } from '../../../web/proxy/node/index.js';
import { KEY, OPEN, SECRET, TOKEN_SECRET } from '../helpers.mjs';

const NAMES_BOTH =
  /allowAnonymous \(NETOCR_ALLOW_ANONYMOUS\).*allowAnonymousOnNetwork \(NETOCR_ALLOW_ANONYMOUS_ON_NETWORK=1\)/;
const LOOPBACK = [
  '127.0.0.1',
  '127.8.9.10',
  '::1',
  '[::1]',
  '0:0:0:0:0:0:0:1',
  '::ffff:127.0.0.1',
  'localhost',
  'LocalHost',
];
const OTHER = [
  '0.0.0.0',
  '::',
  '[::]',
  '192.0.2.1',
  '10.0.0.1',
  '::ffff:10.0.0.1',
  '2001:db8::1',
  'proxy.example',
  'localhost.example',
  '127.example',
  '1270.0.0.1',
  '',
];

test('without a second word only addresses of this machine alone are listened on', () => {
  for (const host of LOOPBACK) checkListening({ allowAnonymous: true }, host);
  for (const host of [...OTHER, null]) {
    assert.throws(
      () => checkListening({ allowAnonymous: true }, host),
      ({ name, message }) =>
        name === 'TypeError' && NAMES_BOTH.test(message) && !(host && message.includes(host)),
      String(host),
    );
    checkListening({ allowAnonymous: true, allowAnonymousOnNetwork: true }, host);
    checkListening({ allowAnonymous: false }, host);
    checkListening({}, host);
  }
});

test('createServer refuses, and goes on once it was said twice', async () => {
  const open = { key: KEY, secret: SECRET, ...OPEN };
  const closed = {
    key: KEY,
    secret: SECRET,
    tokenSecret: TOKEN_SECRET,
    allowedOrigins: ['https://a.example'],
  };
  // An address for documents (RFC 5737), which no machine has: whoever comes to listen there fails.
  const host = '192.0.2.1';
  await assert.rejects(createServer({ ...open, host }), NAMES_BOTH);
  for (const options of [{ ...open, allowAnonymousOnNetwork: true }, closed])
    await assert.rejects(createServer({ ...options, host }), { code: 'EADDRNOTAVAIL' });
  for (const options of [open, { ...open, host: 'localhost' }])
    await (await createServer(options)).close({ graceMs: 0 });
});

const ENV = {
  NETOCR_KEY: KEY,
  NETOCR_SECRET: SECRET,
  NETOCR_ALLOWED_ORIGINS: 'https://a.example',
  NETOCR_ALLOW_ANONYMOUS: '1',
};

test('`check` says so as well', async () => {
  await assert.rejects(checkConfiguration({ ...ENV, HOST: '0.0.0.0' }, { probes: false }), NAMES_BOTH);
  for (const more of [{}, { HOST: '::1' }, { HOST: '0.0.0.0', NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1' }]) {
    const { verdict, lines } = await checkConfiguration({ ...ENV, ...more }, { probes: false });
    assert.equal(verdict, 'good');
    assert.match(lines[0], /^warning: calls without a token are let in/);
  }
});

test('an edge runtime is on the network in any case', async () => {
  const edge = createEdgeProxy();
  const ask = (env) => edge.fetch(new Request('https://edge.example/netocr/info'), env);
  await assert.rejects(ask(ENV), NAMES_BOTH);
  assert.equal((await ask({ ...ENV, NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1' })).status, 200);
});
