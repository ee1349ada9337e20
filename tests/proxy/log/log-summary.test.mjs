// Requests that are not let in cannot flood the log: what is alike becomes lines with a count, and the counts are right.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogSummary } from '../../../web/proxy/log/log-summary.js';
import { FACE, formBody, post, startProxy, startUpstream } from '../helpers.mjs';

const record = (more) => ({
  requestId: 'r',
  path: '(other)',
  status: 404,
  code: 'REQUEST_REFUSED',
  ms: 1,
  ...more,
});

/** With a clock that the test moves, which runs what was planned. */
function clocked() {
  const lines = [];
  const planned = [];
  const clock = { ms: 1_000_000 };
  const summary = createLogSummary((line) => lines.push(line), {
    now: () => clock.ms,
    later: (work, ms) => planned.push({ work, at: clock.ms + ms }),
  });
  function pass(ms) {
    for (const end = clock.ms + ms; clock.ms < end; clock.ms += 1) {
      while (planned.length > 0 && planned[0].at <= clock.ms) planned.shift().work();
    }
  }
  return { ...summary, lines, planned, pass };
}

const counted = (lines) => lines.reduce((sum, { count = 1 }) => sum + count, 0);

test('a flood of unknown paths is about a line a second, and no request is lost', () => {
  const { write, lines, pass } = clocked();
  for (let i = 0; i < 10_000; i += 1) {
    write(record({ requestId: `r${i}` }));
    pass(1);
  }
  pass(1000);
  assert.equal(counted(lines), 10_000);
  assert.ok(lines.length >= 8 && lines.length <= 20, `${lines.length} lines in 10 seconds`);
  assert.deepEqual(lines[0], record({ requestId: 'r0' }), 'the first one is logged at once, as it is');
  assert.equal(lines.at(-1).requestId, 'r9999');
});

test('kinds do not hide each other, and a few of a kind are logged one by one', () => {
  const { write, lines, pass, planned } = clocked();
  for (let i = 0; i < 1000; i += 1) write(record({}));
  const denied = { path: '/a', status: 401, code: 'TOKEN_EXPIRED' };
  for (let i = 0; i < 50; i += 1) write(record({ ...denied, requestId: `t${i}` }));
  write(record({ status: 403, origin: 'https://evil.example' }));
  assert.equal(lines.length, 52);
  assert.ok(lines.every(({ count }) => count === undefined));
  assert.deepEqual(
    lines.filter(({ code }) => code === 'TOKEN_EXPIRED').map(({ requestId }) => requestId),
    Array.from({ length: 50 }, (_, i) => `t${i}`),
  );
  for (let i = 0; i < 5000; i += 1) write(record({ ...denied, requestId: `u${i}` }));
  assert.equal(lines.length, 52);
  assert.equal(planned.length, 1, 'one timer for all kinds');
  pass(1001);
  assert.deepEqual(
    lines.slice(52).map(({ code, count, requestId }) => [code, count, requestId]),
    [
      ['REQUEST_REFUSED', 999, 'r'],
      ['TOKEN_EXPIRED', 5000, 'u4999'],
    ],
  );
  pass(5000);
  assert.equal(lines.length, 54, 'nothing is logged twice');
});

test('what waits is logged at the end', () => {
  const { write, lines, flush, pass } = clocked();
  for (let i = 0; i < 3; i += 1) write(record({}));
  flush();
  assert.deepEqual(
    lines.map(({ count }) => count),
    [undefined, 2],
  );
  pass(5000);
  assert.equal(lines.length, 2);
});

test('through the proxy: floods are counted, metrics hear of each, calls are logged one by one', async (t) => {
  const upstream = await startUpstream(t);
  const observed = [];
  const proxy = await startProxy(t, { upstream: upstream.url, observe: (it) => observed.push(it) });
  const ask = async (path, init) =>
    (await proxy.handler(new Request(`http://p.example${path}`, init))).status;
  const statuses = [];
  const started = performance.now();
  for (let i = 0; i < 200; i += 1) {
    statuses.push(await ask(`/netocr/planted-${i}`));
    statuses.push(await ask(`/netocr/${FACE.path}`, { method: 'PUT' }));
    statuses.push(await ask('/netocr/info', { headers: { origin: `https://evil${i}.example` } }));
    statuses.push(await ask(`/netocr/${FACE.path}`, { method: 'OPTIONS' }));
  }
  assert.deepEqual(statuses.slice(0, 4), [404, 405, 403, 204]);
  for (let i = 0; i < 100; i += 1) assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200);
  await proxy.handler.close();
  assert.equal(observed.length, 900);
  assert.ok(observed.every(({ count }) => count === undefined));
  assert.equal(counted(proxy.lines), 900);
  assert.equal(proxy.lines.filter(({ status }) => status === 200).length, 100);
  const refused = proxy.lines.filter(({ code }) => code === 'REQUEST_REFUSED');
  assert.equal(counted(refused), 600);
  const seconds = (performance.now() - started) / 1000;
  assert.ok(
    refused.length <= 3 * 2 * (seconds + 2),
    `${refused.length} lines of three kinds in ${seconds} s`,
  );
  assert.match(refused.find(({ status }) => status === 403).origin, /^https:\/\/evil\d+\.example$/);
});
