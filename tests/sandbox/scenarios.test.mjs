// Every scenario: what the sandbox answers, and what a careful client behind the proxy makes of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createNodeProxyHandler } from '../../web/proxy/node/index.js';
import { createSandboxHandler } from '../../web/sandbox/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { outcomeOf } from './careful-reader.mjs';
import { byName, call, fieldsOf, handler, OPERATIONS, readJson, requestOf, SCENARIOS } from './helpers.mjs';
import { IMAGES, makePng } from './media.mjs';

const FACE = 'compareFaces';
const LIVE = 'checkLiveness';
const VIDEO = 'checkVideoLiveness';
const CARD = 'matchIdCard';

/** What a scenario writes, word for word: [operation, part of the body or pattern]. */
const WRITTEN = {
  pass: [CARD, '"desc":"判定结果","content":"是"'],
  fail: [FACE, '"desc":"判定结果:否"'],
  'not-same-person': [FACE, '"desc":"判定结果:否"'],
  spoof: [VIDEO, '"desc":"是否为活体","name":null,"content":"非活体"'],
  'swapped-person': [VIDEO, /"content":"活体".*"是否有换人","name":null,"content":"是"/],
  'no-movement': [VIDEO, /"是否有眨眼","name":null,"content":"否".*"是否有张嘴","name":null,"content":"否"/],
  'items-inline': [LIVE, '{"desc":"判定结果:是","content":""}'],
  'items-inline-fullwidth': [CARD, '"desc":"判定结果：是","content":""'],
  'items-split': [FACE, '{"desc":"判定结果","name":null,"content":"是"}'],
  'items-reversed': [CARD, /公民身份号码.*判定结果.*判定值/],
  'status-string': [CARD, '"status":"0"'],
  'status-number': [FACE, '"status":2000'],
  'status-padded': [CARD, '"status":" 0 "'],
  'score-number': [FACE, '"desc":"判定值","name":null,"content":100}'],
  'extras-null': [LIVE, '{"desc":"判定结果","name":null,"content":"是"}'],
  'extras-missing': [CARD, '{"desc":"判定结果","content":"是"}'],
  'extras-digits': [CARD, '{"nID":"1","index":"1","desc":"判定结果","content":"是"}'],
  portrait: [CARD, /"头像","content":"\\\/9j\\\/4AAQ.{29000,}"/],
  'items-missing': [CARD, '{"message":{"status":0,"value":"比对完成"}}'],
  'items-null': [FACE, '"infoList":null'],
  'items-empty': [CARD, '"cardsinfo":[]'],
  'items-empty-string': [CARD, '"cardsinfo":""'],
  'verdict-missing': [CARD, /^(?!.*判定结果).*判定值/],
  'verdict-unknown': [VIDEO, '"desc":"是否为活体","name":null,"content":"疑似"'],
  'verdict-empty': [CARD, '"desc":"判定结果","content":""'],
  'verdict-twice': [LIVE, /"判定结果","content":"是".*"判定结果","content":"不确定"/],
  'score-missing': [LIVE, /^(?!.*判定值).*判定结果/],
  'trap-not-yes': [FACE, '"desc":"判定结果:不是"'],
  'trap-not-live': [VIDEO, '"content":"非活体"'],
  'trap-spaces': [VIDEO, '"content":" 活体 "'],
  'trap-address': [CARD, '"content":"判定结果:是 是"'],
  'trap-score-good': [FACE, /判定结果:否.*判定值:100\.0/],
  'trap-score-bad': [VIDEO, /"判定值","name":null,"content":"100\.0".*"content":"活体"/],
  'trap-message': [FACE, '"value":"判定结果:是"'],
  'recognition-failed': [CARD, '{"message":{"status":-1,"value":"识别失败!ReconClientL:-2"},"cardsinfo":[]}'],
  'recognition-failed-string': [
    CARD,
    '{"message":{"status":-1,"value":"识别失败!ReconClientL:-2"},"cardsinfo":""}',
  ],
  'failed-with-pass-items': [FACE, /判定结果:是.*"status":"-1"/],
  'no-face': [LIVE, '"status":"-1","value":"检测失败, 未检测到人脸"'],
  'image-rejected': [FACE, '"status":"10003"'],
  'bad-parameter': [FACE, '"status":"-2"'],
  'quota-used-up': [CARD, '"status":-3'],
  'balance-used-up': [FACE, '"status":"-5"'],
  'bad-key': [CARD, '"status":-4'],
  'unknown-status': [FACE, /判定结果:是.*"status":"7777"/],
  'foreign-status': [FACE, '"status":"0000"'],
  xml: [FACE, '<infoList><veritem desc="判定结果:是"><![CDATA[]]></veritem>'],
  'xml-nested': [CARD, '<item><desc>判定结果</desc><content><![CDATA[是]]></content></item>'],
  'xml-message': [LIVE, '<data><message><status>2000</status>'],
  'xml-entity': [FACE, '<!ENTITY x "是">'],
  html: [FACE, '<!DOCTYPE html>'],
  'empty-body': [FACE, /^$/],
  'truncated-json': [FACE, /^\{"infoList":\[\{"veritem":(?!.*\}$)/],
  'trailing-garbage': [FACE, /\}\}\] \}$/],
  'byte-order-mark': [FACE, '{"infoList"'],
  'wrong-content-type': [FACE, '{"infoList"'],
  'deep-nesting': [FACE, /\[{1000}$/],
  huge: [FACE, /\}\} {1000}/],
  slow: [FACE, '判定结果:是'],
  drip: [FACE, '判定结果:是'],
  reset: null, // no body
  cut: null,
  'http-500': [FACE, '判定结果:是'],
  'http-502': [FACE, '502 Bad Gateway'],
  'http-404': [FACE, '<html>'],
  'http-302': [FACE, /^$/],
  'http-429': [FACE, /^$/],
};

const HTTP = { 'http-500': 500, 'http-502': 502, 'http-404': 404, 'http-302': 302, 'http-429': 429 };
const quick = ({ name, change }) => `${name}${{ slow: ':1', drip: ':0' }[change.delivery] ?? ''}`;

test('the table is well-formed and listed', async () => {
  const names = SCENARIOS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  const known = new Set(OPERATIONS.map(({ name }) => name));
  for (const { name, operations, outcome, description } of SCENARIOS) {
    assert.match(name, /^[a-z0-9-]{1,40}$/);
    assert.ok(operations.length > 0 && operations.every((operation) => known.has(operation)), name);
    assert.match(outcome, /^(pass|fail|indeterminate|[A-Z_]+)$/);
    assert.match(description.en, /^[\x20-\x7e]+$|[是活]/);
    assert.match(description.zh, /\p{Script=Han}|HTTP/u);
  }
  const reply = await handler(new Request('http://x/sandbox/scenarios'));
  assert.equal(reply.headers.get('x-netocr-sandbox'), '1');
  const listed = SCENARIOS.map(({ change, ...rest }) => rest);
  assert.deepEqual(await reply.json(), JSON.parse(JSON.stringify(listed)));
});

test('every scenario writes what it says', async () => {
  assert.deepEqual(
    Object.keys(WRITTEN),
    SCENARIOS.map(({ name }) => name),
  );
  for (const scenario of SCENARIOS) {
    const expected = WRITTEN[scenario.name];
    if (!expected) continue;
    const operation = byName(expected[0]);
    const reply = await call(operation, fieldsOf(operation), {
      headers: { 'x-sandbox-scenario': quick(scenario) },
    });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const text = bytes.toString();
    if (typeof expected[1] === 'string')
      assert.ok(text.includes(expected[1]), `${scenario.name}: ${text.slice(0, 500)}`);
    else assert.match(text, expected[1], scenario.name);
    assert.equal(reply.status, HTTP[scenario.name] ?? 200, scenario.name);
    assert.equal(reply.headers.get('x-netocr-sandbox'), '1', scenario.name);
    if (scenario.name === 'wrong-content-type')
      assert.equal(reply.headers.get('content-type'), 'text/html;charset=GBK');
    if (scenario.name === 'byte-order-mark') assert.equal(bytes.subarray(0, 3).toString('hex'), 'efbbbf');
    if (scenario.name === 'http-429') assert.equal(reply.headers.get('retry-after'), '30');
    if (scenario.name === 'huge') assert.equal(bytes.length, 8 << 20);
  }
});

test('the field chooses like the header, and the header wins', async () => {
  const operation = byName(FACE);
  const fields = fieldsOf(operation, [IMAGES.png, makePng(1)]);
  const read = async (extra, headers) =>
    readJson(operation, await (await call(operation, { ...fields, ...extra }, { headers })).text()).items[0]
      .desc;
  assert.equal(await read({}), '判定结果:否');
  assert.equal(await read({ sandboxScenario: 'pass' }), '判定结果:是');
  assert.equal(await read({ sandboxScenario: '' }), '判定结果:否');
  assert.equal(await read({ sandboxScenario: 'pass' }, { 'x-sandbox-scenario': 'fail' }), '判定结果:否');
});

test('through the proxy every scenario has the outcome that its row names', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const lines = [];
  const proxy = createNodeProxyHandler({
    key: 'sandbox-key',
    secret: 'sandbox-secret',
    upstream: sandbox.url,
    allowAnonymous: true,
    allowSameOrigin: true,
    rates: null,
    // One failure after the other is what these scenarios are.
    breaker: null,
    sandbox: true,
    log: (line) => lines.push(line),
  });
  for (const scenario of SCENARIOS) {
    for (const name of scenario.operations) {
      const operation = byName(name);
      const { key, secret, ...fields } = fieldsOf(operation);
      const made = requestOf(operation, fields);
      const body = Buffer.from(await new Response(made.body).arrayBuffer());
      const request = new Request(`http://localhost/netocr/${operation.path}`, {
        method: 'POST',
        body,
        headers: {
          // URLSearchParams adds a charset, FormData a boundary.
          'content-type': made.headers.get('content-type'),
          'content-length': String(body.length),
          'x-sandbox-scenario': quick(scenario),
        },
      });
      const reply = await proxy(request);
      const text = await reply.text();
      assert.equal(outcomeOf(operation, reply.status, text), scenario.outcome, `${name} ${scenario.name}`);
      const silent = ['reset', 'cut'].includes(scenario.change.delivery);
      if (scenario.change.delivery !== 'reset')
        assert.equal(reply.headers.get('x-netocr-sandbox'), '1', scenario.name);
      assert.ok(silent || reply.headers.get('x-request-id'));
    }
  }
  assert.equal(
    lines.length,
    SCENARIOS.reduce((sum, { operations }) => sum + operations.length, 0),
  );
});

test('reset and cut end the connection', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close({ graceMs: 0 }));
  const operation = byName(FACE);
  for (const name of ['reset', 'cut']) {
    const made = requestOf(operation, { ...fieldsOf(operation), sandboxScenario: name });
    const send = async () => {
      const body = Buffer.from(await new Response(made.body).arrayBuffer());
      const reply = await fetch(`${sandbox.url}/${operation.path}`, {
        method: 'POST',
        body,
        headers: made.headers,
      });
      assert.equal(name, 'cut', 'a reset has no head');
      await reply.text();
    };
    await assert.rejects(send(), TypeError, name);
  }
});

test('slow waits as long as asked and stops when the client goes away', async () => {
  const waits = [];
  const abort = new AbortController();
  const lines = [];
  const slow = createSandboxHandler({
    log: (line) => lines.push(line),
    delay: (ms, signal) => {
      waits.push(ms);
      if (ms !== 777) return Promise.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  const operation = byName(FACE);
  const send = (scenario, signal) =>
    slow(requestOf(operation, fieldsOf(operation), { headers: { 'x-sandbox-scenario': scenario }, signal }));
  await send('slow');
  await send('slow:250');
  const pending = send('slow:777', abort.signal);
  while (waits.length < 3) await new Promise(setImmediate);
  abort.abort();
  assert.equal((await pending).status, 499);
  assert.deepEqual(waits, [8000, 250, 777]);
  assert.deepEqual(
    lines.map(({ code }) => code),
    ['slow', 'slow', 'ABORTED'],
  );
  // The real timer, stopped early.
  const real = new AbortController();
  const waiting = handler(
    requestOf(operation, fieldsOf(operation), {
      headers: { 'x-sandbox-scenario': 'slow:60000' },
      signal: real.signal,
    }),
  );
  setImmediate(() => real.abort());
  assert.equal((await waiting).status, 499);
});
