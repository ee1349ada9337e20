import assert from 'node:assert/strict';
import test from 'node:test';
import { createProxyHandler, DEFAULT_LIMITS, ROUTES } from '../../web/proxy/index.js';

const GOOD = { key: 'k', secret: 's' };

test('wrong options throw at once, name the option and keep the value to themselves', () => {
  const table = [
    [{ secret: 's' }, /^key must/],
    [{ key: 'k' }, /^secret must/],
    [{ key: '', secret: 's' }, /^key must/],
    [{ key: 'planted\r\nx', secret: 's' }, /^key must/],
    [{ key: 'planted key', secret: 's' }, /^key must/],
    [{ key: '--planted', secret: 's' }, /^key must/],
    [{ key: 'k', secret: 'planted-é' }, /^secret must/],
    [{ ...GOOD, upstream: 'http://planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'http://127.0.0.1.planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'ftp://planted.example' }, /^upstream must be an https URL/],
    [{ ...GOOD, upstream: 'https://planted:x@host' }, /^upstream must be a URL/],
    [{ ...GOOD, upstream: 'https://host/?planted' }, /^upstream must be a URL/],
    [{ ...GOOD, upstream: 'planted' }, /^upstream must be a URL/],
    [{ ...GOOD, allowedOrigins: ['*'] }, /^allowedOrigins must/],
    [{ ...GOOD, allowedOrigins: ['https://planted.example/'] }, /^allowedOrigins must/],
    [{ ...GOOD, allowedOrigins: ['null'] }, /^allowedOrigins must/],
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
    { ...GOOD, upstream: 'https://netocr.com/' },
    { ...GOOD, upstream: 'http://localhost:1' },
    { ...GOOD, upstream: 'http://[::1]:1' },
    { ...GOOD, basePath: '', allowedOrigins: ['https://a.example', 'http://localhost:3000'] },
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
