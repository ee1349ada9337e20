import assert from 'node:assert/strict';
import test from 'node:test';
import { addressGroup } from '../../../web/http/address-group.js';
import { callerAddress, createGroupOf } from '../../../web/proxy/access/addresses.js';

test('one subscriber is one group', () => {
  const table = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::1', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['256.0.0.1', null],
    ['192.0.2', null],
    ['unknown', null],
    ['', null],
    ['1:2', null],
    ['[::1]', null],
    ['192.0.2.7:80', null],
    ['::1]/@evil', null],
  ];
  for (const [address, group] of table) assert.equal(addressGroup(address), group, address);
});

test('only what trusted proxies wrote counts', () => {
  const peer = '10.0.0.1';
  const table = [
    [0, '192.0.2.1', peer],
    [1, '192.0.2.1', '192.0.2.1'],
    [1, '198.51.100.9, 192.0.2.1', '192.0.2.1'],
    [2, '198.51.100.9, 192.0.2.1', '198.51.100.9'],
    [2, '203.0.113.1,198.51.100.9, 192.0.2.1', '198.51.100.9'],
    [2, '192.0.2.1', peer],
    [1, 'planted', peer],
    [1, 'unknown', peer],
    [1, '', peer],
    [1, undefined, peer],
    [1, '192.0.2.1:5678', '192.0.2.1'],
    [1, '198.51.100.9:1, 192.0.2.1:5678', '192.0.2.1'],
    [1, '[2001:db8::1]:443', '2001:db8::1'],
    [1, '[2001:db8::1]', '2001:db8::1'],
    [1, '2001:db8::1', '2001:db8::1'],
    [1, '[fe80::1%eth0]:443', 'fe80::1%eth0'],
    [1, '192.0.2.1:', peer],
    [1, '192.0.2.1:123456', peer],
    [1, '[192.0.2.1]:80', peer],
    [1, '[2001:db8::1', peer],
    [1, '2001:db8::1]:80', peer],
    [1, '[::1]/@evil', peer],
    [1, '256.0.0.1:80', peer],
  ];
  for (const [hops, forwarded, expected] of table) {
    const headers = new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
    assert.equal(callerAddress(headers, peer, hops), expected, `${hops} ${forwarded}`);
  }
});

test('lines of the header are one list', () => {
  const headers = new Headers();
  for (const line of ['203.0.113.1, 198.51.100.9', '192.0.2.1:80']) headers.append('x-forwarded-for', line);
  assert.equal(callerAddress(headers, undefined, 1), '192.0.2.1');
  assert.equal(callerAddress(headers, undefined, 2), '198.51.100.9');
});

test('Forwarded is read from its end, by the grammar of RFC 7239', () => {
  const peer = '10.0.0.1';
  const table = [
    [0, 'for=192.0.2.1', peer],
    [1, 'for=192.0.2.1', '192.0.2.1'],
    [1, 'For="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    [1, 'for=192.0.2.60;proto=http;by=203.0.113.43', '192.0.2.60'],
    [1, 'proto=https; FOR = x', peer],
    [1, 'proto=https;host="a.example";for="192.0.2.1:5678"', '192.0.2.1'],
    [1, 'for=198.51.100.9, for=192.0.2.1', '192.0.2.1'],
    [2, 'for=198.51.100.9,for=192.0.2.1;by="_x,y"', '198.51.100.9'],
    [3, 'for=198.51.100.9, for=192.0.2.1', peer],
    [1, 'for="192.0.2.1:_obscure"', '192.0.2.1'],
    [1, 'for=unknown', peer],
    [1, 'for=_hidden', peer],
    [1, 'for="_SEVKISEK"', peer],
    [1, 'by=203.0.113.43', peer],
    [1, 'for=192.0.2.1;for=192.0.2.2', peer],
    [1, '', peer],
    [1, 'for=192.0.2.1;', '192.0.2.1'],
    // What a caller wrote before must not swallow what the proxy appended.
    [1, 'for="198.51.100.9, for=192.0.2.1', '192.0.2.1'],
    [1, 'for="\\", for=192.0.2.1', '192.0.2.1'],
    [1, '"""", for="[2001:db8::1]:80"', '2001:db8::1'],
    [2, 'for="x, for=198.51.100.9, for=192.0.2.1', '198.51.100.9'],
    [1, 'for=198.51.100.9, for=192.0.2.1;host="evil\\", for=198.51.100.7"', '192.0.2.1'],
  ];
  for (const [hops, forwarded, expected] of table) {
    const headers = new Headers({ forwarded });
    assert.equal(callerAddress(headers, peer, hops, 'forwarded'), expected, `${hops} ${forwarded}`);
  }
});

test('a header that the operator names holds one address, and no other header counts', () => {
  const peer = '10.0.0.1';
  const read = (headers, name) => callerAddress(new Headers(headers), peer, 0, name);
  assert.equal(read({ 'cf-connecting-ip': '192.0.2.1' }, 'cf-connecting-ip'), '192.0.2.1');
  assert.equal(read({ 'cf-connecting-ip': '2001:db8::1' }, 'cf-connecting-ip'), '2001:db8::1');
  assert.equal(read({ 'cf-connecting-ip': '198.51.100.9, 192.0.2.1' }, 'cf-connecting-ip'), peer);
  assert.equal(read({}, 'cf-connecting-ip'), peer);
  for (const other of ['x-real-ip', 'x-forwarded-for', 'forwarded', 'true-client-ip'])
    assert.equal(read({ [other]: '192.0.2.1' }, 'cf-connecting-ip'), peer, other);
  for (const name of [undefined, 'forwarded', 'x-real-ip'])
    assert.equal(read({ 'cf-connecting-ip': '192.0.2.1' }, name), peer, name);
});

test('the operator is told once that callers have no address', () => {
  const warnings = [];
  const settings = { trustProxy: 0, warn: (message) => warnings.push(message) };
  const request = (headers = {}) => new Request('http://proxy.example/', { headers });
  const plain = createGroupOf({ ...settings, addressHeader: 'x-forwarded-for' });
  assert.equal(plain(request(), '192.0.2.1'), '192.0.2.1');
  assert.deepEqual(warnings, []);
  for (let i = 0; i < 2; i += 1) assert.equal(plain(request({ 'cf-connecting-ip': '192.0.2.1' })), undefined);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /no rate of their own: set addressHeader/);
  const edge = createGroupOf({ ...settings, addressHeader: 'cf-connecting-ip' });
  assert.equal(edge(request({ 'cf-connecting-ip': '2001:db8::1' })), '2001:db8:0:0');
  assert.equal(warnings.length, 1);
});
