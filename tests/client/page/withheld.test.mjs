// What the client makes of replies from which the proxy withheld parts: what is not there is no property of the result.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../../../web/client/node/index.js';
import { makeJpeg, photoPixels } from '../../fixtures/make-images.mjs';
import { PASS, reply, startServer } from '../../fixtures/server.mjs';
import { closing, operationsOn, rejection } from '../photos.mjs';

const CALLS = operationsOn(makeJpeg(photoPixels(64, 48, 1)), makeJpeg(photoPixels(64, 48, 2)));
const ALL = ['verdict', 'score', 'signals', 'idCard', 'items', 'message'];
const VIDEO = JSON.stringify({
  messageString: { status: '2000', value: '成功' },
  infoList: [
    {
      veritem: [
        { desc: '判定值', content: '3.5' },
        { desc: '是否为活体', content: '活体' },
        { desc: '是否有换人', content: '否' },
        { desc: '是否有眨眼', content: '是' },
      ],
    },
  ],
});
const CARD = JSON.stringify({
  message: { status: 0, value: '比对完成' },
  cardsinfo: [
    {
      items: [
        { desc: '判定结果', content: '是' },
        { desc: '姓名', content: '张三' },
      ],
    },
  ],
});
const BODIES = {
  compareFaces: PASS,
  checkLiveness: PASS,
  checkVideoLiveness: VIDEO,
  matchIdCard: CARD,
  matchIdCardFile: CARD,
};

async function called(t, operation, body, withheld, workers = 0) {
  const server = await startServer(t, (response) =>
    reply(response, body, {
      headers: withheld.length > 0 ? { 'X-Netocr-Withheld': withheld.join(', ') } : {},
    }),
  );
  return CALLS[operation](closing(t, createClient({ endpoint: server.url, workers })));
}

test('nothing withheld: a clear verdict has no reason, an unclear one says so', async (t) => {
  const clear = await called(t, 'compareFaces', PASS, []);
  assert.deepEqual([clear.verdict, clear.reason, clear.withheld], ['pass', '', []]);
  assert.deepEqual(Object.keys(clear), [
    'operation',
    'verdict',
    'reason',
    'score',
    'status',
    'items',
    'withheld',
    'requestId',
    'receipt',
    'sandbox',
    'prepared',
  ]);
  const unclear = await called(t, 'compareFaces', PASS.replace('"是"', '"?"'), []);
  assert.deepEqual([unclear.verdict, unclear.reason], ['indeterminate', 'unclear']);
  const failed = await called(t, 'compareFaces', PASS.replace('"是"', '"否"'), []);
  assert.deepEqual([failed.verdict, failed.reason], ['fail', '']);
});

for (const [operation, body] of Object.entries(BODIES)) {
  test(`${operation}: each part by itself, and all of them`, async (t) => {
    const whole = await called(t, operation, body, []);
    assert.equal(whole.verdict, 'pass');
    for (const withheld of [...ALL.map((part) => [part]), ALL]) {
      const result = await called(t, operation, body, withheld);
      const isThere = (part) => !withheld.includes(part);
      assert.deepEqual(result.withheld, withheld);
      assert.deepEqual(
        [result.verdict, result.reason],
        isThere('verdict') ? ['pass', ''] : ['indeterminate', 'withheld'],
      );
      for (const part of ['score', 'signals', 'idCard', 'items'])
        assert.equal(part in result, part in whole && isThere(part), `${part} without ${withheld}`);
      const { message, ...status } = whole.status;
      assert.deepEqual(result.status, isThere('message') ? { ...status, message } : status);
      if (result.signals && !isThere('verdict'))
        assert.deepEqual(result.signals, { blinked: true, openedMouth: null });
    }
  });
}

test('a success without items is one where items may be missing, also from a worker', async (t) => {
  const empty = '{"messageString":{"status":"2000","value":""},"infoList":[]}';
  const withheld = ['verdict', 'score', 'items'];
  const result = await called(t, 'compareFaces', empty, withheld, 1);
  assert.deepEqual([result.verdict, result.reason, result.withheld], ['indeterminate', 'withheld', withheld]);
  const error = await rejection(called(t, 'compareFaces', empty, ['message']));
  assert.equal(error.code, 'REPLY_MALFORMED');
});

test('an error keeps its code and loses the message that is withheld', async (t) => {
  const body = '{"messageString":{"status":"-9","value":"识别失败"}}';
  for (const workers of [0, 1]) {
    const error = await rejection(called(t, 'compareFaces', body, ['message'], workers));
    assert.deepEqual([error.code, error.status], ['SERVICE_IMAGE_REJECTED', { code: '-9', httpStatus: 200 }]);
  }
});

test('a message that is empty is there, unless it is withheld', async (t) => {
  const body = '{"messageString":{"status":"-9","value":""}}';
  const shown = await rejection(called(t, 'compareFaces', body, ['score']));
  assert.deepEqual(shown.status, { code: '-9', message: '', httpStatus: 200 });
  const hidden = await rejection(called(t, 'compareFaces', body, ALL));
  assert.equal('message' in hidden.status, false);
});
