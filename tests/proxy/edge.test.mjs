// The edge adapter's bindings: what it reads, what it leaves aside, what it refuses. In workerd it is tested beside the
// other adapters.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createEdgeProxy } from '../../web/proxy/edge.js';
import { errorOf, KEY, SECRET, TOKEN_SECRET } from './helpers.mjs';

const good = {
  NETOCR_KEY: KEY,
  NETOCR_SECRET: SECRET,
  NETOCR_TOKEN_SECRET: TOKEN_SECRET,
  NETOCR_ALLOWED_ORIGINS: 'https://a.example',
};
const info = (bindings, more) =>
  createEdgeProxy(more).fetch(new Request('https://proxy.example/netocr/info'), bindings);

test('bindings of other names are the worker’s own', async () => {
  const bindings = {
    ...good,
    PORT: 'planted',
    HOST: 'planted',
    ASSETS: { fetch() {} },
    KV: {},
    VERSION: 3,
    netocr_key: 'planted',
  };
  assert.equal((await info(bindings)).status, 200);
});

test('numbers and truth values are text, as JSON bindings give them', async () => {
  assert.equal((await info({ ...good, NETOCR_TRUST_PROXY: 1, NETOCR_MAX_CALLS: 10 })).status, 200);
  await assert.rejects(info({ ...good, NETOCR_TRUST_PROXY: 11 }), /^TypeError: NETOCR_TRUST_PROXY must be/);
  await assert.rejects(info({ ...good, NETOCR_TRUST_PROXY: true }), /^TypeError: NETOCR_TRUST_PROXY must be/);
});

test('wrong bindings are errors that name them, never a value', async () => {
  const table = [
    [{ NETOCR_PLANTED_TOO: 'planted' }, /^NETOCR_PLANTED_TOO is not a variable/],
    [{ NETOCR_KEYS: 'planted' }, /did you mean NETOCR_KEY\?$/],
    [{ NETOCR_PLANTED_TOO: { get() {} } }, /^NETOCR_PLANTED_TOO must be a variable or secret with text$/],
    [{ NETOCR_KEY: { get() {} } }, /^NETOCR_KEY must be a variable or secret with text$/],
    [{ NETOCR_KEY: null }, /^NETOCR_KEY must be a variable or secret with text$/],
    [{ NETOCR_KEY: 'planted ' }, /^NETOCR_KEY must be 1 to 256/],
    [{ NETOCR_KEY: undefined }, /^NETOCR_KEY must be set$/],
    [{ NETOCR_SECRET_FILE: '/planted' }, /^NETOCR_SECRET_FILE cannot be used here: there are no files$/],
    [{ NETOCR_MINT_SECRET: 'planted' }, /^NETOCR_MINT_SECRET cannot be used here: .* mint in your backend/],
    [{ NETOCR_METRICS_PORT: '9100' }, /^NETOCR_METRICS_PORT cannot be used here: only the command/],
    [{ NETOCR_LOG_LEVEL: 'info' }, /^NETOCR_LOG_LEVEL cannot be used here: only the command/],
    [{ REDIS_URL: 'redis://planted' }, /^REDIS_URL cannot be used here: hand over a store$/],
    [{ NETOCR_REDIS_PREFIX: 'planted' }, /^NETOCR_REDIS_PREFIX cannot be used here: hand over a store$/],
    [{ NETOCR_ALLOWED_ORIGINS: '*' }, /^NETOCR_ALLOWED_ORIGINS: "\*" is no origin/],
  ];
  for (const [bindings, pattern] of table)
    await assert.rejects(
      info({ ...good, ...bindings }),
      (error) =>
        error instanceof TypeError && pattern.test(error.message) && !error.message.includes('planted'),
      String(pattern),
    );
});

test('there is no /tokens', async () => {
  const reply = await createEdgeProxy().fetch(
    new Request('https://proxy.example/netocr/tokens', {
      method: 'POST',
      body: '{"operations":["compareFaces"],"origin":"https://a.example"}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN_SECRET}` },
    }),
    good,
  );
  assert.equal((await errorOf(reply)).status, 404);
});
