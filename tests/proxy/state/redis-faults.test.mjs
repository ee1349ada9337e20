import assert from 'node:assert/strict';
import test from 'node:test';
import {
  explain,
  reasonOf,
  redirectIn,
  refusedBy,
  withoutConnection,
} from '../../../web/proxy/state/redis-faults.js';

const withCode = (code) => Object.assign(new Error('planted'), { code });

test('what passes and what only the operator can change', () => {
  const table = [
    [withCode('ECONNREFUSED'), 'STORE_AWAY', 'ECONNREFUSED'],
    [withCode('ENOTFOUND'), 'STORE_AWAY', 'ENOTFOUND'],
    [new Error('Socket closed unexpectedly'), 'STORE_AWAY', ''],
    [new Error('LOADING Redis is loading the dataset in memory'), 'STORE_AWAY', 'LOADING'],
    [new Error('CLUSTERDOWN The cluster is down'), 'STORE_AWAY', 'CLUSTERDOWN'],
    [new Error('ERR no run_id'), 'STORE_AWAY', ''],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'STORE_FULL', 'OOM'],
    [new Error('NOAUTH Authentication required.'), 'STORE_REFUSED', 'NOAUTH'],
    [new Error('WRONGPASS invalid username-password pair'), 'STORE_REFUSED', 'WRONGPASS'],
    [new Error('ERR invalid password'), 'STORE_REFUSED', ''],
    [new Error('ERR DB index is out of range'), 'STORE_REFUSED', ''],
    [withCode('CERT_HAS_EXPIRED'), 'STORE_REFUSED', 'CERT_HAS_EXPIRED'],
    [withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'STORE_REFUSED', 'SELF_SIGNED_CERT_IN_CHAIN'],
    [withCode('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'STORE_REFUSED', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    [
      withCode('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      'STORE_REFUSED',
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    ],
    [withCode('ERR_OSSL_X509_KEY_VALUES_MISMATCH'), 'STORE_REFUSED', 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'],
  ];
  for (const [error, code, reason] of table) {
    const { code: actual, reason: word, message, cause } = explain(error);
    assert.deepEqual([actual, word, cause], [code, reason, error]);
    assert.ok(!message.includes('planted'));
  }
  const known = refusedBy('known');
  assert.equal(explain(known), known);
});

test('while there is no connection a refusal stays one, and the reason of the last attempt is told', () => {
  const refusal = withoutConnection('gone', explain(new Error('NOAUTH x')));
  assert.deepEqual([refusal.code, refusal.reason], ['STORE_REFUSED', 'NOAUTH']);
  const away = withoutConnection('gone', explain(withCode('ECONNREFUSED')));
  assert.deepEqual([away.code, away.reason, away.message], ['STORE_AWAY', 'ECONNREFUSED', 'gone']);
  assert.equal(withoutConnection('gone', undefined).code, 'STORE_AWAY');
  assert.equal(reasonOf(undefined), '');
});

test('redirects', () => {
  for (const [message, expected] of [
    ['MOVED 3999 127.0.0.1:6381', { kind: 'MOVED', to: '127.0.0.1:6381' }],
    ['MOVED 3999 :6381', { kind: 'MOVED', to: ':6381' }],
    ['ASK 3999 ::1:6381', { kind: 'ASK', to: '::1:6381' }],
    ['TRYAGAIN Multiple keys request during rehashing of slot', { kind: 'TRYAGAIN', to: '' }],
    ['CLUSTERDOWN Hash slot not served', null],
    ['ERR MOVED 3999 127.0.0.1:6381', null],
  ]) {
    const found = redirectIn(new Error(message));
    assert.deepEqual(found && { to: '', ...found }, expected);
  }
  assert.equal(redirectIn(undefined), null);
});
