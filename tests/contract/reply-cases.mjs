// Replies and what they must come to, written by hand from the service's document and from what its callers saw.
// make.mjs turns them into reply.json. No expectation here was copied from our own parser's output.
// One reply a line: the file is a table, kept out of the formatter.

const FACE = 'compareFaces';
const PHOTO = 'checkLiveness';
const VIDEO = 'checkVideoLiveness';
const CARD = 'matchIdCard';
const CARD_FILE = 'matchIdCardFile';

const SCALE = {
  [FACE]: { scale: [0, 100], threshold: 50, higherMeans: 'same-person' },
  [PHOTO]: { scale: [0, 100], threshold: 50, higherMeans: 'spoof' },
  [VIDEO]: { scale: [0, 100], threshold: 50, higherMeans: 'spoof' },
  [CARD]: { scale: [0, 1], threshold: 0.5, higherMeans: 'same-person' },
  [CARD_FILE]: { scale: [0, 1], threshold: 0.5, higherMeans: 'same-person' },
};

const EMPTY_CARD = { name: '', sex: '', ethnicity: '', birth: '', address: '', number: '' };
const NO_SIGNALS = { live: null, personSwapped: null, blinked: null, openedMouth: null };

// Bodies. `raw` is JSON text; items are [desc, content] pairs or whole objects.
const asItem = (item) => (Array.isArray(item) ? { desc: item[0], content: item[1] } : item);
const b = (items, message = { status: '2000', value: '成功' }) =>
  JSON.stringify({ infoList: [{ veritem: items.map(asItem) }], messageString: message });
const a = (items, message = { status: 0, value: '比对完成' }) =>
  JSON.stringify({ message, cardsinfo: [{ type: '9999', items: items.map(asItem) }] });
const xml = (items, { status = '0', value = '比对完成', wrapper = 'message', type = '9999' } = {}) =>
  `<?xml version='1.0' encoding='UTF-8'?><data><${wrapper}><status>${status}</status><value>${value}</value></${wrapper}>` +
  `<cardsinfo><card type="${type}">` +
  items.map(([desc, content]) => `<item desc="${desc}"><![CDATA[${content}]]></item>`).join('') +
  '</card></cardsinfo></data>';

const cases = [];

function add(name, operation, body, expect, extra = {}) {
  cases.push({ name, operation, httpStatus: 200, body: typeof body === 'string' ? { text: body } : body, ...extra, expect });
}

/** A reply that is understood; what is not said is null, empty or indeterminate. */
function reply(name, operation, body, verdict, items, more = {}) {
  const { score = null, signals, idCard, status = operation === CARD || operation === CARD_FILE ? '0' : '2000', message } = more;
  add(name, operation, body, {
    error: null,
    verdict,
    score: score === null ? null : { value: score, ...SCALE[operation] },
    signals: operation === VIDEO ? { ...NO_SIGNALS, ...signals } : null,
    idCard: operation === CARD || operation === CARD_FILE ? { ...EMPTY_CARD, ...idCard } : null,
    status: { code: status, message: message ?? (status === '0' ? '比对完成' : '成功') },
    items: items.map(([desc, content]) => ({ desc, content })),
  });
}

/** A reply that is an error. */
function error(name, operation, body, code, status = ['', ''], extra = {}) {
  add(name, operation, body, {
    error: code, verdict: 'indeterminate', score: null, signals: null, idCard: null,
    status: { code: status[0], message: status[1] }, items: [],
  }, extra);
}

// --- The document's four samples, word for word (its comments removed)

reply('document: compare faces', FACE, `{
    "infoList": [
        {
            "veritem": [
                {"desc": "判定结果:是","name": null,"content": ""},
                {"desc": "判定值:100.0","name": null,"content": ""}
            ]
        }
    ],
    "messageString": {
        "status": "2000",
        "value": "成功"
    }
}`, 'pass', [['判定结果', '是'], ['判定值', '100.0']], { score: 100 });

reply('document: silent liveness', PHOTO, `{
    "infoList": [{"veritem": [{"desc": "判定结果", "content": "是"}, {"desc": "判定值", "content": "0.001"}]}],
    "messageString": {"status": "2000", "value": "成功"}
}`, 'pass', [['判定结果', '是'], ['判定值', '0.001']], { score: 0.001 });

const VIDEO_SAMPLE = [['判定值', '100.0'], ['是否为活体', '非活体'], ['是否有换人', '否'], ['是否有眨眼', '否'], ['是否有张嘴', '否']];
reply('document: video liveness', VIDEO, b(VIDEO_SAMPLE.map(([desc, content]) => ({ desc, name: null, content }))), 'fail', VIDEO_SAMPLE,
  { score: 100, signals: { live: false, personSwapped: false, blinked: false, openedMouth: false } });

const CARD_SAMPLE = [['判定值', '0.54066247'], ['判定结果', '否'], ['保留', ''], ['姓名', '***'], ['性别', '女'], ['民族', '汉'],
  ['出生', '***'], ['住址', '***'], ['公民身份号码', '***']];
const CARD_SAMPLE_FIELDS = { name: '***', sex: '女', ethnicity: '汉', birth: '***', address: '***', number: '***' };
for (const operation of [CARD, CARD_FILE]) {
  reply(`document: ${operation}`, operation, a(CARD_SAMPLE.map(([desc, content]) => ({ nID: null, index: null, desc, content }))), 'fail',
    CARD_SAMPLE, { score: 0.54066247, idCard: CARD_SAMPLE_FIELDS });
}

// --- The same in the shapes that real callers saw

const YES = [['判定结果', '是'], ['判定值', '98.81272440944882']];
const NO = [['判定结果', '否'], ['判定值', '12.5']];
reply('faces: content shape of a real fixture', FACE, b(YES), 'pass', YES, { score: 98.81272440944882 });
reply('faces: no', FACE, b(NO), 'fail', NO, { score: 12.5 });
reply('faces: desc shape, no', FACE, b([['判定结果:否', ''], ['判定值:3.0', '']]), 'fail', [['判定结果', '否'], ['判定值', '3.0']], { score: 3 });
reply('faces: desc shape, full-width colon', FACE, b([['判定结果：是', ''], ['判定值：77.5', '']]), 'pass', [['判定结果', '是'], ['判定值', '77.5']], { score: 77.5 });
reply('faces: desc shape, content null', FACE, b([['判定结果:是', null]]), 'pass', [['判定结果', '是']]);
reply('faces: desc shape, content missing', FACE, b([{ desc: '判定结果:是' }]), 'pass', [['判定结果', '是']]);
reply('faces: desc shape, spaces around', FACE, b([[' 判定结果 : 是 ', '  ']]), 'pass', [['判定结果', '是']]);
reply('faces: score first', FACE, b([YES[1], YES[0]]), 'pass', [YES[1], YES[0]], { score: 98.81272440944882 });
reply('faces: verdict word with white space and ideographic space', FACE, b([['判定结果', ' 　是\n']]), 'pass', [['判定结果', '是']]);
reply('faces: desc with ideographic space', FACE, b([['　判定结果　', '是']]), 'pass', [['判定结果', '是']]);
reply('faces: status as number', FACE, b(YES, { status: 2000, value: '成功' }), 'pass', YES, { score: 98.81272440944882 });
reply('faces: status with spaces', FACE, b(YES, { status: ' 2000\n', value: ' 成功 ' }), 'pass', YES, { score: 98.81272440944882 });
reply('faces: score as number', FACE, '{"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},{"desc":"判定值","content":98.5}]}],"messageString":{"status":2000,"value":"成功"}}',
  'pass', [['判定结果', '是'], ['判定值', '98.5']], { score: 98.5 });
reply('faces: score as integer', FACE, '{"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},{"desc":"判定值","content":100}]}],"messageString":{"status":"2000","value":"成功"}}',
  'pass', [['判定结果', '是'], ['判定值', '100']], { score: 100 });
reply('faces: escapes instead of characters', FACE, '{"infoList":[{"veritem":[{"desc":"\\u5224\\u5b9a\\u7ed3\\u679c","content":"\\u662f"}]}],"messageString":{"status":"2000","value":"\\u6210\\u529f"}}',
  'pass', [['判定结果', '是']]);
reply('faces: leading byte order mark', FACE, { concat: [{ base64: '77u/' }, { text: b(YES) }] }, 'pass', YES, { score: 98.81272440944882 });
reply('faces: value missing', FACE, b(YES, { status: '2000' }), 'pass', YES, { score: 98.81272440944882, message: '' });
reply('faces: value null', FACE, b(YES, { status: '2000', value: null }), 'pass', YES, { score: 98.81272440944882, message: '' });
reply('faces: answered in the other dialect', FACE, a(YES, { status: 2000, value: '成功' }), 'pass', YES, { score: 98.81272440944882 });
reply('faces: items in two groups', FACE, '{"infoList":[{"veritem":[{"desc":"判定值","content":"60"}]},{"veritem":[{"desc":"判定结果","content":"是"}]}],"messageString":{"status":"2000","value":"成功"}}',
  'pass', [['判定值', '60'], ['判定结果', '是']], { score: 60 });
reply('faces: unknown members are ignored', FACE, '{"code":-1,"infoList":[{"x":[1],"veritem":[{"desc":"判定结果","content":"是","name":{"a":1},"nID":"7","index":7}]}],"messageString":{"status":"2000","value":"成功","x":[]},"data":null}',
  'pass', [['判定结果', '是']]);
reply('photo: no', PHOTO, b([['判定结果', '否'], ['判定值', '99.9']]), 'fail', [['判定结果', '否'], ['判定值', '99.9']], { score: 99.9 });
reply('photo: score in Java\'s short exponent form', PHOTO, b([['判定结果', '是'], ['判定值', '5.0E-4']]), 'pass', [['判定结果', '是'], ['判定值', '5.0E-4']], { score: 0.0005 });
const CARD_YES = [['判定值', '0.98207855'], ['判定结果', '是']];
reply('card: yes without card items', CARD, a(CARD_YES), 'pass', CARD_YES, { score: 0.98207855 });
reply('card: status as string', CARD, a(CARD_YES, { status: '0', value: '比对完成' }), 'pass', CARD_YES, { score: 0.98207855 });
reply('card: file transfer', CARD_FILE, a(CARD_YES, { status: 0, value: '识别完成' }), 'pass', CARD_YES, { score: 0.98207855, message: '识别完成' });
reply('card: fields in any order, some missing', CARD, a([['公民身份号码', '11010519491231002X'], ['判定结果', '是'], ['姓名', '张三']]), 'pass',
  [['公民身份号码', '11010519491231002X'], ['判定结果', '是'], ['姓名', '张三']], { idCard: { name: '张三', number: '11010519491231002X' } });
reply('card: a portrait with escaped slashes', CARD, '{"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"type":"9999","items":[{"desc":"判定结果","content":"是"},{"desc":"头像","content":"\\/9j\\/4AAQ"}]}]}',
  'pass', [['判定结果', '是'], ['头像', '/9j/4AAQ']]);
reply('card: nID as digit string, type of another product', CARD, '{"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"type":"21","items":[{"nID":"0","index":"1","desc":"判定结果","content":"是"}]}]}',
  'pass', [['判定结果', '是']]);

// --- Video: the verdict item has other words, and a swapped person overrules it

const video = (live, swapped = '否', blinked = '是', mouth = '否') =>
  [['判定值', '3.5'], ['是否为活体', live], ['是否有换人', swapped], ['是否有眨眼', blinked], ['是否有张嘴', mouth]];
reply('video: live', VIDEO, b(video('活体')), 'pass', video('活体'),
  { score: 3.5, signals: { live: true, personSwapped: false, blinked: true, openedMouth: false } });
reply('video: live, all in desc', VIDEO, b([['是否为活体:活体', ''], ['是否有换人：否', '']]), 'pass', [['是否为活体', '活体'], ['是否有换人', '否']],
  { signals: { live: true, personSwapped: false } });
reply('video: live but swapped', VIDEO, b(video('活体', '是')), 'fail', video('活体', '是'),
  { score: 3.5, signals: { live: true, personSwapped: true, blinked: true, openedMouth: false } });
reply('video: swapped in desc shape', VIDEO, b([['是否为活体:活体', ''], ['是否有换人:是', '']]), 'fail', [['是否为活体', '活体'], ['是否有换人', '是']],
  { signals: { live: true, personSwapped: true } });
reply('video: not live and swapped', VIDEO, b(video('非活体', '是')), 'fail', video('非活体', '是'),
  { score: 3.5, signals: { live: false, personSwapped: true, blinked: true, openedMouth: false } });
reply('video: swapped twice, once yes', VIDEO, b([...video('活体'), ['是否有换人', '是']]), 'fail', [...video('活体'), ['是否有换人', '是']],
  { score: 3.5, signals: { live: true, personSwapped: true, blinked: true, openedMouth: false } });
reply('video: swapped is an unknown word', VIDEO, b(video('活体', '未知')), 'indeterminate', video('活体', '未知'),
  { score: 3.5, signals: { live: true, blinked: true, openedMouth: false } });
reply('video: swapped is missing', VIDEO, b([['是否为活体', '活体']]), 'indeterminate', [['是否为活体', '活体']], { signals: { live: true } });
reply('video: swapped is empty', VIDEO, b(video('活体', '')), 'indeterminate', video('活体', ''),
  { score: 3.5, signals: { live: true, blinked: true, openedMouth: false } });
reply('video: the verdict words of the other operations are unknown', VIDEO, b(video('是')), 'indeterminate', video('是'),
  { score: 3.5, signals: { personSwapped: false, blinked: true, openedMouth: false } });
reply('video: verdict under the other operations\' name', VIDEO, b([['判定结果', '活体'], ['是否有换人', '否']]), 'indeterminate', [['判定结果', '活体'], ['是否有换人', '否']],
  { signals: { personSwapped: false } });
reply('video: unknown words of the signals', VIDEO, b(video('活体', '否', '1', '有')), 'pass', video('活体', '否', '1', '有'),
  { score: 3.5, signals: { live: true, personSwapped: false } });

// --- Verdict items that are not exactly one pass word

for (const word of ['', '不是', '是的', '是否', 'true', '1', 'YES', 'yes', '通过', '一致', '不一致', '匹配', '活体', '非活体', '未知', 'null', '是 否', '是,否', '是。', '"是"', '\u00a0是', '\u200b是', '是\ufeff', '昰', '是是']) {
  reply(`faces: verdict word ${JSON.stringify(word)}`, FACE, b([['判定结果', word]]), 'indeterminate', [['判定结果', word]]);
}
for (const word of ['非活体活体', '活体非', '不是活体', '真人', '活 体', '活体?']) {
  reply(`video: verdict word ${JSON.stringify(word)}`, VIDEO, b([['是否为活体', word], ['是否有换人', '否']]), 'indeterminate',
    [['是否为活体', word], ['是否有换人', '否']], { signals: { personSwapped: false } });
}
reply('faces: no verdict item, a perfect score', FACE, b([['判定值', '100.0']]), 'indeterminate', [['判定值', '100.0']], { score: 100 });
reply('faces: yes under another name', FACE, b([['结果', '是'], ['是', '是'], ['判定结果2', '是'], ['最终判定结果', '是']]), 'indeterminate',
  [['结果', '是'], ['是', '是'], ['判定结果2', '是'], ['最终判定结果', '是']]);
reply('faces: yes in name, nID or index only', FACE, '{"infoList":[{"veritem":[{"desc":"","name":"判定结果","content":"是"},{"name":"判定结果:是","nID":"判定结果","content":"是"}]}],"messageString":{"status":"2000","value":"成功"}}',
  'indeterminate', [['', '是'], ['', '是']]);
reply('faces: two verdicts that differ', FACE, b([['判定结果', '是'], ['判定结果', '否']]), 'indeterminate', [['判定结果', '是'], ['判定结果', '否']]);
reply('faces: two verdicts that agree', FACE, b([['判定结果', '是'], ['判定结果', '是']]), 'indeterminate', [['判定结果', '是'], ['判定结果', '是']]);
reply('faces: two verdicts in two shapes', FACE, b([['判定结果:否', ''], ['判定结果', '是']]), 'indeterminate', [['判定结果', '否'], ['判定结果', '是']]);
reply('faces: two verdicts in two groups', FACE, '{"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]},{"veritem":[{"desc":"判定结果","content":"否"}]}],"messageString":{"status":"2000","value":"成功"}}',
  'indeterminate', [['判定结果', '是'], ['判定结果', '否']]);
reply('faces: a value in desc and another in content', FACE, b([['判定结果:否', '是']]), 'indeterminate', [['判定结果:否', '是']]);
reply('faces: a clear verdict and one with a value in its name', FACE, b([['判定结果', '是'], ['判定结果：否', 'x']]), 'indeterminate', [['判定结果', '是'], ['判定结果：否', 'x']]);
reply('faces: desc shape with two colons', FACE, b([['判定结果:是:否', '']]), 'indeterminate', [['判定结果', '是:否']]);
reply('faces: desc shape without value', FACE, b([['判定结果:', '']]), 'indeterminate', [['判定结果', '']]);
reply('faces: yes as boolean', FACE, '{"infoList":[{"veritem":[{"desc":"判定结果","content":true}]}],"messageString":{"status":"2000","value":"成功"}}',
  'indeterminate', [['判定结果', 'true']]);
reply('faces: message says yes', FACE, b([['判定值', '100']], { status: '2000', value: '是' }), 'indeterminate', [['判定值', '100']], { score: 100, message: '是' });
reply('card: yes in name and address only', CARD, a([['姓名', '是'], ['住址', '判定结果:是'], ['保留', '是']]), 'indeterminate',
  [['姓名', '是'], ['住址', '判定结果:是'], ['保留', '是']], { idCard: { name: '是', address: '判定结果:是' } });
reply('card: fields given twice', CARD, a([['判定结果', '是'], ['姓名', '张三'], ['姓名', '李四'], ['性别', '女'], ['性别', '女']]), 'pass',
  [['判定结果', '是'], ['姓名', '张三'], ['姓名', '李四'], ['性别', '女'], ['性别', '女']], { idCard: { sex: '女' } });

// --- Scores that are none

for (const [operation, value] of [[FACE, '101'], [FACE, '-1'], [FACE, '98.8%'], [FACE, 'NaN'], [FACE, 'Infinity'], [FACE, '1e999'], [FACE, '0x10'], [FACE, ''], [FACE, '１００'], [FACE, '98,8'], [CARD, '54.0'], [CARD, '1.0001']]) {
  const items = [['判定结果', '是'], ['判定值', value]];
  reply(`${operation}: score ${JSON.stringify(value)}`, operation, operation === CARD ? a(items) : b(items), 'pass', items);
}
reply('faces: two scores that differ', FACE, b([['判定结果', '否'], ['判定值', '1'], ['判定值', '2']]), 'fail', [['判定结果', '否'], ['判定值', '1'], ['判定值', '2']]);
reply('card: score at the end of its scale', CARD, a([['判定值', '1.0'], ['判定结果', '是']]), 'pass', [['判定值', '1.0'], ['判定结果', '是']], { score: 1 });

// --- Statuses that are no success of this operation: never a verdict, whatever the items say

for (const status of ['0', '0000', '2001', '200', '02000', '2000.0', '20000', '-2000', 'OK', '1', '21']) {
  error(`faces: status ${status}`, FACE, b(YES, { status, value: '成功' }), 'SERVICE_ERROR', [status, '成功']);
}
for (const status of ['2000', '2', '1', '9999', '21', '00', '0.0', '+0']) {
  error(`card: status ${status}`, CARD, a(CARD_YES, { status, value: '比对完成' }), 'SERVICE_ERROR', [status, '比对完成']);
}
error('faces: status true', FACE, '{"messageString":{"status":true,"value":""},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}', 'SERVICE_ERROR', ['true', '']);
error('faces: status 2e3', FACE, '{"messageString":{"status":2e3,"value":""},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}', 'SERVICE_ERROR', ['2e3', '']);

error('card: status -0', CARD, '{"message":{"status":-0,"value":""},"cardsinfo":[{"items":[{"desc":"判定结果","content":"是"}]}]}', 'SERVICE_ERROR', ['-0', '']);

error('card: recognition failed, as seen', CARD, '{"message":{"status":-1,"value":"识别失败!ReconClientL:-2"},"cardsinfo":[]}', 'SERVICE_IMAGE_REJECTED', ['-1', '识别失败!ReconClientL:-2']);
error('card: recognition failed, cardsinfo is a string', CARD, '{"message":{"status":"-1","value":"识别失败!"},"cardsinfo":""}', 'SERVICE_IMAGE_REJECTED', ['-1', '识别失败!']);
error('card: failed with items all the same', CARD, a(CARD_YES, { status: -1, value: '' }), 'SERVICE_IMAGE_REJECTED', ['-1', '']);
for (const [status, value, code] of [
  [-2, '', 'SERVICE_BAD_PARAMETER'], [-3, '', 'SERVICE_QUOTA'], [-4, '', 'SERVICE_AUTH'], [-5, '', 'SERVICE_QUOTA'], [-99, '', 'SERVICE_ERROR'],
  [10001, '', 'SERVICE_AUTH'], [10002, '', 'SERVICE_QUOTA'], [10003, '', 'SERVICE_IMAGE_REJECTED'], [10004, '', 'SERVICE_IMAGE_REJECTED'],
  [-1, '密钥错误', 'SERVICE_AUTH'], [-1, 'invalid key or secret', 'SERVICE_AUTH'], [-1, '没有权限', 'SERVICE_AUTH'],
  [-1, '识别次数已用完', 'SERVICE_QUOTA'], [5, '余额不足', 'SERVICE_QUOTA'], [-4, '参数错误', 'SERVICE_BAD_PARAMETER'],
  [7, '未检测到人脸', 'SERVICE_IMAGE_REJECTED'], [7, '图片格式错误', 'SERVICE_IMAGE_REJECTED'], [-3, '视频模糊', 'SERVICE_IMAGE_REJECTED'],
  [7, 'monkeys and interfaces', 'SERVICE_ERROR'], [500, '系统错误', 'SERVICE_ERROR'],
]) {
  error(`card: status ${status} ${JSON.stringify(value)}`, CARD, JSON.stringify({ message: { status, value }, cardsinfo: [] }), code, [String(status), value]);
}
error('faces: wrong key', FACE, b([], { status: '2001', value: 'key或secret错误' }), 'SERVICE_AUTH', ['2001', 'key或secret错误']);
error('faces: failure with only a message', FACE, '{"messageString":{"status":"-1","value":"识别失败"}}', 'SERVICE_IMAGE_REJECTED', ['-1', '识别失败']);

// --- Bodies that are no reply

for (const [name, body] of [
  ['empty', ''], ['white space', ' \n'], ['text', 'OK'], ['null', 'null'], ['array', '[]'], ['string', '"是"'], ['number', '2000'], ['empty object', '{}'],
  ['HTML', '<html><head><title>502 Bad Gateway</title></head><body>是</body></html>'], ['HTML with doctype', '<!DOCTYPE html><html><body>是</body></html>'],
  ['no status', '{"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['message is text', '{"messageString":"2000","infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['message is an array', '{"messageString":[{"status":"2000"}],"infoList":[]}'],
  ['status null', '{"messageString":{"status":null},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['status empty', '{"messageString":{"status":" "},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['status is an object', '{"messageString":{"status":{"a":"2000"}},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['status is an array', '{"messageString":{"status":["2000"]},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['two statuses', '{"message":{"status":0},"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['status at the top', '{"status":"2000","value":"成功","infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['second version of the service', '{"code":0,"msg":"成功","data":{"判定结果":"是"}}'],
  ['single quotes', "{'messageString':{'status':'2000'}}"],
  ['comment', '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]} // 100.0'],
  ['trailing comma', '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},]}]}'],
  ['trailing brackets of a pasted fixture', `${b(YES)}] }`],
  ['two values', `${b(YES)}${b(NO)}`],
  ['status given twice', '{"messageString":{"status":"2001","status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['message given twice', '{"messageString":{"status":"2001"},"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['content given twice', '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"否","content":"是"}]}]}'],
  ['list given twice', '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"否"}]}],"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}'],
  ['name given twice, once escaped', '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"否","\\u0063ontent":"是"}]}]}'],
]) error(`faces: ${name}`, FACE, body, 'REPLY_MALFORMED');

error('faces: status missing, its message kept', FACE, '{"messageString":{"value":"成功"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"}]}]}', 'REPLY_MALFORMED', ['', '成功']);

const OK = ['2000', '成功'];
for (const [name, list] of [
  ['no list', undefined], ['null list', null], ['empty list', []], ['text for a list', ''], ['group without items', [{}]], ['group with null items', [{ veritem: null }]],
  ['group with empty items', [{ veritem: [] }]], ['items under the other dialect\'s name', [{ items: [{ desc: '判定结果', content: '是' }] }]],
]) error(`faces: success with ${name}`, FACE, JSON.stringify({ infoList: list, messageString: { status: '2000', value: '成功' } }), 'REPLY_MALFORMED', OK);
for (const [name, list] of [
  ['an object for a list', { veritem: [{ desc: '判定结果', content: '是' }] }], ['a number for a list', 1], ['text for a list', '判定结果:是'], ['a null group', [null]], ['a text group', ['判定结果:是']],
  ['an object for items', [{ veritem: { desc: '判定结果', content: '是' } }]], ['a null item', [{ veritem: [null] }]], ['a text item', [{ veritem: ['判定结果:是'] }]],
  ['an array for an item', [{ veritem: [[{ desc: '判定结果', content: '是' }]] }]], ['an array for content', [{ veritem: [{ desc: '判定结果', content: ['是'] }] }]],
  ['an object for content', [{ veritem: [{ desc: '判定结果:是', content: {} }] }]], ['an array for desc', [{ veritem: [{ desc: ['判定结果'], content: '是' }] }]],
]) error(`faces: success with wrong nesting, ${name}`, FACE, JSON.stringify({ infoList: list, messageString: { status: '2000', value: '成功' } }), 'REPLY_MALFORMED', OK);
error('card: success with cardsinfo as text', CARD, '{"message":{"status":0,"value":"比对完成"},"cardsinfo":""}', 'REPLY_MALFORMED', ['0', '比对完成']);
error('card: success with empty cardsinfo', CARD, '{"message":{"status":0,"value":"比对完成"},"cardsinfo":[]}', 'REPLY_MALFORMED', ['0', '比对完成']);

error('faces: invalid UTF-8 in the verdict', FACE, { concat: [{ text: '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"' }, { base64: '/w==' }, { text: '是"}]}]}' }] }, 'REPLY_MALFORMED');
error('faces: GBK body', FACE, { concat: [{ text: '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"' }, { base64: 'xdC2qL3hufs=' }, { text: '","content":"' }, { base64: 'ysc=' }, { text: '"}]}]}' }] }, 'REPLY_MALFORMED');
error('faces: UTF-16 body', FACE, { base64: Buffer.from(`\ufeff${b(YES)}`, 'utf16le').toString('base64') }, 'REPLY_MALFORMED');
error('faces: lone surrogate', FACE, '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},{"desc":"\\ud800","content":""}]}]}', 'REPLY_MALFORMED');
error('faces: NUL after the value', FACE, { concat: [{ text: b(YES) }, { base64: 'AA==' }] }, 'REPLY_MALFORMED');
error('faces: NUL and a second value', FACE, { concat: [{ text: b(YES) }, { base64: 'AA==' }, { text: b(NO) }] }, 'REPLY_MALFORMED');
error('faces: number beyond double', FACE, '{"messageString":{"status":"2000"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},{"desc":"判定值","content":1e999}]}]}', 'REPLY_MALFORMED');
error('faces: cut off', FACE, b(YES).slice(0, -3), 'REPLY_MALFORMED');
error('faces: two byte order marks', FACE, { concat: [{ base64: '77u/77u/' }, { text: b(YES) }] }, 'REPLY_MALFORMED');

error('bomb: arrays', FACE, { repeat: '[', times: 100000 }, 'REPLY_TOO_LARGE');
error('bomb: objects', FACE, { repeat: '{"a":', times: 100000 }, 'REPLY_TOO_LARGE');
error('bomb: values', FACE, { concat: [{ text: '[0' }, { repeat: ',0', times: 100000 }, { text: ']' }] }, 'REPLY_TOO_LARGE');
error('bomb: bytes', FACE, { concat: [{ text: b(YES) }, { repeat: ' ', times: 4194304 }] }, 'REPLY_TOO_LARGE');
error('bomb: elements in elements', CARD, { repeat: '<data>', times: 100000 }, 'REPLY_TOO_LARGE');
error('bomb: elements beside elements', CARD, { concat: [{ text: '<data>' }, { repeat: '<a/>', times: 100000 }, { text: '</data>' }] }, 'REPLY_TOO_LARGE');
error('bomb: entities', CARD, '<!DOCTYPE data [<!ENTITY a "是"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><data><message><status>0</status></message><item desc="判定结果">&a;</item></data>', 'REPLY_MALFORMED');
error('limit: one byte over', FACE, b(YES), 'REPLY_TOO_LARGE', ['', ''], { limits: { maxReplyBytes: Buffer.byteLength(b(YES)) - 1 } });
error('limit: one level over', FACE, b(YES), 'REPLY_TOO_LARGE', ['', ''], { limits: { maxReplyDepth: 4 } });
reply('limit: just within', FACE, b(YES), 'pass', YES, { score: 98.81272440944882 });
cases.at(-1).limits = { maxReplyBytes: Buffer.byteLength(b(YES)), maxReplyDepth: 5 };

// --- XML

reply('xml: the real body', CARD, "<?xml version='1.0' encoding='UTF-8'?><data><message><status>0</status><value>比对完成</value></message><cardsinfo><card type=\"21\"><item desc=\"判定值\"><![CDATA[0.98207855]]></item><item desc=\"判定结果\"><![CDATA[是]]></item></card></cardsinfo></data>",
  'pass', CARD_YES, { score: 0.98207855 });
reply('xml: no, with card items', CARD, xml(CARD_SAMPLE), 'fail', CARD_SAMPLE, { score: 0.54066247, idCard: CARD_SAMPLE_FIELDS });
reply('xml: desc shape', CARD, xml([['判定结果：是', ''], ['判定值:0.9', '']]), 'pass', [['判定结果', '是'], ['判定值', '0.9']], { score: 0.9 });
reply('xml: verapi with the other wrapper (inferred)', FACE, xml(YES, { status: '2000', value: '成功', wrapper: 'messageString' }), 'pass', YES, { score: 98.81272440944882 });
reply('xml: verapi, desc and content as elements (inferred)', FACE, '<data><messageString><status>2000</status><value>成功</value></messageString><infoList><veritem><desc>判定结果</desc><name/><content>是</content></veritem><veritem><desc>判定值:66.0</desc><content></content></veritem></infoList></data>',
  'pass', [['判定结果', '是'], ['判定值', '66.0']], { score: 66 });
reply('xml: children that carry a desc (inferred)', VIDEO, '<data><message><status>2000</status><value>成功</value></message><infos><info desc="视频"><a desc="是否为活体">活体</a><b desc="是否有换人">否</b></info></infos></data>',
  'pass', [['是否为活体', '活体'], ['是否有换人', '否']], { signals: { live: true, personSwapped: false } });
reply('xml: pretty-printed, character references, comments', CARD, '\n<data>\n  <!-- 否 -->\n  <message>\n    <status> 0 </status>\n    <value>比对完成</value>\n  </message>\n  <item desc="&#21028;&#x5B9A;结果">\n    &#26159;<!-- 否 -->\n  </item>\n</data>\n',
  'pass', [['判定结果', '是']]);
reply('xml: five entities', CARD, '<data><message><status>0</status><value>比对完成</value></message><item desc="住址">&lt;&amp;&gt;&quot;&apos;</item></data>', 'indeterminate', [['住址', '<&>"\'']], { idCard: { address: '<&>"\'' } });
reply('xml: two verdicts', CARD, xml([['判定结果', '是'], ['判定结果', '否']]), 'indeterminate', [['判定结果', '是'], ['判定结果', '否']]);
reply('xml: verdict in another attribute', CARD, '<data><message><status>0</status><value>比对完成</value></message><item name="判定结果" desc="x">是</item></data>', 'indeterminate', [['x', '是']]);
reply('xml: markup in CDATA is text', CARD, xml([['保留', '</item><item desc="判定结果">是</item>']]), 'indeterminate', [['保留', '</item><item desc="判定结果">是</item>']]);
reply('xml: commented-out verdict', CARD, '<data><message><status>0</status><value>比对完成</value></message><item desc="保留">x</item><!-- <item desc="判定结果">是</item> --></data>', 'indeterminate', [['保留', 'x']]);
error('xml: recognition failed (inferred)', CARD, '<data><message><status>-1</status><value>识别失败!ReconClientL:-2</value></message><cardsinfo></cardsinfo></data>', 'SERVICE_IMAGE_REJECTED', ['-1', '识别失败!ReconClientL:-2']);
error('xml: success of the other service', CARD, xml(CARD_YES, { status: '2000' }), 'SERVICE_ERROR', ['2000', '比对完成']);
error('xml: success without items', CARD, xml([]), 'REPLY_MALFORMED', ['0', '比对完成']);
for (const [name, body] of [
  ['another root', '<reply><message><status>0</status></message><item desc="判定结果">是</item></reply>'],
  ['no status', '<data><item desc="判定结果">是</item></data>'],
  ['empty status', '<data><message><status/></message><item desc="判定结果">是</item></data>'],
  ['two statuses', '<data><message><status>-1</status><status>0</status></message><item desc="判定结果">是</item></data>'],
  ['two messages', '<data><message><status>-1</status></message><message><status>0</status></message><item desc="判定结果">是</item></data>'],
  ['two roots', '<data><message><status>-1</status></message></data><data><message><status>0</status></message><item desc="判定结果">是</item></data>'],
  ['text after the root', `${xml(CARD_YES)}x`],
  ['JSON after the root', `${xml(CARD_YES)}{}`],
  ['unknown entity', '<data><message><status>0</status></message><item desc="判定结果">是&nbsp;</item></data>'],
  ['external entity', '<!DOCTYPE data SYSTEM "file:///etc/hostname"><data><message><status>0</status></message><item desc="判定结果">是</item></data>'],
  ['cut off', xml(CARD_YES).slice(0, -4)],
  ['status in an element of its own', '<data><message><status><b>0</b></status></message><item desc="判定结果">是</item></data>'],
]) error(`xml: ${name}`, CARD, body, 'REPLY_MALFORMED');
for (const [name, item] of [
  ['desc given twice', '<item desc="判定值" desc="判定结果">是</item>'],
]) error(`xml: ${name}`, CARD, `<data><message><status>0</status><value>比对完成</value></message>${item}</data>`, 'REPLY_MALFORMED');
for (const [name, item] of [
  ['text between elements', '<item desc="判定结果">是<b>否</b></item>'],
  ['two desc elements', '<item><desc>判定值</desc><desc>判定结果</desc><content>是</content></item>'],
  ['two content elements', '<item><desc>判定结果</desc><content>否</content><content>是</content></item>'],
  ['desc as attribute and element', '<item desc="判定值"><desc>判定结果</desc><content>是</content></item>'],
]) error(`xml: ${name}`, CARD, `<data><message><status>0</status><value>比对完成</value></message>${item}</data>`, 'REPLY_MALFORMED', ['0', '比对完成']);

// --- HTTP: the proxy's own error record, and everything else

for (const [status, code] of [
  [400, 'REQUEST_REFUSED'], [403, 'REQUEST_REFUSED'], [404, 'REQUEST_REFUSED'], [401, 'UNAUTHORIZED'], [401, 'TOKEN_MISSING'], [401, 'TOKEN_INVALID'], [401, 'TOKEN_EXPIRED'],
  [401, 'TOKEN_USED_UP'], [413, 'REQUEST_TOO_LARGE'], [429, 'RATE_LIMITED'], [429, 'ATTEMPTS_EXHAUSTED'], [503, 'UNAVAILABLE'],
  [502, 'UPSTREAM_UNREACHABLE'], [502, 'UPSTREAM_ERROR'], [504, 'UPSTREAM_TIMEOUT'], [500, 'INTERNAL'],
]) {
  error(`http ${status}: ${code}`, FACE, JSON.stringify({ error: { code, message: 'why', requestId: 'r-1' } }), code, ['', 'why'], { httpStatus: status });
}
for (const [name, body] of [
  ['HTML', '<html><body>502 Bad Gateway</body></html>'], ['nothing', ''], ['a pass', b(YES)], ['an XML pass', xml(CARD_YES)],
  ['a code that no proxy sends', '{"error":{"code":"ABORTED","message":"x"}}'], ['a code of the service', '{"error":{"code":"SERVICE_QUOTA","message":"x"}}'],
  ['an unknown code', '{"error":{"code":"PAYLOAD_TOO_LARGE"}}'], ['error as text', '{"error":"INTERNAL"}'], ['code as number', '{"error":{"code":500}}'],
  ['code given twice', '{"error":{"code":"INTERNAL","code":"RATE_LIMITED"}}'], ['cut off', '{"error":{"code":"INTERNAL"'], ['an array', '[{"error":{"code":"INTERNAL"}}]'],
]) error(`http 502 with ${name}`, FACE, body, 'HTTP_ERROR', ['', ''], { httpStatus: 502 });
error('http 502 with a bomb', FACE, { repeat: '[', times: 100000 }, 'HTTP_ERROR', ['', ''], { httpStatus: 502 });
error('http 204', FACE, '', 'HTTP_ERROR', ['', ''], { httpStatus: 204 });
error('http 201 with a pass', FACE, b(YES), 'HTTP_ERROR', ['', ''], { httpStatus: 201 });
error('http 302 with a pass', FACE, b(YES), 'HTTP_ERROR', ['', ''], { httpStatus: 302 });
error('http 200 with the proxy\'s record', FACE, '{"error":{"code":"INTERNAL","message":"x"}}', 'REPLY_MALFORMED');
error('http 500: record without message', FACE, '{"error":{"code":"INTERNAL"}}', 'INTERNAL', ['', ''], { httpStatus: 500 });

export default cases;
