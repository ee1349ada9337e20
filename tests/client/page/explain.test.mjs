// The detail of an error holds what the proxy said, and what browsers keep to themselves about calls across origins.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createClient } from '../../../web/client/node/index.js';
import { explained } from '../../../web/client/page/explain.js';
import { NetocrError } from '../../../web/client/shared/errors.js';
import { startProxy } from '../../proxy/helpers.mjs';
import { photoA } from '../photos.mjs';

const PROXY = 'https://proxy.example/netocr';
const PAGE = 'https://www.example.com';

test('the proxy’s words come after the core’s; those of the service stay where they are', () => {
  const status = (httpStatus, message) => ({ code: '', message, httpStatus });
  const table = [
    ['REQUEST_REFUSED', 'record', status(403, 'not this origin'), 'record: not this origin'],
    ['HTTP_ERROR', 'HTTP status other than 200', status(500, ''), 'HTTP status other than 200'],
    ['SERVICE_ERROR', 'the service reports a failure', status(200, '张三'), 'the service reports a failure'],
    ['TIMEOUT', 'no complete reply in time', null, 'no complete reply in time'],
  ];
  for (const [code, detail, given, expected] of table) {
    const cause = new Error('cause');
    const error = new NetocrError(code, { detail, status: given, requestId: 'r', index: 1, cause });
    const more = explained(error, PROXY, PROXY);
    assert.equal(more.detail, expected);
    assert.deepEqual(
      [more.code, more.status, more.requestId, more.index, more.cause],
      [code, given, 'r', 1, cause],
    );
    assert.ok(more.message.includes(expected));
    if (expected === detail) assert.equal(more, error);
  }
});

test('no reply from another origin: the detail names the page’s', () => {
  const error = new NetocrError('NETWORK_ERROR', { detail: 'no reply' });
  assert.match(
    explained(error, PROXY, PAGE).detail,
    /^no reply: .* pages of the origin https:\/\/www\.example\.com /,
  );
  assert.equal(explained(error, `${PAGE}/netocr`, PAGE), error, 'its own origin');
  assert.equal(explained(error, PROXY), error, 'outside of a page');
  const aborted = new DOMException('x', 'AbortError');
  assert.equal(explained(aborted, PROXY, PAGE), aborted);
});

test('a client at a wrong path reads what the proxy says', async (t) => {
  const proxy = await startProxy(t);
  const client = createClient({ endpoint: `${proxy.origin}/wrong` });
  t.after(() => client.close());
  await assert.rejects(client.checkLiveness(photoA), {
    code: 'REQUEST_REFUSED',
    detail: "the proxy's error record: the proxy has no such path",
  });
});
