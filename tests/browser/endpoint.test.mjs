// The demo on a static server of its own, which names its proxy with ?endpoint=.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createNodeProxyHandler, startServer } from '../../web/proxy/node/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { chooseScenario, operation, originOf, seen } from './demo-page.mjs';
import { useDemo } from './demo-server.mjs';
import { startStaticServer } from './static-server.mjs';

const demo = useDemo({ seed: 8, width: 1200, height: 900 });
const withDemo = demo.visit;

describe('?endpoint=', () => {
  test('the page of any static server calls a proxy elsewhere, and says where the files go', async () => {
    const files = await startStaticServer();
    const sandbox = await startSandbox();
    const proxy = await startServer(
      createNodeProxyHandler({
        key: 'sandbox-key',
        secret: 'sandbox-secret',
        upstream: sandbox.url,
        sandbox: true,
        allowAnonymous: true,
        allowedOrigins: [files.origin],
      }),
    );
    try {
      const endpoint = `${proxy.url}/netocr`;
      await withDemo(
        { origin: files.origin, query: `?endpoint=${encodeURIComponent(endpoint)}` },
        async (page, { urls }) => {
          await page.locator('#sandbox').waitFor();
          assert.match(await seen(page.locator('#connection')), new RegExp(`another site: ${proxy.url}`));
          assert.equal(await seen(page.locator('#endpoint')), endpoint);
          const match = operation(page, 'matchIdCard');
          await match.open();
          await match.give(0, demo.photo);
          await match.give(1, demo.photo);
          assert.equal(await match.run(), 'pass');
          assert.match((await match.record()).requestId, /\S/, 'the request id is readable across origins');
          await chooseScenario(page, 'fail');
          assert.equal(await match.run(), 'fail', 'the scenario’s header passes the preflight');
          assert.ok(urls.some((url) => url.startsWith(`${endpoint}/api/faceliu.do`)));
        },
      );
    } finally {
      await Promise.all([files.close(), proxy.close(), sandbox.close()]);
    }
  });

  for (const given of [
    'javascript:alert(1)',
    'ftp://127.0.0.1/netocr',
    'http://user:pass@127.0.0.1/netocr',
    'http://',
  ]) {
    test(`${given} is refused; the page’s own server is used`, () =>
      withDemo({ query: `?endpoint=${encodeURIComponent(given)}` }, async (page) => {
        await page.locator('#connection').getByText('not a web address').waitFor();
        assert.equal(await seen(page.locator('#endpoint')), `${originOf(demo.server)}/netocr`);
      }));
  }
});
