import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import test from 'node:test';
import { promisify } from 'node:util';
import { createTokenCheck } from '../../../web/proxy/access/tokens.js';
import { mintToken } from '../../../web/proxy/index.js';
import { TOKEN_SECRET } from '../helpers.mjs';

const ORIGIN = 'https://www.example.com';
const GOOD = { secret: TOKEN_SECRET, operations: 'compareFaces', origin: ORIGIN };
const CALL = { operation: 'compareFaces', origin: ORIGIN };
const check = createTokenCheck([TOKEN_SECRET]);

/** A JWT made without the library, as another language's would. */
function jwt(claims, { header = {}, secret = TOKEN_SECRET, hash = 'sha256' } = {}) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'netocr-session+jwt', ...header })}.${part(claims)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
}
const now = () => Math.floor(Date.now() / 1000);
const claims = (more = {}) => ({
  aud: ['compareFaces'],
  origin: ORIGIN,
  uses: { compareFaces: 2 },
  jti: randomUUID(),
  iat: now(),
  exp: now() + 60,
  ...more,
});
const claimsIn = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('a token permits what it was minted for, by default for ten minutes', async () => {
  const before = Date.now();
  const token = await mintToken({
    ...GOOD,
    operations: ['compareFaces', 'checkLiveness'],
    applicantId: 'planted-17',
  });
  const permit = await check(token, CALL);
  assert.match(permit.id, /^[\da-f-]{36}$/);
  assert.deepEqual([permit.applicantId, permit.limit], ['planted-17', 3]);
  assert.ok(permit.issuedMs >= before && permit.issuedMs <= Date.now());
  assert.ok(Math.abs(permit.expiresMs - permit.issuedMs - 600_000) <= 1000);
  assert.equal((await check(token, { ...CALL, operation: 'checkLiveness' })).limit, 1);
  assert.equal((await check(await mintToken(GOOD), CALL)).applicantId, '');
  assert.notEqual(await mintToken(GOOD), await mintToken(GOOD));
});

test('uses are counted for each operation; liveness has one', async () => {
  const operations = ['compareFaces', 'matchIdCard', 'checkLiveness', 'checkVideoLiveness'];
  const table = [
    [{ operations }, { compareFaces: 3, matchIdCard: 3, checkLiveness: 1, checkVideoLiveness: 1 }],
    [{ operations: 'compareFaces', uses: 7 }, { compareFaces: 7 }],
    [{ operations: ['checkLiveness'], uses: 1 }, { checkLiveness: 1 }],
    [
      { operations: ['matchIdCard', 'checkLiveness'], uses: { matchIdCard: 9 } },
      { matchIdCard: 9, checkLiveness: 1 },
    ],
  ];
  for (const [options, uses] of table) {
    assert.deepEqual(claimsIn(await mintToken({ ...GOOD, ...options })).uses, uses);
  }
});

test('wrong options are told by name, without their value', async () => {
  const table = [
    [{ secret: 'planted' }, /^secret must have at least 32 bytes/],
    [{ secret: undefined }, /^secret must/],
    [{ operations: [] }, /^operations must/],
    [{ operations: undefined }, /^operations must/],
    [{ operations: ['planted'] }, /^operations must/],
    [{ operations: ['compareFaces', 'compareFaces'] }, /^operations must/],
    [{ origin: undefined }, /^origin must .*, or withoutOrigin: true for apps and servers$/],
    [{ origin: '*' }, /^origin must/],
    [{ origin: 'https://planted.example/' }, /^origin must/],
    [{ origin: 'https://*.planted.example' }, /^origin must/],
    [{ origin: 'file://' }, /^origin must/],
    [{ origin: 'null' }, /^origin must/],
    [{ origin: null }, /^origin must/],
    [{ origin: undefined, withoutOrigin: false }, /^origin must/],
    [{ origin: undefined, withoutOrigin: 'planted' }, /^withoutOrigin must/],
    [{ origin: undefined, withoutOrigin: null }, /^withoutOrigin must/],
    [{ withoutOrigin: true }, /^origin must be left out/],
    [{ origin: 'capacitor://planted/' }, /^origin must/],
    [{ expiresIn: 0 }, /^expiresIn must/],
    [{ expiresIn: 86_401 }, /^expiresIn must/],
    [{ expiresIn: '600' }, /^expiresIn must/],
    [{ uses: 0 }, /^uses of compareFaces must/],
    [{ uses: 101 }, /^uses of compareFaces must/],
    [{ uses: '1' }, /^uses of compareFaces must/],
    [{ uses: { planted: 1 } }, /^uses names/],
    [{ uses: { checkLiveness: 1 } }, /^uses names/],
    [{ operations: 'checkLiveness', uses: 2 }, /^uses of checkLiveness must be 1/],
    [{ operations: 'checkVideoLiveness', uses: { checkVideoLiveness: 2 } }, /must be 1$/],
    [{ applicantId: '' }, /^applicantId must/],
    [{ applicantId: 'planted name' }, /^applicantId must/],
    [{ applicantId: 'x'.repeat(129) }, /^applicantId must/],
  ];
  for (const [options, pattern] of table) {
    await assert.rejects(
      mintToken({ ...GOOD, ...options }),
      (error) =>
        error instanceof TypeError && pattern.test(error.message) && !error.message.includes('planted'),
      JSON.stringify(options),
    );
  }
});

/** What a program that mints says, where there is a `process` with warnings and where there is none. */
async function warningsOf(setUp) {
  const program = `${setUp}
    import { mintToken } from ${JSON.stringify(new URL('../../../web/proxy/index.js', import.meta.url).href)};
    const options = { secret: ${JSON.stringify(TOKEN_SECRET)}, operations: 'compareFaces', origin: '${ORIGIN}' };
    await mintToken({ ...options, applicantId: 'planted-17' });
    const before = said.length;
    await mintToken({ ...options, origin: '*' }).catch(() => {});
    for (let i = 0; i < 3; ++i) await mintToken(options);
    await new Promise((resolve) => setImmediate(resolve));
    console.log(JSON.stringify({ before, said }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout);
}

test('the first token that names no applicant is warned of, once in a process', async () => {
  const node = await warningsOf(
    "const said = []; process.on('warning', ({ code, message }) => said.push(code, message));",
  );
  assert.equal(node.before, 0);
  assert.deepEqual([node.said.length, node.said[0]], [2, 'NETOCR_NO_APPLICANT']);
  const edge = await warningsOf(
    'const said = []; console.warn = (message) => said.push(message); delete globalThis.process;',
  );
  assert.deepEqual([edge.before, edge.said.length], [0, 1]);
  for (const message of [node.said[1], edge.said[0]])
    assert.match(message, /^a token was minted without applicantId/);
});

test('tokens that another program signed are taken when their claims are sound', async () => {
  const { id, limit, applicantId } = await check(
    jwt(claims({ aud: 'compareFaces', sub: 'b-1', jti: 'x_1' })),
    CALL,
  );
  assert.deepEqual([id, limit, applicantId], ['x_1', 2, 'b-1']);
});

test('every other token is refused, by its own code', async () => {
  const good = jwt(claims());
  const [header, payload, signature] = good.split('.');
  const none = Buffer.from('{"alg":"none","typ":"netocr-session+jwt"}').toString('base64url');
  const changed = Buffer.from(JSON.stringify(claims({ uses: { compareFaces: 99 } }))).toString('base64url');
  const table = [
    ['', 'TOKEN_INVALID'],
    ['a.b.c', 'TOKEN_INVALID'],
    ['x'.repeat(5000), 'TOKEN_INVALID'],
    [`${header}.${payload}.`, 'TOKEN_INVALID'],
    [`${none}.${payload}.`, 'TOKEN_INVALID'],
    [`${header}.${changed}.${signature}`, 'TOKEN_INVALID'],
    [jwt(claims(), { secret: 'another-secret-of-at-least-32-byt' }), 'TOKEN_INVALID'],
    [jwt(claims(), { header: { alg: 'HS512' }, hash: 'sha512' }), 'TOKEN_INVALID'],
    [jwt(claims(), { header: { typ: 'JWT' } }), 'TOKEN_INVALID'],
    [jwt(claims(), { header: { crit: ['x'], x: 1 } }), 'TOKEN_INVALID'],
    [jwt(claims({ exp: now() - 1 })), 'TOKEN_EXPIRED'],
    [jwt(claims({ exp: undefined })), 'TOKEN_INVALID'],
    [jwt(claims({ iat: undefined })), 'TOKEN_INVALID'],
    [jwt(claims({ iat: now() + 30 })), 'TOKEN_INVALID'],
    [jwt(claims({ nbf: now() + 30 })), 'TOKEN_INVALID'],
    [jwt(claims({ exp: now() + 90_000 })), 'TOKEN_INVALID'],
    [jwt(claims({ jti: undefined })), 'TOKEN_INVALID'],
    [jwt(claims({ jti: 'a b' })), 'TOKEN_INVALID'],
    [jwt(claims({ jti: { x: 1 } })), 'TOKEN_INVALID'],
    [jwt(claims({ aud: 'matchIdCard' })), 'TOKEN_INVALID'],
    [jwt(claims({ origin: 'https://evil.example' })), 'TOKEN_INVALID'],
    [jwt(claims({ origin: undefined })), 'TOKEN_INVALID'],
    [jwt(claims({ origin: null })), 'TOKEN_INVALID'],
    [jwt(claims({ origin: 'null' })), 'TOKEN_INVALID'],
    [jwt(claims({ withoutOrigin: true })), 'TOKEN_INVALID'],
    [jwt(claims({ withoutOrigin: false })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: undefined })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: null })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: 3 })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: { compareFaces: 1e9 } })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: { compareFaces: '2' } })), 'TOKEN_INVALID'],
    [jwt(claims({ uses: { matchIdCard: 2 } })), 'TOKEN_INVALID'],
    [jwt(claims({ sub: 'a b' })), 'TOKEN_INVALID'],
  ];
  for (const [token, code] of table) {
    await assert.rejects(check(token, CALL), { code, status: 401 }, token);
  }
  await assert.rejects(check(good, { ...CALL, origin: null }), {
    code: 'TOKEN_INVALID',
    message:
      'the token is for a page, and this call has no Origin: mint withoutOrigin: true for servers and apps',
  });
  await assert.rejects(check(good, { ...CALL, origin: 'https://other.example' }), {
    message: 'the token is for a page of another origin',
  });
  const liveness = jwt(claims({ aud: 'checkLiveness', uses: { checkLiveness: 2 } }));
  await assert.rejects(check(liveness, { ...CALL, operation: 'checkLiveness' }), { code: 'TOKEN_INVALID' });
});

test('a token for callers without an Origin is for nobody else, and no other token is for them', async () => {
  const token = await mintToken({ ...GOOD, origin: undefined, withoutOrigin: true });
  const { origin, withoutOrigin } = claimsIn(token);
  assert.deepEqual([origin, withoutOrigin], [undefined, true]);
  assert.equal((await check(token, { ...CALL, origin: null })).limit, 3);
  for (const page of [ORIGIN, 'null', '', 'capacitor://localhost'])
    await assert.rejects(check(token, { ...CALL, origin: page }), { code: 'TOKEN_INVALID' }, page);
  for (const more of [
    {},
    { origin: undefined },
    { origin: null },
    { withoutOrigin: true },
    { withoutOrigin: 1 },
  ])
    await assert.rejects(check(jwt(claims(more)), { ...CALL, origin: null }), { code: 'TOKEN_INVALID' });
  const other = jwt(claims({ origin: undefined, withoutOrigin: true }));
  assert.equal((await check(other, { ...CALL, origin: null })).limit, 2, 'made in another language');
});

test('a token for an app names the origin of its web view', async () => {
  const origin = 'capacitor://localhost';
  const token = await mintToken({ ...GOOD, origin });
  assert.equal((await check(token, { ...CALL, origin })).limit, 3);
  for (const other of ['ionic://localhost', 'http://localhost', 'capacitor://localhost:80', null])
    await assert.rejects(check(token, { ...CALL, origin: other }), { code: 'TOKEN_INVALID' });
});

test('two secrets are accepted while one takes the place of the other', async () => {
  const [old, fresh] = ['old-secret-of-at-least-32-bytes-xx', 'new-secret-of-at-least-32-bytes-xx'];
  const both = createTokenCheck([fresh, old]);
  for (const secret of [old, fresh]) assert.ok(await both(await mintToken({ ...GOOD, secret }), CALL));
  const expired = jwt(claims({ exp: now() - 1 }), { secret: old });
  await assert.rejects(both(expired, CALL), { code: 'TOKEN_EXPIRED' });
  await assert.rejects(both(await mintToken(GOOD), CALL), { code: 'TOKEN_INVALID' });
});
