// A page and its proxy on two origins: the client's options `headers` and `credentials`, and what a page reads that the proxy
// does not let call.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createNodeProxyHandler, startServer } from '../../web/proxy/node/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { kBlankPath, startStaticServer } from './static-server.mjs';

let browser;
let files;
let sandbox;

before(async () => {
  [browser, files, sandbox] = await Promise.all([launchBrowser(), startStaticServer(), startSandbox()]);
});

after(async () => {
  await Promise.all([browser?.close(), files?.close(), sandbox?.close()]);
});

/** A proxy with these options; `seen`: what it was asked, as it came. */
async function startProxy(options) {
  const seen = [];
  const lines = [];
  const handle = createNodeProxyHandler({
    key: 'sandbox-key',
    secret: 'sandbox-secret',
    upstream: sandbox.url,
    allowAnonymous: true,
    allowedOrigins: [files.origin],
    log: (line) => lines.push(line),
    ...options,
  });
  const server = await startServer((request, connection) => {
    seen.push({ method: request.method, headers: Object.fromEntries(request.headers) });
    return handle(request, connection);
  });
  return { endpoint: `${server.url}/netocr`, seen, lines, close: server.close };
}

/** What the page's client makes of one call. */
function call(page, options) {
  return page.evaluate(async (given) => {
    const netocr = await import('/web/client/index.js');
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const context = canvas.getContext('2d');
    for (let x = 0; x < 320; x += 8) {
      context.fillStyle = `hsl(${x} 60% ${30 + (x % 50)}%)`;
      context.fillRect(x, 0, 8, 240);
    }
    const photo = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
    const client = netocr.createClient(given);
    try {
      return (await client.matchIdCard(photo, photo, { transfer: 'file' })).verdict;
    } catch (error) {
      return `${error.code}: ${error.detail}`;
    } finally {
      client.close();
    }
  }, options);
}

/** Opens a page of the static server, runs `use`, and wants nothing logged but what Chromium says of calls that it blocks. */
async function onPage(use, options = {}) {
  const { page, verify } = await openWatchedPage(browser, options);
  await page.goto(files.origin + kBlankPath);
  await use(page);
  await verify();
}

const withOptions = (endpoint) => ({ endpoint, headers: { 'X-Tenant': 'a' }, credentials: 'include' });

describe('across origins', () => {
  test('headers and cookies reach a proxy that allows them, and no further', async () => {
    const upstream = [];
    const spy = createServer((request, response) => {
      upstream.push(request.headers);
      request
        .resume()
        .on('end', () =>
          response.end(
            '{"message":{"status":0,"value":"ok"},"cardsinfo":[{"items":[{"desc":"判定结果","content":"是"}]}]}',
          ),
        );
    });
    await new Promise((resolve) => spy.listen(0, '127.0.0.1', resolve));
    const proxy = await startProxy({
      upstream: `http://127.0.0.1:${spy.address().port}`,
      allowCredentials: true,
      allowedHeaders: ['x-tenant'],
    });
    try {
      await onPage(async (page) => {
        await page.context().addCookies([{ name: 'session', value: 'one', url: proxy.endpoint }]);
        assert.equal(await call(page, withOptions(proxy.endpoint)), 'pass');
      });
      const post = proxy.seen.find(({ method }) => method === 'POST');
      assert.deepEqual([post.headers['x-tenant'], post.headers.cookie], ['a', 'session=one']);
      assert.deepEqual([upstream[0]['x-tenant'], upstream[0].cookie], [undefined, undefined]);
    } finally {
      await proxy.close({ graceMs: 0 });
      await new Promise((resolve) => spy.close(resolve).closeAllConnections());
    }
  });

  for (const [what, given] of [
    ['a header', { headers: { 'X-Tenant': 'a' } }],
    ['cookies', { credentials: 'include' }],
  ]) {
    test(`without the proxy's option ${what} end as NETWORK_ERROR, whose detail says where to look`, async () => {
      const proxy = await startProxy({});
      try {
        await onPage(
          async (page) => {
            const outcome = await call(page, { endpoint: proxy.endpoint, ...given });
            assert.match(
              outcome,
              /^NETWORK_ERROR: no reply from the endpoint: .* with these headers or credentials$/,
            );
            assert.ok(outcome.includes(files.origin), outcome);
          },
          { allowedErrors: [/CORS policy/, /net::ERR_FAILED/] },
        );
      } finally {
        await proxy.close({ graceMs: 0 });
      }
    });
  }

  test('a page of an origin that is not listed: the detail and the log name it', async () => {
    const proxy = await startProxy({ allowedOrigins: ['https://www.example.com'] });
    try {
      await onPage(
        async (page) => {
          const outcome = await call(page, { endpoint: proxy.endpoint });
          assert.match(outcome, /^NETWORK_ERROR: /);
          assert.ok(outcome.includes(files.origin), outcome);
        },
        { allowedErrors: [/CORS policy/, /net::ERR_FAILED/] },
      );
      assert.equal(proxy.lines[0].origin, files.origin);
    } finally {
      await proxy.close({ graceMs: 0 });
    }
  });
});

test('a page on the proxy’s own origin reads the refusal itself', async () => {
  const handle = createNodeProxyHandler({
    key: 'sandbox-key',
    secret: 'sandbox-secret',
    upstream: sandbox.url,
    allowAnonymous: true,
    allowedOrigins: ['https://example.com'],
  });
  // One origin for both, as behind a site's own reverse proxy.
  const site = await startServer(async (request, connection) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/netocr/')) return handle(request, connection);
    return fetch(`${files.origin}${pathname}`);
  });
  try {
    const { page, verify } = await openWatchedPage(browser, { allowedErrors: [/status of 403/] });
    await page.goto(site.url + kBlankPath);
    assert.equal(
      await call(page, { endpoint: '/netocr' }),
      `REQUEST_REFUSED: the proxy's error record: pages of the origin ${site.url} may not call the proxy: its allowed origins do not list it`,
    );
    await verify();
  } finally {
    await site.close({ graceMs: 0 });
  }
});
