// Pictures of the demo in every look, for people: `node tests/browser/screenshots.mjs [folder]`. Not a test.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser } from './browser.mjs';
import { chooseScenario, kDemoPath, openDemo, operation, originOf } from './demo-page.mjs';
import { drawPhoto, withExif } from './photos.mjs';
import { makeMp4 } from './videos.mjs';

const kFolder = process.argv[2] ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url));
const kSizes = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

/** Steps of one visit; each leaves the page in a state worth a picture. */
const kStates = {
  empty: async () => {},
  pass: async ({ faces, photo }) => {
    await faces.give(0, photo);
    await faces.give(1, photo);
    await faces.run();
  },
  unclear: async ({ page, faces }) => {
    await chooseScenario(page, 'verdict-missing');
    await faces.panel.locator('[data-part="run"]:enabled').waitFor();
    await faces.run();
  },
  attempts: async ({ page, faces }) => {
    const error = {
      code: 'ATTEMPTS_EXHAUSTED',
      message: '',
      requestId: 'screenshot',
      retryAfterMs: 1_700_000,
    };
    await page.route('**/*.do', (route) => route.fulfill({ status: 429, json: { error } }));
    await faces.panel.locator('[data-part="run"]:enabled').waitFor();
    await faces.run();
    await page.unroute('**/*.do');
  },
  rejected: async ({ page, faces }) => {
    await chooseScenario(page, 'recognition-failed');
    await faces.panel.locator('[data-part="run"]:enabled').waitFor();
    await faces.run();
  },
  video: async ({ page, video, clip }) => {
    await chooseScenario(page, '');
    await video.open();
    await video.give(0, clip);
    await video.run();
  },
  unusable: async ({ match, photo, scan }) => {
    await match.open();
    await match.give(0, photo);
    await match.give(1, scan);
  },
  idcard: async ({ match, other }) => {
    await match.give(1, other);
    await match.run();
  },
};

const server = await serve({ port: 0, env: {} });
const browser = await launchBrowser();
await mkdir(kFolder, { recursive: true });
const scratch = await browser.newPage();
const jpeg = async (seed) => withExif(await drawPhoto(scratch, { seed }), 6);
const files = {
  photo: { name: 'IMG_20260301_101530.jpg', mimeType: 'image/jpeg', buffer: await jpeg(1) },
  other: { name: 'selfie.jpg', mimeType: 'image/jpeg', buffer: await jpeg(2) },
  scan: {
    name: 'scan.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(90_000, ' ')]),
  },
  clip: { name: 'me.mp4', mimeType: 'video/mp4', buffer: makeMp4({ durationMs: 4200, bytes: 700_000 }) },
};

for (const [size, options] of Object.entries(kSizes)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const locale of ['zh-CN', 'en-US']) {
      const context = await browser.newContext({ ...options, colorScheme, locale });
      const page = await context.newPage();
      await openDemo(page, originOf(server));
      await page.locator('#sandbox').waitFor();
      const tools = {
        page,
        ...files,
        faces: operation(page, 'compareFaces'),
        video: operation(page, 'checkVideoLiveness'),
        match: operation(page, 'matchIdCard'),
      };
      for (const [state, reach] of Object.entries(kStates)) {
        await reach(tools);
        // The window is made as high as the page: a full-page picture would leave the phone's emulation.
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width: options.viewport.width, height });
        const path = join(kFolder, `${state}-${size}-${colorScheme}-${locale.slice(0, 2)}.png`);
        await page.screenshot({ path });
        await page.setViewportSize(options.viewport);
        console.log(path);
      }
      await page.goto(`${originOf(server)}${kDemoPath}benchmark/`);
      await page.locator('#file').setInputFiles(files.photo);
      await page.locator('#run').click();
      await page.locator('#result[data-state="done"]').waitFor({ timeout: 120_000 });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width: options.viewport.width, height });
      await page.screenshot({
        path: join(kFolder, `benchmark-${size}-${colorScheme}-${locale.slice(0, 2)}.png`),
      });
      await context.close();
    }
  }
}
await browser.close();
await server.close();
