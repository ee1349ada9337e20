// The sandbox against the literal samples of the service's documentation.
import assert from 'node:assert/strict';
import test from 'node:test';
import { byName, call, fieldsOf } from './helpers.mjs';
import { IMAGES, makePng } from './media.mjs';

// Copied from the documentation (its comments inside the JSON left out).
const SAMPLES = {
  compareFaces: `{
    "infoList": [{"veritem": [
      {"desc": "判定结果:是","name": null,"content": ""},
      {"desc": "判定值:100.0","name": null,"content": ""}]}],
    "messageString": {"status": "2000","value": "成功"}}`,
  checkLiveness: `{
    "infoList": [{"veritem": [
      {"desc": "判定结果","content": "是"},
      {"desc": "判定值","content": "0.001"}]}],
    "messageString": {"status": "2000","value": "成功"}}`,
  checkVideoLiveness: `{
    "infoList": [{"veritem": [
      {"desc": "判定值", "name": null, "content": "100.0"},
      {"desc": "是否为活体", "name": null, "content": "非活体"},
      {"desc": "是否有换人", "name": null, "content": "否"},
      {"desc": "是否有眨眼", "name": null, "content": "否"},
      {"desc": "是否有张嘴", "name": null, "content": "否"}]}],
    "messageString": {"status": "2000","value": "成功"}}`,
  matchIdCard: `{
    "message": {"status": 0,"value": "比对完成"},
    "cardsinfo": [{"type": "9999","items": [
      {"nID": null, "index": null, "desc": "判定值", "content": "0.54066247"},
      {"nID": null, "index": null, "desc": "判定结果", "content": "否"},
      {"nID": null, "index": null, "desc": "保留", "content": ""},
      {"nID": null, "index": null, "desc": "姓名", "content": "***"},
      {"nID": null, "index": null, "desc": "性别", "content": "女"},
      {"nID": null, "index": null, "desc": "民族", "content": "汉"},
      {"nID": null, "index": null, "desc": "出生", "content": "***"},
      {"nID": null, "index": null, "desc": "住址", "content": "***"},
      {"nID": null, "index": null, "desc": "公民身份号码", "content": "***"}]}]}`,
};

test('the replies that the documentation shows word for word', async () => {
  const same = await call(byName('compareFaces'), fieldsOf(byName('compareFaces')));
  assert.deepEqual(await same.json(), JSON.parse(SAMPLES.compareFaces));
  const live = await call(byName('checkLiveness'), fieldsOf(byName('checkLiveness')));
  assert.deepEqual(await live.json(), JSON.parse(SAMPLES.checkLiveness));
  const video = byName('checkVideoLiveness');
  const spoof = await call(video, fieldsOf(video), { headers: { 'x-sandbox-scenario': 'spoof' } });
  assert.deepEqual(await spoof.json(), JSON.parse(SAMPLES.checkVideoLiveness));
});

test('the ID card reply has the documented members in the documented order; personal data and score differ', async () => {
  const masked = ['判定值', '姓名', '出生', '住址', '公民身份号码'];
  for (const name of ['matchIdCard', 'matchIdCardFile']) {
    const operation = byName(name);
    const reply = await (await call(operation, fieldsOf(operation, [IMAGES.png, makePng(1)]))).text();
    const sample = JSON.parse(SAMPLES.matchIdCard);
    const given = JSON.parse(reply);
    for (const { items } of [sample.cardsinfo[0], given.cardsinfo[0]]) {
      for (const item of items) if (masked.includes(item.desc)) item.content = '***';
    }
    assert.equal(JSON.stringify(given), JSON.stringify(sample));
  }
});

test('XML is the default, and has the shape of the one known body', async () => {
  const operation = byName('matchIdCard');
  for (const format of ['xml', '', undefined]) {
    const reply = await call(operation, { ...fieldsOf(operation), format });
    const text = await reply.text();
    assert.equal(reply.headers.get('content-type'), 'text/xml;charset=UTF-8');
    const known =
      "<?xml version='1.0' encoding='UTF-8'?><data><message><status>0</status><value>比对完成</value></message>" +
      '<cardsinfo><card type="9999"><item desc="判定值"><![CDATA[1.0]]></item>' +
      '<item desc="判定结果"><![CDATA[是]]></item>';
    assert.ok(text.startsWith(known), text);
    assert.ok(text.endsWith('</card></cardsinfo></data>'));
  }
});
