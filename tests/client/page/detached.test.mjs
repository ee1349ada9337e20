// Buffers whose owner gives them away: before a call, which then refuses them by name, and right after it began, which
// must not matter. Every function that takes bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as node from '../../../web/client/node/index.js';
import { PASS, reply, startServer } from '../../fixtures/server.mjs';
import { closing, operationsOn, photoA, photoB, rejection, video } from '../photos.mjs';

const DETAIL = 'the buffer was transferred elsewhere';
const transfer = (buffer) => structuredClone(buffer, { transfer: [buffer] });

/** Name -> an input of a file's bytes, and the buffer behind it. */
const KINDS = {
  ArrayBuffer: (bytes) => {
    const buffer = Uint8Array.from(bytes).buffer;
    return [buffer, buffer];
  },
  Uint8Array: (bytes) => {
    const view = Uint8Array.from(bytes);
    return [view, view.buffer];
  },
  DataView: (bytes) => {
    const { buffer } = Uint8Array.from(bytes);
    return [new DataView(buffer), buffer];
  },
};

/** Name -> the function, asked for one input. */
const tools = {
  prepareImage: (of, input) => of.prepareImage(input, { maxEdge: 64 }),
  inspectImage: (of, input) => of.inspectImage(input),
  inspectVideo: (of, input) => of.inspectVideo(input),
};
const calls = {
  'compareFaces, first': [(of, input) => of.compareFaces(input, photoB), 0],
  'compareFaces, second': [(of, input) => of.compareFaces(photoA, input), 1],
  checkLiveness: [(of, input) => of.checkLiveness(input), 0],
  checkVideoLiveness: [(of, input) => of.checkVideoLiveness(input), 0],
  'matchIdCard, card': [(of, input) => of.matchIdCard(input, photoB), 0],
  'matchIdCard, face': [(of, input) => of.matchIdCard(photoA, input), 1],
  'matchIdCard, files': [(of, input) => of.matchIdCard(photoA, input, { transfer: 'file' }), 1],
};

for (const [kind, make] of Object.entries(KINDS)) {
  test(`a ${kind} that was given away before: INVALID_ARGUMENT, and nothing is sent`, async (t) => {
    const server = await startServer(t, (response) => reply(response, PASS));
    const client = closing(t, node.createClient({ endpoint: server.url }));
    const gone = () => {
      const [input, buffer] = make(photoA);
      transfer(buffer);
      return input;
    };
    for (const [name, ask] of Object.entries(tools)) {
      for (const of of [client, node]) {
        const error = await rejection(ask(of, gone()));
        assert.ok(node.isNetocrError(error), name);
        assert.deepEqual([error.code, error.detail, error.index], ['INVALID_ARGUMENT', DETAIL, 0], name);
      }
    }
    for (const [name, [ask, index]] of Object.entries(calls)) {
      const error = await rejection(ask(client, gone()));
      assert.ok(node.isNetocrError(error), name);
      assert.deepEqual([error.code, error.detail, error.index], ['INVALID_ARGUMENT', DETAIL, index], name);
    }
    assert.equal(server.seen.length, 0);
  });

  test(`a ${kind} that is given away while it is worked on: what it was is used`, async (t) => {
    const server = await startServer(t, (response) => reply(response, PASS));
    const client = closing(t, node.createClient({ endpoint: server.url }));
    const [photo, behind] = make(photoA);
    const prepared = client.prepareImage(photo, { maxEdge: 64 });
    assert.equal(transfer(behind).byteLength, photoA.length);
    assert.equal((await prepared).width, 64);

    const [clip, behindClip] = make(video);
    const told = client.inspectVideo(clip);
    transfer(behindClip);
    assert.equal((await told).bytes, video.length);

    const [a, b] = [make(photoA), make(photoB)];
    const results = Object.values(operationsOn(a[0], b[0])).map((ask) => ask(client));
    transfer(a[1]);
    transfer(b[1]);
    for (const outcome of await Promise.allSettled(results)) {
      // The stand-in server's reply is not every operation's; that it was asked is what counts.
      assert.notEqual(outcome.reason?.code, 'INVALID_ARGUMENT');
      assert.notEqual(outcome.reason?.stage, 'input');
    }
    assert.equal(server.seen.length, 5);
  });
}
