import assert from 'node:assert/strict';
import test from 'node:test';
import { addressGroup, callerAddress } from '../../web/proxy/addresses.js';

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
    [1, undefined, peer],
  ];
  for (const [hops, forwarded, expected] of table) {
    const headers = new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
    assert.equal(callerAddress(headers, peer, hops), expected, `${hops} ${forwarded}`);
  }
});
