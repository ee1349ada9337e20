// NetocrError: its fields, its brand, its way through a worker, and what it must not carry.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorMessage, fromRecord, isNetocrError, NetocrError, toRecord } from '../../web/src/errors.js';
import * as other from '../../web/src/errors.js?another-copy';
import { CODES } from '../../web/src/messages.js';

test('fields of an error', () => {
  const cause = new Error('x');
  const status = { code: '-3', message: 'm', httpStatus: 200 };
  const error = new NetocrError('SERVICE_QUOTA', {
    detail: 'd',
    status,
    requestId: 'r',
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
  assert.equal(error.cause, cause);
  assert.equal(error.message, `SERVICE_QUOTA: ${CODES.SERVICE_QUOTA.en} (d)`);
});

test('defaults, and the other language', () => {
  const error = new NetocrError('TIMEOUT', { lang: 'zh-CN' });
  assert.deepEqual(
    [error.detail, error.position, error.status, error.requestId, error.index],
    ['', 0, null, '', null],
  );
  assert.equal('cause' in error, false);
  assert.equal(error.message, `TIMEOUT: ${CODES.TIMEOUT.zh}`);
  assert.equal(errorMessage(error, 'en'), CODES.TIMEOUT.en);
});

test('the guard knows errors of another copy of the package, and nothing else', () => {
  assert.notEqual(other.NetocrError, NetocrError);
  assert.equal(isNetocrError(new other.NetocrError('TIMEOUT')), true);
  for (const value of [null, undefined, 'TIMEOUT', {}, { code: 'TIMEOUT' }, new Error('x'), 5]) {
    assert.equal(isNetocrError(value), false);
  }
});

test('a record crosses a structured clone and becomes the same error', () => {
  const error = new NetocrError('CORRUPT_IMAGE', { detail: 'd', position: 77, index: 0 });
  const copy = fromRecord(structuredClone(toRecord(error)));
  assert.deepEqual({ ...copy }, { ...error });
  assert.equal(copy.message, error.message);
});

test('a foreign error becomes a crash that quotes nothing of it', () => {
  const record = toRecord(new RangeError('name, number, token'));
  assert.deepEqual(record, { code: 'ENGINE_CRASHED', detail: 'RangeError' });
  assert.deepEqual(toRecord('text'), { code: 'ENGINE_CRASHED', detail: 'string' });
});
