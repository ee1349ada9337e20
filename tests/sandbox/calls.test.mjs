// What the sandbox accepts and what it tells a caller who is wrong.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createSandboxHandler } from '../../web/sandbox/index.js';
import { startSandbox } from '../../web/sandbox/node.js';
import { ACCOUNT, byName, call, fieldsOf, handler, OPERATIONS, readJson, requestOf } from './helpers.mjs';
import { IMAGES, makePng, OTHER_IMAGES, OTHER_VIDEOS, VIDEOS } from './media.mjs';

const FACE = byName('compareFaces');
const FILE = byName('matchIdCardFile');
const VIDEO = byName('checkVideoLiveness');

async function refusal(operation, fields, options) {
  const reply = await call(operation, fields, options);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('x-netocr-sandbox'), '1');
  const { status, value, items } = readJson(operation, await reply.text());
  assert.equal(items, undefined);
  assert.equal(typeof status, operation.dialect === 'api' ? 'number' : 'string');
  return `${status} ${value}`;
}

test('every documented format is accepted by every operation', async () => {
  for (const operation of OPERATIONS) {
    for (const [format, bytes] of Object.entries(operation.media === 'video' ? VIDEOS : IMAGES)) {
      const media = operation.fields.map(() => bytes);
      const reply = await call(operation, fieldsOf(operation, media));
      const { status, items } = readJson(operation, await reply.text());
      assert.equal(String(status), operation.dialect === 'api' ? '0' : '2000', `${operation.name} ${format}`);
      assert.ok(items.length > 1);
      assert.equal(reply.headers.get('x-netocr-sandbox'), '1');
      assert.equal(reply.headers.get('content-type'), 'application/json;charset=UTF-8');
    }
  }
});

test('base64 is accepted in multipart text parts too', async () => {
  const reply = await call(FACE, fieldsOf(FACE), { encoding: 'multipart' });
  assert.equal(readJson(FACE, await reply.text()).status, '2000');
});

test('the same picture twice is the same person, another one is not, always with the same score', async () => {
  for (const [name, pass, top] of [
    ['compareFaces', '100.0', 40],
    ['matchIdCard', '1.0', 0.4],
    ['matchIdCardFile', '1.0', 0.4],
  ]) {
    const operation = byName(name);
    const judge = async (...media) => {
      const { items } = readJson(operation, await (await call(operation, fieldsOf(operation, media))).text());
      const content = (desc) => {
        const item = items.find((one) => one.desc === desc || one.desc.startsWith(`${desc}:`));
        return item.content || item.desc.slice(desc.length + 1);
      };
      return [content('判定结果'), content('判定值')];
    };
    assert.deepEqual(await judge(IMAGES.png, IMAGES.png), ['是', pass]);
    const [verdict, score] = await judge(IMAGES.png, makePng(1));
    assert.equal(verdict, '否');
    assert.ok(Number(score) > 0 && Number(score) < top, score);
    assert.deepEqual(await judge(IMAGES.png, makePng(1)), [verdict, score]);
    assert.notEqual((await judge(IMAGES.png, makePng(2)))[1], score);
    assert.equal((await judge(IMAGES.png, IMAGES.jpeg))[0], '否');
  }
});

test('credentials, fields and values are checked', async () => {
  const good = fieldsOf(FACE);
  const table = [
    [{ ...good, key: 'other' }, /^-4 .*wrong key or secret/],
    [{ ...good, secret: undefined }, /^-4 /],
    [{ ...good, key: 'other', img1: 'nonsense' }, /^-4 /],
    [{ ...good, typeId: '3035' }, /^-2 .*must be 21.*typeId/],
    [{ ...good, typeId: undefined }, /^-2 .*typeId/],
    [{ ...good, img2: undefined }, /^-2 .*must not be empty.*img2/],
    [{ ...good, img2: '' }, /^-2 .*must not be empty.*img2/],
    [{ ...good, formate: 'json' }, /^-2 .*no such parameter.*formate/],
    [{ ...good, sandboxScenario: 'no-such' }, /^-2 .*no such scenario/],
    [{ ...good, sandboxScenario: 'swapped-person' }, /^-2 .*no such scenario/],
    [{ ...good, sandboxScenario: 'pass:5' }, /^-2 .*no such scenario/],
    [{ ...good, img1: `data:image/png;base64,${good.img1}` }, /^-2 .*data: prefix.*img1/],
    [{ ...good, img1: good.img1.replace(/(.{40})/, '$1\n') }, /^-2 .*character 41 is white space.*img1/],
    [{ ...good, img1: good.img1.slice(0, -1) }, /^-2 .*(no multiple of 4|padding).*img1/],
    [{ ...good, img1: encodeURIComponent(good.img1) }, /^-2 .*encoded twice.*img1/],
    [{ ...good, img1: Buffer.from('hello world!').toString('base64') }, /^-1 识别失败!img1 .*no image/],
    [{ ...good, img2: VIDEOS.mp4.toString('base64') }, /^-1 .*img2 .*no image/],
    [{ ...good, img2: IMAGES.png.subarray(0, 60).toString('base64') }, /^-1 .*img2 .*damaged/],
    [{ ...good, img2: makePng(0, 1100, 1000).toString('base64') }, /^-1 .*img2 .*too large/],
  ];
  for (const [fields, pattern] of table) assert.match(await refusal(FACE, fields), pattern);
  const wrongFormat = await (await call(FACE, { ...good, format: 'yaml' })).text();
  assert.match(wrongFormat, /^<\?xml .*<status>-2<\/status>.*xml or json.*<infoList><\/infoList><\/data>$/);
});

test('formats that are not documented are refused by name', async () => {
  const image = byName('checkLiveness');
  for (const [name, bytes] of Object.entries(OTHER_IMAGES)) {
    assert.match(
      await refusal(image, fieldsOf(image, [bytes])),
      new RegExp(`^-1 .*${name} is not supported`),
    );
  }
  for (const [name, bytes] of Object.entries(OTHER_VIDEOS)) {
    assert.match(
      await refusal(VIDEO, fieldsOf(VIDEO, [bytes])),
      new RegExp(`^-1 .*${name} is not supported`),
    );
  }
  const long = Buffer.concat([VIDEOS.mp4, Buffer.alloc(1 << 20)]);
  assert.match(await refusal(VIDEO, fieldsOf(VIDEO, [long])), /^-1 .*too large/);
});

test('files must come as files, base64 as text', async () => {
  const text = { ...fieldsOf(FILE), file1: IMAGES.png.toString('base64') };
  assert.match(await refusal(FILE, text), /^-2 .*must be a file part.*file1/);
  const file = { ...fieldsOf(FACE), img1: IMAGES.png };
  assert.match(await refusal(FACE, file, { encoding: 'multipart' }), /^-2 .*must be base64 text.*img1/);
});

test('raw bodies: an unencoded +, repeated fields, bad percent-encoding, forms that are none', async () => {
  const send = (body, type = 'application/x-www-form-urlencoded', operation = FACE) =>
    handler(
      new Request(`http://x/${operation.path}`, { method: 'POST', body, headers: { 'content-type': type } }),
    );
  // A picture whose base64 has a plus early on.
  const shade = [...Array(256).keys()].find((value) =>
    makePng(value, 40, 40).toString('base64').includes('+'),
  );
  const plus = makePng(shade, 40, 40).toString('base64');
  const rest = `key=sandbox-key&secret=sandbox-secret&typeId=21&format=json&img2=${encodeURIComponent(plus)}`;
  const table = [
    [`${rest}&img1=${plus}`, /-2.*is a space: encode \+ as %2B/],
    [`${rest}&img1=${encodeURIComponent(plus)}&img1=AAAA`, /-2.*img1 is there twice/],
    [`${rest}&img1=%zz`, /-2.*bad percent-encoding/],
    [`&${rest}&img1=${encodeURIComponent(plus)}`, /"2000"/],
  ];
  for (const [body, pattern] of table) assert.match(await (await send(body)).text(), pattern);
  for (const [body, type] of [
    [rest, 'text/plain'],
    [rest, 'multipart/form-data; boundary=abc'],
    ['--abc\r\nno header end', 'multipart/form-data; boundary=abc'],
    [
      '--abc\r\ncontent-disposition: form-data; name="x"\r\n\r\nnever ends',
      'multipart/form-data; boundary=abc',
    ],
    [rest, 'multipart/form-data'],
  ]) {
    const reply = await send(body, type);
    assert.equal(reply.status, 400);
    assert.match(await reply.text(), /<html>/);
  }
  assert.equal((await send('x'.repeat((8 << 20) + 1))).status, 413);
});

test('other paths and methods answer as a servlet container does, with the header', async () => {
  for (const [path, method, status] of [
    [`/${FACE.path}`, 'GET', 405],
    ['/verapi/verInvoice.do', 'POST', 404],
    ['/', 'GET', 404],
  ]) {
    const reply = await handler(new Request(`http://x${path}`, { method }));
    assert.equal(reply.status, status);
    assert.equal(reply.headers.get('x-netocr-sandbox'), '1');
    assert.match(await reply.text(), /<html>/);
  }
});

test('takes other credentials, over a real socket; logs a line per call without content', async (t) => {
  const lines = [];
  const server = await startSandbox({
    key: 'k-planted',
    secret: 's-planted',
    log: (line) => lines.push(line),
  });
  t.after(() => server.close({ graceMs: 0 }));
  const send = async (fields) => {
    const { body, headers } = requestOf(FACE, fields);
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    return (await fetch(`${server.url}/${FACE.path}`, { method: 'POST', body: bytes, headers })).json();
  };
  const good = { ...fieldsOf(FACE), key: 'k-planted', secret: 's-planted' };
  assert.equal((await send(good)).messageString.status, '2000');
  assert.equal((await send({ ...good, ...ACCOUNT })).messageString.status, '-4');
  assert.equal((await send({ ...good, sandboxScenario: 'quota-used-up' })).messageString.status, '-3');
  assert.deepEqual(
    lines.map(({ path, status, code }) => [path, status, code]),
    [
      [`/${FACE.path}`, 200, 'OK'],
      [`/${FACE.path}`, 200, '-4'],
      [`/${FACE.path}`, 200, 'quota-used-up'],
    ],
  );
  const text = JSON.stringify(lines);
  for (const value of ['planted', 'sandbox-key', good.img1]) assert.ok(!text.includes(value));
  assert.deepEqual(Object.keys(lines[0]).sort(), [
    'bytesIn',
    'bytesOut',
    'code',
    'ms',
    'path',
    'requestId',
    'status',
  ]);
});

test('a handler without options logs nothing and works', async () => {
  const quiet = createSandboxHandler();
  assert.equal((await quiet(requestOf(FACE, fieldsOf(FACE)))).status, 200);
});
