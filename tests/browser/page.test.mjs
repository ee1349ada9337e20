// The page itself: languages, keyboard, small screens, other ways to give a file, options.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseLanguage } from '../../web/demo/text/i18n.js';
import { texts } from '../../web/demo/text/texts.js';
import { openWatchedPage } from './browser.mjs';
import { contrastOfTexts } from './contrast.mjs';
import { chooseScenario, kDemoPath, openDemo, operation, originOf, seen } from './demo-page.mjs';
import { useDemo } from './demo-server.mjs';

const kPhone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
const kNames = ['compareFaces', 'checkLiveness', 'checkVideoLiveness', 'matchIdCard'];

const demo = useDemo({ seed: 5, width: 1200, height: 900 });
const withDemo = demo.visit;

describe('languages', () => {
  test('both have the same texts with the same gaps', () => {
    assert.deepEqual(Object.keys(texts.zh), Object.keys(texts.en));
    const gaps = (text) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted();
    for (const [key, text] of Object.entries(texts.en))
      assert.deepEqual(gaps(texts.zh[key]), gaps(text), key);
  });

  const kChoices = [
    [{ search: '', stored: null, preferred: ['zh-CN', 'en'] }, 'zh'],
    [{ search: '', stored: null, preferred: ['zh-Hant-TW'] }, 'zh'],
    [{ search: '', stored: null, preferred: ['de-DE', 'en-GB', 'zh-CN'] }, 'en'],
    [{ search: '', stored: null, preferred: ['fr'] }, 'en'],
    [{ search: '', stored: 'en', preferred: ['zh-CN'] }, 'en'],
    [{ search: '?lang=zh', stored: 'en', preferred: ['en'] }, 'zh'],
    [{ search: '?lang=tlh', stored: 'zh', preferred: ['en'] }, 'zh'],
  ];
  for (const [from, expected] of kChoices) {
    test(`${JSON.stringify(from)}: ${expected}`, () => assert.equal(chooseLanguage(from), expected));
  }

  test('the browser’s language is taken; the switch is remembered; a result changes with it', async () => {
    const { page, verify } = await openWatchedPage(demo.browser, { locale: 'zh-CN' });
    await openDemo(page, originOf(demo.server));
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    assert.equal(await seen(page.locator('#tab-compareFaces')), '人脸比对');
    const liveness = operation(page, 'checkLiveness');
    await liveness.open();
    await liveness.give(0, demo.photo);
    assert.equal(await liveness.run(), 'pass');
    assert.equal(await liveness.headline(), '通过\n是活体');
    assert.match(await liveness.fact(liveness.slot(0), '待发送'), /^JPEG · 1200 × 900 · /);

    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await liveness.headline(), 'Pass\nA living person');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.reload();
    assert.equal(await seen(page.locator('#tab-compareFaces')), 'Compare faces');
    await verify();
  });

  for (const [lang, words] of [
    ['zh', /不支持这种格式/],
    ['en', /cannot be used/],
  ]) {
    test(`an error is told in the language of ?lang=${lang}`, () =>
      withDemo({ query: `?lang=${lang}` }, async (page) => {
        const faces = operation(page, 'compareFaces');
        const buffer = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(40)]);
        assert.equal(await faces.give(0, { name: 'x.gif', mimeType: 'image/gif', buffer }), 'failed');
        assert.match(await seen(faces.slot(0).locator('.problem')), words);
      }));
  }

  test('no text on the page is left without a translation', () =>
    withDemo({ query: '?lang=zh' }, async (page) => {
      for (const name of kNames) {
        await page.locator(`#tab-${name}`).click();
        const left = await seen(page.locator('body'));
        assert.doesNotMatch(left, /\b(slot|facts|verdict|result|missing|sandbox|options)\.[a-z]/, name);
      }
      const keys = await page.$$eval('[data-i18n], [data-i18n-label]', (nodes) =>
        nodes.map((node) => node.dataset.i18n ?? node.dataset.i18nLabel),
      );
      for (const key of keys) assert.ok(key in texts.en, key);
    }));
});

describe('keyboard', () => {
  test('arrow keys, Home and End move between the tabs; the panel follows', () =>
    withDemo({}, async (page) => {
      const chosen = () => page.getByRole('tab', { selected: true }).getAttribute('id');
      const focused = () => page.evaluate(() => document.activeElement.id);
      await page.locator('#tab-compareFaces').focus();
      for (const [key, expected] of [
        ['ArrowRight', 1],
        ['ArrowRight', 2],
        ['ArrowRight', 3],
        ['ArrowRight', 0],
        ['ArrowLeft', 3],
        ['Home', 0],
        ['End', 3],
      ]) {
        await page.keyboard.press(key);
        assert.equal(await chosen(), `tab-${kNames[expected]}`, key);
        assert.equal(await focused(), `tab-${kNames[expected]}`, key);
        assert.deepEqual(
          await page.locator('[role="tabpanel"]:visible').evaluateAll((nodes) => nodes.map(({ id }) => id)),
          [`panel-${kNames[expected]}`],
        );
      }
      // One stop for all tabs, then the panel.
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'panel-matchIdCard');
    }));

  test('a whole check without a mouse', () =>
    withDemo({ hash: '#checkLiveness' }, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      assert.equal(await seen(page.getByRole('tab', { selected: true })), 'Photo liveness');
      const choosing = page.waitForEvent('filechooser');
      await liveness.panel.getByRole('button', { name: 'Choose photo' }).focus();
      await page.keyboard.press('Enter');
      await (await choosing).setFiles(demo.photo);
      await liveness.panel.locator('.slot[data-state="ready"]').waitFor();
      await liveness.panel.getByRole('button', { name: 'Check photo' }).focus();
      await page.keyboard.press('Enter');
      assert.equal(await liveness.settled(), 'pass');
      assert.equal(
        await liveness.panel.locator('[data-part="announce"]').textContent(),
        'PassA living person',
      );
      assert.equal(
        await page.evaluate(() => document.activeElement.dataset.part),
        'run',
        'the focus is back on the button',
      );
    }));
});

describe('other ways to give a file', () => {
  /** A drag or a paste that carries a file, as the browser would send it. */
  const sendFile = (target, type) =>
    target.evaluate(
      (node, { type, bytes }) => {
        const transfer = new DataTransfer();
        transfer.items.add(
          new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'given.jpg', {
            type: 'image/jpeg',
          }),
        );
        const options = { bubbles: true, cancelable: true };
        const event =
          type === 'paste'
            ? new ClipboardEvent(type, { ...options, clipboardData: transfer })
            : new DragEvent(type, { ...options, dataTransfer: transfer });
        return node.dispatchEvent(event);
      },
      { type, bytes: demo.photo.buffer.toString('base64') },
    );

  test('dropped on its slot, pasted into the free one, dropped beside', () =>
    withDemo({}, async (page) => {
      const faces = operation(page, 'compareFaces');
      await sendFile(faces.slot(1), 'dragenter');
      assert.match(await faces.slot(1).getAttribute('class'), /dragging/);
      await sendFile(faces.slot(1), 'drop');
      assert.doesNotMatch(await faces.slot(1).getAttribute('class'), /dragging/);
      await faces.panel.locator('.slot:nth-child(2)[data-state="ready"]').waitFor();
      assert.equal(await faces.slot(0).getAttribute('data-state'), 'empty');
      await sendFile(page.locator('body'), 'paste');
      await faces.panel.locator('.slot:nth-child(1)[data-state="ready"]').waitFor();
      assert.equal(await faces.fact(faces.slot(0), 'File'), 'given.jpg');

      await page.locator('#tab-checkLiveness').click();
      assert.equal(
        await sendFile(page.locator('footer'), 'drop'),
        false,
        'the browser must not open the file instead of the page',
      );
      await page.locator('#panel-checkLiveness .slot[data-state="ready"]').waitFor();
    }));

  test('removing a file empties the slot and takes the result away', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      await liveness.give(0, demo.photo);
      await liveness.run();
      await liveness.slot(0).getByRole('button', { name: 'Remove' }).click();
      assert.equal(await liveness.slot(0).getAttribute('data-state'), 'empty');
      assert.equal(await liveness.result.getAttribute('data-state'), 'empty');
      assert.equal(await liveness.panel.locator('[data-part="run"]').isDisabled(), true);
    }));
});

describe('options', () => {
  test('another byte budget and edge: chosen files are prepared again', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      await liveness.give(0, demo.photo);
      await page.locator('#options summary').click();
      await page.locator('[name="maxEdge"]').fill('600');
      await page.locator('[name="maxEdge"]').press('Tab');
      await page.locator('[name="maxKiB"]').fill('30');
      await page.locator('[name="maxKiB"]').press('Tab');
      await liveness.slot(0).getByText('600 × 450').waitFor();
      await liveness.panel.locator('.slot[data-state="ready"]').waitFor();
      const [, kilobytes] = /([\d.]+) KB/.exec(await liveness.fact(liveness.slot(0), 'To send'));
      assert.ok(Number(kilobytes) <= 30, kilobytes);
      assert.equal(await liveness.run(), 'pass');
      assert.equal((await liveness.record()).prepared[0].lossless, true, 'the call sends what was shown');
    }));

  test('a number outside its range is put back into it', () =>
    withDemo({}, async (page) => {
      await page.locator('#options summary').click();
      for (const [name, typed, expected] of [
        ['maxEdge', '3', '16'],
        ['maxKiB', '', '200'],
        ['timeoutS', '9999', '600'],
      ]) {
        await page.locator(`[name="${name}"]`).fill(typed);
        await page.locator(`[name="${name}"]`).press('Tab');
        assert.equal(await page.locator(`[name="${name}"]`).inputValue(), expected, name);
      }
    }));

  test('only scenarios that fit the chosen operation are offered', () =>
    withDemo({}, async (page) => {
      await page.locator('#tab-checkVideoLiveness').click();
      await chooseScenario(page, 'swapped-person');
      await page.locator('#tab-compareFaces').click();
      assert.equal(await page.locator('#scenario').inputValue(), '');
      assert.equal(await page.locator('#scenario option[value="swapped-person"]').count(), 0);
    }));
});

describe('small screens', () => {
  for (const lang of ['zh', 'en']) {
    test(`a phone shows everything without scrolling sideways (${lang})`, () =>
      withDemo({ ...kPhone, query: `?lang=${lang}` }, async (page) => {
        const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        for (const name of kNames) {
          await page.locator(`#tab-${name}`).tap();
          assert.ok((await overflow()) <= 0, name);
        }
        const match = operation(page, 'matchIdCard');
        await match.give(0, { ...demo.photo, name: `${'a_very_long_file_name_'.repeat(8)}.jpg` });
        await match.give(1, demo.photo);
        await match.run();
        await match.result.locator('.raw summary').tap();
        assert.ok((await overflow()) <= 0, 'with a result');
        const camera = match.slot(0).locator('[data-part="camera-file"]');
        assert.equal(await camera.getAttribute('capture'), 'environment');
        assert.equal(await match.slot(0).locator('[data-part="camera"]').isVisible(), true);
        const small = await page
          .locator('button:visible, select:visible, summary:visible')
          .evaluateAll((nodes) =>
            nodes.filter((node) => node.getBoundingClientRect().height < 32).map((node) => node.outerHTML),
          );
        assert.deepEqual(small, [], 'targets for a thumb');
      }));
  }

  test('dark and light differ, and both keep text readable', async () => {
    for (const colorScheme of ['light', 'dark']) {
      await withDemo({ colorScheme }, async (page) => {
        const contrasts = await page.evaluate(contrastOfTexts);
        assert.ok(contrasts.length > 10);
        for (const { text, ratio } of contrasts)
          assert.ok(ratio >= 4.5, `${colorScheme}: "${text}" has ${ratio.toFixed(2)}`);
      });
    }
  });
});

test('the demo is served at the address that npm start prints', async () => {
  const reply = await fetch(`${originOf(demo.server)}/`, { redirect: 'manual' });
  assert.equal(reply.headers.get('location'), kDemoPath);
});
