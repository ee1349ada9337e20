// A second reading of the service's replies, by the rules of the design: the verdict comes only from an exact match of
// the one verdict item, and whatever is unclear is no pass. Slow and simple on purpose.

const CODES = [
  [/密钥|认证|\bkey\b|\bsecret\b/i, 'SERVICE_AUTH'],
  [/余额|次数|充值/, 'SERVICE_QUOTA'],
  [/参数/, 'SERVICE_BAD_PARAMETER'],
  [/识别失败|检测失败|人脸|图片|视频/, 'SERVICE_IMAGE_REJECTED'],
];

/** The verdict, or the code of the error, of an HTTP reply that came through the proxy. */
export function outcomeOf(operation, httpStatus, text) {
  if (httpStatus !== 200) return JSON.parse(text).error.code;
  if (/^[[{]{33}/.test(text)) return 'REPLY_TOO_LARGE'; // nested deeper than the 32 of Limits
  const reply = text.trimStart().startsWith('<') ? readXml(text) : readJson(text);
  if (!reply) return 'REPLY_MALFORMED';
  const { status, value, items } = reply;
  if (status.trim() !== (operation.dialect === 'api' ? '0' : '2000')) {
    return CODES.find(([pattern]) => pattern.test(value))?.[1] ?? 'SERVICE_ERROR';
  }
  if (items.length === 0) return 'REPLY_MALFORMED';
  return verdictOf(operation, items);
}

function verdictOf({ name, verdictItem, passWord, failWord }, items) {
  const contents = (desc) => items.filter((item) => item.desc === desc).map(({ content }) => content);
  const words = contents(verdictItem);
  if (words.length !== 1) return 'indeterminate';
  if (name === 'checkVideoLiveness') {
    const [swapped] = contents('是否有换人');
    if (swapped === '是') return 'fail';
    if (words[0] === passWord && swapped !== '否') return 'indeterminate';
  }
  if (words[0] === passWord) return 'pass';
  return words[0] === failWord ? 'fail' : 'indeterminate';
}

/** Splits `判定结果:是` when the content is empty. */
function toItem(desc, content) {
  const colon = desc.search(/[:：]/);
  if (content !== '' || colon < 0) return { desc: desc.trim(), content: content.trim() };
  return { desc: desc.slice(0, colon).trim(), content: desc.slice(colon + 1).trim() };
}

function readJson(text) {
  let body;
  try {
    body = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
  const message = body.message ?? body.messageString;
  if (!message) return null;
  const list = body.cardsinfo?.[0]?.items ?? body.infoList?.[0]?.veritem ?? [];
  return {
    status: String(message.status),
    value: message.value,
    items: list.map(({ desc, content }) => toItem(desc, String(content))),
  };
}

function readXml(text) {
  if (/<!DOCTYPE/i.test(text)) return null;
  const message = /<(message|messageString)><status>([^<]*)<\/status><value>([^<]*)<\/value><\/\1>/.exec(
    text,
  );
  if (!message) return null;
  const items = [];
  const forms =
    /<\w+ desc="([^"]*)"><!\[CDATA\[(.*?)\]\]>|<desc>([^<]*)<\/desc><content><!\[CDATA\[(.*?)\]\]>/g;
  for (const [, a, b, c, d] of text.matchAll(forms)) items.push(toItem(a ?? c, b ?? d));
  return { status: message[2], value: message[3], items };
}
