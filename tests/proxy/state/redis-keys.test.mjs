import assert from 'node:assert/strict';
import test from 'node:test';
import { createKeyNames, slotOf, TAGS, tagOf } from '../../../web/proxy/state/redis-keys.js';
import { readTable } from '../../../web/proxy/state/redis-table.js';

test('what one call touches has one tag; calls spread over all tags', () => {
  const names = createKeyNames('netocr:');
  assert.equal(names.entry('7f', 'use', 'id:checkLiveness'), 'netocr:{7f}:use:id:checkLiveness');
  assert.equal(names.epoch('7f'), 'netocr:{7f}:epoch');
  const counts = new Map();
  for (let i = 0; i < 25_600; ++i) {
    const tag = tagOf(`2b6f0cc9-04d1-4be0-8a26-${String(i).padStart(12, '0')}:checkLiveness`);
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), [...TAGS]);
  assert.ok(Math.max(...counts.values()) < 200 && Math.min(...counts.values()) > 50, 'about 100 each');
  assert.equal(tagOf('x'), tagOf('x'));
});

test('three nodes hold about as many tags, and so do thirty', () => {
  for (const nodes of [3, 30]) {
    const counts = Array.from({ length: nodes }, () => 0);
    for (const tag of TAGS) counts[Math.floor((slotOf(tag) * nodes) / 16_384)] += 1;
    assert.ok(Math.min(...counts) > 256 / nodes / 3, counts.join());
  }
});

test('the slot is that of the specification', () => {
  assert.equal(slotOf('123456789'), 0x31c3); // the check value of CRC16/XMODEM
  assert.equal(slotOf(''), 0);
});

test('a table: hosts that are missing are the one that was asked, slots that nobody holds are missing', () => {
  const table = readTable(
    [
      [0, 8000, ['10.0.0.1', 7000, 'id', []], ['10.0.0.9', 7000, 'replica']],
      [8001, 12_000, [null, 7001, 'id']],
      [12_001, 14_000, ['?', 7002, 'id']],
    ],
    'seed.example',
  );
  for (const tag of TAGS) {
    const slot = slotOf(tag);
    const expected =
      slot <= 8000
        ? { host: '10.0.0.1', port: 7000 }
        : slot <= 12_000
          ? { host: 'seed.example', port: 7001 }
          : slot <= 14_000
            ? { host: 'seed.example', port: 7002 }
            : undefined;
    assert.deepEqual(table.get(tag), expected);
  }
  assert.equal(readTable([], 'x').size, 0);
});
