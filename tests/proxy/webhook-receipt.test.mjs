// What the webhook's receipt says beyond the page's: all of the reply, within a bound that verifyReceipt accepts.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import test from 'node:test';
import { SignJWT } from 'jose';
import { ReceiptError, verifyReceipt } from '../../web/proxy/index.js';
import { FILE, formBody, multipartBody, post, routeOf, startProxy, startUpstream } from './helpers.mjs';

const CARD = routeOf('api/faceliu.do');
const FACE = routeOf('verapi/verFaceImage.do');
const VIDEO = routeOf('verapi/verLivenessVideo.do');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' });
const verify = (receipt) =>
  verifyReceipt(receipt, { publicKey: publicKey.export({ type: 'spki', format: 'pem' }), applicantId: null });
const claimsOf = (receipt) => JSON.parse(Buffer.from(receipt.split('.')[1], 'base64url'));

/** One call; what the page and the backend get. */
async function called(t, route, reply, options) {
  const hook = await startUpstream(t);
  const upstream = await startUpstream(t, { reply: (_request, response) => response.end(reply) });
  const receipts = { key: KEY, webhook: hook.url };
  const proxy = await startProxy(t, { upstream: upstream.url, receipts, ...options });
  const arrived = hook.next();
  const answer = await post(proxy, route, route === FILE ? multipartBody(route) : formBody(route));
  await answer.text();
  const record = await arrived;
  assert.equal(await record.outcome, 'complete');
  return { page: answer.headers.get('x-netocr-receipt'), full: record.body().toString() };
}

const CARD_ITEMS = [
  { desc: '判定值', content: '0.77125' },
  { desc: '判定结果', content: '是' },
  { desc: '姓名', content: '沙箱甲' },
  { desc: '性别', content: '女' },
  { desc: '民族', content: '汉' },
  { desc: '出生', content: '1990-01-01' },
  { desc: '住址', content: '沙箱路一号' },
  { desc: '公民身份号码', content: '990101199003070023' },
  { desc: '签发机关', content: '某某局' },
];
const ID_CARD = {
  name: '沙箱甲',
  sex: '女',
  ethnicity: '汉',
  birth: '1990-01-01',
  address: '沙箱路一号',
  number: '990101199003070023',
};
const cardReply = (items) =>
  JSON.stringify({ message: { status: 0, value: '比对完成' }, cardsinfo: [{ type: '9999', items }] });
const BEYOND = ['signals', 'idCard', 'message', 'items'];

test('matchIdCard: the webhook has the card, the message and all items, whatever the page may see', async (t) => {
  for (const route of [CARD, FILE])
    for (const reveal of [undefined, ['verdict', 'signals', 'idCard'], []]) {
      const { page, full } = await called(t, route, cardReply(CARD_ITEMS), { reveal });
      const { verdict, score, withheld, ...read } = await verify(full);
      assert.deepEqual([verdict, score.value, withheld], ['pass', 0.77125, []]);
      assert.deepEqual(Object.fromEntries(BEYOND.map((name) => [name, read[name]])), {
        signals: null,
        idCard: ID_CARD,
        message: '比对完成',
        items: CARD_ITEMS,
      });
      const ofPage = await verify(page);
      assert.equal(ofPage.requestId, read.requestId);
      for (const name of BEYOND) assert.equal(name in ofPage, false, name);
      assert.ok(page.length < 1500, String(page.length));
      const text = JSON.stringify(claimsOf(page));
      for (const said of ['比对完成', ...CARD_ITEMS.slice(2).flatMap(Object.values)])
        assert.ok(!text.includes(said), said);
    }
});

test('checkVideoLiveness: the webhook has the signals, also those that tell the verdict', async (t) => {
  const items = [
    { desc: '判定值', content: '3.5' },
    { desc: '是否为活体', content: '活体' },
    { desc: '是否有换人', content: '是' },
    { desc: '是否有眨眼', content: '是' },
  ];
  const reply = JSON.stringify({
    messageString: { status: '2000', value: '成功' },
    infoList: [{ veritem: items }],
  });
  const { page, full } = await called(t, VIDEO, reply, { reveal: ['signals'] });
  const read = await verify(full);
  assert.equal(read.verdict, 'fail');
  assert.deepEqual(read.signals, { live: true, personSwapped: true, blinked: true, openedMouth: null });
  assert.deepEqual([read.idCard, read.message, read.items], [null, '成功', items]);
  assert.ok(!JSON.stringify(claimsOf(page)).match(/活体|换人|成功|personSwapped/));
});

test('an error of the service has its message, and what cannot be read has nothing', async (t) => {
  const refused = JSON.stringify({ messageString: { status: '-9', value: '识别失败' } });
  const { page, full } = await called(t, FACE, refused);
  const read = await verify(full);
  assert.deepEqual([read.error, read.message], ['SERVICE_IMAGE_REJECTED', '识别失败']);
  assert.deepEqual([read.signals, read.idCard, read.items], [null, null, []]);
  assert.ok(!JSON.stringify(claimsOf(page)).includes('识别失败'));
  const unread = await verify((await called(t, FACE, '<html>planted</html>')).full);
  assert.deepEqual([unread.error, unread.message, unread.items], ['REPLY_MALFORMED', '', []]);
});

test('texts over 4096 characters are left out, and nothing else', async (t) => {
  const portrait = { desc: '头像', content: 'A'.repeat(4097) };
  const longest = { desc: '备注', content: '长'.repeat(4096) };
  const { full } = await called(t, CARD, cardReply([portrait, ...CARD_ITEMS, longest]));
  const read = await verify(full);
  assert.deepEqual(read.items, [...CARD_ITEMS, longest]);
  const address = { desc: '住址', content: '路'.repeat(4097) };
  const longCard = await verify(
    (await called(t, CARD, cardReply([...CARD_ITEMS.slice(0, 6), address]))).full,
  );
  assert.deepEqual(longCard.idCard, { ...ID_CARD, address: '', number: '' });
  assert.deepEqual(longCard.items, CARD_ITEMS.slice(0, 6));
});

test('of any reply that the proxy accepts the receipt can be verified', async (t) => {
  // Each of these characters takes six bytes as JSON writes it.
  const worst = '\u0001'.repeat(4096);
  const fields = CARD_ITEMS.slice(2, 8).map(({ desc }) => ({ desc, content: worst }));
  for (const items of [
    [...CARD_ITEMS.slice(0, 2), ...fields, ...CARD_ITEMS],
    Array.from({ length: 1000 }, (_, i) => ({ desc: `项${i}`, content: '字'.repeat(200) })),
    Array.from({ length: 1000 }, () => ({ desc: '', content: '' })),
  ]) {
    const { full } = await called(t, CARD, cardReply(items));
    assert.ok(full.length <= 65_536, String(full.length));
    const read = await verify(full);
    assert.ok(read.items.length > 0);
    assert.equal(read.operation, 'matchIdCard');
  }
});

test('receipts up to 64 KiB are accepted', async () => {
  const signed = (pad) =>
    new SignJWT({
      operation: 'compareFaces',
      verdict: 'pass',
      score: null,
      sent: {},
      sandbox: false,
      items: [{ desc: 'pad', content: 'x'.repeat(pad) }],
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'netocr-receipt+jwt' })
      .setIssuedAt()
      .setJti('id')
      .setSubject('')
      .sign(privateKey);
  const around = (await signed(0)).length;
  const pad = Math.floor(((65_536 - around) * 3) / 4);
  const [longest, tooLong] = [await signed(pad), await signed(pad + 3)];
  assert.ok(longest.length > 65_530 && longest.length <= 65_536 && tooLong.length > 65_536);
  assert.equal((await verify(longest)).items[0].content.length, pad);
  await assert.rejects(
    verify(tooLong),
    (error) => error instanceof ReceiptError && error.code === 'RECEIPT_INVALID',
  );
});
