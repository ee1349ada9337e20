// What a page gets of a reply, through the shipped module: the export itself, and a call whose reply says what was left out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportingXhr } from '../../web/client/core/xhr.js';
import { NodeXMLHttpRequest } from '../../web/client/node/xhr.js';
import { PASS, reply, startServer } from '../fixtures/server.mjs';
import { loadCore, withBytes } from './core.mjs';

const ALL = ['verdict', 'score', 'signals', 'idCard', 'items', 'message'];
const core = await loadCore();
const reveal = (text, options) =>
  withBytes(core, [Buffer.from(text)], ([part]) => core.revealReply(...part, options));
const textOf = (record) => Buffer.from(record.bytes).toString();

test('allowed parts in JSON and in XML', () => {
  const json = reveal(PASS, { operation: 'compareFaces', allowed: 'verdict,message' });
  assert.deepEqual(JSON.parse(textOf(json)), {
    messageString: { status: '2000', value: '成功' },
    infoList: [{ veritem: [{ desc: '判定结果', content: '是' }] }],
  });
  const xml = reveal(PASS, { operation: 'compareFaces', allowed: 'score', asXml: true });
  assert.equal(
    textOf(xml),
    '<data><messageString><status>2000</status><value></value></messageString>' +
      '<infoList><item desc="判定值">98.5</item></infoList></data>',
  );
  const none = reveal(PASS, { operation: 'compareFaces' });
  assert.deepEqual(JSON.parse(textOf(none)), {
    messageString: { status: '2000', value: '' },
    infoList: [],
  });
});

test('wrong options and unreadable replies are records', () => {
  const operation = 'compareFaces';
  for (const [options, detail] of [
    [undefined, 'unknown operation'],
    [null, 'options is not an object'],
    ['verdict', 'options is not an object'],
    [{ operation: 'none' }, 'unknown operation'],
    [{ operation, allowed: ['verdict'] }, 'allowed'],
    [{ operation, asXml: 'yes' }, 'asXml'],
  ]) {
    const { ok, code, bytes, ...rest } = reveal(PASS, options);
    assert.deepEqual([ok, code, bytes, rest.detail], [false, 'INVALID_ARGUMENT', null, detail]);
  }
  for (const text of ['', '<html>', PASS.slice(0, -1), '{"messageString":{"status":"2000"}}'])
    assert.equal(reveal(text, { operation }).code, 'REPLY_MALFORMED', text);
});

const BIG = Buffer.from(PASS.replace('成功', 'x'.repeat(900_000)));
const SHOWN = { operation: 'compareFaces', allowed: 'message' };

test('what is written is given back', async () => {
  const own = await loadCore();
  const write = () => withBytes(own, [BIG], ([part]) => own.revealReply(...part, SHOWN));
  assert.ok(write().bytes.length > 900_000);
  const before = own.memory();
  assert.equal(write().ok, true);
  assert.deepEqual(own.memory(), before);
});

test('with too little memory left: a typed answer, and no trap', async () => {
  const codes = [];
  for (const room of [1 / 16, 1, 4, 8, 12, 14, 16, 18, 20, 24, 28, 32, 64]) {
    const crowded = await loadCore();
    const body = crowded._malloc(BIG.length);
    const kept = crowded._malloc(room * 2 ** 20);
    for (let size = 2 ** 28; size >= 64; size /= 2) while (crowded._malloc(size) !== 0);
    crowded._free(kept);
    crowded.HEAPU8.set(BIG, body);
    codes.push(crowded.revealReply(body, BIG.length, SHOWN).code);
  }
  assert.deepEqual([...new Set(codes)], ['OUT_OF_MEMORY', '']);
});

async function call(server, operation = 'compareFaces') {
  let caller;
  const xhr = reportingXhr(NodeXMLHttpRequest, { canHold: (n) => caller.canHold(n), onTrap: assert.fail });
  caller = await loadCore(xhr.XMLHttpRequest);
  const files = operation === 'compareFaces' ? [Buffer.from('a'), Buffer.from('b')] : [Buffer.from('a')];
  return new Promise((onDone) => {
    const options = { baseUrl: server.url, headers: [], timeoutMs: 20_000 };
    xhr.during({ onUpload() {}, onUploaded() {} }, () =>
      withBytes(caller, files, (parts) => caller.startCall(operation, parts, options, { onDone })),
    );
  });
}

test('a call is told what was left out; a success may then be without items', async (t) => {
  const empty = '{"messageString":{"status":"2000","value":"x"},"infoList":[]}';
  const table = [
    ['', PASS, { code: '', verdict: 'pass', items: 2, message: '成功' }],
    ['', empty, { code: 'REPLY_MALFORMED', verdict: 'indeterminate', items: 0, message: 'x' }],
    ['message', empty, { code: 'REPLY_MALFORMED', verdict: 'indeterminate', items: 0, message: '' }],
    ['score, items', empty, { code: '', verdict: 'indeterminate', items: 0, message: 'x' }],
    // What the body says all the same does not count.
    ['verdict, score', PASS, { code: '', verdict: 'indeterminate', items: 2, message: '成功' }],
    [ALL.join(', '), PASS, { code: '', verdict: 'indeterminate', items: 0, message: '' }],
  ];
  let next;
  const server = await startServer(t, (response) =>
    reply(response, next[1], { headers: next[0] ? { 'X-Netocr-Withheld': next[0] } : {} }),
  );
  for (const row of table) {
    next = row;
    const record = await call(server);
    assert.deepEqual(record.withheld, row[0] ? row[0].split(', ') : []);
    const { code, verdict, items, statusMessage: message } = record.reply;
    assert.deepEqual({ code, verdict, items: items.length, message }, row[2]);
    assert.equal(record.reply.score === null, /score/.test(row[0]) || row[1] === empty);
    assert.equal(record.ok, row[2].code === '');
  }
});
