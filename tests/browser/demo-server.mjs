// What most browser tests of the demo share: Chromium, the demo's server and a photo, for all tests of a file.
import { after, before } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { originOf, visitDemo } from './demo-page.mjs';
import { drawPhoto } from './photos.mjs';

/**
 * Starts everything before the first test of the file and ends it after the last.
 * @param {{seed: number, width: number, height: number}} drawing of the photo
 * @returns {{browser: any, server: any, photo: any, visit: (options: object, use: Function) => Promise<void>}} filled
 *   before the first test; `visit` is visitDemo() at this server
 */
export function useDemo(drawing) {
  const demo = {
    browser: null,
    server: null,
    photo: null,
    visit: (options, use) => visitDemo(demo.browser, { origin: originOf(demo.server), ...options }, use),
  };

  before(async () => {
    demo.browser = await launchBrowser();
    demo.server = await serve({ port: 0, env: {} });
    const canvas = await openWatchedPage(demo.browser);
    const buffer = await drawPhoto(canvas.page, drawing);
    demo.photo = { name: 'me.jpg', mimeType: 'image/jpeg', buffer };
    await canvas.verify();
  });

  after(async () => {
    await demo.browser?.close();
    await demo.server?.close();
  });

  return demo;
}
