// Receipts: signed in the proxy over what the service said, verified as a site's backend does.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import { SignJWT } from 'jose';
import { createClient } from '../../../web/client/node/index.js';
import { createProxyHandler, mintToken, ReceiptError, verifyReceipt } from '../../../web/proxy/index.js';
import { createNodeProxyHandler } from '../../../web/proxy/node/index.js';
import { SCENARIOS } from '../../../web/sandbox/index.js';
import { startSandbox } from '../../../web/sandbox/node.js';
import { makeJpeg, photoPixels } from '../../fixtures/make-images.mjs';
import { PASS } from '../../fixtures/server.mjs';
import { byName, fieldsOf, requestOf } from '../../sandbox/helpers.mjs';
import { loadCore, withBytes } from '../../wasm/core.mjs';
import {
  FACE,
  FILE,
  formBody,
  KEY,
  LIVENESS,
  multipartBody,
  OPEN,
  post,
  SECRET,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const ORIGIN = 'https://www.example.com';
const pair = (namedCurve = 'P-256') => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const pem = (key, type) => key.export({ type, format: 'pem' });
  return {
    key: pem(privateKey, 'pkcs8'),
    publicKey: pem(publicKey, 'spki'),
    jwk: privateKey.export({ format: 'jwk' }),
    publicJwk: publicKey.export({ format: 'jwk' }),
    sec1: pem(privateKey, 'sec1'),
    privateKey,
  };
};
const KEYS = pair();
const SESSIONS = {
  allowAnonymous: false,
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  allowSameOrigin: false,
};
const SAME_PERSON = {
  verdict: 'pass',
  score: { value: 98.5, scale: [0, 100], threshold: 50, higherMeans: 'same-person' },
  error: '',
};

const answering = (t, body) => startUpstream(t, { reply: (_request, response) => response.end(body) });
const verify = (receipt, more) =>
  verifyReceipt(receipt, { publicKey: KEYS.publicKey, applicantId: null, ...more });
const receiptOf = (reply) => reply.headers.get('x-netocr-receipt');

test('a receipt says what was sent, by whom, and what came of it', async (t) => {
  const upstream = await answering(t, PASS);
  const proxy = await startProxy(t, { upstream: upstream.url, ...SESSIONS, receipts: { key: KEYS.key } });
  const token = await mintToken({
    secret: TOKEN_SECRET,
    operations: ['compareFaces', 'matchIdCard'],
    origin: ORIGIN,
    applicantId: 'planted-case-1',
  });
  const jti = JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).jti;
  for (const [route, body] of [
    [FACE, Buffer.from(formBody(FACE))],
    [FACE, Buffer.from(formBody(FACE, 'A'.repeat(1_000_000)))],
    [FILE, multipartBody(FILE)],
  ]) {
    const before = Date.now();
    const reply = await post(proxy, route, body, { origin: ORIGIN, authorization: `Bearer ${token}` });
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get('access-control-expose-headers'), /X-Netocr-Receipt/);
    const { time, ...receipt } = await verify(receiptOf(reply), { applicantId: 'planted-case-1' });
    assert.ok(Math.abs(time.getTime() - before) < 60_000);
    assert.deepEqual(receipt, {
      requestId: reply.headers.get('x-request-id'),
      operation: route === FILE ? 'matchIdCard' : 'compareFaces',
      // 2000 is no success of the ID card's operation.
      ...(route === FILE ? { verdict: 'indeterminate', score: null, error: 'SERVICE_ERROR' } : SAME_PERSON),
      status: { code: '2000', httpStatus: 200 },
      tokenId: jti,
      applicantId: 'planted-case-1',
      origin: ORIGIN,
      sent: { sha256: createHash('sha256').update(body).digest('hex'), bytes: body.length },
      sandbox: false,
      withheld: [],
    });
  }
  assert.ok(!JSON.stringify(proxy.lines).includes(token));
});

test('what cannot be read is indeterminate, and a call without a reply has no receipt', async (t) => {
  for (const body of ['', '<html>no</html>', '{"message":{"status":"0"}', 'null', '\0'.repeat(1000)]) {
    const upstream = await answering(t, body);
    const proxy = await startProxy(t, { upstream: upstream.url, receipts: { key: KEYS.key } });
    const reply = await post(proxy, FACE, formBody(FACE));
    const { verdict, score, error, tokenId, applicantId } = await verify(receiptOf(reply));
    assert.deepEqual(
      [verdict, score, error, tokenId, applicantId],
      ['indeterminate', null, 'REPLY_MALFORMED', '', ''],
      body,
    );
  }
  const failing = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(500).end(PASS),
  });
  const proxy = await startProxy(t, { upstream: failing.url, receipts: { key: KEYS.key } });
  assert.equal(receiptOf(await post(proxy, FACE, formBody(FACE))), null);
});

test('a receipt that cannot be made costs nobody the reply', async (t) => {
  const upstream = await answering(t, PASS);
  const warnings = [];
  const judge = { ready: async () => {}, read: () => Promise.reject(new Error('planted')) };
  const receipts = { key: KEYS.key, judge };
  const proxy = await startProxy(t, {
    upstream: upstream.url,
    receipts,
    warn: (text) => warnings.push(text),
  });
  const reply = await post(proxy, FACE, formBody(FACE));
  assert.deepEqual([reply.status, receiptOf(reply), await reply.text()], [200, null, PASS]);
  assert.ok(warnings.includes('a receipt could not be made'));
});

const SANDBOX = { key: 'sandbox-key', secret: 'sandbox-secret', sandbox: true, receipts: { key: KEYS.jwk } };

/** What the page's core makes of a reply. */
function readByPage(core, operation, reply) {
  const { ok, code, verdict, score, statusCode } = withBytes(core, [reply], ([[pointer, length]]) =>
    core.parseReply(operation, 200, pointer, length),
  );
  return ok
    ? { verdict, score: score?.value ?? null, status: statusCode, error: '' }
    : { verdict: 'indeterminate', score: null, status: statusCode, error: code };
}

test('page and proxy agree on every scenario of the sandbox', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const handle = createNodeProxyHandler({
    ...OPEN,
    ...SANDBOX,
    breaker: null,
    upstream: sandbox.url,
    limits: { replyMs: 1000 },
  });
  const core = await loadCore();
  const seen = new Set();
  for (const { name, operations, change } of SCENARIOS) {
    for (const operation of operations.map(byName)) {
      const { key, secret, ...fields } = fieldsOf(operation);
      const { body, headers } = requestOf(operation, fields);
      const bytes = Buffer.from(await new Response(body).arrayBuffer());
      const isSlow = change.delivery === 'slow' || change.delivery === 'drip';
      const request = new Request(`http://localhost/netocr/${operation.path}`, {
        method: 'POST',
        body: bytes,
        headers: {
          'content-type': headers.get('content-type'),
          'content-length': String(bytes.length),
          'x-sandbox-scenario': isSlow ? `${name}:5` : name,
        },
      });
      const reply = await handle(request);
      assert.equal(receiptOf(reply) === null, reply.status !== 200, name);
      if (reply.status !== 200) continue;
      const read = await verify(receiptOf(reply), { allowSandbox: true });
      const expected = readByPage(core, operation.name, Buffer.from(await reply.arrayBuffer()));
      const actual = {
        verdict: read.verdict,
        score: read.score?.value ?? null,
        status: read.status.code,
        error: read.error,
      };
      assert.deepEqual(actual, expected, `${name} ${operation.name}`);
      assert.equal(read.sandbox, true);
      seen.add(read.error || read.verdict);
    }
  }
  for (const word of [
    'pass',
    'fail',
    'indeterminate',
    'SERVICE_AUTH',
    'SERVICE_QUOTA',
    'SERVICE_IMAGE_REJECTED',
    'REPLY_MALFORMED',
  ]) {
    assert.ok(seen.has(word), word);
  }
});

test('the receipt is in the result that the page gets', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const proxy = await startProxy(t, { ...SANDBOX, upstream: sandbox.url });
  const photos = [makeJpeg(photoPixels(64, 48, 1)), makeJpeg(photoPixels(64, 48, 2))];
  const client = createClient({ endpoint: proxy.url, workers: 0 });
  t.after(() => client.close());
  for (const other of photos) {
    const result = await client.compareFaces(photos[0], other);
    const { verdict, score, requestId } = await verify(result.receipt, { allowSandbox: true });
    assert.deepEqual(
      { verdict, score, requestId },
      { verdict: result.verdict, score: result.score, requestId: result.requestId },
    );
    assert.equal(verdict, other === photos[0] ? 'pass' : 'fail');
  }
});

test('what is no receipt of this proxy, this case and this time is refused', async (t) => {
  const upstream = await answering(t, PASS);
  const proxy = await startProxy(t, { upstream: upstream.url, receipts: { key: KEYS.key } });
  const receipt = receiptOf(await post(proxy, FACE, formBody(FACE)));
  const [header, payload, signature] = receipt.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (more, head = {}) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'netocr-receipt+jwt', ...head })
      .sign(KEYS.privateKey);
  const old = Math.floor(Date.now() / 1000) - 700;
  const table = [
    ['', {}, 'RECEIPT_INVALID'],
    [undefined, {}, 'RECEIPT_INVALID'],
    ['a.b.c', {}, 'RECEIPT_INVALID'],
    ['x'.repeat(5000), {}, 'RECEIPT_INVALID'],
    [`${header}.${part({ ...claims, verdict: 'fail' })}.${signature}`, {}, 'RECEIPT_INVALID'],
    [`${part({ alg: 'none', typ: 'netocr-receipt+jwt' })}.${payload}.`, {}, 'RECEIPT_INVALID'],
    [receipt, { publicKey: pair().publicKey }, 'RECEIPT_INVALID'],
    [await sign({}, { typ: 'JWT' }), {}, 'RECEIPT_INVALID'],
    [await sign({ verdict: undefined }), {}, 'RECEIPT_INVALID'],
    [await sign({ iat: old }), {}, 'RECEIPT_EXPIRED'],
    [await sign({ iat: old + 200 }), { maxAge: 60 }, 'RECEIPT_EXPIRED'],
    [await sign({ iat: old + 1000 }), {}, 'RECEIPT_INVALID'],
    [await sign({ sandbox: true }), {}, 'RECEIPT_OF_SANDBOX'],
    [receipt, { applicantId: 'planted-case-1' }, 'RECEIPT_OF_ANOTHER'],
    [await sign({ sub: 'case-2' }), { applicantId: 'planted-case-1' }, 'RECEIPT_OF_ANOTHER'],
    [receipt, { operation: 'checkLiveness' }, 'RECEIPT_OF_ANOTHER'],
  ];
  for (const [text, options, code] of table) {
    await assert.rejects(
      verify(text, options),
      (error) => error instanceof ReceiptError && error.code === code,
      code,
    );
  }
  for (const publicKey of [
    KEYS.publicJwk,
    [pair().publicKey, KEYS.publicKey],
    [pair().publicJwk, KEYS.publicJwk],
  ]) {
    assert.equal((await verify(receipt, { publicKey, operation: 'compareFaces' })).operation, 'compareFaces');
  }
  assert.equal((await verify(await sign({ iat: old }), { maxAge: 3600 })).operation, 'compareFaces');
  for (const options of [
    { publicKey: undefined },
    { publicKey: [] },
    { publicKey: 'planted' },
    { publicKey: { kty: 'oct', k: 'planted' } },
    { applicantId: undefined },
    { applicantId: '' },
    { maxAge: 0 },
  ]) {
    await assert.rejects(
      verify(receipt, options),
      (error) => error instanceof TypeError && !/planted/.test(error.message),
    );
  }
});

test('a wrong key is told at the start', () => {
  const good = { key: KEY, secret: SECRET, ...OPEN };
  const { publicKey, sec1 } = KEYS;
  for (const key of [
    '',
    'planted',
    publicKey,
    sec1,
    pair('P-384').key,
    pair('P-384').jwk,
    KEYS.publicJwk,
    undefined,
  ]) {
    assert.throws(
      () => createNodeProxyHandler({ ...good, receipts: { key } }),
      /^TypeError: the key of receipts must be/,
    );
  }
  assert.throws(
    () => createProxyHandler({ ...good, receipts: { key: KEYS.key } }),
    /receipts\.judge is missing/,
  );
  for (const webhook of [
    'http://hooks.example',
    'planted',
    'ftp://hooks.example',
    'https://planted:planted@hooks.example',
    'https://planted@hooks.example',
    'https://:planted@hooks.example',
    'http://planted:planted@127.0.0.1:1',
  ]) {
    assert.throws(
      () => createNodeProxyHandler({ ...good, receipts: { key: KEYS.key, webhook } }),
      ({ name, message }) =>
        name === 'TypeError' && /^receipts\.webhook must be/.test(message) && !message.includes('planted'),
    );
  }
});

test('the webhook gets every receipt, also of calls that end with an error in the page', async (t) => {
  const hook = await startUpstream(t);
  const upstream = await answering(t, JSON.stringify({ message: { status: '-1', value: '未检测到人脸' } }));
  const receipts = { key: KEYS.key, webhook: `${hook.url}/receipts?from=proxy` };
  const proxy = await startProxy(t, { upstream: upstream.url, receipts });
  const arrived = hook.next();
  const reply = await post(proxy, LIVENESS, formBody(LIVENESS));
  const record = await arrived;
  assert.equal(await record.outcome, 'complete');
  assert.deepEqual([record.method, record.url], ['POST', '/receipts?from=proxy']);
  assert.equal(record.headers['content-type'], 'application/jwt');
  const [ofPage, full] = [await verify(receiptOf(reply)), await verify(record.body().toString())];
  const { error, verdict, status } = full;
  assert.deepEqual([error, verdict, status.code], ['SERVICE_IMAGE_REJECTED', 'indeterminate', '-1']);
  // It says the same, and what only the backend gets.
  const more = { signals: null, idCard: null, message: '未检测到人脸', items: [] };
  assert.deepEqual(full, { ...ofPage, time: full.time, ...more });
});
