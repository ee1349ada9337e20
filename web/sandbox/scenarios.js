// Every odd reply that the service is known or feared to give, as data. A scenario takes effect once a call has passed
// all checks; what it leaves open is as in the usual reply. Add a row here and the demo lists it.
import { ALL, WITH_ID_CARD } from './operations.js';

/**
 * How the reply differs from the usual one.
 *
 * @typedef {object} Change
 * @property {'pass' | 'fail'} [verdict] which of the operation's items are answered. Default: what the files say
 * @property {string} [word] content of the verdict item instead
 * @property {string} [score] content of the score item instead
 * @property {Record<string, string>} [set] contents of other items, by desc; an item that is not there is added
 * @property {'verdict' | 'score'} [drop] an item that is left out
 * @property {string} [secondWord] a second verdict item at the end
 * @property {'reversed'} [order]
 * @property {'missing' | 'null' | 'empty-array' | 'empty-string'} [items] instead of the list of items (JSON)
 * @property {'inline' | 'inline-fullwidth' | 'split'} [shape]
 * @property {'missing' | 'null' | 'digits'} [extras] name, nID and index (JSON)
 * @property {'number' | 'string' | 'padded'} [statusAs] type of the status (JSON)
 * @property {'number'} [contentAs] scores as JSON numbers
 * @property {string} [status]
 * @property {string} [value] text of the status
 * @property {'xml'} [format] whatever was asked for
 * @property {'message' | 'nested'} [xml] other guesses at the undocumented XML of verapi/*
 * @property {boolean} [escapedSlashes] `\/` in JSON, as PHP and old Java writers do
 * @property {string} [text] the whole body
 * @property {{open: string, times: number}} [nesting] the whole body: an opening repeated
 * @property {number} [keep] the fraction of the body that is sent
 * @property {string} [prepend]
 * @property {string} [append]
 * @property {string} [contentType]
 * @property {number} [httpStatus]
 * @property {Record<string, string>} [headers]
 * @property {'slow' | 'drip' | 'huge' | 'reset' | 'cut'} [delivery]
 * @property {number} [amount] of slow: ms before the reply; drip: ms between 16-byte pieces; huge: bytes.
 *   A caller may set another one: `slow:250`
 */

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {readonly string[]} operations that it fits
 * @property {string} outcome the verdict, or the error code, that a careful client arrives at (behind the proxy);
 *   'usual' when it is that of the files
 * @property {{en: string, zh: string}} description
 * @property {Change} change
 */

/**
 * @param {string} name
 * @param {string} outcome
 * @param {string} en
 * @param {string} zh
 * @param {Change} change
 * @param {readonly string[]} [operations]
 * @returns {Scenario}
 */
const row = (name, outcome, en, zh, change, operations = ALL) =>
  Object.freeze({ name, operations, outcome, description: { en, zh }, change });

const FACES = ['compareFaces', ...WITH_ID_CARD];
const LIVE = ['checkLiveness', 'checkVideoLiveness'];
const VIDEO = ['checkVideoLiveness'];
const YES_NO = ALL.filter((name) => name !== 'checkVideoLiveness');
const VERAPI = ['compareFaces', 'checkLiveness', 'checkVideoLiveness'];

// A base64 portrait as ID card replies may carry: tens of KB, of no real person.
const PORTRAIT = `/9j/${'4AAQSkZJRgABAQAA/wAR'.repeat(1500)}/9k=`;
const HTML =
  '<!DOCTYPE html><html><head><title>系统维护</title></head><body>系统维护中, 是否重试?</body></html>';
const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>';

/** @type {readonly Scenario[]} */
export const SCENARIOS = Object.freeze([
  // Verdicts
  row('pass', 'pass', 'Passes, whatever was sent', '无论发送什么都通过', { verdict: 'pass' }),
  row('fail', 'fail', 'Does not pass, whatever was sent', '无论发送什么都不通过', { verdict: 'fail' }),
  row('not-same-person', 'fail', 'Two different persons', '不是同一个人', { verdict: 'fail' }, FACES),
  row('spoof', 'fail', 'Not a live person', '非活体(翻拍或面具)', { verdict: 'fail' }, LIVE),
  row(
    'swapped-person',
    'fail',
    'Live, but the person changes in the video',
    '是活体, 但视频中途换人',
    { verdict: 'pass', set: { 是否有换人: '是' } },
    VIDEO,
  ),
  row(
    'no-movement',
    'pass',
    'Live, but neither blinked nor opened the mouth',
    '是活体, 但没有眨眼也没有张嘴',
    { verdict: 'pass', set: { 是否有眨眼: '否', 是否有张嘴: '否' } },
    VIDEO,
  ),
  // Shapes
  row('items-inline', 'pass', 'Value in the desc after a colon', '值写在 desc 的冒号之后', {
    verdict: 'pass',
    shape: 'inline',
  }),
  row(
    'items-inline-fullwidth',
    'pass',
    'Value in the desc after a full-width colon',
    '值写在 desc 的全角冒号之后',
    {
      verdict: 'pass',
      shape: 'inline-fullwidth',
    },
  ),
  row('items-split', 'pass', 'Value in the content', '值写在 content 中', {
    verdict: 'pass',
    shape: 'split',
  }),
  row('items-reversed', 'pass', 'Items in the other order', '项目顺序相反', {
    verdict: 'pass',
    order: 'reversed',
  }),
  row('status-string', 'pass', 'The status as a string', '状态码为字符串', {
    verdict: 'pass',
    statusAs: 'string',
  }),
  row('status-number', 'pass', 'The status as a number', '状态码为数字', {
    verdict: 'pass',
    statusAs: 'number',
  }),
  row('status-padded', 'pass', 'The status with spaces around it', '状态码两端有空格', {
    verdict: 'pass',
    statusAs: 'padded',
  }),
  row('score-number', 'pass', 'The score as a JSON number', '判定值为数字', {
    verdict: 'pass',
    shape: 'split',
    contentAs: 'number',
  }),
  row('extras-null', 'pass', 'name, nID and index are null', 'name、nID、index 为 null', {
    verdict: 'pass',
    extras: 'null',
  }),
  row('extras-missing', 'pass', 'name, nID and index are not there', '没有 name、nID、index', {
    verdict: 'pass',
    extras: 'missing',
  }),
  row('extras-digits', 'pass', 'name, nID and index are digits in strings', 'name、nID、index 为数字字符串', {
    verdict: 'pass',
    extras: 'digits',
  }),
  row(
    'portrait',
    'pass',
    'The reply carries a portrait of 30 KB',
    '应答带有 30 KB 的头像',
    { verdict: 'pass', set: { 头像: PORTRAIT }, escapedSlashes: true },
    WITH_ID_CARD,
  ),
  // No verdict in a success
  row('items-missing', 'REPLY_MALFORMED', 'Success without any items', '成功但没有项目列表', {
    items: 'missing',
  }),
  row('items-null', 'REPLY_MALFORMED', 'Success with null for items', '成功但项目列表为 null', {
    items: 'null',
  }),
  row('items-empty', 'REPLY_MALFORMED', 'Success with no item', '成功但项目列表为空', {
    items: 'empty-array',
  }),
  row('items-empty-string', 'REPLY_MALFORMED', 'Success with "" for items', '成功但项目列表为空字符串', {
    items: 'empty-string',
  }),
  row('verdict-missing', 'indeterminate', 'The verdict item is not there', '缺少判定结果', {
    verdict: 'pass',
    drop: 'verdict',
  }),
  row('verdict-unknown', 'indeterminate', 'A verdict word nobody knows', '未知的判定结果', {
    verdict: 'pass',
    word: '疑似',
  }),
  row('verdict-empty', 'indeterminate', 'An empty verdict', '判定结果为空', { verdict: 'pass', word: '' }),
  row('verdict-twice', 'indeterminate', 'Two verdict items that contradict', '两个互相矛盾的判定结果', {
    verdict: 'pass',
    shape: 'split',
    secondWord: '不确定',
  }),
  row('score-missing', 'pass', 'A verdict without a score', '有判定结果, 没有判定值', {
    verdict: 'pass',
    drop: 'score',
  }),
  // Traps for clients that look for a piece of text or at the score
  row(
    'trap-not-yes',
    'indeterminate',
    'The verdict is 不是, which contains 是',
    '判定结果为“不是”',
    { verdict: 'fail', word: '不是' },
    YES_NO,
  ),
  row(
    'trap-not-live',
    'fail',
    'The verdict is 非活体, which contains 活体',
    '判定结果为“非活体”',
    { verdict: 'fail' },
    VIDEO,
  ),
  row('trap-spaces', 'pass', 'The pass word with spaces around it', '判定结果两端有空格', {
    verdict: 'pass',
    shape: 'split',
    word: ' {pass} ',
  }),
  row(
    'trap-address',
    'fail',
    'Not the same person; name and address contain 是',
    '不是同一人, 但姓名和住址含“是”',
    { verdict: 'fail', set: { 姓名: '是是', 住址: '判定结果:是 是' } },
    WITH_ID_CARD,
  ),
  row('trap-score-good', 'fail', 'Fails with the score of a pass', '不通过, 但分值像通过', {
    verdict: 'fail',
    score: '{pass}',
  }),
  row('trap-score-bad', 'pass', 'Passes with the score of a failure', '通过, 但分值像不通过', {
    verdict: 'pass',
    score: '{fail}',
  }),
  row('trap-message', 'fail', 'Fails; the status text says 是', '不通过, 但状态文字含“是”', {
    verdict: 'fail',
    value: '判定结果:是',
  }),
  // Failures that the service reports
  row(
    'recognition-failed',
    'SERVICE_IMAGE_REJECTED',
    'Recognition failed (-1), no items',
    '识别失败(-1), 无项目',
    {
      status: '-1',
      value: '识别失败!ReconClientL:-2',
      items: 'empty-array',
    },
  ),
  row(
    'recognition-failed-string',
    'SERVICE_IMAGE_REJECTED',
    'Recognition failed, "" for items',
    '识别失败, 项目为空字符串',
    {
      status: '-1',
      value: '识别失败!ReconClientL:-2',
      items: 'empty-string',
    },
  ),
  row(
    'failed-with-pass-items',
    'SERVICE_IMAGE_REJECTED',
    'Recognition failed, yet items that pass',
    '识别失败, 却带通过的项目',
    {
      verdict: 'pass',
      status: '-1',
      value: '识别失败!ReconClientL:-2',
    },
  ),
  row('no-face', 'SERVICE_IMAGE_REJECTED', 'No face was found', '未检测到人脸', {
    status: '-1',
    value: '检测失败, 未检测到人脸',
    items: 'empty-array',
  }),
  row('image-rejected', 'SERVICE_IMAGE_REJECTED', 'The format of the file is refused', '文件格式不支持', {
    status: '10003',
    value: '图片格式不支持',
    items: 'empty-array',
  }),
  row('bad-parameter', 'SERVICE_BAD_PARAMETER', 'A parameter is wrong', '参数错误', {
    status: '-2',
    value: '参数错误',
    items: 'empty-array',
  }),
  row('quota-used-up', 'SERVICE_QUOTA', 'No calls are left', '调用次数已用完', {
    status: '-3',
    value: '调用次数已用完',
    items: 'empty-array',
  }),
  row('balance-used-up', 'SERVICE_QUOTA', 'The balance is used up', '余额不足', {
    status: '-5',
    value: '余额不足, 请充值',
    items: 'empty-array',
  }),
  row('bad-key', 'SERVICE_AUTH', 'The key or secret is wrong', 'key 或 secret 错误', {
    status: '-4',
    value: 'key或secret错误, 认证失败',
    items: 'empty-array',
  }),
  row(
    'unknown-status',
    'SERVICE_ERROR',
    'A status nobody knows, with items that pass',
    '未知状态码, 带通过的项目',
    {
      verdict: 'pass',
      status: '7777',
      value: '???',
    },
  ),
  row('foreign-status', 'SERVICE_ERROR', 'The success status of another service', '其他服务的成功状态码', {
    verdict: 'pass',
    statusAs: 'string',
    status: '0000',
    value: '成功',
  }),
  // XML
  row('xml', 'pass', 'XML although JSON was asked for', '请求 JSON 却返回 XML', {
    verdict: 'pass',
    format: 'xml',
  }),
  row('xml-nested', 'pass', 'XML with desc and content as elements', 'XML, desc 与 content 为子元素', {
    verdict: 'pass',
    format: 'xml',
    xml: 'nested',
  }),
  row(
    'xml-message',
    'pass',
    'XML of verapi with the status in message',
    'XML, 状态位于 message 元素',
    { verdict: 'pass', format: 'xml', xml: 'message' },
    VERAPI,
  ),
  row('xml-entity', 'REPLY_MALFORMED', 'XML with a DTD and an entity', '带 DTD 与实体的 XML', {
    text: '<?xml version="1.0"?><!DOCTYPE data [<!ENTITY x "是">]><data><message><status>&x;</status></message></data>',
    contentType: 'text/xml;charset=UTF-8',
  }),
  // Broken bodies
  row('html', 'REPLY_MALFORMED', 'An HTML page with HTTP 200', 'HTTP 200 的 HTML 页面', {
    text: HTML,
    contentType: 'text/html;charset=UTF-8',
  }),
  row('empty-body', 'REPLY_MALFORMED', 'An empty body', '应答为空', { text: '' }),
  row('truncated-json', 'REPLY_MALFORMED', 'JSON that ends in the middle', '被截断的 JSON', {
    verdict: 'pass',
    keep: 0.6,
  }),
  row('trailing-garbage', 'REPLY_MALFORMED', 'JSON followed by ] }', 'JSON 之后多出 ] }', {
    verdict: 'pass',
    append: '] }',
  }),
  row('byte-order-mark', 'pass', 'JSON after a byte order mark', 'JSON 前有 BOM', {
    verdict: 'pass',
    prepend: '\ufeff',
  }),
  row('wrong-content-type', 'pass', 'JSON sent as text/html', 'JSON 的类型为 text/html', {
    verdict: 'pass',
    contentType: 'text/html;charset=GBK',
  }),
  row('deep-nesting', 'REPLY_TOO_LARGE', '100,000 opening brackets', '十万层嵌套', {
    nesting: { open: '[', times: 100_000 },
  }),
  row('huge', 'UPSTREAM_ERROR', 'A reply of 8 MiB', '8 MiB 的应答', {
    verdict: 'pass',
    delivery: 'huge',
    amount: 8 << 20,
  }),
  // The connection
  row('slow', 'pass', 'Answers after 8 s (slow:MS for another time)', '8 秒后才应答(slow:毫秒)', {
    verdict: 'pass',
    delivery: 'slow',
    amount: 8000,
  }),
  row('drip', 'pass', 'The reply comes in drops', '应答一点一点到达', {
    verdict: 'pass',
    delivery: 'drip',
    amount: 100,
  }),
  row('reset', 'UPSTREAM_ERROR', 'The connection is closed without an answer', '不应答直接断开连接', {
    delivery: 'reset',
  }),
  row('cut', 'UPSTREAM_ERROR', 'The connection is closed in the reply', '应答中途断开连接', {
    verdict: 'pass',
    delivery: 'cut',
  }),
  row('http-500', 'UPSTREAM_ERROR', 'HTTP 500', 'HTTP 500', { verdict: 'pass', httpStatus: 500 }),
  row('http-502', 'UPSTREAM_ERROR', 'HTTP 502 with an HTML page', 'HTTP 502 与 HTML 页面', {
    httpStatus: 502,
    text: BAD_GATEWAY,
    contentType: 'text/html',
  }),
  row('http-404', 'UPSTREAM_ERROR', 'HTTP 404', 'HTTP 404', {
    httpStatus: 404,
    text: HTML,
    contentType: 'text/html',
  }),
  row('http-302', 'UPSTREAM_ERROR', 'A redirect', '重定向', {
    httpStatus: 302,
    text: '',
    headers: { location: 'https://netocr.com/login.html' },
  }),
  row('http-429', 'RATE_LIMITED', 'Too many calls, try again after 30 s', '调用过于频繁, 30 秒后重试', {
    httpStatus: 429,
    text: '',
    headers: { 'retry-after': '30' },
  }),
]);
