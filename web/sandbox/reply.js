// From the items of an operation and a scenario's change to the text of a reply, in JSON or XML.

/** @typedef {import('./operations.js').Operation} Operation */
/** @typedef {import('./operations.js').Item} Item */
/** @typedef {import('./scenarios.js').Change} Change */

const SCORE_ITEM = '判定值';
const SUCCESS = { api: ['0', '比对完成'], verapi: ['2000', '成功'] };

/**
 * What the service would answer: the pass items when the pictures are the same (or there is only one), else the fail
 * items with a low score that depends on nothing but the pictures.
 *
 * @param {Operation} operation
 * @param {Uint8Array[]} media
 * @returns {readonly Item[]}
 */
export function usualItems(operation, media) {
  const [first, second] = media;
  if (second === undefined || isSame(first, second)) return operation.passItems;
  const share = hash([first, second]) / 2 ** 32;
  const score = operation.dialect === 'api' ? (0.01 + 0.38 * share).toFixed(8) : (1 + 38 * share).toFixed(6);
  return withContent(operation.failItems, SCORE_ITEM, score);
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
function isSame(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * FNV-1a, 32 bits.
 *
 * @param {Uint8Array[]} parts
 */
function hash(parts) {
  let value = 0x811c9dc5;
  for (const part of parts) {
    for (const byte of part) value = Math.imul(value ^ byte, 0x01000193);
  }
  return value >>> 0;
}

/**
 * @param {readonly Item[]} items
 * @param {string} desc
 * @param {string} content
 * @returns {readonly Item[]}
 */
function withContent(items, desc, content) {
  return items.map((item) => (item.desc === desc ? { desc, content } : item));
}

/**
 * @param {Operation} operation
 * @param {readonly Item[]} usual
 * @param {Change} change
 * @returns {readonly Item[]}
 */
function changeItems(operation, usual, change) {
  const { verdictItem, passWord, passItems, failItems } = operation;
  let items = change.verdict ? operation[`${change.verdict}Items`] : usual;
  if (change.word !== undefined)
    items = withContent(items, verdictItem, change.word.replace('{pass}', passWord));
  if (change.score !== undefined) {
    const like = change.score === '{pass}' ? passItems : failItems;
    items = withContent(items, SCORE_ITEM, like.find(({ desc }) => desc === SCORE_ITEM)?.content ?? '');
  }
  for (const [desc, content] of Object.entries(change.set ?? {})) {
    const isThere = items.some((item) => item.desc === desc);
    items = isThere ? withContent(items, desc, content) : [...items, { desc, content }];
  }
  const dropped = change.drop && (change.drop === 'verdict' ? verdictItem : SCORE_ITEM);
  items = items.filter(({ desc }) => desc !== dropped);
  if (change.secondWord !== undefined) items = [...items, { desc: verdictItem, content: change.secondWord }];
  return change.order === 'reversed' ? [...items].reverse() : items;
}

/**
 * The body of a reply.
 *
 * @param {Operation} operation
 * @param {'json' | 'xml'} format
 * @param {readonly Item[]} usual
 * @param {Change} change
 * @returns {string}
 */
export function writeReply(operation, format, usual, change) {
  if (change.text !== undefined) return change.text;
  if (change.nesting) return change.nesting.open.repeat(change.nesting.times);
  const [status, value] = SUCCESS[operation.dialect];
  const message = { status: change.status ?? status, value: change.value ?? value };
  const items = changeItems(operation, usual, change);
  const shape = change.shape ?? operation.shape;
  const written = items.map(({ desc, content }) => {
    if (shape === 'split') return { desc, content };
    return { desc: `${desc}${shape === 'inline' ? ':' : '：'}${content}`, content: '' };
  });
  const write = format === 'json' ? writeJson : writeXml;
  const body = write(operation, message, written, change);
  const kept = body.slice(0, Math.floor(body.length * (change.keep ?? 1)));
  return `${change.prepend ?? ''}${kept}${change.append ?? ''}`;
}

/**
 * @param {Operation} operation
 * @param {{status: string, value: string}} message
 * @param {readonly Item[]} items
 * @param {Change} change
 */
function writeJson(operation, message, items, change) {
  const isApi = operation.dialect === 'api';
  const head = {
    ...message,
    status: jsonStatus(message.status, change.statusAs ?? (isApi ? 'number' : 'string')),
  };
  const list = items.map((item, index) => jsonItem(operation, item, index, change));
  const full = isApi ? [{ type: operation.typeId, items: list }] : [{ veritem: list }];
  const choices = { missing: undefined, null: null, 'empty-array': [], 'empty-string': '' };
  const container = change.items ? choices[change.items] : full;
  // JSON.stringify leaves out undefined.
  const body = isApi ? { message: head, cardsinfo: container } : { infoList: container, messageString: head };
  const text = JSON.stringify(body);
  return change.escapedSlashes ? text.replaceAll('/', '\\/') : text;
}

/**
 * @param {string} status
 * @param {'number' | 'string' | 'padded'} as
 */
function jsonStatus(status, as) {
  if (as === 'number') return Number(status);
  return as === 'padded' ? ` ${status} ` : status;
}

/**
 * @param {Operation} operation
 * @param {Item} item
 * @param {number} index
 * @param {Change} change
 */
function jsonItem(operation, { desc, content }, index, change) {
  const names = operation.dialect === 'api' ? ['nID', 'index'] : ['name'];
  const asDigits = Object.fromEntries(names.map((name) => [name, String(index)]));
  const asNull = Object.fromEntries(names.map((name) => [name, null]));
  const choices = { missing: {}, null: asNull, digits: asDigits };
  const extras = change.extras ? choices[change.extras] : operation.extras;
  const isNumber = change.contentAs === 'number' && desc === SCORE_ITEM;
  const value = isNumber ? Number(content) : content;
  // The order of the documentation's samples.
  return operation.dialect === 'api'
    ? { ...extras, desc, content: value }
    : { desc, ...extras, content: value };
}

/**
 * The one known body is of api/face*; that of verapi/* is a guess from its JSON and its relatives.
 *
 * @param {Operation} operation
 * @param {{status: string, value: string}} message
 * @param {readonly Item[]} items
 * @param {Change} change
 */
function writeXml(operation, message, items, change) {
  const isApi = operation.dialect === 'api';
  const wrapper = isApi || change.xml === 'message' ? 'message' : 'messageString';
  const list = change.items
    ? ''
    : items.map((item) => xmlItem(isApi ? 'item' : 'veritem', item, change)).join('');
  const card = change.items ? '' : `<card type="${operation.typeId}">${list}</card>`;
  return (
    `<?xml version='1.0' encoding='UTF-8'?><data><${wrapper}><status>${escapeXml(message.status)}</status>` +
    `<value>${escapeXml(message.value)}</value></${wrapper}>` +
    `${isApi ? `<cardsinfo>${card}</cardsinfo>` : `<infoList>${list}</infoList>`}</data>`
  );
}

/**
 * @param {string} element
 * @param {Item} item
 * @param {Change} change
 */
function xmlItem(element, { desc, content }, change) {
  const cdata = `<![CDATA[${content.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  if (change.xml === 'nested') {
    return `<${element}><desc>${escapeXml(desc)}</desc><content>${cdata}</content></${element}>`;
  }
  return `<${element} desc="${escapeXml(desc)}">${cdata}</${element}>`;
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
