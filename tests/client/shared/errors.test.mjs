// NetocrError: its fields, its brand, its way through a worker, and what it must not carry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errorMessage,
  fromRecord,
  isNetocrError,
  NetocrError,
  toRecord,
} from '../../../web/client/shared/errors.js';
import * as other from '../../../web/client/shared/errors.js?another-copy';
import { CODES } from '../../../web/client/shared/messages.js';

test('fields of an error', () => {
  const cause = new Error('x');
  const status = { code: '-3', message: 'm', httpStatus: 200 };
  const error = new NetocrError('SERVICE_QUOTA', {
    detail: 'd',
    status,
    requestId: 'r',
    retryAfterMs: 90_000,
    position: 5,
    index: 1,
    cause,
  });
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'NetocrError');
  assert.deepEqual(
    [error.code, error.stage, error.retryable, error.detail, error.position, error.requestId, error.index],
    ['SERVICE_QUOTA', 'reply', false, 'd', 5, 'r', 1],
  );
  assert.equal(error.status, status);
  assert.equal(error.retryAfterMs, 90_000);
  assert.equal(error.cause, cause);
  assert.equal(error.message, `SERVICE_QUOTA: ${CODES.SERVICE_QUOTA.en} (d)`);
});

test('defaults, and the other language', () => {
  const error = new NetocrError('TIMEOUT', { lang: 'zh-CN' });
  assert.deepEqual(
    [error.detail, error.position, error.status, error.requestId, error.retryAfterMs, error.index],
    ['', 0, null, '', null, null],
  );
  assert.equal('cause' in error, false);
  assert.equal(error.message, `TIMEOUT: ${CODES.TIMEOUT.zh}`);
  assert.equal(errorMessage(error, 'en'), CODES.TIMEOUT.en);
});

test('an error that lasts for minutes says how many, where that is known', () => {
  const table = [
    [
      1_800_000,
      'You have tried too often. Please try again in 30 minutes.',
      '尝试次数过多，请在 30 分钟后再试。',
    ],
    [
      7_200_000,
      'You have tried too often. Please try again in 2 hours.',
      '尝试次数过多，请在 2 小时后再试。',
    ],
    [
      7_200_001,
      'You have tried too often. Please try again in 3 hours.',
      '尝试次数过多，请在 3 小时后再试。',
    ],
    [
      1_740_001,
      'You have tried too often. Please try again in 30 minutes.',
      '尝试次数过多，请在 30 分钟后再试。',
    ],
    [60_000, 'You have tried too often. Please try again in 1 minute.', '尝试次数过多，请在 1 分钟后再试。'],
    [0, 'You have tried too often. Please try again in 1 minute.', '尝试次数过多，请在 1 分钟后再试。'],
    [null, CODES.ATTEMPTS_EXHAUSTED.en, CODES.ATTEMPTS_EXHAUSTED.zh],
  ];
  for (const [retryAfterMs, en, zh] of table) {
    const error = new NetocrError('ATTEMPTS_EXHAUSTED', { retryAfterMs });
    assert.deepEqual([errorMessage(error), errorMessage(error, 'zh-CN')], [en, zh]);
    assert.equal(error.message, `ATTEMPTS_EXHAUSTED: ${en}`);
  }
  assert.equal(errorMessage('ATTEMPTS_EXHAUSTED'), CODES.ATTEMPTS_EXHAUSTED.en);
  assert.equal(errorMessage({ code: 'RATE_LIMITED', retryAfterMs: 90_000 }), CODES.RATE_LIMITED.en);
});

test('the guard knows errors of another copy of the package, and nothing else', () => {
  assert.notEqual(other.NetocrError, NetocrError);
  assert.equal(isNetocrError(new other.NetocrError('TIMEOUT')), true);
  for (const value of [null, undefined, 'TIMEOUT', {}, { code: 'TIMEOUT' }, new Error('x'), 5]) {
    assert.equal(isNetocrError(value), false);
  }
});

test('a record crosses a structured clone and becomes the same error', () => {
  const error = new NetocrError('CORRUPT_IMAGE', { detail: 'd', position: 77, retryAfterMs: 5, index: 0 });
  const copy = fromRecord(structuredClone(toRecord(error)));
  assert.deepEqual({ ...copy }, { ...error });
  assert.equal(copy.message, error.message);
});

test('a foreign error becomes a crash that quotes nothing of it', () => {
  const record = toRecord(new RangeError('name, number, token'));
  assert.deepEqual(record, { code: 'ENGINE_CRASHED', detail: 'RangeError' });
  assert.deepEqual(toRecord('text'), { code: 'ENGINE_CRASHED', detail: 'string' });
});
