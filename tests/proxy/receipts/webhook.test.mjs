import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { createWebhook } from '../../../web/proxy/receipts/webhook.js';
import { deadPort } from '../../fixtures/server.mjs';
import { startUpstream } from '../helpers.mjs';

const FAST = { firstPauseMs: 1 };
const failing = (reason) => `the webhook does not take receipts (${reason}): they are tried again`;

/** A webhook whose warnings are collected. */
function open(t, url, options) {
  const warnings = [];
  const webhook = createWebhook({ url, warn: (text) => warnings.push(text), ...FAST, ...options });
  t.after(() => webhook.close({ graceMs: 0 }));
  return { ...webhook, warnings };
}

/** Answers with the statuses in turn, then with 204. */
async function answering(t, ...statuses) {
  const hook = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(statuses.shift() ?? 204).end(),
  });
  return hook;
}

async function seen(hook, count) {
  while (hook.records.length < count) await once(hook.server, 'recorded');
  return Promise.all(hook.records.map((record) => record.outcome.then(() => record.body().toString())));
}

test('a failure is tried again, a refusal is not', async (t) => {
  const shaky = await answering(t, 500, 503, 429);
  const one = open(t, shaky.url);
  one.push('receipt');
  assert.deepEqual(await seen(shaky, 4), Array(4).fill('receipt'));
  await one.close();
  // Once for a row of failures, not for each attempt.
  assert.deepEqual([shaky.records.length, one.warnings], [4, [failing('HTTP status 500')]]);

  const refusing = await answering(t, 404);
  const two = open(t, refusing.url);
  two.push('receipt');
  await seen(refusing, 1);
  await two.close();
  assert.equal(refusing.records.length, 1);
  assert.deepEqual(two.warnings, ['the webhook refused a receipt with HTTP status 404']);
});

test('a redirect is not followed: the receipt is for this address', async (t) => {
  const elsewhere = await answering(t);
  const hook = await startUpstream(t, {
    reply: (_request, response) => response.writeHead(307, { location: elsewhere.url }).end(),
  });
  const webhook = open(t, hook.url);
  webhook.push('receipt');
  await seen(hook, 1);
  await webhook.close();
  assert.equal(elsewhere.records.length, 0);
  assert.equal(webhook.warnings.length, 1);
});

test('a backend that is not there: after its attempts the receipt is given up, aloud', async () => {
  const warnings = [];
  const webhook = createWebhook({
    url: `http://127.0.0.1:${await deadPort()}`,
    warn: (text) => warnings.push(text),
    attempts: 3,
    ...FAST,
  });
  const claims = Buffer.from('{"jti":"a-request-1"}').toString('base64url');
  await webhook.push(`e30.${claims}.c2ln`);
  await webhook.push('no receipt');
  assert.deepEqual(warnings, [
    failing('ECONNREFUSED'),
    'the receipt of request a-request-1 could not be delivered to the webhook (ECONNREFUSED)',
    'a receipt could not be delivered to the webhook (ECONNREFUSED)',
  ]);
});

test('a backend that hangs: a few wait, the rest is dropped, and the end is not held up', async (t) => {
  const hook = await startUpstream(t, { reply: () => {} });
  const webhook = open(t, hook.url, { maxWaiting: 10, answerMs: 3_600_000 });
  for (let i = 0; i < 15; ++i) webhook.push(`receipt ${i}`);
  assert.deepEqual(webhook.warnings, Array(5).fill('a receipt was not sent to the webhook: too many wait'));
  await seen(hook, 4);
  await webhook.close({ graceMs: 50 });
  // No more than four at a time were on their way.
  assert.equal(hook.records.length, 4);
  assert.equal(webhook.warnings.length, 15);
});

test('at the end what waits for its next attempt is tried at once', async (t) => {
  const hook = await answering(t, 500);
  const webhook = open(t, hook.url, { firstPauseMs: 3_600_000 });
  webhook.push('receipt');
  await seen(hook, 1);
  await webhook.close();
  assert.equal(hook.records.length, 2);
  assert.doesNotMatch(webhook.warnings.join(), /could not be delivered|not sent/);
  webhook.push('late');
  assert.match(webhook.warnings.at(-1), /was not sent/);
});

test('push resolves at the end of the delivery; pushAlone waits for no other receipt and outlives close', async (t) => {
  const hook = await answering(t, 500, 204, 404);
  const webhook = open(t, hook.url);
  await webhook.push('first');
  assert.deepEqual(await seen(hook, 2), ['first', 'first']);
  await webhook.push('unwanted');
  assert.deepEqual(webhook.warnings, [
    failing('HTTP status 500'),
    'the webhook refused a receipt with HTTP status 404',
  ]);

  const hanging = await startUpstream(t, { reply: () => {} });
  const busy = open(t, hanging.url, { maxWaiting: 4, answerMs: 3_600_000 });
  for (let i = 0; i < 4; ++i) void busy.push('waits');
  await seen(hanging, 4);
  void busy.pushAlone('alone').catch(() => {});
  assert.deepEqual((await seen(hanging, 5)).at(-1), 'alone');
  await webhook.close();
  await webhook.pushAlone('late');
  assert.equal((await seen(hook, 4)).at(-1), 'late');
});
