// Takes a request apart the way a strict servlet would: urlencoded or multipart, every field once, text and files.
// What is wrong comes back as a sentence for the status value; a body that is no form at all gives null.

/** @typedef {{text: string, raw: string | null} | {file: Uint8Array}} Field `raw`: before percent-decoding */

/**
 * @param {string} contentType
 * @param {Uint8Array} body
 * @returns {{fields: Map<string, Field>, problem: string | null} | null}
 */
export function parseForm(contentType, body) {
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) return parseUrlencoded(body);
  const boundary = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  return boundary ? parseMultipart(body, boundary[1] ?? boundary[2]) : null;
}

/** @param {Uint8Array} body */
function parseUrlencoded(body) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  let problem = null;
  const pairs = new TextDecoder().decode(body).split('&');
  for (const pair of pairs.filter((text) => text !== '')) {
    const equals = pair.indexOf('=');
    const raw = equals < 0 ? '' : pair.slice(equals + 1);
    const name = decodeText(equals < 0 ? pair : pair.slice(0, equals));
    const text = decodeText(raw);
    if (name === null || text === null)
      problem ??= '参数错误: 百分号编码有误 / parameter error: bad percent-encoding';
    else if (fields.has(name)) problem ??= repeated(name);
    else fields.set(name, { text, raw });
  }
  return { fields, problem };
}

/** @param {string} text */
function decodeText(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array} body
 * @param {string} boundary
 */
function parseMultipart(body, boundary) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  let problem = null;
  const mark = new TextEncoder().encode(`\r\n--${boundary}`);
  if (!startsWith(body, mark.subarray(2), 0)) return null;
  for (let at = mark.length - 2; ; ) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return { fields, problem };
    if (body[at] !== 0x0d || body[at + 1] !== 0x0a) return null;
    const from = find(body, new TextEncoder().encode('\r\n\r\n'), at);
    const to = from < 0 ? -1 : find(body, mark, from + 2);
    if (to < 0) return null;
    const head = new TextDecoder().decode(body.subarray(at + 2, from));
    const name = /content-disposition:\s*form-data;.*?\bname="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) return null;
    const value = body.subarray(from + 4, Math.max(to, from + 4));
    const isFile = /;\s*filename=/i.test(head);
    if (fields.has(name)) problem ??= repeated(name);
    else fields.set(name, isFile ? { file: value } : { text: new TextDecoder().decode(value), raw: null });
    at = to + mark.length;
  }
}

/** @param {string} name */
function repeated(name) {
  return `参数错误: 参数 ${name} 重复 / parameter error: ${name} is there twice`;
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} wanted
 * @param {number} at
 */
function startsWith(bytes, wanted, at) {
  return wanted.every((byte, i) => bytes[at + i] === byte);
}

/**
 * @param {Uint8Array} bytes
 * @param {Uint8Array} wanted
 * @param {number} from
 */
function find(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) {
    if (startsWith(bytes, wanted, at)) return at;
  }
  return -1;
}
