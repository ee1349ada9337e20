// The client in Node against servers that answer as each test says: results, progress, abort at every stage, time, death.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../../web/client/node/index.js';
import { makePng, photoPixels } from '../../fixtures/make-images.mjs';
import { deadPort, PASS, reply, startServer } from '../../fixtures/server.mjs';
import { closing, OPERATIONS, photoA, photoB, rejection, video } from '../photos.mjs';

const TOKEN = 'planted-t0ken';
const REPLIES = {
  compareFaces: PASS,
  checkLiveness: PASS,
  checkVideoLiveness: JSON.stringify({
    messageString: { status: '2000', value: '成功' },
    infoList: [
      {
        veritem: [
          { desc: '判定值', content: '3.5' },
          { desc: '是否为活体', content: '活体' },
          { desc: '是否有换人', content: '否' },
        ],
      },
    ],
  }),
  matchIdCard: JSON.stringify({
    message: { status: 0, value: '比对完成' },
    cardsinfo: [
      {
        type: '9999',
        items: [
          { desc: '判定值', content: '0.9' },
          { desc: '判定结果', content: '是' },
          { desc: '姓名', content: '张三' },
        ],
      },
    ],
  }),
};
REPLIES.matchIdCardFile = REPLIES.matchIdCard;
const PATHS = {
  compareFaces: '/netocr/verapi/verFaceImage.do',
  checkLiveness: '/netocr/verapi/verLivenessImage.do',
  checkVideoLiveness: '/netocr/verapi/verLivenessVideo.do',
  matchIdCard: '/netocr/api/faceliu.do',
  matchIdCardFile: '/netocr/api/facerecog.do',
};

for (const [name, operate] of Object.entries(OPERATIONS)) {
  test(`${name}: the request, the progress and the result`, async (t) => {
    const server = await startServer(t, (response) =>
      reply(response, REPLIES[name], { headers: { 'X-Request-Id': 'id-1', 'X-Netocr-Sandbox': '1' } }),
    );
    const client = closing(
      t,
      createClient({ endpoint: `${server.url}/netocr/`, token: TOKEN, headers: { 'X-Extra': 'yes' } }),
    );
    const seen = [];
    const result = await operate(client, { onProgress: (progress) => seen.push(progress) });

    assert.equal(server.seen.length, 1);
    const [{ url, headers }] = server.seen;
    assert.equal(url, PATHS[name]);
    assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    assert.equal(headers['x-extra'], 'yes');

    assert.equal(result.operation, name === 'matchIdCardFile' ? 'matchIdCard' : name);
    assert.equal(result.verdict, 'pass');
    assert.equal(result.requestId, 'id-1');
    assert.equal(result.sandbox, true);
    assert.equal(result.status.httpStatus, 200);
    assert.equal('signals' in result, name === 'checkVideoLiveness');
    assert.equal('idCard' in result, name.startsWith('matchIdCard'));
    if (result.idCard) assert.equal(result.idCard.name, '张三');
    assert.ok(result.items.length >= 2);

    const stages = [...new Set(seen.map(({ stage }) => stage))];
    assert.deepEqual(stages, ['load', 'read', 'prepare', 'upload', 'wait', 'download', 'done']);
    const fractions = seen.map(({ fraction }) => fraction);
    assert.deepEqual(
      fractions,
      [...fractions].sort((a, b) => a - b),
    );
    assert.deepEqual([fractions[0], fractions.at(-1)], [0, 1]);
    assert.ok(seen.filter(({ stage }) => stage === 'upload').length > 2, 'the upload is seen in steps');
  });
}

test('what becomes of the inputs is told, and what is sent is that', async (t) => {
  const server = await startServer(t, (response) => reply(response, REPLIES.matchIdCard));
  const client = closing(
    t,
    createClient({ endpoint: server.url, image: { maxBytes: 50_000, maxEdge: 640 } }),
  );
  const { prepared } = await client.matchIdCard(photoA, photoB, { transfer: 'file' });
  const [{ body, headers }] = server.seen;
  const form = await new Response(body, { headers: { 'Content-Type': headers['content-type'] } }).formData();
  for (const [index, photo] of [photoA, photoB].entries()) {
    const summary = prepared[index];
    assert.equal(summary.kind, 'image');
    assert.equal(summary.source.bytes, photo.length);
    assert.equal(form.get(`file${index + 1}`).size, summary.bytes);
    assert.ok(summary.bytes <= 50_000);
    assert.deepEqual([summary.width, summary.height], index === 0 ? [640, 480] : [480, 640]);
    assert.ok(summary.milliseconds >= 0);
    assert.equal(summary.lossless, false);
  }
});

test('a picture of which less than half is there goes out only where the site allows it', async (t) => {
  const server = await startServer(t, (response) => reply(response, REPLIES.checkLiveness));
  const whole = makePng(photoPixels(200, 150, 3));
  const cut = whole.subarray(0, Math.round(whole.length * 0.3));
  const strict = closing(t, createClient({ endpoint: server.url }));
  await assert.rejects(strict.checkLiveness(cut), { code: 'CORRUPT_IMAGE' });
  assert.equal(server.seen.length, 0);

  const client = closing(t, createClient({ endpoint: server.url, image: { allowTruncated: true } }));
  const [summary] = (await client.checkLiveness(cut)).prepared;
  assert.deepEqual(summary.warnings, ['truncated']);
  assert.ok(summary.decodedRows > 30 && summary.decodedRows < 75, String(summary.decodedRows));
  const [entire] = (await client.checkLiveness(whole)).prepared;
  assert.equal(entire.decodedRows, 150);
});

test('a video goes out as it is', async (t) => {
  const server = await startServer(t, (response) => reply(response, REPLIES.checkVideoLiveness));
  const client = closing(t, createClient({ endpoint: server.url }));
  const { prepared, signals } = await client.checkVideoLiveness(new Blob([video]));
  const form = new URLSearchParams(server.seen[0].body.toString('latin1'));
  assert.ok(Buffer.from(form.get('videoContent'), 'base64').equals(video));
  const { milliseconds, ...summary } = prepared[0];
  assert.ok(milliseconds >= 0);
  assert.deepEqual(summary, {
    kind: 'video',
    container: 'mp4',
    bytes: video.length,
    durationMs: 4000,
    warnings: [],
  });
  assert.deepEqual(signals, { live: true, personSwapped: false, blinked: null, openedMouth: null });
});

test('the caller’s buffers are whole afterwards, and one input may be used twice', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const client = closing(t, createClient({ endpoint: server.url }));
  const buffer = photoA.buffer.slice(photoA.byteOffset, photoA.byteOffset + photoA.length);
  await client.compareFaces(buffer, new Uint8Array(buffer));
  assert.equal(buffer.byteLength, photoA.length);
  assert.ok(Buffer.from(buffer).equals(photoA));
});

test('a token function is asked for each call and hears of the abort', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const tokens = ['one', 'two'];
  let signal;
  const client = closing(
    t,
    createClient({
      endpoint: server.url,
      token: async (context) => {
        signal = context.signal;
        return tokens.shift();
      },
    }),
  );
  await client.checkLiveness(photoA);
  await client.checkLiveness(photoA);
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.authorization),
    ['Bearer one', 'Bearer two'],
  );
  assert.equal((await rejection(client.checkLiveness(photoA))).code, 'INVALID_ARGUMENT', 'no token left');
  assert.equal(signal.aborted, true, 'its call is over');
  assert.equal(server.seen.length, 2);
});

test('a token function that fails is UNAUTHORIZED, with its error as the cause', async (t) => {
  const cause = new Error('session over');
  const server = await startServer(t, (response) => reply(response));
  const client = closing(t, createClient({ endpoint: server.url, token: () => Promise.reject(cause) }));
  const error = await rejection(client.checkLiveness(photoA));
  assert.deepEqual([error.code, error.cause, server.seen.length], ['UNAUTHORIZED', cause, 0]);
});

test('an error says which input it is about, and nothing is sent', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const client = closing(t, createClient({ endpoint: server.url, lang: 'zh-CN' }));
  const cases = [
    [() => client.compareFaces(photoA, Buffer.from('no photo')), 'UNRECOGNIZED_FORMAT', 1],
    [() => client.compareFaces(new Uint8Array(0), photoB), 'EMPTY_INPUT', 0],
    [() => client.matchIdCard(photoA, 'photo.jpg'), 'INVALID_ARGUMENT', 1],
    [() => client.checkLiveness(photoA.subarray(0, 150)), 'CORRUPT_IMAGE', 0],
    [() => client.checkVideoLiveness(photoA), 'NOT_A_VIDEO', 0],
    [() => client.checkVideoLiveness(Buffer.concat([video, Buffer.alloc(1 << 20)])), 'VIDEO_TOO_LARGE', 0],
  ];
  for (const [call, code, index] of cases) {
    const error = await rejection(call());
    assert.deepEqual([error.code, error.index], [code, index]);
    assert.match(error.message, /\p{Script=Han}/u);
  }
  assert.equal(server.seen.length, 0);
});

test('findings about a video are warnings when the client says so', async (t) => {
  const server = await startServer(t, (response) => reply(response, REPLIES.checkVideoLiveness));
  const client = closing(
    t,
    createClient({
      endpoint: server.url,
      video: { minDurationMs: 1000, maxDurationMs: 2000, duration: 'warning' },
    }),
  );
  const { prepared } = await client.checkVideoLiveness(video);
  assert.deepEqual(prepared[0].warnings, ['video_too_long']);
});

test('wrong options reject; they do not throw', async (t) => {
  const client = closing(t, createClient({ endpoint: 'https://a.test' }));
  for (const call of [
    () => client.checkLiveness(photoA, { onprogress() {} }),
    () => client.compareFaces(photoA, photoB, 5),
    () => client.matchIdCard(photoA, photoB, { transfer: 'x' }),
    () => client.prepareImage(photoA, { maxedge: 5 }),
    () => client.inspectImage(photoA, { limits: 5 }),
    () => client.warmUp({ x: 1 }),
  ]) {
    assert.equal((await rejection(call())).code, 'INVALID_ARGUMENT');
  }
});

test('a relative endpoint has no meaning outside a page', async (t) => {
  const client = closing(t, createClient({ endpoint: '/netocr' }));
  assert.equal((await rejection(client.checkLiveness(photoA))).code, 'INVALID_ARGUMENT');
});

test('service errors carry what the service said, and the request’s id', async (t) => {
  const body = JSON.stringify({ messageString: { status: '-3', value: '调用次数已用完' }, infoList: [] });
  const server = await startServer(t, (response) =>
    reply(response, body, { headers: { 'X-Request-Id': 'q-7' } }),
  );
  const client = closing(t, createClient({ endpoint: server.url, token: TOKEN }));
  const error = await rejection(client.checkLiveness(photoA));
  assert.deepEqual([error.code, error.requestId], ['SERVICE_QUOTA', 'q-7']);
  assert.deepEqual(error.status, { code: '-3', message: '调用次数已用完', httpStatus: 200 });
  const text = JSON.stringify({ ...error, message: error.message, stack: error.stack });
  assert.doesNotMatch(text, new RegExp(TOKEN));
});

for (const workers of [0, 1]) {
  test(`too many attempts: the error says until when, with ${workers} workers`, async (t) => {
    const record = { code: 'ATTEMPTS_EXHAUSTED', message: 'm', requestId: 'q-8', retryAfterMs: 1_700_000 };
    const server = await startServer(t, (response) =>
      reply(response, JSON.stringify({ error: record }), { status: 429, headers: { 'X-Request-Id': 'q-8' } }),
    );
    const client = closing(t, createClient({ endpoint: server.url, workers, lang: 'zh-CN' }));
    const error = await rejection(client.checkLiveness(photoA));
    assert.deepEqual(
      [error.code, error.retryable, error.retryAfterMs, error.requestId],
      ['ATTEMPTS_EXHAUSTED', true, 1_700_000, 'q-8'],
    );
    assert.match(error.message, /29 分钟后/);
  });
}

// --- abort

for (const stage of ['load', 'read', 'prepare', 'upload', 'wait', 'download']) {
  test(`aborted at ${stage}: rejects with the signal's reason, and the next call works`, async (t) => {
    const server = await startServer(t, (response, { url }) => {
      if (!url.startsWith('/slow')) return reply(response);
      if (stage === 'download') {
        response.writeHead(200, { 'Content-Length': 1000 });
        response.write('{');
      }
      return undefined;
    });
    const client = closing(t, createClient({ endpoint: `${server.url}/slow` }));
    const controller = new AbortController();
    const reason = new Error('the person went back');
    const later = [];
    const error = await rejection(
      client.compareFaces(photoA, photoB, {
        signal: controller.signal,
        onProgress: (progress) => {
          if (controller.signal.aborted) later.push(progress);
          if (progress.stage === stage) controller.abort(reason);
        },
      }),
    );
    assert.equal(error, reason);
    assert.deepEqual(later, [], 'no progress after the abort');
    const next = closing(t, createClient({ endpoint: server.url }));
    assert.equal((await next.checkLiveness(photoA)).verdict, 'pass');
    assert.equal((await client.prepareImage(photoA, { maxEdge: 100 })).width, 100, 'the same client goes on');
  });
}

test('aborted before it starts: nothing is touched', async (t) => {
  const client = closing(t, createClient({ endpoint: 'http://127.0.0.1:1' }));
  const signal = AbortSignal.abort();
  const reports = [];
  const error = await rejection(client.checkLiveness(photoA, { signal, onProgress: (p) => reports.push(p) }));
  assert.equal(error, signal.reason);
  assert.equal(error.name, 'AbortError');
  assert.deepEqual(reports, []);
});

test('one aborted call leaves the others alone', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const client = closing(t, createClient({ endpoint: server.url, workers: 1 }));
  await client.warmUp();
  const controller = new AbortController();
  const others = [client.checkLiveness(photoA), client.checkLiveness(photoB)];
  const aborted = rejection(client.checkLiveness(photoA, { signal: controller.signal }));
  controller.abort();
  assert.equal((await aborted).name, 'AbortError');
  for (const result of await Promise.all(others)) assert.equal(result.verdict, 'pass');
});

test('no listener stays at the caller’s signal', async (t) => {
  const server = await startServer(t, (response) => reply(response));
  const client = closing(t, createClient({ endpoint: server.url }));
  const { signal } = new AbortController();
  const counts = { added: 0, removed: 0 };
  for (const [name, count] of [
    ['addEventListener', 'added'],
    ['removeEventListener', 'removed'],
  ]) {
    const original = signal[name];
    signal[name] = (...args) => {
      counts[count] += 1;
      original.apply(signal, args);
    };
  }
  await client.compareFaces(photoA, photoB, { signal });
  assert.ok(counts.added > 0);
  assert.equal(counts.removed, counts.added);
});

// --- time and death

test('nobody at the endpoint is NETWORK_ERROR, and so is one who hangs up', async (t) => {
  const port = await deadPort();
  const client = closing(t, createClient({ endpoint: `http://127.0.0.1:${port}` }));
  const error = await rejection(client.checkLiveness(photoA));
  assert.deepEqual([error.code, error.retryable, error.status], ['NETWORK_ERROR', true, null]);
  const server = await startServer(t, (response) => response.destroy());
  const other = closing(t, createClient({ endpoint: server.url }));
  assert.equal((await rejection(other.checkLiveness(photoA))).code, 'NETWORK_ERROR');
});

test('a server that is too slow is TIMEOUT; preparing does not count', async (t) => {
  const server = await startServer(t, () => {});
  const client = closing(t, createClient({ endpoint: server.url, timeoutMs: 50 }));
  const started = performance.now();
  const error = await rejection(client.checkLiveness(photoA));
  assert.deepEqual([error.code, error.stage], ['TIMEOUT', 'request']);
  assert.ok(performance.now() - started >= 50);
});

test('close() ends what runs with CLIENT_CLOSED, and what comes after', async (t) => {
  const server = await startServer(t, () => client.close());
  const client = createClient({ endpoint: server.url });
  assert.equal((await rejection(client.checkLiveness(photoA))).code, 'CLIENT_CLOSED');
  assert.equal((await rejection(client.checkLiveness(photoA))).code, 'CLIENT_CLOSED');
  client.close();
});

test('close() while the engine is loading', async () => {
  const client = createClient({ endpoint: 'http://127.0.0.1:1' });
  const running = rejection(client.checkLiveness(photoA));
  client.close();
  assert.equal((await running).code, 'CLIENT_CLOSED');
});

test('close() from the progress callback', async () => {
  const client = createClient({ endpoint: 'http://127.0.0.1:1' });
  const onProgress = ({ stage }) => stage === 'prepare' && client.close();
  assert.equal((await rejection(client.checkLiveness(photoA, { onProgress }))).code, 'CLIENT_CLOSED');
});
