import assert from 'node:assert/strict';
import test from 'node:test';
import { createMemoryStore, createProxyHandler, DEFAULT_LIMITS, ROUTES } from '../../web/proxy/index.js';
import { OPEN } from './helpers.mjs';

const GOOD = { key: 'k', secret: 's', ...OPEN };
const CLOSED = {
  key: 'k',
  secret: 's',
  allowedOrigins: ['https://a.example'],
  tokenSecret: 'planted-token-secret-of-32-bytes-0',
};

test('wrong options throw at once, name the option and keep the value to themselves', () => {
  const table = [
    [{ ...OPEN, secret: 's' }, /^key must/],
    [{ ...OPEN, key: 'k' }, /^secret must/],
    [{ ...GOOD, key: '' }, /^key must/],
    [{ ...GOOD, key: 'planted\r\nx' }, /^key must/],
    [{ ...GOOD, key: 'planted key' }, /^key must/],
    [{ ...GOOD, key: '--planted' }, /^key must/],
    [{ ...GOOD, secret: 'planted-é' }, /^secret must/],
    [{ key: 'k', secret: 's' }, /^tokenSecret is missing/],
    [{ ...CLOSED, allowedOrigins: undefined }, /^allowedOrigins must list/],
    [{ ...CLOSED, allowedOrigins: [] }, /^allowedOrigins must list/],
    [{ ...CLOSED, allowedOrigins: [], allowAnonymous: true }, /^allowedOrigins must list/],
    [{ ...CLOSED, allowedOrigins: ['https://*.a.example'] }, /^allowedOrigins: /],
    [{ ...CLOSED, tokenSecret: 'planted-31-bytes-planted-31-byt' }, /^tokenSecret must have/],
    [
      { ...CLOSED, tokenSecret: undefined, previousTokenSecret: CLOSED.tokenSecret },
      /^tokenSecret is missing/,
    ],
    [{ ...CLOSED, previousTokenSecret: 'planted' }, /^previousTokenSecret must have/],
    [{ ...CLOSED, mintSecret: 'planted' }, /^mintSecret is no option of the handler/],
    [{ ...CLOSED, rates: { address: { events: 0, perMs: 1 } } }, /^rates\.address must/],
    [{ ...CLOSED, rates: { planted: null } }, /^rates\.|^rates must/],
    [{ ...CLOSED, attempts: 'planted' }, /^attempts must be null or of max, perMs, blockMs, compareFaces/],
    [{ ...CLOSED, attempts: ['planted'] }, /^attempts must be null or of/],
    [{ ...CLOSED, attempts: 5 }, /^attempts must be null or of/],
    [{ ...CLOSED, attempts: { planted: 1 } }, /^attempts must be null or of/],
    [{ ...CLOSED, attempts: { toString: 1 } }, /^attempts must be null or of/],
    [{ ...CLOSED, attempts: { max: 0 } }, /^attempts of compareFaces must be \{max, perMs, blockMs\}/],
    [{ ...CLOSED, attempts: { max: 1001 } }, /^attempts of compareFaces must be/],
    [{ ...CLOSED, attempts: { max: 1.5 } }, /^attempts of compareFaces must be/],
    [{ ...CLOSED, attempts: { max: undefined } }, /^attempts of compareFaces must be/],
    [{ ...CLOSED, attempts: { blockMs: 31 * 86_400_000 } }, /^attempts of compareFaces must be/],
    [
      { ...CLOSED, attempts: { perMs: 1_800_001 } },
      /^attempts of compareFaces: blockMs must not be under perMs/,
    ],
    [{ ...CLOSED, attempts: { matchIdCard: { perMs: '1' } } }, /^attempts of matchIdCard must be/],
    [{ ...CLOSED, attempts: { matchIdCard: { planted: 1 } } }, /^attempts of matchIdCard must be/],
    [{ ...CLOSED, attempts: { matchIdCard: 5 } }, /^attempts of matchIdCard must be/],
    [
      { ...CLOSED, store: { ...createMemoryStore(), takeAttempt: undefined } },
      /^store must have takeAttempt/,
    ],
    [{ ...CLOSED, ratesOnStoreFailure: 'planted' }, /^ratesOnStoreFailure must/],
    [{ ...CLOSED, rates: { failed: { events: 1.5, perMs: 1 } } }, /^rates\.failed must/],
    [{ ...CLOSED, addressHeader: '' }, /^addressHeader must/],
    [{ ...CLOSED, addressHeader: '*' }, /^addressHeader must/],
    [{ ...CLOSED, addressHeader: 'x planted' }, /^addressHeader must/],
    [{ ...CLOSED, addressHeader: 'Cookie' }, /^addressHeader must/],
    [{ ...CLOSED, addressHeader: 'x-netocr-planted' }, /^addressHeader must/],
    [{ ...CLOSED, addressHeader: 'X-Forwarded-For' }, /^addressHeader needs trustProxy/],
    [{ ...CLOSED, addressHeader: 'forwarded', trustProxy: 0 }, /^addressHeader needs trustProxy/],
    [{ ...CLOSED, allowCredentials: 'planted' }, /^allowCredentials must/],
    ...[
      '*',
      '',
      'x planted',
      'x-planted:',
      'Authorization',
      'cookie',
      'Host',
      'Origin',
      'content-length',
      'content-type',
      'transfer-encoding',
      'x-netocr-planted',
      'X-Sandbox-Scenario',
      'x-forwarded-for',
      'forwarded',
      'sec-planted',
      'proxy-authorization',
      'access-control-allow-origin',
      `x-${'p'.repeat(70)}`,
    ].map((name) => [{ ...CLOSED, allowedHeaders: ['x-good', name] }, /^allowedHeaders must/]),
    [{ ...CLOSED, allowedHeaders: 'x-planted' }, /^allowedHeaders must/],
    [{ ...CLOSED, allowedHeaders: ['x-planted', 'X-Planted'] }, /^allowedHeaders must/],
    [
      { ...CLOSED, allowedHeaders: ['cf-connecting-ip'], addressHeader: 'CF-Connecting-IP' },
      /^allowedHeaders must/,
    ],
    [{ ...CLOSED, trustProxy: -1 }, /^trustProxy must/],
    [{ ...CLOSED, trustProxy: true }, /^trustProxy must/],
    [{ ...GOOD, upstream: 'http://planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'http://127.0.0.1.planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'ftp://planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'https://planted:x@host' }, /^upstream must be a URL/],
    [{ ...GOOD, upstream: 'https://host/?planted' }, /^upstream must be a URL/],
    ...['planted', 'planted.example:8791', '127.0.0.1:8791', 'localhost:8791'].map((upstream) => [
      { ...GOOD, upstream },
      /^upstream must be a URL: write https:\/\/ in front \(http:\/\/ only on loopback\)$/,
    ]),
    [{ ...GOOD, allowedOrigins: ['*'] }, /^allowedOrigins: /],
    [{ ...GOOD, allowedOrigins: ['https://planted@a.example/'] }, /^allowedOrigins: /],
    ...[
      'null',
      'capacitor://',
      'capacitor://*',
      'capacitor://listed/',
      'Capacitor://listed',
      'capacitor:listed',
      'chrome-extension://*',
      'file://listed',
      'data://listed',
      'javascript://listed',
      'blob:https://listed.example',
      'ws://listed.example',
      'http://LISTED.example',
      'https://listed.example:443',
    ].map((origin) => [{ ...GOOD, allowedOrigins: [origin] }, /^allowedOrigins: /]),
    [{ ...GOOD, basePath: 'planted' }, /^basePath must/],
    [{ ...GOOD, limits: { replyMs: 0 } }, /^limits\.replyMs must/],
    [{ ...GOOD, limits: { maxReplyBytes: '1' } }, /^limits\.maxReplyBytes must/],
  ];
  for (const [options, pattern] of table) {
    assert.throws(
      () => createProxyHandler(options),
      (error) =>
        error instanceof TypeError && pattern.test(error.message) && !error.message.includes('planted'),
      JSON.stringify(options),
    );
  }
});

test('good options are taken', () => {
  for (const options of [
    GOOD,
    CLOSED,
    { ...CLOSED, previousTokenSecret: 'x'.repeat(32), mintSecret: undefined, trustProxy: 1 },
    { ...CLOSED, attempts: null, store: { ...createMemoryStore(), takeAttempt: undefined } },
    { ...CLOSED, attempts: {} },
    { ...CLOSED, attempts: { max: 1000, perMs: 1, blockMs: 30 * 86_400_000 } },
    { ...CLOSED, attempts: { max: 3, checkLiveness: { max: 1, perMs: 60_000 }, matchIdCard: null } },
    { ...CLOSED, rates: { address: null }, ratesOnStoreFailure: 'open' },
    { ...GOOD, upstream: 'https://netocr.com/' },
    { ...GOOD, upstream: 'http://localhost:1' },
    { ...GOOD, upstream: 'http://[::1]:1' },
    { ...GOOD, basePath: '', allowedOrigins: ['https://a.example', 'http://localhost:3000'] },
    {
      ...CLOSED,
      allowedOrigins: [
        'capacitor://localhost',
        'ionic://localhost',
        'tauri://localhost',
        'https://tauri.localhost',
        'http://localhost',
        'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
        'moz-extension://0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0',
        'app://.',
      ],
    },
    { ...CLOSED, allowCredentials: true, allowedHeaders: ['X-Tenant', 'x-trace'] },
    { ...CLOSED, addressHeader: 'CF-Connecting-IP' },
    { ...CLOSED, addressHeader: 'Forwarded', trustProxy: 1 },
  ]) {
    assert.equal(typeof createProxyHandler(options), 'function');
  }
});

test('the allow-list is well-formed and cannot be changed', () => {
  assert.equal(new Set(ROUTES.map(({ path }) => path)).size, 5);
  for (const route of ROUTES) {
    assert.ok(Object.isFrozen(route) && Object.isFrozen(route.fields));
    assert.match(route.path, /^(ver)?api\/\w+\.do$/);
    assert.match(route.typeId, /^\d{1,8}$/);
    assert.ok(route.fields.every((name) => /^[A-Za-z]+\d?$/.test(name)));
    assert.ok(Number.isSafeInteger(route.maxBodyBytes));
  }
  assert.ok(Object.isFrozen(ROUTES) && Object.isFrozen(DEFAULT_LIMITS));
});
