// The main job in a real browser: 12-megapixel photos and a video through all five endpoints, from the demo page
// through the proxy to the sandbox, to the verdict on the page.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, openWatchedPage } from './browser.mjs';
import { operation, originOf, seen, visitDemo, watchProgress } from './demo-page.mjs';
import { drawPhoto, kCorners, withExif } from './photos.mjs';
import { startRecorder } from './recorder.mjs';
import { makeMp4 } from './videos.mjs';

const kSecretNote = 'GPS 39.9042N 116.4074E';

let browser;
let server;
let recorder;
/** Two different photos, the first one also sideways with metadata. */
const photos = {};

before(async () => {
  browser = await launchBrowser();
  server = await serve({ port: 0, env: {} });
  recorder = await startRecorder(originOf(server));
  const canvas = await openWatchedPage(browser);
  await canvas.page.goto('about:blank');
  const one = await drawPhoto(canvas.page, { seed: 1 });
  const two = await drawPhoto(canvas.page, { seed: 2 });
  await canvas.verify();
  photos.one = { name: 'one.jpg', mimeType: 'image/jpeg', buffer: one };
  photos.two = { name: 'two.jpg', mimeType: 'image/jpeg', buffer: two };
  photos.sideways = {
    name: '侧放 <b>照片</b>.jpg',
    mimeType: 'image/jpeg',
    buffer: withExif(one, 6, kSecretNote),
  };
});

after(async () => {
  await browser?.close();
  await recorder?.close();
  await server?.close();
});

/** The demo behind the recorder. */
function withDemo(options, use) {
  recorder.calls.length = 0;
  return visitDemo(browser, { origin: recorder.origin, ...options }, use);
}

/** The calls of the service among what was recorded. */
const serviceCalls = () => recorder.calls.filter(({ method }) => method === 'POST');

/** The one call that was made: where it went, and its form as URLSearchParams reads it. */
function onlyCall(path) {
  const calls = serviceCalls();
  assert.deepEqual(
    calls.map((call) => call.path),
    [path],
  );
  return calls[0];
}

/** A form's body, checked as written: base64 is percent-encoded, no credentials. */
function formOf(call) {
  const text = call.body.toString('latin1');
  assert.match(call.headers['content-type'], /^application\/x-www-form-urlencoded/);
  assert.ok(!text.includes('+'), 'a raw + would be read as a space');
  assert.match(text, /%2B/, 'base64 of this size has a +');
  const form = new URLSearchParams(text);
  assert.equal(form.get('format'), 'json');
  for (const name of ['key', 'secret'])
    assert.equal(form.has(name), false, `${name} in a request of the page`);
  return form;
}

/** What was sent as a picture: a JPEG within budget that has no metadata. */
function checkPicture(bytes) {
  assert.ok(bytes.length <= 200 * 1024, `${bytes.length} bytes`);
  assert.equal(bytes.subarray(0, 3).toString('hex'), 'ffd8ff');
  assert.equal(bytes.includes('Exif'), false);
  assert.equal(bytes.includes(kSecretNote), false);
}

const decodeBase64 = (text) => Buffer.from(text, 'base64');

describe('the four operations', () => {
  test('the same photo twice is a pass, and says so in words', () =>
    withDemo({}, async (page) => {
      const faces = operation(page, 'compareFaces');
      assert.equal(await faces.give(0, photos.one), 'ready');
      assert.equal(await faces.give(1, photos.one), 'ready');
      assert.equal(serviceCalls().length, 0, 'nothing is sent before the button is pressed');

      assert.equal(await faces.run(), 'pass');
      assert.equal(await faces.headline(), 'Pass\nThe same person');
      const record = await faces.record();
      assert.equal(record.operation, 'compareFaces');
      assert.equal(record.status.code, '2000');
      assert.equal(record.sandbox, true);
      assert.deepEqual(
        record.prepared.map(({ lossless }) => lossless),
        [true, true],
        'prepared once, not twice',
      );
      assert.equal(await faces.fact(faces.result, 'Request ID'), record.requestId);
      assert.equal(await seen(faces.result.locator('.score h4 b')), '100');
      assert.match(
        await faces.result.locator('.track').getAttribute('aria-label'),
        /scale of 0 to 100, threshold 50, higher/,
      );
      const cells = await faces.result.locator('tbody td').allInnerTexts();
      assert.deepEqual(cells.slice(0, 2), ['判定结果', '是']);

      const form = formOf(onlyCall('/netocr/verapi/verFaceImage.do'));
      assert.equal(form.get('typeId'), '21');
      for (const field of ['img1', 'img2']) checkPicture(decodeBase64(form.get(field)));
    }));

  test('two different photos are a fail', () =>
    withDemo({}, async (page) => {
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photos.one);
      await faces.give(1, photos.two);
      assert.equal(await faces.run(), 'fail');
      assert.equal(await faces.headline(), 'Fail\nNot the same person');
      onlyCall('/netocr/verapi/verFaceImage.do');
    }));

  test('a sideways photo is shown and sent upright, without its metadata, while the page stays responsive', () =>
    withDemo({}, async (page) => {
      const liveness = operation(page, 'checkLiveness');
      await liveness.open();
      const stop = await watchProgress(liveness.slot(0));
      assert.equal(await liveness.give(0, photos.sideways), 'ready');
      const { shown, turns } = await stop();
      assert.ok(page.workers().length >= 1, 'the work is done in a worker');
      const fractions = shown
        .map((text) => Number.parseFloat(text.split(' ').at(-1)))
        .filter(Number.isFinite);
      const between = new Set(fractions.filter((fraction) => fraction > 0 && fraction < 1));
      assert.ok(between.size >= 3, `progress was painted meanwhile: ${shown}`);
      assert.deepEqual(
        fractions,
        fractions.toSorted((a, b) => a - b),
        'it never falls',
      );
      assert.ok(turns > between.size, 'the page’s thread went on');

      assert.equal(await liveness.fact(liveness.slot(0), 'File'), photos.sideways.name);
      assert.match(await liveness.fact(liveness.slot(0), 'Original'), /^JPEG · 4000 × 3000 · [\d.]+ MB$/);
      assert.match(
        await liveness.fact(liveness.slot(0), 'To send'),
        /^JPEG · 1200 × 1600 · [\d.]+ KB\nquality \d+\nturned upright/,
      );
      assert.match(await liveness.fact(liveness.slot(0), 'Time taken'), /^[\d.]+ m?s$/);

      // Orientation 6: the stored picture is turned clockwise, so its bottom left corner is shown at the top left.
      const corners = await cornersOf(liveness.slot(0).locator('img'));
      const turned = [kCorners[3], kCorners[0], kCorners[1], kCorners[2]];
      for (const [i, color] of corners.entries()) assertNear(color, turned[i], `corner ${i}`);

      assert.equal(await liveness.run(), 'pass');
      assert.equal(await liveness.headline(), 'Pass\nA living person');
      const form = formOf(onlyCall('/netocr/verapi/verLivenessImage.do'));
      assert.equal(form.get('typeId'), '3035');
      checkPicture(decodeBase64(form.get('img')));
    }));

  test('a video is sent as it is, and what it shows is listed', () =>
    withDemo({}, async (page) => {
      const video = operation(page, 'checkVideoLiveness');
      await video.open();
      const buffer = makeMp4({ durationMs: 4000 });
      assert.equal(await video.give(0, { name: 'me.mp4', mimeType: 'video/mp4', buffer }), 'ready');
      assert.match(await video.fact(video.slot(0), 'Original'), /^MP4 · /);
      assert.equal(await video.fact(video.slot(0), 'Length'), '4 s');
      const verdict = await video.run();
      const record = await video.record();
      assert.equal(verdict, record.verdict);
      assert.equal(verdict, 'pass');
      assert.equal(record.signals.live, true);
      assert.equal(await video.fact(video.result, 'Living person'), 'yes');
      assert.equal(await video.fact(video.result, 'Person swapped'), 'no');
      const form = formOf(onlyCall('/netocr/verapi/verLivenessVideo.do'));
      assert.equal(form.get('typeId'), '3036');
      assert.ok(decodeBase64(form.get('videoContent')).equals(buffer), 'the very bytes');
    }));

  test('an ID card and a face, as a base64 form', () =>
    withDemo({}, async (page) => {
      const match = operation(page, 'matchIdCard');
      await match.open();
      await match.give(0, photos.one);
      await match.give(1, photos.two);
      assert.equal(await match.run(), 'fail');
      const record = await match.record();
      assert.equal(record.operation, 'matchIdCard');
      assert.equal(await match.fact(match.result, 'Name'), record.idCard.name);
      assert.equal(await match.fact(match.result, 'ID number'), record.idCard.number);
      const form = formOf(onlyCall('/netocr/api/faceliu.do'));
      assert.equal(form.get('typeId'), '9999');
    }));

  test('an ID card and a face, as files', () =>
    withDemo({}, async (page) => {
      const match = operation(page, 'matchIdCard');
      await match.open();
      await match.give(0, photos.one);
      await match.give(1, photos.one);
      await match.panel.getByText('Files', { exact: true }).click();
      assert.equal(await match.run(), 'pass');
      const call = onlyCall('/netocr/api/facerecog.do');
      assert.match(call.headers['content-type'], /^multipart\/form-data; boundary=/);
      const text = call.body.toString('latin1');
      const names = [...text.matchAll(/; name="([^"]*)"/g)].map(([, name]) => name);
      assert.deepEqual(names.toSorted(), ['file1', 'file2', 'format', 'typeId']);
      assert.equal(text.includes('one.jpg'), false, 'the person’s file name stays');
      assert.equal(text.includes(kSecretNote), false);
    }));

  test('no request of the page has a credential or goes anywhere but to its server', () =>
    withDemo({}, async (page, { urls }) => {
      const faces = operation(page, 'compareFaces');
      await faces.give(0, photos.one);
      await faces.give(1, photos.one);
      await faces.run();
      assert.deepEqual(
        [...new Set(urls.filter((url) => url.startsWith('http')).map((url) => new URL(url).origin))],
        [recorder.origin],
      );
      for (const { path, headers, body } of recorder.calls) {
        assert.doesNotMatch(path, /key|secret/i);
        assert.equal(headers.authorization, undefined);
        assert.equal(headers.cookie, undefined);
        assert.doesNotMatch(body.toString('latin1'), /(^|&)(key|secret)=|name="(key|secret)"/);
      }
    }));
});

/** Colours of an image's corners as the browser shows it, clockwise from the top left. */
function cornersOf(image) {
  return image.evaluate(async (node) => {
    await node.decode();
    const { naturalWidth: width, naturalHeight: height } = node;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(node, 0, 0);
    const inset = 24;
    const places = [
      [inset, inset],
      [width - inset, inset],
      [width - inset, height - inset],
      [inset, height - inset],
    ];
    return places.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
  });
}

function assertNear(color, expected, what) {
  const distance = Math.max(...color.map((value, i) => Math.abs(value - expected[i])));
  assert.ok(distance <= 16, `${what}: ${color} is not ${expected}`);
}
