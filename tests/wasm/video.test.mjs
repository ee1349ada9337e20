// The video vectors through the shipped module: what the native core is tested against.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeVideo, videoKinds } from '../fixtures/make-videos.mjs';
import { loadCore, withBytes } from './core.mjs';

const contract = (name) => fileURLToPath(new URL(`../contract/${name}`, import.meta.url));
const vectors = JSON.parse(readFileSync(contract('video.json'), 'utf8'));
const core = await loadCore();

function outcome(record) {
  if (!record.ok) return { error: record.code, position: record.position };
  return {
    container: record.container,
    durationMs: record.durationMs ?? null,
    warnings: [...record.warnings],
  };
}

test('video.json is what its cases make', () => {
  execFileSync(process.execPath, [contract('make-video.mjs'), '--check'], { stdio: 'pipe' });
});

test('video.inspect', () => {
  assert.ok(vectors.inspect.length > 30);
  for (const { name, input, expect } of vectors.inspect) {
    const bytes = Buffer.from(input.base64, 'base64');
    const record = withBytes(core, [bytes], ([part]) => core.inspectVideo(...part, undefined));
    assert.deepEqual(outcome(record), expect, name);
    if (record.ok) assert.equal(record.bytes, bytes.length, name);
  }
});

test('video.check', () => {
  assert.ok(vectors.check.length > 20);
  for (const { name, input, options, expect } of vectors.check) {
    const bytes = Buffer.from(input.base64, 'base64');
    const record = withBytes(core, [bytes], ([part]) => core.checkVideo(...part, options, undefined));
    assert.deepEqual(outcome(record), expect, name);
  }
});

test('every fixture has the size and duration that were asked for', () => {
  const wishes = [
    { durationMs: 4000, bytes: 200_000 },
    { durationMs: 3200, bytes: 1_048_576 },
    { durationMs: 5000, bytes: 1_048_577 },
  ];
  for (const kind of videoKinds) {
    for (const wish of wishes) {
      const file = makeVideo(kind, wish);
      assert.equal(file.length, wish.bytes, kind);
      const record = withBytes(core, [file], ([part]) => core.inspectVideo(...part, undefined));
      assert.equal(record.code, '', `${kind} ${record.detail}`);
      if (kind !== 'ogg') assert.equal(record.durationMs, wish.durationMs, kind);
    }
  }
});
