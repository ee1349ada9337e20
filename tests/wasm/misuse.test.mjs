// Whatever the exports are given, they answer with a record: nothing throws, prints or traps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatPixels, makeBmp, makePng } from '../fixtures/make-images.mjs';
import { loadCore, outcomeOf, withBytes } from './core.mjs';

const core = await loadCore();
const heapBytes = core.memory().heapBytes;
const BAD_RANGE = {
  ok: false,
  code: 'INVALID_ARGUMENT',
  position: 0,
  detail: 'pointer and length are outside the heap',
};

const BAD_RANGES = [
  [0, 1],
  [-1, 1],
  [1.5, 1],
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [8, -1],
  [8, 0.5],
  [8, Number.NaN],
  [8, 2 ** 32],
  [8, 2 ** 53],
  [heapBytes, 1],
  [heapBytes - 1, 2],
  [2 ** 32 - 1, 1],
  [2 ** 32, 1],
  [undefined, 1],
  [8, undefined],
  ['text', 1],
  [{}, 1],
];
const TAKES_RANGE = {
  inspectImage: (range) => core.inspectImage(...range, undefined),
  prepareImage: (range) => core.prepareImage(...range, undefined, undefined),
  heicProfile: (range) => core.heicProfile(...range, undefined),
  inspectVideo: (range) => core.inspectVideo(...range, undefined),
  checkVideo: (range) => core.checkVideo(...range, undefined, undefined),
  base64Encode: (range) => core.base64Encode(...range),
  base64Decode: (range) => core.base64Decode(...range),
  formEncodeBase64: (range) => core.formEncodeBase64(...range),
  formEncodeText: (range) => core.formEncodeText(...range),
  parseReply: (range) => core.parseReply('checkLiveness', 200, ...range, undefined),
  revealReply: (range) => core.revealReply(...range, { operation: 'checkLiveness' }),
  buildRequest: (range) => core.buildRequest('checkLiveness', [range], 1, 2),
};

for (const [name, call] of Object.entries(TAKES_RANGE)) {
  test(`${name} refuses ranges outside the heap`, () => {
    for (const range of BAD_RANGES) assert.deepEqual(outcomeOf(call(range)), BAD_RANGE, String(range));
  });
}

test('sniffing a bad range is unknown, and nothing is left to the codecs module', () => {
  for (const range of BAD_RANGES) {
    assert.equal(core.inspectImage(...range).leftToCodecs, false);
    assert.equal(core.prepareImage(...range).leftToCodecs, false);
    assert.equal(core.sniffImage(...range), 'unknown');
    assert.equal(core.sniffVideo(...range), 'unknown');
  }
});

test('empty files are EMPTY_INPUT, wherever they point', () => {
  for (const name of ['inspectImage', 'prepareImage', 'inspectVideo', 'checkVideo']) {
    for (const pointer of [0, 8]) assert.equal(core[name](pointer, 0).code, 'EMPTY_INPUT', name);
  }
  assert.equal(core.buildRequest('checkLiveness', [[0, 0]], 1, 2).code, 'EMPTY_INPUT');
  assert.deepEqual([...core.base64Encode(0, 0).bytes], []);
});

const BAD_NUMBERS = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 54, '5', null, {}, [], true];

test('options of a wrong type or range are INVALID_ARGUMENT and named', () => {
  const png = makePng(flatPixels(4, 4));
  withBytes(core, [png], ([part]) => {
    for (const value of BAD_NUMBERS) {
      for (const name of [
        'maxInputBytes',
        'maxDimension',
        'maxPixels',
        'maxDecoderBytes',
        'maxReplyBytes',
        'maxReplyDepth',
      ]) {
        assert.deepEqual(
          outcomeOf(core.inspectImage(...part, { [name]: value })),
          { ok: false, code: 'INVALID_ARGUMENT', position: 0, detail: name },
          `${name}: ${String(value)}`,
        );
        assert.equal(core.heicProfile(...part, { [name]: value }).detail, name);
      }
      for (const name of ['maxBytes', 'maxEdge', 'minQuality', 'maxQuality', 'effort']) {
        assert.equal(core.prepareImage(...part, { [name]: value }).detail, name);
      }
      for (const name of [
        'maxBytes',
        'minDurationMs',
        'maxDurationMs',
        'durationToleranceMs',
        'size',
        'duration',
      ]) {
        assert.equal(core.checkVideo(...part, { [name]: value }).detail, name);
      }
    }
    for (const options of [null, 5, 'text', true, () => {}]) {
      assert.equal(core.inspectImage(...part, options).code, 'INVALID_ARGUMENT');
      assert.equal(core.prepareImage(...part, options).code, 'INVALID_ARGUMENT');
      assert.equal(core.prepareImage(...part, { limits: options }).code, 'INVALID_ARGUMENT');
      assert.equal(core.checkVideo(...part, options).code, 'INVALID_ARGUMENT');
    }
  });
});

test('values beyond an option’s own range are INVALID_ARGUMENT', () => {
  withBytes(core, [makePng(flatPixels(4, 4))], ([part]) => {
    for (const options of [
      { maxBytes: 1023 },
      { maxEdge: 15 },
      { maxEdge: 65501 },
      { minQuality: 0 },
      { minQuality: 96 },
      { maxQuality: 101 },
      { minQuality: 60, maxQuality: 59 },
      { effort: 'fast' },
      { effort: '' },
      { allowTruncated: 1 },
      { allowTruncated: 'yes' },
    ]) {
      assert.equal(core.prepareImage(...part, options).code, 'INVALID_ARGUMENT', JSON.stringify(options));
    }
  });
});

test('parts that are no array of ranges are INVALID_ARGUMENT', () => {
  for (const parts of [
    undefined,
    null,
    5,
    'ab',
    {},
    [],
    [5],
    [null],
    [[1]],
    [
      [8, 1],
      [8, 1],
      [8, 1],
    ],
    [['8', '1']],
  ]) {
    assert.equal(
      core.buildRequest('compareFaces', parts, 1, 2).code,
      'INVALID_ARGUMENT',
      JSON.stringify(parts),
    );
  }
});

test('operations that are none are INVALID_ARGUMENT', () => {
  for (const operation of [undefined, null, 5, '', 'comparefaces', 'compareFaces ', {}, ['compareFaces']]) {
    assert.equal(core.buildRequest(operation, [[8, 1]], 1, 2).detail, 'unknown operation');
    assert.equal(core.parseReply(operation, 200, 8, 1).detail, 'unknown operation');
    assert.equal(core.startCall(operation, [[8, 1]], {}, {}).detail, 'unknown operation');
  }
});

test('startCall refuses what it cannot send', () => {
  const good = { baseUrl: 'http://127.0.0.1:1/netocr', headers: [], timeoutMs: 1000, withCredentials: false };
  const callbacks = { onDone: () => assert.fail('called back') };
  const start = (options, given = callbacks) =>
    withBytes(core, [Buffer.from('x')], (parts) => core.startCall('checkLiveness', parts, options, given));
  for (const [change, detail] of [
    [{ baseUrl: '' }, 'baseUrl'],
    [{ baseUrl: undefined }, 'baseUrl'],
    [{ baseUrl: 5 }, 'baseUrl'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs'],
    [{ timeoutMs: '5' }, 'timeoutMs'],
    [{ withCredentials: 1 }, 'withCredentials'],
    [{ headers: 'X-A: b' }, 'headers'],
    [{ headers: ['X-A'] }, 'headers'],
    [{ headers: ['X-A', 5] }, 'headers'],
    [{ headers: ['', 'b'] }, 'headers'],
    [{ headers: ['X A', 'b'] }, 'headers'],
    [{ headers: ['X-A', 'b\r\nX-B: c'] }, 'headers'],
    [{ headers: ['X-A', 'ü'] }, 'headers'],
    [{ limits: { maxReplyBytes: -1 } }, 'maxReplyBytes'],
  ]) {
    const record = start({ ...good, ...change });
    assert.deepEqual([record.code, record.detail], ['INVALID_ARGUMENT', detail], JSON.stringify(change));
  }
  for (const given of [null, 5, {}, { onDone: 5 }]) assert.equal(start(good, given).code, 'INVALID_ARGUMENT');
  for (const options of [undefined, null, 5]) assert.equal(start(options).code, 'INVALID_ARGUMENT');
  assert.equal(core.liveCalls(), 0);
});

test('abortCall of a call that is not there is false', () => {
  for (const id of [0, 1, -1, 0.5, 2 ** 40, Number.NaN, undefined, 'x'])
    assert.equal(core.abortCall(id), false);
});

test('parseReply takes any status as one that is not 200', () => {
  for (const status of [-1, 0, 1000, Number.NaN, undefined, 'x']) {
    assert.equal(
      withBytes(core, [Buffer.from('{}')], ([part]) => core.parseReply('checkLiveness', status, ...part)).ok,
      false,
    );
  }
});

test('a picture cut off at every byte never traps, and what is decodable is decoded', () => {
  for (const whole of [makePng(flatPixels(9, 7)), makeBmp(flatPixels(9, 7))]) {
    for (let length = 1; length <= whole.length; length += 1) {
      withBytes(core, [whole.subarray(0, length)], ([part]) => {
        const info = core.inspectImage(...part);
        const prepared = core.prepareImage(...part);
        assert.equal(typeof info.ok, 'boolean');
        if (!info.ok) assert.equal(prepared.ok, false);
        if (length === whole.length) assert.equal(prepared.ok, true);
      });
    }
  }
});

test('a header that promises too many pixels is refused before anything is allocated', () => {
  const png = makePng(flatPixels(2, 2));
  const before = core.memory().heapBytes;
  for (const [width, height] of [
    [65501, 1],
    [1, 65501],
    [65500, 65500],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ]) {
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(width, 16);
    bomb.writeUInt32BE(height, 20);
    withBytes(core, [bomb], ([part]) => {
      const { code } = core.prepareImage(...part);
      // The wrong CRC of the changed header may be noticed first.
      assert.ok(['IMAGE_TOO_LARGE', 'CORRUPT_IMAGE'].includes(code), code);
    });
  }
  assert.equal(core.memory().heapBytes, before);
});

test('more memory than the module may have is OUT_OF_MEMORY, not an abort', () => {
  assert.equal(core._malloc(2 ** 31 - 8), 0);
  assert.equal(core.canHold(2 ** 31 - 8), false);
  assert.equal(core.canHold(1024), true);
  for (const bytes of [-1, Number.NaN, 2 ** 40, undefined]) assert.equal(core.canHold(bytes), false);
});
