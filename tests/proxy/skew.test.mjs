// Clocks that differ: whatever the allowed skews of two proxies and of the store that they share, no token has more uses
// than it says.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createGate } from '../../web/proxy/access/gate.js';
import { createTokenCheck, SKEW_MS } from '../../web/proxy/access/tokens.js';
import { createMemoryStore, mintToken } from '../../web/proxy/index.js';
import { checkOptions } from '../../web/proxy/settings.js';
import { createRedisStore } from '../../web/proxy/state/redis.js';
import { TOKEN_SECRET } from './helpers.mjs';
import { startRedis } from './state/redis-server.mjs';

const ORIGIN = 'https://www.example.com';
const OPERATION = 'checkLiveness';
/** How long a step of the store may come after the look at the clock: longer, and the call ends without it. */
const STEP_MS = 2000;

/** -2 s to 2 s of each clock, with what is next to the edges. */
const SKEWS = [];
for (let ms = -SKEW_MS; ms <= SKEW_MS; ms += 500) SKEWS.push(ms);
SKEWS.push(1 - SKEW_MS, SKEW_MS - 1);
SKEWS.sort((a, b) => a - b);

const mint = () =>
  mintToken({
    secret: TOKEN_SECRET,
    operations: OPERATION,
    origin: ORIGIN,
    expiresIn: 10,
    applicantId: 'a-1',
  });

/** When the token was issued and when it ends, in milliseconds of the true time. */
function timesOf(token) {
  const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  return { issuedMs: iat * 1000, expiresMs: exp * 1000 };
}

const SETTINGS = checkOptions({
  key: 'k',
  secret: 's',
  tokenSecret: TOKEN_SECRET,
  allowedOrigins: [ORIGIN],
  rates: null,
});

/** Makes gates whose clock shows `now()`. */
function gatesAt(now) {
  const settings = { ...SETTINGS, checkToken: createTokenCheck([TOKEN_SECRET], { now }) };
  return (store) => createGate({ ...settings, store }, { now });
}

/** '' when the call may go to the service, else the code that it is refused with. */
async function codeOf(gate, token) {
  const headers = { authorization: `Bearer ${token}`, origin: ORIGIN };
  try {
    const caller = await gate.admit(new Request('https://proxy.example/', { headers }), OPERATION, undefined);
    await caller.spend();
    return '';
  } catch (error) {
    return error.code;
  }
}

/** Every combination. */
function* skewsOfAll() {
  for (const storeSkew of SKEWS)
    for (const first of SKEWS) for (const second of SKEWS) yield { storeSkew, first, second };
}

test('a single-use token passes once, for all skews of two proxies and their store', async () => {
  assert.equal(SKEW_MS, 2000);
  const token = await mint();
  const { issuedMs, expiresMs } = timesOf(token);
  const clock = { ms: 0 };
  const gates = new Map(SKEWS.map((skew) => [skew, gatesAt(() => clock.ms + skew)]));
  const seen = new Set();
  for (const { storeSkew, first, second } of skewsOfAll()) {
    // The first moment, one in the middle, and the last one of the first proxy.
    for (const spentAt of [issuedMs, expiresMs - 5000, expiresMs - first - 1]) {
      clock.ms = issuedMs - 60_000;
      const memory = createMemoryStore({ now: () => clock.ms + storeSkew });
      let delayMs = 0;
      const spend = (...step) => {
        clock.ms += delayMs;
        return memory.spend(...step);
      };
      const store = { ...memory, spend };
      const [one, other] = [first, second].map((skew) => gates.get(skew)(store));
      const about = `store ${storeSkew}, proxies ${first} and ${second}, spent ${expiresMs - spentAt} ms before the end`;
      clock.ms = spentAt;
      assert.equal(await codeOf(one, token), '', about);
      // The last moment at which the other one takes the token; its step comes at once or late.
      for (delayMs of [0, STEP_MS]) {
        clock.ms = Math.max(spentAt, expiresMs - second - 1);
        const code = await codeOf(other, token);
        seen.add(code);
        assert.notEqual(code, '', `${about}, step after ${delayMs} ms`);
      }
    }
  }
  // Where it was spent after the other proxy's end, that one refuses by its clock.
  assert.deepEqual([...seen].sort(), ['TOKEN_EXPIRED', 'TOKEN_USED_UP']);
});

test('the same in Redis: a use outlives the token by twice the skew', async (t) => {
  const redis = await startRedis(t);
  const stores = [await createRedisStore({ url: redis.url }), await createRedisStore({ url: redis.url })];
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const leftMs = 20;
  for (;;) {
    const token = await mint();
    const { expiresMs } = timesOf(token);
    // One clock is 2 s ahead and the other 2 s behind; both stand still, so that this process may take its time.
    const ahead = gatesAt(() => expiresMs - leftMs)(stores[0]);
    const behind = gatesAt(() => expiresMs - leftMs - 2 * SKEW_MS)(stores[1]);
    const started = performance.now();
    assert.equal(await codeOf(ahead, token), '');
    while (performance.now() - started < 3 * leftMs) await stores[0].ping();
    const code = await codeOf(behind, token);
    // In a process that was stopped for seconds the use may be gone rightly.
    if (performance.now() - started >= 2 * SKEW_MS) continue;
    assert.equal(code, 'TOKEN_USED_UP');
    return;
  }
});
