// The client through the real proxy to the sandbox: the four operations and every scenario of the sandbox, whose table
// says what a careful client arrives at.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from '../../web/client/node/index.js';
import { nodePlatform } from '../../web/client/node/platform.js';
import { createClientOn } from '../../web/client/page/client.js';
import { isNetocrError } from '../../web/client/shared/errors.js';
import { createServer as startProxy } from '../../web/proxy/node/index.js';
import { SCENARIOS } from '../../web/sandbox/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';
import { OPERATIONS, operationsOn, photoA, photoB } from './photos.mjs';

const sandbox = await startSandbox();
const proxy = await startProxy({
  key: 'sandbox-key',
  secret: 'sandbox-secret',
  upstream: sandbox.url,
  allowAnonymous: true,
  allowSameOrigin: true,
  rates: null,
  // One failure after the other is what these scenarios are.
  breaker: null,
  sandbox: true,
  limits: { replyMs: 3000 },
});
const endpoint = `${proxy.url}/netocr`;
const client = createClient({ endpoint });
after(async () => {
  client.close();
  await proxy.close({ graceMs: 0 });
  await sandbox.close({ graceMs: 0 });
});

test('compareFaces: the same picture passes, different ones do not', async () => {
  const same = await client.compareFaces(photoA, photoA);
  assert.equal(same.verdict, 'pass');
  assert.deepEqual(same.score, { value: 100, scale: [0, 100], threshold: 50, higherMeans: 'same-person' });
  assert.equal(same.sandbox, true);
  assert.notEqual(same.requestId, '');
  const different = await client.compareFaces(photoA, photoB);
  assert.equal(different.verdict, 'fail');
});

for (const [name, operate] of Object.entries(OPERATIONS)) {
  test(`${name}: a result`, async () => {
    const result = await operate(client);
    assert.ok(['pass', 'fail'].includes(result.verdict));
    assert.equal(result.sandbox, true);
    assert.notEqual(result.requestId, '');
  });
}

// Small pictures, which pass through: it is about the replies here.
const SMALL = operationsOn(makeJpeg(photoPixels(64, 48, 1)), makeJpeg(photoPixels(64, 48, 2)));
// One compiled module for all clients: a client has its headers for life.
const wasm = nodePlatform.compile('core', undefined);
const platform = { ...nodePlatform, compile: () => wasm };

for (const { name, operations, outcome, change } of SCENARIOS) {
  test(`scenario ${name}: ${outcome}`, async (t) => {
    // Long waits of the table are cut short; the reply is the same.
    const isSlow = change.delivery === 'slow' || change.delivery === 'drip';
    const headers = { 'X-Sandbox-Scenario': isSlow ? `${name}:5` : name };
    const odd = createClientOn(platform, { endpoint, workers: 0, headers });
    t.after(() => odd.close());
    for (const operation of operations) {
      const arrived = await SMALL[operation](odd).then(
        (result) => result.verdict,
        (error) => {
          assert.ok(isNetocrError(error), String(error));
          assert.notEqual(error.requestId, '');
          return error.code;
        },
      );
      const expected = outcome === 'usual' ? (await SMALL[operation](client)).verdict : outcome;
      assert.equal(arrived, expected, operation);
    }
  });
}
