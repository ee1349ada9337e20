import assert from 'node:assert/strict';
import test from 'node:test';
import { createFormScanner } from '../../../web/proxy/body/form-scanner.js';
import { FACE, LIVENESS } from '../helpers.mjs';
import { outcome, outcomeOfAllCuts, randomInts } from '../scanner-cases.mjs';

const onFace = () => createFormScanner(FACE);
const MEDIA = 'img1=AB%2b%2F%3D&img2=CD';

test('accepts the documented fields in any order, cut anywhere', () => {
  const table = [
    [`typeId=21&format=json&${MEDIA}`, 'json'],
    [`${MEDIA}&format=json&typeId=21`, 'json'],
    [`${MEDIA}&typeId=21&format=xml`, 'xml'],
    [`typeId=21&${MEDIA}&format=`, 'xml'],
    [`img2=CD&typeId=21&img1=AB==`, 'none'],
    [`typeId=21&img1=a+b/c=d&img2=%41%30`, 'none'],
  ];
  for (const [body, expected] of table) assert.equal(outcomeOfAllCuts(onFace, body), expected, body);
});

test('refuses everything else, cut anywhere', () => {
  const good = `typeId=21&format=json&${MEDIA}`;
  const table = [
    // credentials in every spelling
    ...[
      'key',
      'KEY',
      'Secret',
      '%6bey',
      '%6B%65%79',
      'secre%74',
      '+key',
      'key+',
      'key%00',
      'key[]',
      'k%65y%20',
    ].map((name) => [`${good}&${name}=x`, /its own key or secret/]),
    [`key=x&${good}`, /its own key or secret/],
    [`secret&${good}`, /its own key or secret/],
    [`${good}&key`, /its own key or secret/],
    // other fields, and spellings of known ones
    ...['img3', 'Img1', 'img%31', 'typeid', 'type%49d', 'img1 ', 'sandboxScenario', '_charset_', 'img'].map(
      (name) => [`${good}&${name}=AA`, /does not know/],
    ),
    [`${good}&${'n'.repeat(65)}=x`, /name is too long/],
    // repeated
    [`${good}&img1=AA`, /twice/],
    [`typeId=21&${good}`, /twice/],
    [`${good}&format=json`, /twice/],
    // values
    [`typeId=22&${MEDIA}`, /typeId must be 21/],
    [`typeId=021&${MEDIA}`, /typeId must be 21/],
    [`typeId=&${MEDIA}`, /typeId must be 21/],
    [`typeId=2%31&${MEDIA}`, /typeId must be 21/],
    [`typeId=21&format=JSON&${MEDIA}`, /format must be/],
    [`typeId=21&format=html&${MEDIA}`, /format must be/],
    [`typeId=210000000000&${MEDIA}`, /too long/],
    [`typeId=21&img1=&img2=AA`, /is empty/],
    [`typeId=21&img1=AA&img2=`, /is empty/],
    // separators that some readers know
    ...[
      ';',
      '\n',
      '\r\n',
      ' ',
      '\0',
      '\xff',
      '%26',
      '%3B',
      '%0A',
      '%00',
      '%',
      '%2',
      '%zz',
      '%2g',
      '"',
      ':',
      ',',
      '-',
    ].map((text) => [`typeId=21&img2=AA&img1=BB${text}key=x`, /not base64/]),
    [`typeId=21&img2=AA&img1=BB%2`, /not base64/],
    [`typeId=21&img1=AA&img2=BB&`, /empty pair/],
    [`&typeId=21&${MEDIA}`, /empty pair/],
    [`typeId=21&&${MEDIA}`, /empty pair/],
    ['typeId', /without a value/],
    ['=', /does not know/],
    ['', /empty pair/],
    // missing
    ['typeId=21&img1=AA', /img2 is missing/],
    [MEDIA, /typeId is missing/],
  ];
  for (const [body, pattern] of table) {
    const result = outcomeOfAllCuts(onFace, body);
    assert.match(result, /^400 /, body);
    assert.match(result, pattern, body);
  }
});

test('the field names are those of the route', () => {
  assert.match(
    outcomeOfAllCuts(() => createFormScanner(LIVENESS), 'typeId=3035&img1=AA'),
    /does not know/,
  );
  assert.equal(
    outcomeOfAllCuts(() => createFormScanner(LIVENESS), 'typeId=3035&img=AA&format=json'),
    'json',
  );
});

// Second opinion: whatever passes must mean the same to a reader that decodes everything.
test('what passes holds only the known fields for URLSearchParams', () => {
  const random = randomInts(20240611);
  const pieces = [
    'typeId=21',
    'format=json',
    'img1=AA',
    'img2=BB%2B',
    '&',
    '&',
    '=',
    'key',
    '%6bey',
    ';',
    '%',
    '+',
    '\0',
  ];
  const known = new Set(['typeId', 'format', 'img1', 'img2']);
  const base = 'typeId=21&format=json&img1=AAAA&img2=BB%2B%3D';
  let accepted = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const body = round % 2 ? mutate(base, random, pieces) : scramble(random, pieces);
    if (/^400 /.test(outcome(onFace, [Buffer.from(body, 'latin1')]))) continue;
    accepted += 1;
    const params = [...new URLSearchParams(body)];
    const names = params.map(([name]) => name);
    assert.ok(
      names.every((name) => known.has(name)),
      body,
    );
    assert.equal(new Set(names).size, names.length, body);
    assert.equal(new URLSearchParams(body).get('typeId'), '21', body);
    assert.ok(!params.some(([, value]) => /[^A-Za-z0-9+/= ]/.test(value)), body);
  }
  assert.ok(accepted > 100, `only ${accepted} bodies were accepted`);
});

function scramble(random, pieces) {
  const order = ['typeId=21', 'img1=AA', 'img2=BB%2B', 'format=json'].sort(() => random(3) - 1);
  if (random(2)) order.splice(random(5), 0, pieces[random(pieces.length)]);
  return order.join('&');
}

function mutate(base, random, pieces) {
  const at = random(base.length + 1);
  return base.slice(0, at) + pieces[random(pieces.length)] + base.slice(at + random(3));
}
