// Every error code can be met: this produces each of them through the client, and walks the core's own list, so that a
// code without a cause is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import createCodecs from '../../../web/client/dist/codecs.mjs';
import createCore from '../../../web/client/dist/core.mjs';
import { createClient } from '../../../web/client/node/index.js';
import { nodePlatform } from '../../../web/client/node/platform.js';
import { NodeXMLHttpRequest } from '../../../web/client/node/xhr.js';
import { createClientOn } from '../../../web/client/page/client.js';
import { connectInThread } from '../../../web/client/worker/in-thread.js';
import { flatPixels, makeJpeg, makePng } from '../../fixtures/make-images.mjs';
import { makeVideo } from '../../fixtures/make-videos.mjs';
import { deadPort, reply, startServer } from '../../fixtures/server.mjs';
import { loadCore } from '../../wasm/core.mjs';
import { faultyGlue } from '../faulty-core.mjs';
import { closing, rejection } from '../photos.mjs';

const photo = makePng(flatPixels(40, 30));

/** Noise: nothing compresses it. */
function noise() {
  const pixels = flatPixels(64, 64);
  let state = 1;
  pixels.rgb = pixels.rgb.map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return makePng(pixels);
}

/** A JPEG whose frame header says 12 bits a sample. */
function twelveBits() {
  const jpeg = Buffer.from(makeJpeg(flatPixels(16, 16)));
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg[frame + 1] = 0xc1;
  jpeg[frame + 4] = 12;
  return jpeg;
}

const unreadable = () => {
  const blob = new Blob(['x']);
  blob.arrayBuffer = () => Promise.reject(new DOMException('x', 'NotReadableError'));
  return blob;
};

/** A platform in this thread whose core is changed. */
const changedCore = (createCore) => ({
  ...nodePlatform,
  standIn: async () => connectInThread(NodeXMLHttpRequest, { createCore, createCodecs }),
});

const prepare = (input, options) => (client) => client.prepareImage(input, options);
const video = (input) => (client) => client.checkVideoLiveness(input);
const answered = (body, status = 200) => ({ answer: (response) => reply(response, body, { status }) });
const proxy = (code, status) =>
  answered(JSON.stringify({ error: { code, message: '', requestId: 'r' } }), status);
const service = (status, value) =>
  answered(JSON.stringify({ messageString: { status, value }, infoList: [] }));

/** code -> how the client comes to it: `call` on a client with `options` of a server with `answer`. */
const CAUSES = {
  INVALID_ARGUMENT: { call: prepare('not a data URL') },
  EMPTY_INPUT: { call: prepare(new Uint8Array(0)) },
  INPUT_UNREADABLE: { call: prepare(unreadable()) },
  INPUT_TOO_LARGE: { call: prepare(photo, { limits: { maxInputBytes: 10 } }) },
  UNRECOGNIZED_FORMAT: { call: prepare(Buffer.from('plain text')) },
  UNSUPPORTED_FORMAT: { call: prepare(Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')) },
  UNSUPPORTED_FEATURE: { call: prepare(twelveBits()) },
  CORRUPT_IMAGE: { call: prepare(photo.subarray(0, 30)) },
  IMAGE_TOO_LARGE: { call: prepare(photo, { limits: { maxPixels: 100 } }) },
  BUDGET_UNREACHABLE: { call: prepare(noise(), { maxBytes: 1024, minQuality: 95 }) },
  OUT_OF_MEMORY: {
    // The glue assigns the module's own function again when it first needs it.
    platform: changedCore(async (options) =>
      Object.defineProperty(await createCore(options), '_malloc', { get: () => () => 0, set() {} }),
    ),
    call: prepare(photo),
  },
  NOT_A_VIDEO: { call: video(photo) },
  UNSUPPORTED_VIDEO: { call: video(makeVideo('webm', { durationMs: 4000 })) },
  CORRUPT_VIDEO: { call: video(makeVideo('mp4', { durationMs: 4000 }).subarray(0, 60)) },
  VIDEO_TOO_LARGE: { call: video(makeVideo('mp4', { durationMs: 4000, bytes: 1_100_000 })) },
  VIDEO_TOO_SHORT: { call: video(makeVideo('mp4', { durationMs: 1000 })) },
  VIDEO_TOO_LONG: { call: video(makeVideo('mp4', { durationMs: 9000 })) },
  ENGINE_LOAD_FAILED: { options: { wasmUrl: import.meta.url }, call: prepare(photo) },
  ENGINE_CRASHED: { platform: changedCore(faultyGlue.createCore), call: prepare(Buffer.from('TRAP')) },
  CLIENT_CLOSED: {
    call: (client) => {
      client.close();
      return client.checkLiveness(photo);
    },
  },
  // The caller gets its own reason; this code is what a token function hears once its call is over.
  ABORTED: {
    options: {
      token: ({ signal }) => {
        ABORTED.signal = signal;
        return 'x';
      },
    },
    call: (client) => client.checkLiveness(photo).then(() => Promise.reject(ABORTED.signal.reason)),
  },
  TIMEOUT: { options: { timeoutMs: 20 }, answer: () => {} },
  NETWORK_ERROR: { answer: (response) => response.destroy() },
  HTTP_ERROR: answered('<html></html>', 503),
  REQUEST_REFUSED: proxy('REQUEST_REFUSED', 403),
  UNAUTHORIZED: proxy('UNAUTHORIZED', 401),
  TOKEN_MISSING: proxy('TOKEN_MISSING', 401),
  TOKEN_INVALID: proxy('TOKEN_INVALID', 401),
  TOKEN_EXPIRED: proxy('TOKEN_EXPIRED', 401),
  TOKEN_USED_UP: proxy('TOKEN_USED_UP', 401),
  REQUEST_TOO_LARGE: proxy('REQUEST_TOO_LARGE', 413),
  RATE_LIMITED: proxy('RATE_LIMITED', 429),
  ATTEMPTS_EXHAUSTED: proxy('ATTEMPTS_EXHAUSTED', 429),
  UNAVAILABLE: proxy('UNAVAILABLE', 503),
  UPSTREAM_UNREACHABLE: proxy('UPSTREAM_UNREACHABLE', 502),
  UPSTREAM_ERROR: proxy('UPSTREAM_ERROR', 502),
  UPSTREAM_TIMEOUT: proxy('UPSTREAM_TIMEOUT', 504),
  INTERNAL: proxy('INTERNAL', 500),
  REPLY_TOO_LARGE: { options: { limits: { maxReplyBytes: 100 } }, ...answered('x'.repeat(101)) },
  REPLY_MALFORMED: answered('<html></html>'),
  SERVICE_AUTH: service('-4', '密钥错误'),
  SERVICE_QUOTA: service('-5', '余额不足'),
  SERVICE_BAD_PARAMETER: service('-2', '参数错误'),
  SERVICE_IMAGE_REJECTED: service('-1', '未检测到人脸'),
  SERVICE_ERROR: service('-77', '?'),
};
const ABORTED = { signal: AbortSignal.abort() };

test('the list of causes is the core’s list of codes', async () => {
  const codes = (await loadCore()).errorCodes().map(({ code }) => code);
  assert.deepEqual(Object.keys(CAUSES).sort(), codes.sort());
});

for (const [code, { options, platform = nodePlatform, answer = reply, call }] of Object.entries(CAUSES)) {
  test(code, async (t) => {
    const server = await startServer(t, (response) => answer(response));
    const client = closing(t, createClientOn(platform, { endpoint: server.url, workers: 0, ...options }));
    const error = await rejection((call ?? ((it) => it.checkLiveness(photo)))(client));
    assert.equal(error.code, code, error.message);
  });
}

test('an endpoint that nobody listens at, as people meet it', async (t) => {
  const client = closing(t, createClient({ endpoint: `http://127.0.0.1:${await deadPort()}/netocr` }));
  assert.equal((await rejection(client.checkLiveness(photo))).code, 'NETWORK_ERROR');
});
