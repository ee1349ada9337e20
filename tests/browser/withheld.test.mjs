// The demo behind a proxy that withholds the verdict: the page says so in both languages, and is told nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser } from './browser.mjs';
import { contrastOfTexts } from './contrast.mjs';
import { operation, originOf, seen, visitDemo } from './demo-page.mjs';
import { makeMp4 } from './videos.mjs';

let browser;
let server;
before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: { NETOCR_REVEAL: 'signals' } });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const WORDS = {
  en: [
    'Checked\nThe website receives the result and tells you how to go on.',
    'Withheld from the page',
    'verdict, score, texts of the card, items of the reply, message of the service',
    ['Blinked', 'Opened the mouth'],
  ],
  zh: [
    '核验已完成\n结果由网站接收，请按网站的提示继续。',
    '未提供给网页',
    '判定、分值、证件信息、响应条目、服务的消息',
    ['眨眼', '张嘴'],
  ],
};

for (const [lang, [headline, term, withheld, signals]] of Object.entries(WORDS)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`a withheld verdict (${lang}, ${colorScheme})`, () =>
      visitDemo(browser, { origin: originOf(server), query: `?lang=${lang}`, colorScheme }, async (page) => {
        const video = operation(page, 'checkVideoLiveness');
        await video.open();
        const buffer = makeMp4({ durationMs: 4000 });
        assert.equal(await video.give(0, { name: 'me.mp4', mimeType: 'video/mp4', buffer }), 'ready');
        assert.equal(await video.run(), 'withheld');
        assert.equal(await video.headline(), headline);
        assert.equal(await video.fact(video.result, term), withheld);
        const terms = await video.result.locator('section').first().locator('dt').allInnerTexts();
        assert.deepEqual(terms, signals);
        assert.equal(await video.result.locator('.score, table').count(), 0);
        const record = await video.record();
        assert.deepEqual([record.verdict, record.reason], ['indeterminate', 'withheld']);
        assert.doesNotMatch(await seen(page.locator('body')), /undefined|withheld\.|verdict\./);
        for (const { text, ratio } of await page.evaluate(contrastOfTexts))
          assert.ok(ratio >= 4.5, `"${text}" has ${ratio.toFixed(2)}`);
      }));
  }
}
