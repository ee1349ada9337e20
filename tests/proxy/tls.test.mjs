// The service over https: its certificate is checked before a byte of a call goes there, whatever the environment says.
import assert from 'node:assert/strict';
import { Agent, createServer } from 'node:https';
import test from 'node:test';
import { createNodeTransport } from '../../web/proxy/node/index.js';
import { createCertificate } from './certificate.mjs';
import { errorOf, FACE, formBody, listen, OK_REPLY, post, startProxy } from './helpers.mjs';

async function startService(t, certificate) {
  const requests = [];
  const server = createServer(certificate, (request, response) => {
    requests.push(request);
    request.resume().once('end', () => response.end(OK_REPLY));
  });
  server.on('tlsClientError', () => {});
  await listen(t, server);
  return { requests, url: `https://127.0.0.1:${server.address().port}` };
}

test('a certificate that nobody vouches for, or of another host, is no service', async (t) => {
  const good = createCertificate('127.0.0.1');
  const other = createCertificate('other.example');
  const trusting = (ca) => createNodeTransport({ agent: new Agent({ ca, keepAlive: false }) });
  for (const [certificate, transport, cause] of [
    [good, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [other, trusting(other.cert), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [good, trusting(good.cert), null],
  ]) {
    const service = await startService(t, certificate);
    const proxy = await startProxy(t, { upstream: service.url, transport });
    const reply = await post(proxy, FACE, formBody(FACE));
    if (cause === null) assert.equal(await reply.text(), OK_REPLY);
    else assert.equal((await errorOf(reply)).code, 'UPSTREAM_UNREACHABLE');
    assert.equal(service.requests.length, cause === null ? 1 : 0);
    assert.equal(proxy.lines[0].cause ?? null, cause);
  }
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing', async (t) => {
  const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
  t.after(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const service = await startService(t, createCertificate('127.0.0.1'));
  const proxy = await startProxy(t, { upstream: service.url });
  assert.equal((await errorOf(await post(proxy, FACE, formBody(FACE)))).code, 'UPSTREAM_UNREACHABLE');
  assert.equal(service.requests.length, 0);
});
