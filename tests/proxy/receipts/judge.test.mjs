// What the proxy makes of replies, and of a core that fails it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import createCore from '../../../web/client/dist/core.mjs';
import { createJudge } from '../../../web/proxy/receipts/judge.js';
import { PASS } from '../../fixtures/server.mjs';

const wasm = new WebAssembly.Module(
  readFileSync(new URL('../../../web/client/dist/core.wasm', import.meta.url)),
);
const NOTHING = { signals: null, idCard: null, message: '', items: [] };
const UNREADABLE = {
  verdict: 'indeterminate',
  score: null,
  statusCode: '',
  error: 'ENGINE_CRASHED',
  ...NOTHING,
};
const SAME = {
  verdict: 'pass',
  score: { value: 98.5, scale: [0, 100], threshold: 50, higherMeans: 'same-person' },
  statusCode: '2000',
  error: '',
  ...NOTHING,
  message: JSON.parse(PASS).messageString.value,
  items: JSON.parse(PASS).infoList.flatMap(({ veritem }) => veritem),
};
const bytes = (text) => new TextEncoder().encode(text);

test('a reply becomes a verdict; an error keeps the status; what is no reply is indeterminate', async () => {
  const judge = createJudge(async () => ({ createCore, wasm }));
  await judge.ready();
  assert.deepEqual(await judge.read('compareFaces', bytes(PASS)), SAME);
  const failed = bytes('{"messageString":{"status":"-4","value":"密钥错误"},"infoList":[]}');
  const { verdict, statusCode, error, ...more } = await judge.read('compareFaces', failed);
  assert.deepEqual([verdict, statusCode, error], ['indeterminate', '-4', 'SERVICE_AUTH']);
  assert.deepEqual(more, { score: null, ...NOTHING, message: '密钥错误' });
  for (const text of ['', '<', '{}', '[]', PASS.slice(0, -1)]) {
    const read = await judge.read('compareFaces', bytes(text));
    assert.deepEqual(
      [read.verdict, read.score, read.error],
      ['indeterminate', null, 'REPLY_MALFORMED'],
      text,
    );
  }
  assert.equal((await judge.read('planted', bytes(PASS))).verdict, 'indeterminate');
});

test('a core that does not load is told at the start, and later makes no verdict', async () => {
  let there = false;
  const judge = createJudge(async () => {
    if (!there) throw new Error('no file');
    return { createCore, wasm };
  });
  await assert.rejects(judge.ready(), /no file/);
  assert.deepEqual(await judge.read('compareFaces', bytes(PASS)), UNREADABLE);
  there = true;
  assert.deepEqual(await judge.read('compareFaces', bytes(PASS)), SAME);
});

test('a core that traps makes no verdict; the next reply gets a new one', async () => {
  let made = 0;
  const trapping = async (options) => {
    const core = await createCore(options);
    made += 1;
    if (made > 1) return core;
    return Object.assign(core, {
      parseReply() {
        throw new WebAssembly.RuntimeError('unreachable');
      },
    });
  };
  const judge = createJudge(async () => ({ createCore: trapping, wasm }));
  assert.deepEqual(await judge.read('compareFaces', bytes(PASS)), UNREADABLE);
  assert.deepEqual(await judge.read('compareFaces', bytes(PASS)), SAME);
  assert.equal(made, 2);
});
