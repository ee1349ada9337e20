// What the probe makes of the service's answers: only those that are known to mean something decide.
import assert from 'node:assert/strict';
import test from 'node:test';
import { probeService } from '../../../web/proxy/cli/probe.js';
import { DEFAULT_LIMITS } from '../../../web/proxy/settings.js';
import { startSandbox } from '../../../web/sandbox/node.js';
import { startUpstream } from '../helpers.mjs';

const settings = (upstream, secret = 'sandbox-secret') => ({
  upstream,
  key: 'sandbox-key',
  secret,
  limits: { ...DEFAULT_LIMITS, replyMs: 5000 },
});
const message = (status, value = '') => JSON.stringify({ message: { status, value }, cardsinfo: [] });
const messageString = (status, value = '') =>
  JSON.stringify({ messageString: { status, value }, infoList: [] });

test('the sandbox takes the right secret and refuses another', async (t) => {
  const service = await startSandbox();
  t.after(() => service.close({ graceMs: 50 }));
  assert.equal((await probeService(settings(service.url))).verdict, 'good');
  const refused = await probeService(settings(service.url, 'planted-secret'));
  assert.deepEqual(refused, { verdict: 'bad', line: 'service: it refuses key or secret' });
});

test('answers of all kinds', async (t) => {
  let answer;
  const upstream = await startUpstream(t, {
    reply(_request, response, record) {
      const form = new URLSearchParams(record.body().toString());
      assert.deepEqual([...form.keys()], ['key', 'secret', 'typeId', 'format', 'img']);
      assert.equal(Buffer.from(form.get('img'), 'base64').toString(), 'no picture');
      response.statusCode = answer.http ?? 200;
      response.end(answer.body);
    },
  });
  const table = [
    ['good', message(-1, '识别失败!ReconClientL:-2')],
    ['good', messageString('10003', '图片格式错误')],
    ['good', messageString('2000', '成功')],
    ['good', '{"status":"4","msg":"missing image"}'],
    ['bad', message(-4)],
    ['bad', messageString('10001', 'planted')],
    ['bad', message(-1, '密钥错误')],
    ['bad', messageString('500', 'invalid request: key invalid')],
    ['bad', message(-3)],
    ['bad', messageString('7', '余额不足')],
    // A check of parameters may come before that of the account; -1 without the recogniser's words may be anything.
    ['unknown', message(-2, '参数错误')],
    ['unknown', message(-1)],
    ['unknown', message(0)],
    ['unknown', messageString('999', 'monkey')],
    ['unknown', '<html>welcome</html>'],
    ['unknown', '{}'],
    ['unknown', 'null'],
    ['unknown', '{"message":"hello"}'],
    ['bad', 'gone', 500],
    ['bad', 'gone', 302],
  ];
  for (const [verdict, body, http] of table) {
    answer = { body, http };
    const finding = await probeService(settings(upstream.url));
    assert.equal(finding.verdict, verdict, `${body}: ${finding.line}`);
    assert.equal(/could not tell/.test(finding.line), verdict === 'unknown');
    assert.ok(!/planted|sandbox/.test(finding.line));
  }
  assert.equal(upstream.records.length, table.length, 'one call each');
});
