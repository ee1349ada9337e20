// The tables that exist in two languages are the same: error codes with their stages, endpoints and the proxy's list.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorMessage } from '../../web/client/shared/errors.js';
import { CODES } from '../../web/client/shared/messages.js';
import { ROUTES } from '../../web/proxy/routes.js';
import { loadCore } from './core.mjs';

const core = await loadCore();

test('error codes, stages and retryable flags are those of the core, in its order', () => {
  const ours = Object.entries(CODES).map(([code, { stage, retryable }]) => ({ code, stage, retryable }));
  assert.deepEqual(ours, core.errorCodes());
});

test('every code has a sentence in English and in Chinese, no two alike', () => {
  for (const language of ['en', 'zh']) {
    const texts = Object.values(CODES).map((info) => info[language]);
    assert.equal(new Set(texts).size, texts.length);
    for (const text of texts)
      assert.match(text, language === 'en' ? /^[A-Z][^\p{Script=Han}]+\.$/u : /\p{Script=Han}.*。$/u);
  }
  for (const code of Object.keys(CODES)) {
    assert.equal(errorMessage(code), CODES[code].en);
    assert.equal(errorMessage({ code }, 'zh-CN'), CODES[code].zh);
  }
  assert.equal(errorMessage('toString'), CODES.INTERNAL.en);
  assert.equal(errorMessage('NO_SUCH_CODE', 'zh'), CODES.INTERNAL.zh);
});

test("the proxy's allow-list equals the core's endpoints", () => {
  const routes = ROUTES.map(({ operation, path, typeId, fields, encoding }) => ({
    name: operation,
    path,
    typeId,
    fields: [...fields],
    encoding: encoding === 'multipart' ? 'multipart' : 'form',
  }));
  const endpoints = core
    .endpoints()
    .map(({ name, path, typeId, fields, encoding }) => ({ name, path, typeId, fields, encoding }));
  assert.deepEqual(routes, endpoints);
});

test('endpoints tell how their verdicts are read', () => {
  for (const endpoint of core.endpoints()) {
    const video = endpoint.name === 'checkVideoLiveness';
    assert.equal(endpoint.verdictItem, video ? '是否为活体' : '判定结果');
    assert.deepEqual([endpoint.passWord, endpoint.failWord], video ? ['活体', '非活体'] : ['是', '否']);
    assert.ok(endpoint.successStatuses.length > 0);
    assert.ok([1, 100].includes(endpoint.scoreMax));
    assert.ok(['same-person', 'live', 'spoof'].includes(endpoint.higherMeans));
  }
});
