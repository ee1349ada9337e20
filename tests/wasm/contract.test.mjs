// The contract vectors through the shipped module: byte for byte what the native core is tested against.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadCore, withBytes } from './core.mjs';

const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../contract/${name}.json`, import.meta.url), 'utf8'));
const core = await loadCore();

/** Bytes of an input: the forms are those of tests/contract/make.mjs. */
function bytesOf(spec) {
  if ('text' in spec) return Buffer.from(spec.text, 'utf8');
  if ('base64' in spec) return Buffer.from(spec.base64, 'base64');
  if ('repeat' in spec) return Buffer.from(spec.repeat.repeat(spec.times), 'utf8');
  if ('concat' in spec) return Buffer.concat(spec.concat.map(bytesOf));
  assert.ok('lcg' in spec, `unknown input ${Object.keys(spec)}`);
  let state = spec.lcg >>> 0;
  return Uint8Array.from({ length: spec.length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function assertBytes(actual, expect, name) {
  if ('sha256' in expect) {
    assert.equal(actual.length, expect.length, name);
    assert.equal(createHash('sha256').update(actual).digest('hex'), expect.sha256, name);
  } else {
    assert.deepEqual(Buffer.from(actual), bytesOf(expect), name);
  }
}

/** Encoders: one input, bytes or an error out. */
function testEncoder(file, list, exported) {
  test(`${file}.${list} through ${exported}`, () => {
    const cases = vectors(file)[list];
    assert.ok(cases.length > 10);
    for (const { name, input, expect } of cases) {
      const record = withBytes(core, [bytesOf(input)], ([part]) => core[exported](...part));
      assert.equal(record.code, expect.error ?? '', name);
      if (!expect.error) assertBytes(record.bytes, expect, name);
    }
  });
}

testEncoder('base64', 'encode', 'base64Encode');
testEncoder('base64', 'decode', 'base64Decode');
testEncoder('form', 'file', 'formEncodeBase64');
testEncoder('form', 'text', 'formEncodeText');

/** A multipart body is given in pieces, with the boundary left open. */
function wholeBody(body, files, boundary) {
  if (!Array.isArray(body)) return body;
  const pieces = body.map((piece) =>
    'file' in piece ? files[piece.file] : Buffer.from(piece.text.replaceAll('{boundary}', boundary), 'utf8'),
  );
  return { base64: Buffer.concat(pieces).toString('base64') };
}

test('request.build', () => {
  const { build } = vectors('request');
  assert.ok(build.length > 10);
  for (const { name, operation, files: specs, expect } of build) {
    const files = specs.map(bytesOf);
    const record = withBytes(core, files, (parts) => core.buildRequest(operation, parts, 0x1234, 0x5678));
    assert.equal(record.code, expect.error ?? '', name);
    if (expect.error) continue;
    const boundary = /boundary=(.+)$/.exec(record.contentType)?.[1] ?? '';
    assert.equal(record.contentType, expect.contentType.replaceAll('{boundary}', boundary), name);
    assertBytes(record.body, wholeBody(expect.body, files, boundary), name);
  }
});

test('reply.parse', () => {
  const { parse } = vectors('reply');
  assert.ok(parse.length > 100);
  for (const { name, operation, httpStatus, body, limits, expect } of parse) {
    const record = withBytes(core, [bytesOf(body)], ([part]) =>
      core.parseReply(operation, httpStatus, ...part, limits),
    );
    const { ok, code, score, statusCode, statusMessage, ...rest } = record;
    const actual = {
      error: ok ? null : code,
      verdict: rest.verdict,
      score: score && {
        value: score.value,
        scale: [0, score.scaleMax],
        threshold: score.threshold,
        higherMeans: score.higherMeans,
      },
      signals: rest.signals,
      idCard: rest.idCard,
      status: { code: statusCode, message: statusMessage },
      items: rest.items,
    };
    assert.deepEqual(actual, expect, name);
  }
});

test('sniff.sniff', () => {
  const { sniff } = vectors('sniff');
  assert.ok(sniff.length > 20);
  for (const { name, input, expect } of sniff) {
    withBytes(core, [bytesOf(input)], ([part]) => {
      assert.equal(core.sniffImage(...part), expect.image, name);
      assert.equal(core.sniffVideo(...part), expect.video, name);
    });
  }
});
