// The demo on a static server of its own, which names its proxy with ?endpoint=.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { createNodeProxyHandler, startServer } from '../../web/proxy/node/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { chooseScenario, operation, originOf, seen, visitDemo } from './demo-page.mjs';
import { drawPhoto } from './photos.mjs';
import { startStaticServer } from './static-server.mjs';

let browser;
let server;
let photo;

before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: {} });
  const canvas = await openWatchedPage(browser);
  const buffer = await drawPhoto(canvas.page, { seed: 8, width: 1200, height: 900 });
  photo = { name: 'me.jpg', mimeType: 'image/jpeg', buffer };
  await canvas.verify();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const withDemo = (options, use) => visitDemo(browser, { origin: originOf(server), ...options }, use);

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
          await match.give(0, photo);
          await match.give(1, photo);
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
        assert.equal(await seen(page.locator('#endpoint')), `${originOf(server)}/netocr`);
      }));
  }
});
