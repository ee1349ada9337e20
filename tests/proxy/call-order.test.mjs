// Every call ends and frees everything, whoever goes away first and when: the products of what the service answers, how
// far the proxy has read it, and who closes then. The stage is reached when the proxy's own socket has read those bytes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertFreed, BODY, connected, head, resources, startService, until } from './call-end.mjs';
import { deferred, openSocket, startProxy } from './helpers.mjs';

const HAS_NO_BODY = (status) => status === 204 || status === 101;

const FRAMES = {
  length: (body) => [`Content-Length: ${body.length}\r\n`, body],
  chunked: (body) => [
    'Transfer-Encoding: chunked\r\n',
    `${body && `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`,
  ],
  close: (body) => ['', body],
};
const UPGRADES = {
  none: '',
  websocket: 'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  h2c: 'Connection: upgrade\r\nUpgrade: h2c\r\n',
};
const INTERIMS = {
  none: '',
  100: 'HTTP/1.1 100 Continue\r\n\r\n',
  102: 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(2),
  103: 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(3),
};

/** The head and the body that the service sends. */
function replyOf({ status, size = 0, framing = 'length', upgrade = 'none', interim = 'none' }) {
  const [frame, body] = HAS_NO_BODY(status) ? ['', ''] : FRAMES[framing](' '.repeat(size));
  return [`${INTERIMS[interim]}HTTP/1.1 ${status} X\r\n${UPGRADES[upgrade]}${frame}\r\n`, body];
}

/** What of them was sent when somebody goes away. */
const STAGES = {
  'while the service thinks': () => '',
  'after the head': ([headText]) => headText,
  'in the middle': ([headText, body]) => headText + body.slice(0, body.length / 2),
  'after the reply': ([headText, body]) => headText + body,
};

/** Closes a socket on either side, by turns in one way and in the other. */
const CLOSE = [(socket) => void socket.resetAndDestroy(), (socket) => void socket.end()];

/** Who goes away at that stage, in which order. `gone`: resolves when the proxy has no connection to the service. */
const ORDERS = {
  'only the service': ({ service, way }) => CLOSE[way](service),
  'only the client': ({ client }) => client.destroy(),
  'the client resets': ({ client }) => client.resetAndDestroy(),
  async 'the service, then the client'({ service, client, way, gone }) {
    CLOSE[way](service);
    await gone();
    client.destroy();
  },
  async 'the client, then the service'({ service, client, way, gone }) {
    client.destroy();
    await gone();
    CLOSE[way](service);
  },
  'both at once'({ service, client, way }) {
    CLOSE[way](service);
    client.resetAndDestroy();
  },
};
const CLIENT_FIRST = /^(only )?the client/;

/** One call on a proxy that has no other. The record of its log, and the status that the client saw (0: none). */
async function play(t, { proxy, service, arrivals }, one) {
  const { name, stage, order, way } = one;
  const sent = STAGES[stage](replyOf(one));
  const logged = proxy.logged();
  const arrived = deferred();
  arrivals.set(name, arrived.resolve);
  const client = await openSocket(t, proxy.port, head(proxy, name, BODY.length));
  client.socket.write(BODY);
  const socket = await arrived.promise;
  const ours = [...connected].find(({ localPort }) => localPort === socket.remotePort);
  const isGone = () => ours.destroyed || socket.destroyed;
  if (sent) socket.write(sent);
  await until(() => isGone() || ours.bytesRead >= sent.length, `${name}: read`);
  const gone = () => until(isGone, `${name}: gone`);
  await ORDERS[order]({ service: socket, client: client.socket, way, gone });
  const record = await logged;
  await client.closed;
  await until(() => !service.sockets.has(socket), `${name}: the service is left alone`);
  return { record, answer: Number(/^HTTP\/1\.1 (\d{3}) /.exec(client.text())?.[1] ?? 0) };
}

/** Throws unless the end is one that the case can have. */
function assertEnd({ name, status, stage, order, framing, size }, { record, answer }) {
  const what = `${name}: ${answer} ${record.status} ${record.code}`;
  // What is complete is not known from its length where the service closes.
  const hasBody = !HAS_NO_BODY(status) && (size > 0 || framing !== 'length');
  const isWhole = stage === 'after the reply' || (stage !== 'while the service thinks' && !hasBody);
  const mayPass = status === 200 && (isWhole || framing === 'close');
  if (answer === 200) assert.ok(mayPass, what);
  else assert.ok([0, 429, 502].includes(answer) && (answer !== 429 || status === 429), what);
  if (order === 'only the service') assert.notEqual(answer, 0, what);
  // The proxy waits for more, so that the client's leaving is what ends the call.
  const isWaiting =
    stage === 'while the service thinks' || (status === 200 && (!isWhole || framing === 'close'));
  if (CLIENT_FIRST.test(order) && isWaiting) assert.equal(record.code, 'ABORTED', what);
}

const AT_ONCE = 12;

/** Plays all of them, on several proxies at once, and looks at what is left. */
async function playAll(t, ones) {
  const arrivals = new Map();
  const cases = { get: (name) => ({ act: (socket) => arrivals.get(name)(socket) }) };
  const service = await startService(t, cases);
  const options = { upstream: service.url, sandbox: true, breaker: null };
  const proxies = await Promise.all(Array.from({ length: AT_ONCE }, () => startProxy(t, options)));
  const before = resources();
  const left = ones.map((one, i) => ({ ...one, name: `${i} ${Object.values(one).join('-')}`, way: i % 2 }));
  async function client(proxy) {
    for (let one = left.pop(); one !== undefined; one = left.pop())
      assertEnd(one, await play(t, { proxy, service, arrivals }, one));
  }
  await Promise.all(proxies.map(client));
  for (const proxy of proxies) await assertFreed({ proxy, service, before });
}

/** Every combination of the lists. */
const product = (lists) =>
  Object.entries(lists).reduce(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );

const [THINKS, ...REPLYING] = Object.keys(STAGES);

test('whoever goes away first, at any stage of any reply, nothing of the call is left', async (t) => {
  const orders = Object.keys(ORDERS);
  const replies = {
    status: [200, 204, 302, 404, 429, 503],
    size: [0, 70_000],
    framing: Object.keys(FRAMES),
    stage: REPLYING,
    order: orders,
  };
  const isOne = ({ status, size, framing }) => !HAS_NO_BODY(status) || (size === 0 && framing === 'length');
  const thinking = { status: [200], size: [9], framing: ['length'], stage: [THINKS], order: orders };
  await playAll(t, [...product(thinking), ...product(thinking), ...product(replies).filter(isOne)]);
});

test('upgrades and interim replies beside every status, whoever goes away first', async (t) => {
  const ones = product({
    status: [101, 200, 204, 404, 426, 429, 503],
    upgrade: Object.keys(UPGRADES),
    interim: Object.keys(INTERIMS),
    framing: ['length'],
    size: [9],
    stage: ['after the head', 'after the reply'],
    order: ['only the service', 'only the client', 'both at once'],
  });
  await playAll(t, ones);
});
