// Redis over TLS: whose certificate is taken, and what is said of one that is not.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { createRedisStore } from '../../../web/proxy/state/redis.js';
import { ACL_RULES } from '../../../web/proxy/state/redis-rights.js';
import { createCertificate } from '../certificate.mjs';
import { listen } from '../helpers.mjs';
import { freePort } from '../process.mjs';
import { startCluster, tlsSettings } from './redis-nodes.mjs';
import { eventually, startRedis } from './redis-server.mjs';

/** Files of a certificate for the host: {cert, key} are their paths. */
async function writeCertificate(t, host) {
  const folder = await mkdtemp(join(tmpdir(), 'netocr-tls-'));
  t.after(() => rm(folder, { recursive: true }));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const { cert, key } = createCertificate(host);
  await Promise.all([writeFile(files.cert, cert), writeFile(files.key, key)]);
  return files;
}

async function startTls(t, certificate, ...settings) {
  const port = await freePort();
  const redis = await startRedis(t, ...tlsSettings(certificate, port), ...settings);
  return { ...redis, url: `rediss://127.0.0.1:${port}` };
}

async function open(t, options) {
  const store = await createRedisStore(options);
  t.after(() => store.close());
  return store;
}

const refused = (pattern) => (error) => {
  assert.equal(error.code, 'STORE_REFUSED', error.stack);
  assert.match(error.message, pattern);
  return !/planted|127\.0\.0\.1|\.pem/.test(error.message);
};

test('the authority of the file is trusted and no other, whatever the environment says', async (t) => {
  const certificate = await writeCertificate(t, '127.0.0.1');
  const redis = await startTls(t, certificate, '--requirepass', 'planted');
  const url = redis.url.replace('//', '//:planted@');
  const store = await open(t, { url, tls: { caFile: certificate.cert } });
  await store.set('x', 'y', 60_000);
  assert.equal(await store.get('x'), 'y');
  await redis.kill();
  await redis.start();
  await eventually(() => store.ping());
  const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
  t.after(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
  });
  for (const value of ['1', '0']) {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = value;
    await assert.rejects(
      createRedisStore({ url }),
      refused(/no trusted authority has signed .* NETOCR_REDIS_CA_FILE/),
    );
  }
});

test('a certificate for another host, a port without TLS, a file that is none', async (t) => {
  const other = await writeCertificate(t, 'other.example');
  const redis = await startTls(t, other);
  const tls = { caFile: other.cert };
  await assert.rejects(
    createRedisStore({ url: redis.url, tls }),
    refused(/for another host than the one in REDIS_URL/),
  );
  const plain = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('-ERR unknown command\r\n'),
  );
  await listen(t, plain);
  const url = `rediss://127.0.0.1:${plain.address().port}`;
  await assert.rejects(createRedisStore({ url, tls }), refused(/does not use TLS on that port/));
  for (const [caFile, pattern] of [
    ['/planted/none', /the file of caFile \(NETOCR_REDIS_CA_FILE\) cannot be read/],
    [other.key, /\(NETOCR_REDIS_CA_FILE\) does not hold what it should/],
  ]) {
    await assert.rejects(createRedisStore({ url: redis.url, tls: { caFile } }), refused(pattern));
  }
});

test('a client certificate is shown where Redis wants one', async (t) => {
  const certificate = await writeCertificate(t, '127.0.0.1');
  const redis = await startTls(t, certificate, '--tls-auth-clients', 'yes');
  const tls = { caFile: certificate.cert };
  // TLS 1.3 tells it after the handshake: either its alert is read, or only that the connection is gone.
  await assert.rejects(createRedisStore({ url: redis.url, tls }), { name: 'StoreError' });
  const stranger = await writeCertificate(t, '127.0.0.1');
  const wrong = { ...tls, certFile: stranger.cert, keyFile: stranger.key };
  await assert.rejects(createRedisStore({ url: redis.url, tls: wrong }), { name: 'StoreError' });
  const right = { ...tls, certFile: certificate.cert, keyFile: certificate.key };
  const store = await open(t, { url: redis.url, tls: right });
  await store.ping();
  const mixed = { ...right, keyFile: stranger.key };
  await assert.rejects(createRedisStore({ url: redis.url, tls: mixed }), refused(/NETOCR_REDIS_\*_FILE/));
});

test('a cluster over TLS, as a user with the rights that are documented', async (t) => {
  const tls = await writeCertificate(t, '127.0.0.1');
  const { nodes } = await startCluster(t, { tls });
  for (const { ask } of nodes)
    await ask('ACL', 'SETUSER', 'proxy', 'on', '>planted', '~netocr:*', '-@all', ...ACL_RULES);
  const url = nodes[1].tlsUrl.replace('//', '//proxy:planted@');
  const store = await open(t, { url, tls: { caFile: tls.cert } });
  for (let i = 0; i < 30; ++i) {
    assert.equal(await store.spend(`x${i}`, { limit: 1, issuedMs: Date.now(), ttlMs: 60_000 }), true);
  }
  for (const { ask } of nodes) assert.match(await ask('CLIENT', 'LIST'), / user=proxy /);
});
