// What goes wrong on the way, as the person sees it: odd replies, cancelling, dead and slow servers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { deadPort } from '../fixtures/server.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { chooseScenario, kDemoPath, openDemo, operation, originOf, seen, visitDemo } from './demo-page.mjs';
import { drawPhoto } from './photos.mjs';
import { startRecorder } from './recorder.mjs';

let browser;
let server;
let recorder;
let photo;
let bigPhoto;

before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: {} });
  recorder = await startRecorder(originOf(server));
  const canvas = await openWatchedPage(browser);
  photo = {
    name: 'me.jpg',
    mimeType: 'image/jpeg',
    buffer: await drawPhoto(canvas.page, { seed: 3, width: 800, height: 600 }),
  };
  bigPhoto = { name: 'big.jpg', mimeType: 'image/jpeg', buffer: await drawPhoto(canvas.page, { seed: 4 }) };
  await canvas.verify();
});

after(async () => {
  await browser?.close();
  await recorder?.close();
  await server?.close();
});

const withDemo = (options, use) => visitDemo(browser, { origin: originOf(server), ...options }, use);

/** Scenario of the sandbox -> what the page shows. */
const kReplies = [
  { scenario: 'recognition-failed', shows: 'error', code: 'SERVICE_IMAGE_REJECTED', says: /take it again/ },
  { scenario: 'quota-used-up', shows: 'error', code: 'SERVICE_QUOTA', says: /not available now/ },
  { scenario: 'bad-key', shows: 'error', code: 'SERVICE_AUTH', says: /tell whoever runs this page/ },
  { scenario: 'html', shows: 'error', code: 'REPLY_MALFORMED', says: /cannot be understood/ },
  { scenario: 'truncated-json', shows: 'error', code: 'REPLY_MALFORMED', says: /cannot be understood/ },
  { scenario: 'verdict-missing', shows: 'indeterminate', says: /does not count as passed/ },
];

describe('replies of the service', () => {
  for (const { scenario, shows, code, says } of kReplies) {
    test(`${scenario}: ${code ?? shows}`, () =>
      withDemo({}, async (page) => {
        await chooseScenario(page, scenario);
        assert.equal(await seen(page.locator('#sandbox [data-part="expected"] code')), scenario);
        const faces = operation(page, 'compareFaces');
        await faces.give(0, photo);
        await faces.give(1, photo);
        assert.equal(await faces.run(), shows);
        assert.match(await faces.headline(), says);
        if (code) assert.equal((await faces.record()).code, code);
        assert.match((await faces.record()).requestId, /\S/);

        // The next call is not held back by the failed one.
        await chooseScenario(page, '');
        assert.equal(await faces.run(), 'pass');
      }));
  }

  test('a server error of the service', () =>
    withDemo({ allowedErrors: [/status of 502/] }, async (page) => {
      await chooseScenario(page, 'http-500');
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photo);
      await faces.give(1, photo);
      assert.equal(await faces.run(), 'error');
      assert.equal((await faces.record()).code, 'UPSTREAM_ERROR');
    }));
});

describe('too many attempts', () => {
  let strict;
  before(async () => {
    strict = await serve({ port: 0, env: { NETOCR_ATTEMPTS: '2/600/1800' } });
  });
  after(() => strict?.close());

  const said = {
    en: [/You have tried too often/, /^You can try again in \d\d min \d{1,2} s\.$/, 'You can try again now.'],
    zh: [/尝试次数过多/, /^\d\d 分 \d{1,2} 秒 后可以重试。$/, '现在可以重试。'],
  };
  test('the page says so, counts the time down, and then lets the person try again', () =>
    visitDemo(browser, { origin: originOf(strict), allowedErrors: [/status of 429/] }, async (page) => {
      await page.clock.install();
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photo);
      await faces.give(1, photo);
      for (const verdict of ['pass', 'pass', 'error']) assert.equal(await faces.run(), verdict);
      const { code, retryAfterMs } = await faces.record();
      assert.equal(code, 'ATTEMPTS_EXHAUSTED');
      assert.ok(retryAfterMs > 0 && retryAfterMs <= 1_800_000, String(retryAfterMs));
      const again = faces.result.locator('button');
      for (const language of ['zh', 'en']) {
        await page.locator(`button[data-lang="${language}"]`).click();
        const [headline, wait] = said[language];
        assert.match(await faces.headline(), headline);
        assert.match(await seen(faces.result.locator('.wait')), wait);
        assert.equal(await again.isDisabled(), true);
      }
      await page.clock.fastForward(1_800_000);
      await faces.result.locator(`.wait:text-is("${said.en[2]}")`).waitFor();
      assert.equal(await again.isEnabled(), true);
      // The proxy's own clock has not moved on: it refuses once more, and costs nothing.
      await again.click();
      assert.equal(await faces.settled(), 'error');
      assert.equal((await faces.record()).code, 'ATTEMPTS_EXHAUSTED');
      // Another operation has attempts of its own.
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      await liveness.give(0, photo);
      assert.notEqual(await liveness.run(), 'error');
    }));
});

describe('cancelling and waiting', () => {
  test('a call is cancelled while the service thinks: the request is cut, the page is usable', () =>
    withDemo({ origin: recorder.origin }, async (page) => {
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photo);
      await faces.give(1, photo);
      const arrived = recorder.hold(/verFaceImage/);
      await faces.press();
      await arrived;
      await faces.cancel();
      assert.equal(await faces.settled(), 'error');
      assert.match(await seen(faces.result), /Cancelled/);
      const held = recorder.calls.findLast(({ path }) => /verFaceImage/.test(path));
      await held.aborted;
      assert.equal(await faces.run(), 'pass');
    }));

  test('preparing is cancelled: the slot is empty again and takes the next file', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      // Pressed by the page itself at the first sign of progress: the test is too far away to be quick enough.
      await liveness.slot(0).evaluate((node) => {
        const observer = new MutationObserver(() => {
          const cancel = node.querySelector('[data-part="cancel"]');
          if (node.dataset.state !== 'working' || !cancel.checkVisibility()) return;
          observer.disconnect();
          cancel.click();
        });
        observer.observe(node, { attributes: true, subtree: true });
      });
      await liveness.slot(0).locator('[data-part="file"]').setInputFiles(bigPhoto);
      await page.locator('#panel-checkLiveness .slot[data-state="empty"]').waitFor();
      assert.equal(await liveness.slot(0).locator('.problem').isHidden(), true);
      assert.equal(await liveness.give(0, photo), 'ready');
      assert.equal(await liveness.run(), 'pass');
    }));

  test('another file takes the place of one that is being prepared', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      await liveness.slot(0).locator('[data-part="file"]').setInputFiles(bigPhoto);
      await liveness.slot(0).locator('[data-part="file"]').setInputFiles(photo);
      await page.locator('#panel-checkLiveness .slot[data-state="ready"]').waitFor();
      assert.equal(await liveness.fact(liveness.slot(0), 'File'), photo.name);
    }));

  test('a slow service runs into the time limit; trying again works', () =>
    withDemo({}, async (page) => {
      await chooseScenario(page, 'slow');
      await page.locator('#options summary').click();
      await page.locator('[name="timeoutS"]').fill('0.3');
      await page.locator('[name="timeoutS"]').press('Tab');
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photo);
      await faces.give(1, photo);
      assert.equal(await faces.run(), 'error');
      assert.equal((await faces.record()).code, 'TIMEOUT');
      assert.match(await faces.headline(), /no answer in time/);
      await chooseScenario(page, '');
      await page.locator('[name="timeoutS"]').fill('30');
      await page.locator('[name="timeoutS"]').press('Tab');
      assert.equal(await faces.run(), 'pass');
    }));
});

describe('the server', () => {
  test('a proxy that died: NETWORK_ERROR, and the button to try again', () =>
    withDemo({ origin: recorder.origin, allowedErrors: [/net::ERR_/] }, async (page) => {
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photo);
      await faces.give(1, photo);
      recorder.setDead(true);
      assert.equal(await faces.run(), 'error');
      const record = await faces.record();
      assert.equal(record.code, 'NETWORK_ERROR');
      assert.equal(record.retryable, true);
      recorder.setDead(false);
      await faces.result.getByRole('button', { name: 'Try again' }).click();
      await page.locator('#panel-compareFaces .result[data-verdict="pass"]').waitFor();
    }));

  test('an endpoint where nothing answers is told at once', async () => {
    const dead = { origin: originOf({ port: await deadPort() }) };
    await withDemo(
      {
        query: `?endpoint=${encodeURIComponent(`${dead.origin}/netocr`)}`,
        expectedErrors: [/net::ERR_CONNECTION_REFUSED/],
      },
      async (page) => {
        const notice = page.locator('#connection');
        await notice.getByText('No proxy answers').waitFor();
        assert.match(await seen(notice), new RegExp(dead.origin.replaceAll('.', '\\.')));
        const faces = operation(page, 'compareFaces');
        await faces.give(0, photo);
        await faces.give(1, photo);
        assert.equal(await faces.run(), 'error');
        assert.equal((await faces.record()).code, 'NETWORK_ERROR');
      },
    );
  });

  test('a module that does not arrive: ENGINE_LOAD_FAILED, and trying again loads it', () => {
    return openWatchedPage(browser, { expectedErrors: [/status of 404/] }).then(
      async ({ page, context, verify }) => {
        await context.route(/core\.wasm/, (route) => route.fulfill({ status: 404, body: 'not here' }));
        await openDemo(page, originOf(server));
        const notice = page.locator('#engine-failure');
        await notice.locator('code').waitFor();
        assert.equal(await seen(notice.locator('code')), 'ENGINE_LOAD_FAILED');
        await context.unroute(/core\.wasm/);
        await notice.getByRole('button', { name: 'Try again' }).click();
        await page.locator('#engine-failure[hidden]').waitFor({ state: 'attached' });
        const liveness = operation(page, 'checkLiveness');
        await liveness.open();
        assert.equal(await liveness.give(0, photo), 'ready');
        await verify();
      },
    );
  });

  test('a program that does not arrive: the page says so in both languages', async () => {
    const { page, context, verify } = await openWatchedPage(browser, { expectedErrors: [/status of 404/] });
    await context.route(/web\/client\/index\.js/, (route) => route.fulfill({ status: 404, body: '' }));
    await page.goto(`${originOf(server)}${kDemoPath}`);
    const notice = page.locator('#load-failure');
    await notice.waitFor();
    assert.match(await seen(notice), /could not load[\s\S]*加载失败/);
    await verify();
  });
});
