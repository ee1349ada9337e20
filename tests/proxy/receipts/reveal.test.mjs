// What the page may see of a reply: bytes, headers and receipts hold no more than that, and the page comes to what it would
// have come to of the whole reply.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { SignJWT } from 'jose';
import createCore from '../../../web/client/dist/core.mjs';
import { createClient } from '../../../web/client/node/index.js';
import { checkConfiguration } from '../../../web/proxy/cli/check.js';
import { createEdgeProxy } from '../../../web/proxy/edge.js';
import { createJudge, createProxyHandler, ReceiptError, verifyReceipt } from '../../../web/proxy/index.js';
import { createNodeProxyHandler, createNodeTransport } from '../../../web/proxy/node/index.js';
import { checkReveal, REPLY_PARTS, readReveal } from '../../../web/proxy/receipts/reveal.js';
import { SCENARIOS } from '../../../web/sandbox/index.js';
import { startSandbox } from '../../../web/sandbox/node.js';
import { operationsOn } from '../../client/photos.mjs';
import { makeJpeg, photoPixels } from '../../fixtures/make-images.mjs';
import { PASS } from '../../fixtures/server.mjs';
import {
  errorOf,
  FACE,
  formBody,
  KEY,
  OPEN,
  post,
  routeOf,
  SECRET,
  startProxy,
  startUpstream,
  TOKEN_SECRET,
} from '../helpers.mjs';

const CARD = routeOf('api/faceliu.do');
const VIDEO = routeOf('verapi/verLivenessVideo.do');
const RECOMMENDED = ['verdict', 'signals', 'idCard'];
const ORIGIN = 'https://www.example.com';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RECEIPT_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' });
const verify = (receipt, more) =>
  verifyReceipt(receipt, {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    applicantId: null,
    allowSandbox: true,
    ...more,
  });
const receiptOf = (reply) => reply.headers.get('x-netocr-receipt');
const answering = (t, body) => startUpstream(t, { reply: (_request, response) => response.end(body) });
const xmlForm = (route) => formBody(route).replace('format=json', 'format=xml');

test('the list is checked at the start', () => {
  const good = { key: KEY, secret: SECRET, ...OPEN };
  const ofWords = 'is not one of verdict, score, signals, idCard, items, message (or none alone)';
  for (const [reveal, message] of [
    [['verdict', 'idcard'], `reveal: "idcard" ${ofWords}`],
    [['Verdict'], `reveal: "Verdict" ${ofWords}`],
    [['verdict', 'score', 'verdict'], 'reveal: "verdict" is there twice'],
    [['none', 'none'], `reveal: "none" ${ofWords}`],
    [[undefined], `reveal: entry 1 ${ofWords}`],
    [[''], `reveal: entry 1 ${ofWords}`],
    [['verdict', 'planted-1/+='], `reveal: entry 2 ${ofWords}`],
    ...['verdict', null, {}].map((list) => [
      list,
      'reveal must list some of verdict, score, signals, idCard, items, message',
    ]),
  ])
    assert.throws(() => createNodeProxyHandler({ ...good, reveal }), { name: 'TypeError', message });
  assert.equal(checkReveal(undefined), null);
  assert.equal(checkReveal([...REPLY_PARTS].reverse()), null, 'everything, in any order');
  assert.deepEqual(checkReveal([]).withheld, REPLY_PARTS);
  assert.equal(checkReveal(RECOMMENDED).header, 'score, items, message');
});

test('the list in a variable', () => {
  assert.deepEqual(readReveal(' verdict,signals , idCard'), RECOMMENDED);
  assert.deepEqual(readReveal('none'), []);
  assert.equal(readReveal(undefined), undefined);
  for (const [text, word] of [
    ['verdict,idcard', '"idcard"'],
    ['verdict,', 'entry 2'],
    ['none,verdict', '"none"'],
    ['verdict score', '"verdict score"'],
    ['all', '"all"'],
    ['planted_1', 'entry 1'],
  ])
    assert.throws(() => readReveal(text), {
      name: 'TypeError',
      message: `NETOCR_REVEAL: ${word} is not one of ${REPLY_PARTS.join(', ')} (or none alone)`,
    });
  assert.throws(() => readReveal('score, score'), { message: 'NETOCR_REVEAL: "score" is there twice' });
  for (const text of ['', ' '])
    assert.throws(() => readReveal(text), {
      name: 'TypeError',
      message:
        'NETOCR_REVEAL is empty: list what pages may see, or "none"; leave the variable out to show everything',
    });
});

test('`check` takes a list, and its probe is not in the way of it', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const env = {
    NETOCR_KEY: 'sandbox-key',
    NETOCR_SECRET: 'sandbox-secret',
    NETOCR_ALLOWED_ORIGINS: ORIGIN,
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_UPSTREAM: sandbox.url,
    NETOCR_REVEAL: 'signals',
  };
  const { verdict, lines } = await checkConfiguration(env, { probes: true });
  assert.equal(verdict, 'good');
  assert.ok(
    lines.some((line) =>
      /^warning: NETOCR_REVEAL withholds the verdict and NETOCR_WEBHOOK_URL is not set: nobody/.test(line),
    ),
  );
});

test('the operator is told of lists that do something else than they seem to', () => {
  const warned = (options) => {
    const warnings = [];
    const warn = (text) => warnings.push(text);
    createNodeProxyHandler({ key: KEY, secret: SECRET, ...OPEN, ...options, warn });
    return warnings.filter((text) => text.startsWith('reveal')).join('\n');
  };
  const receipts = { key: RECEIPT_KEY, webhook: 'https://hooks.example' };
  assert.match(warned({ reveal: [] }), /receipts\.webhook is not set/);
  assert.match(warned({ reveal: ['score'], receipts }), /not the score/);
  assert.equal(warned({ reveal: ['signals'], receipts }), '');
  assert.equal(warned({ reveal: ['verdict'] }), '');
  assert.equal(warned({}), '');
});

test('by default the bytes are the service’s own, and no header says otherwise', async (t) => {
  const body = ` ${PASS.replace('{', '{ "planted": 1,')}\n`;
  const upstream = await answering(t, body);
  for (const reveal of [undefined, REPLY_PARTS]) {
    const proxy = await startProxy(t, { upstream: upstream.url, reveal });
    const reply = await post(proxy, FACE, formBody(FACE));
    assert.deepEqual([reply.headers.get('x-netocr-withheld'), await reply.text()], [null, body]);
  }
});

/** Texts that are withheld, in every way of writing them that the two formats have. */
const NEEDLES = ['990101199003070023', '沙箱路', '77.125', '某某局'];
const escaped = (text) =>
  [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const references = (text) => [...text].map((c) => `&#x${c.charCodeAt(0).toString(16)};`).join('');
const json = (write) =>
  `{"ignored":"${write(NEEDLES[0])}","message":{"status":0,"value":"${write(NEEDLES[2])}","more":"${write(NEEDLES[1])}"},` +
  `"cardsinfo":[{"type":"${write(NEEDLES[0])}","items":[{"desc":"判定值","content":0.77125},{"desc":"判定结果","content":"是",` +
  `"nID":"${write(NEEDLES[0])}"},{"desc":"公民身份号码","content":"${write(NEEDLES[0])}"},` +
  `{"desc":"住址：${write(NEEDLES[1])}","content":""},{"desc":"签发机关","content":"${write(NEEDLES[3])}"},` +
  `{"desc":"${write(NEEDLES[1])}","content":"判定结果"}]}]}`;
const xml = (write) =>
  `<?xml version="1.0"?><!-- ${NEEDLES[0]} --><data a="${write(NEEDLES[0])}"><message><status>0</status><value>` +
  `${write(NEEDLES[2])}</value></message><other>${write(NEEDLES[1])}</other><cardsinfo><card><item desc="判定结果">是</item>` +
  `<item desc="公民身份号码">${write(NEEDLES[0])}</item><item desc="住址"><![CDATA[${NEEDLES[1]}]]></item>` +
  `<x><desc>签发机关</desc><content>${write(NEEDLES[3])}</content></x></card></cardsinfo></data>`;

test('what is withheld is nowhere in the bytes, however it was written', async (t) => {
  const bodies = [json(String), json(escaped), xml(String), xml(references)];
  for (const body of bodies) {
    const upstream = await answering(t, body);
    for (const form of [formBody(CARD), xmlForm(CARD)]) {
      const proxy = await startProxy(t, { upstream: upstream.url, reveal: ['verdict'] });
      const reply = await post(proxy, CARD, form);
      assert.equal(reply.status, 200);
      assert.match(reply.headers.get('content-type'), form.includes('json') ? /json/ : /xml/);
      const text = await reply.text();
      assert.equal(Number(reply.headers.get('content-length')), Buffer.byteLength(text));
      assert.equal(
        text,
        form.includes('json')
          ? '{"message":{"status":0,"value":""},"cardsinfo":[{"type":"9999","items":[{"desc":"判定结果","content":"是"}]}]}'
          : '<data><message><status>0</status><value></value></message><cardsinfo><card type="9999">' +
              '<item desc="判定结果">是</item></card></cardsinfo></data>',
      );
      const all = `${text}\n${[...reply.headers].join('\n')}`;
      for (const needle of NEEDLES)
        for (const way of [needle, escaped(needle), references(needle), encodeURIComponent(needle)])
          assert.ok(!all.includes(way), `${way} in ${all}`);
    }
  }
});

test('a reply that cannot be read is never handed on, and its call has a receipt for the backend', async (t) => {
  const hook = await startUpstream(t);
  for (const body of [
    '',
    `<html>${NEEDLES[0]}</html>`,
    json(String).slice(0, -2),
    '{"code":0,"data":["是"]}',
  ]) {
    const upstream = await startUpstream(t, {
      reply: (_request, response) => response.writeHead(200, { 'x-netocr-sandbox': '1' }).end(body),
    });
    const receipts = { key: RECEIPT_KEY, webhook: hook.url };
    const proxy = await startProxy(t, { upstream: upstream.url, reveal: ['verdict'], receipts });
    const arrived = hook.next();
    const reply = await post(proxy, CARD, formBody(CARD));
    assert.deepEqual([reply.headers.get('x-netocr-sandbox'), receiptOf(reply)], ['1', null]);
    const { status, code } = await errorOf(reply);
    assert.deepEqual([status, code], [502, 'UPSTREAM_ERROR']);
    const record = await arrived;
    await record.outcome;
    assert.equal((await verify(record.body().toString())).error, 'REPLY_MALFORMED');
  }
});

test('a core that fails hands on nothing', async (t) => {
  const wasm = new WebAssembly.Module(
    readFileSync(new URL('../../../web/client/dist/core.wasm', import.meta.url)),
  );
  const trapping = async (options) =>
    Object.assign(await createCore(options), {
      revealReply() {
        throw new WebAssembly.RuntimeError('planted');
      },
    });
  const judge = createJudge(async () => ({ createCore: trapping, wasm }));
  const upstream = await answering(t, PASS);
  const proxy = await startProxy(t, { upstream: upstream.url, reveal: ['score'], judge });
  const { status, code, message } = await errorOf(await post(proxy, FACE, formBody(FACE)));
  assert.deepEqual([status, code], [500, 'INTERNAL']);
  assert.ok(!message.includes('planted'));
});

test('the core is there before the first call, also without receipts; elsewhere it is handed over', async (t) => {
  const wasm = new WebAssembly.Module(
    readFileSync(new URL('../../../web/client/dist/core.wasm', import.meta.url)),
  );
  const good = { key: KEY, secret: SECRET, ...OPEN, reveal: ['verdict'] };
  assert.throws(() => createProxyHandler(good), /^TypeError: judge is missing, which reveal needs/);
  const blind = { ready: async () => {}, read: async () => {} };
  assert.throws(() => createProxyHandler({ ...good, judge: blind }), /judge is missing/);
  const broken = createJudge(async () => {
    throw new Error('no file');
  });
  await assert.rejects(createNodeProxyHandler({ ...good, judge: broken }).ready(), /no file/);
  await createNodeProxyHandler({ ...good, reveal: undefined, judge: broken }).ready();
  await createNodeProxyHandler(good).ready();

  const judge = createJudge(async () => ({ createCore, wasm }));
  const upstream = await answering(t, PASS);
  const request = () => {
    const body = formBody(FACE);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
      origin: ORIGIN,
    };
    return new Request(`https://www.example.com/netocr/${FACE.path}`, { method: 'POST', body, headers });
  };
  const env = {
    NETOCR_KEY: KEY,
    NETOCR_SECRET: SECRET,
    NETOCR_ALLOWED_ORIGINS: ORIGIN,
    NETOCR_ALLOW_ANONYMOUS: '1',
    NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1',
    NETOCR_TOKEN_SECRET: TOKEN_SECRET,
    NETOCR_UPSTREAM: upstream.url,
    NETOCR_RECEIPT_KEY: RECEIPT_KEY,
    NETOCR_REVEAL: 'score',
  };
  const { createHash } = await import('node:crypto');
  const nodeHash = () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
  };
  const receipts = { key: RECEIPT_KEY, createHash: nodeHash };
  for (const more of [{ judge, receipts }, { receipts: { ...receipts, judge } }]) {
    const reply = await createEdgeProxy(more).fetch(request(), env);
    assert.match(reply.headers.get('access-control-expose-headers'), /X-Netocr-Withheld/);
    assert.equal(reply.headers.get('x-netocr-withheld'), 'verdict, signals, idCard, items, message');
    assert.ok(!(await reply.text()).includes('判定结果'));
    assert.deepEqual((await verify(receiptOf(reply))).withheld, ['verdict']);
  }
});

test('a receipt for the page says no more; one for the backend says all', async (t) => {
  const hook = await startUpstream(t);
  const upstream = await answering(t, PASS);
  const receipts = { key: RECEIPT_KEY, webhook: hook.url };
  const score = { value: 98.5, scale: [0, 100], threshold: 50, higherMeans: 'same-person' };
  const whole = { verdict: 'pass', score, withheld: [] };
  for (const [reveal, page] of [
    [undefined, whole],
    [['verdict', 'score'], whole],
    [RECOMMENDED, { verdict: 'pass', score: null, withheld: ['score'] }],
    [['score', 'items'], { verdict: 'indeterminate', score, withheld: ['verdict'] }],
    [[], { verdict: 'indeterminate', score: null, withheld: ['verdict', 'score'] }],
  ]) {
    const proxy = await startProxy(t, { upstream: upstream.url, reveal, receipts });
    const arrived = hook.next();
    const receipt = receiptOf(await post(proxy, FACE, formBody(FACE)));
    const record = await arrived;
    await record.outcome;
    const pick = ({ verdict, score, withheld }) => ({ verdict, score, withheld });
    const [ofPage, full] = [await verify(receipt), await verify(record.body().toString())];
    assert.deepEqual(pick(ofPage), page);
    assert.deepEqual(pick(full), whole);
    assert.deepEqual(
      [ofPage.requestId, ofPage.sent, ofPage.status],
      [full.requestId, full.sent, full.status],
    );
    const claims = Object.keys(JSON.parse(Buffer.from(receipt.split('.')[1], 'base64url')));
    for (const claim of ['verdict', 'score'])
      assert.equal(claims.includes(claim), !page.withheld.includes(claim), claim);
  }
});

test('a status that is no number is in neither', async (t) => {
  const status = '判定结果:否 77.125';
  const upstream = await answering(t, JSON.stringify({ messageString: { status, value: '' } }));
  const proxy = await startProxy(t, { upstream: upstream.url, reveal: [], receipts: { key: RECEIPT_KEY } });
  const reply = await post(proxy, FACE, formBody(FACE));
  const receipt = await verify(receiptOf(reply));
  assert.deepEqual([receipt.status.code, receipt.error], ['unknown', 'SERVICE_ERROR']);
  assert.deepEqual((await reply.json()).messageString, { status: 'unknown', value: '' });
});

test('a withheld claim counts for nothing, whatever it says', async () => {
  const claims = {
    operation: 'compareFaces',
    sub: '',
    jti: 'id',
    sent: {},
    sandbox: false,
    status: {},
    error: '',
    score: { value: 1 },
  };
  const sign = (more) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'netocr-receipt+jwt' })
      .setIssuedAt()
      .sign(privateKey);
  const read = await verify(await sign({ verdict: 'pass', withheld: ['score', 'verdict'] }));
  assert.deepEqual([read.verdict, read.score], ['indeterminate', null]);
  for (const more of [
    {},
    { withheld: [] },
    { withheld: ['score'] },
    { withheld: 'verdict' },
    { withheld: null },
    { verdict: 'pass', withheld: { length: 1 } },
  ]) {
    await assert.rejects(
      verify(await sign(more)),
      (error) => error instanceof ReceiptError && error.code === 'RECEIPT_INVALID',
      JSON.stringify(more),
    );
  }
});

const SMALL = operationsOn(makeJpeg(photoPixels(64, 48, 1)), makeJpeg(photoPixels(64, 48, 2)));
const LISTS = [RECOMMENDED, ['score', 'signals', 'message'], ['idCard', 'items']];
// Those that are about what a reply says, not about how it arrives.
const REPLIES = SCENARIOS.filter(({ change }) => change.delivery === undefined);

/** A client behind a proxy that asks the sandbox for the scenario at hand. */
async function startPage(t, sandbox, reveal) {
  let scenario = '';
  const transport = createNodeTransport();
  const proxy = await startProxy(t, {
    key: 'sandbox-key',
    secret: 'sandbox-secret',
    upstream: sandbox.url,
    sandbox: true,
    breaker: null,
    reveal,
    transport: (call) => transport({ ...call, headers: { ...call.headers, 'x-sandbox-scenario': scenario } }),
  });
  const client = createClient({ endpoint: proxy.url, workers: 0 });
  t.after(() => client.close());
  /** What the page comes to: a result, or an error's code and status. */
  return (operation, name) => {
    scenario = name;
    return SMALL[operation](client).then(
      (result) => result,
      ({ code, status }) => ({ code, status }),
    );
  };
}

const unsaid = ({ message, ...status }) => status;

/** `whole` without what is withheld, as the page is to have it. */
function expectedOf(whole, isShown, withheld) {
  if (whole.code) {
    if (whole.code.startsWith('REPLY_')) return { code: 'UPSTREAM_ERROR', status: undefined };
    const isOfService = whole.status.httpStatus === 200;
    return {
      code: whole.code,
      status: isShown('message') || !isOfService ? whole.status : unsaid(whole.status),
    };
  }
  const { verdict, reason, score, signals, idCard, status } = whole;
  const { live, personSwapped, ...others } = signals ?? {};
  const shownSignals = isShown('verdict') ? signals : others;
  return {
    operation: whole.operation,
    ...(isShown('verdict') ? { verdict, reason } : { verdict: 'indeterminate', reason: 'withheld' }),
    ...(isShown('score') ? { score } : {}),
    ...(signals && isShown('signals') ? { signals: shownSignals } : {}),
    ...(idCard && isShown('idCard') ? { idCard } : {}),
    status: isShown('message') ? status : unsaid(status),
    withheld,
    sandbox: true,
  };
}

test('every reply of the sandbox, by what the page may see of it', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const cases = REPLIES.flatMap(({ name, operations }) => operations.map((operation) => [operation, name]));
  const ofAll = await startPage(t, sandbox);
  const wholes = [];
  for (const each of cases) wholes.push(await ofAll(...each));
  for (const reveal of LISTS) {
    await t.test(reveal.join(', ') || 'nothing', async (t) => {
      const ofSome = await startPage(t, sandbox, reveal);
      const isShown = (part) => reveal.includes(part);
      const withheld = REPLY_PARTS.filter((part) => !isShown(part));
      const seen = new Set();
      for (const [index, each] of cases.entries()) {
        const { status, ...expected } = expectedOf(wholes[index], isShown, withheld);
        const { prepared, requestId, receipt, items, ...page } = await ofSome(...each);
        const { status: pageStatus, ...rest } = page;
        assert.deepEqual(rest, expected, String(each));
        if (status) assert.deepEqual(pageStatus, status, String(each));
        assert.equal(items !== undefined, isShown('items') && !page.code);
        seen.add(page.code ?? page.verdict);
      }
      for (const word of ['UPSTREAM_ERROR', 'SERVICE_AUTH', 'SERVICE_IMAGE_REJECTED', 'indeterminate'])
        assert.ok(seen.has(word), word);
      assert.equal(seen.has('pass'), isShown('verdict'));
      assert.equal(seen.has('REPLY_MALFORMED'), false);
    });
  }
});

test('a video that failed for a swapped person fails without saying so', async (t) => {
  const items = [
    { desc: '是否为活体', content: '活体' },
    { desc: '是否有换人', content: '是' },
    { desc: '是否有眨眼', content: '是' },
  ];
  const upstream = await answering(
    t,
    JSON.stringify({ messageString: { status: '2000' }, infoList: [{ veritem: items }] }),
  );
  const proxy = await startProxy(t, { upstream: upstream.url, reveal: ['verdict'] });
  const reply = await (await post(proxy, VIDEO, formBody(VIDEO))).json();
  assert.deepEqual(reply.infoList, [
    {
      veritem: [
        { desc: '是否为活体', content: '非活体' },
        { desc: '是否有换人', content: '否' },
      ],
    },
  ]);
});

test('the log of a call is as it was', async (t) => {
  const upstream = await answering(t, PASS);
  const proxy = await startProxy(t, { upstream: upstream.url, reveal: ['verdict'] });
  const reply = await post(proxy, FACE, formBody(FACE));
  const { requestId, ms, bytesIn, ...line } = proxy.lines[0];
  const bytesOut = Buffer.byteLength(await reply.text());
  assert.deepEqual(line, { path: `/${FACE.path}`, status: 200, code: 'OK', stage: 'done', bytesOut });
});
