// Keys of other kinds: what the operator hears.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import { nodeReceipts } from '../../../web/proxy/node/receipts.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const MUST = 'the key of receipts must be a private key of P-256, as PKCS #8 PEM or JWK';
const CONVERT = '(convert: openssl pkcs8 -topk8 -nodes -in key.pem)';
const PARAMETERS = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

test('a key of another kind says what to do', () => {
  const sec1 = privateKey.export({ type: 'sec1', format: 'pem' });
  const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' };
  for (const [key, remedy] of [
    [sec1, ` ${CONVERT}`],
    [PARAMETERS + sec1, ` ${CONVERT}`],
    [privateKey.export(encrypted), `, without a passphrase ${CONVERT}`],
    [
      publicKey.export({ type: 'spki', format: 'pem' }),
      ': this is the public key: it belongs to your backend',
    ],
    [generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), ''],
    ['planted', ''],
    [{ kty: 'planted' }, ''],
  ])
    assert.throws(() => nodeReceipts({ key }), { name: 'TypeError', message: MUST + remedy });
});

test('the right kind is taken', () => {
  for (const key of [
    privateKey.export({ type: 'pkcs8', format: 'pem' }),
    privateKey.export({ format: 'jwk' }),
  ])
    assert.equal(nodeReceipts({ key }).key, key);
});
