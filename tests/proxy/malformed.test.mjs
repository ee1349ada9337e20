// A thousand malformed requests (ten thousand nightly) over raw connections: none makes the proxy call the service, none is answered with
// anything but a refusal, none upsets the process.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sized } from '../fixtures/size.mjs';
import { FACE, formBody, post, startUpstream } from './helpers.mjs';
import { startCommand } from './process.mjs';

const REQUESTS = sized(1000, 10_000);
const CLIENTS = fileURLToPath(new URL('malformed-clients.mjs', import.meta.url));

test(`${REQUESTS} malformed requests of more than 100 kinds`, async (t) => {
  let connections = 0;
  const upstream = await startUpstream(t);
  upstream.server.on('connection', () => {
    connections += 1;
  });
  const proxy = await startCommand(t, { NETOCR_UPSTREAM: upstream.url });
  const { stdout } = await promisify(execFile)(process.execPath, [CLIENTS, proxy.port, REQUESTS], {
    signal: t.signal,
  });
  const { sent, kinds, bad } = JSON.parse(stdout);
  assert.deepEqual(bad, []);
  assert.ok(sent === REQUESTS && kinds >= 100, `${sent} requests of ${kinds} kinds`);
  assert.equal(connections, 0, 'nothing reached the service, not even a connection');
  assert.equal((await post(proxy, FACE, formBody(FACE))).status, 200, 'it still serves');
  assert.equal(connections, 1);

  proxy.child.kill('SIGTERM');
  assert.deepEqual(await proxy.exit, [0, null], 'it never ended by itself');
  const codes = proxy.output.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).code);
  assert.ok(codes.length > REQUESTS / 3, `${codes.length} lines: the rest ended before they were requests`);
  assert.ok(!codes.includes('INTERNAL'));
  assert.equal(codes.filter((code) => code === 'OK').length, 1);
});
