// Requests that must never reach the service, by kind: each function makes one from a random number generator `r`
// (r(n): a whole number below n). Bodies are small, so that a refusal always comes before anything is sent on.
import { FACE, FILE, FORM, formBody, LIVENESS, multipartBody } from './helpers.mjs';

const FACE_PATH = `/netocr/${FACE.path}`;
const FILE_PATH = `/netocr/${FILE.path}`;
const BOUNDARY = '----netocrTestBoundary7d';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

const pick = (r, list) => list[r(list.length)];
/** Letters; of a long text only the first are random. */
const text = (r, length) =>
  length > 200
    ? text(r, 9) + 'x'.repeat(length - 9)
    : Array.from({ length }, () => String.fromCharCode(97 + r(26))).join('');
/** Base64 of some length, so that no two requests of a kind are equal. */
const media = (r) => `${text(r, 4 * (1 + r(40)))}%2B%3D%3D`;
const goodFace = (r) => formBody(FACE, media(r));

/** A request as it stands on the wire (latin1). Headers are raw lines; a content-length is added unless there is one. */
function wire({ line, headers = [], body = '', end = '\r\n' }) {
  const lines = [line ?? `POST ${FACE_PATH} HTTP/1.1`, ...headers];
  return Buffer.from([...lines, '', body].join(end), 'latin1');
}

const HOST = 'Host: proxy.example';
const TYPE = `Content-Type: ${FORM}`;
const length = (body) => `Content-Length: ${body.length}`;

/** The good request with other header lines in place of its content-length. */
const framed = (framing) => (r) => {
  const body = goodFace(r);
  const { lines, payload = body } = framing(r, body);
  return wire({ headers: [HOST, TYPE, ...lines], body: payload });
};

/** The good request with one line more, in a random place. */
const withLine = (make) => (r) => {
  const body = goodFace(r);
  const headers = [HOST, TYPE, length(body)];
  headers.splice(1 + r(3), 0, make(r));
  return wire({ headers, body });
};

const withRequestLine = (make) => (r) => {
  const body = goodFace(r);
  return wire({ line: make(r), headers: [HOST, TYPE, length(body)], body });
};

const withForm = (make) => (r) => {
  const body = make(r, goodFace(r));
  return wire({ headers: [HOST, TYPE, length(body)], body });
};

const withType =
  (make, line = `POST ${FACE_PATH} HTTP/1.1`) =>
  (r) => {
    const body = goodFace(r);
    return wire({ line, headers: [HOST, ...[make(r)].flat(), length(body)], body });
  };

const withParts =
  (make, type = MULTIPART) =>
  (r) => {
    const body = make(r, multipartBody(FILE, Buffer.from(text(r, 10 + r(60)))).toString('latin1'));
    const headers = [HOST, `Content-Type: ${typeof type === 'function' ? type(r) : type}`, length(body)];
    return wire({ line: `POST ${FILE_PATH} HTTP/1.1`, headers, body });
  };

const chunked = (r, body) => {
  const at = 1 + r(body.length - 1);
  const piece = (part) => `${part.length.toString(16)}\r\n${part}\r\n`;
  return `${piece(body.slice(0, at))}${piece(body.slice(at))}0\r\n\r\n`;
};
const CHUNKED = 'Transfer-Encoding: chunked';
const smuggled = (r) => {
  const body = goodFace(r);
  return `POST ${FACE_PATH} HTTP/1.1\r\n${HOST}\r\n${TYPE}\r\n${length(body)}\r\n\r\n${body}`;
};
const part = (name, value, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const DISPOSITION = 'Content-Disposition: form-data; name="file1"; filename="a.jpg"';

/** A body whose declared length ends inside a field name: what is left of it is not a form that passes. */
const cutShort = (r, body) => 1 + r(body.indexOf('img2=') - 1);

/** @type {Record<string, (r: (n: number) => number) => Buffer>} */
export const KINDS = {
  // Framing of the message
  'length and chunked': framed((r, body) => ({ lines: [length(body), CHUNKED], payload: chunked(r, body) })),
  'chunked and length': framed((r, body) => ({ lines: [CHUNKED, length(body)], payload: chunked(r, body) })),
  'length of zero and chunked, with a request behind': framed((r, body) => ({
    lines: ['Content-Length: 0', CHUNKED],
    payload: chunked(r, body) + smuggled(r),
  })),
  'chunked that ends at once, a request in the length': framed((r) => {
    const payload = `0\r\n\r\n${smuggled(r)}`;
    return { lines: [`Content-Length: ${payload.length}`, CHUNKED], payload };
  }),
  'chunked alone': framed((r, body) => ({ lines: [CHUNKED], payload: chunked(r, body) })),
  'chunked twice': framed((r, body) => ({ lines: [CHUNKED, CHUNKED], payload: chunked(r, body) })),
  'transfer-encoding identity': framed((_r, body) => ({
    lines: ['Transfer-Encoding: identity', length(body)],
  })),
  'chunked before identity': framed((r, body) => ({
    lines: ['Transfer-Encoding: chunked, identity'],
    payload: chunked(r, body),
  })),
  'gzip, chunked': framed((r, body) => ({
    lines: ['Transfer-Encoding: gzip, chunked'],
    payload: chunked(r, body),
  })),
  'a word like chunked, and a length': framed((r, body) => ({
    lines: [`Transfer-Encoding: ${pick(r, ['xchunked', 'chunkedx', 'chunke', '"chunked"'])}`, length(body)],
  })),
  'space before the colon of transfer-encoding': framed((r, body) => ({
    lines: [`Transfer-Encoding${pick(r, [' ', '\t', '\v'])}: chunked`, length(body)],
    payload: chunked(r, body),
  })),
  'control byte before chunked': framed((r, body) => ({
    lines: [`Transfer-Encoding:${pick(r, ['\v', '\f', '\0', '\x1f'])}chunked`, length(body)],
  })),
  'two lengths that differ': framed((r, body) => ({
    lines: [length(body), `Content-Length: ${1 + r(500)}1`],
  })),
  'the same length twice': framed((_r, body) => ({ lines: [length(body), length(body)] })),
  'a list of lengths': framed((_r, body) => ({ lines: [`${length(body)}, ${body.length}`] })),
  'negative length': framed((r) => ({ lines: [`Content-Length: -${r(1000)}`] })),
  'length with a plus': framed((_r, body) => ({ lines: [`Content-Length: +${body.length}`] })),
  'length in hexadecimal': framed((_r, body) => ({
    lines: [`Content-Length: 0x${body.length.toString(16)}`],
  })),
  'length with a space inside': framed((r) => ({ lines: [`Content-Length: 1 ${r(10)}`] })),
  'length with letters behind': framed((r, body) => ({ lines: [`${length(body)}${text(r, 1)}`] })),
  'length without digits': framed((r) => ({
    lines: [`Content-Length: ${pick(r, ['', ' ', 'NaN', 'ten'])}`],
  })),
  'length beyond 64 bits': framed((r) => ({ lines: [`Content-Length: ${'9'.repeat(20 + r(20))}`] })),
  'length beyond the limit': framed((r) => ({ lines: [`Content-Length: ${4_194_305 + r(1 << 30)}`] })),
  'length with a fraction': framed((_r, body) => ({ lines: [`${length(body)}.0`] })),
  'length on a folded line': framed((_r, body) => ({ lines: [`Content-Length:\r\n ${body.length}`] })),
  'body longer than its length': framed((r, body) => ({ lines: [`Content-Length: ${cutShort(r, body)}`] })),
  'body shorter than its length': framed((r, body) => ({
    lines: [`Content-Length: ${body.length + 1 + r(99)}`],
  })),
  'length of zero with a body': framed(() => ({ lines: ['Content-Length: 0'] })),
  'no length at all': framed(() => ({ lines: [] })),
  'chunk extension': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${body.length.toString(16)};${text(r, 5)}=${text(r, 9)}\r\n${body}\r\n0\r\n\r\n`,
  })),
  'very long chunk extension': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${body.length.toString(16)};${text(r, 17_000)}\r\n${body}\r\n0\r\n\r\n`,
  })),
  'chunk size that is no number': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${pick(r, ['', 'g', '-1', '0x5', ' 5', '5 5'])}\r\n${body}\r\n0\r\n\r\n`,
  })),
  'chunk size beyond 64 bits': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${'f'.repeat(17 + r(9))}\r\n${body}\r\n0\r\n\r\n`,
  })),
  'chunk lines that end in a bare LF': framed((_r, body) => ({
    lines: [CHUNKED],
    payload: `${body.length.toString(16)}\n${body}\n0\n\n`,
  })),
  'chunk shorter than its size': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${(body.length + 1 + r(9)).toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  })),
  'length in the trailer': framed((r, body) => ({
    lines: [CHUNKED],
    payload: `${chunked(r, body).slice(0, -2)}${length(body)}\r\n\r\n`,
  })),
  'chunked in HTTP/1.0': (r) => {
    const body = goodFace(r);
    const line = `POST ${FACE_PATH} HTTP/1.0`;
    return wire({ line, headers: [HOST, TYPE, CHUNKED], body: chunked(r, body) });
  },
  // Lines of the head
  'bare LF as line end': (r) => {
    const body = goodFace(r);
    // A lone LF is tolerated by many readers of lines; here also the length stands behind one.
    return Buffer.from(`POST ${FACE_PATH} HTTP/1.1\n${HOST}\n${TYPE}\n${length(body)}\n\n${body}`, 'latin1');
  },
  'bare LF in one line end': withLine((r) => `X-${text(r, 5)}: a\nX-${text(r, 4)}: b`),
  'bare CR as line end': (r) => {
    const body = goodFace(r);
    return wire({ headers: [HOST, TYPE, length(body)], body, end: '\r' });
  },
  'bare CR in a value': withLine((r) => `X-${text(r, 5)}: a\rContent-Length: ${r(9)}`),
  'NUL in a value': withLine((r) => `X-${text(r, 5)}: a\0${text(r, 3)}`),
  'NUL in a name': withLine((r) => `X-${text(r, 2)}\0${text(r, 3)}: a`),
  'control byte in a value': withLine((r) => `X-${text(r, 5)}: ${String.fromCharCode(1 + r(8))}`),
  'control byte in a name': withLine((r) => `X-${String.fromCharCode(1 + r(31))}${text(r, 3)}: a`),
  'high byte in a name': withLine((r) => `X-${String.fromCharCode(128 + r(128))}: a`),
  'space in a name': withLine((r) => `X ${text(r, 5)}: a`),
  'space before a colon': withLine((r) => `X-${text(r, 5)} : a`),
  'separator in a name': withLine((r) => `X-${pick(r, [...'()<>@,;"/[]?={}\\'])}${text(r, 4)}: a`),
  'line without a colon': withLine((r) => `X-${text(r, 9)}`),
  'line without a name': withLine((r) => `: ${text(r, 9)}`),
  'folded line': withLine((r) => `X-${text(r, 5)}: a\r\n${pick(r, [' ', '\t'])}${text(r, 5)}`),
  'blank before the first header': (r) => {
    const body = goodFace(r);
    return wire({ headers: [`${pick(r, [' ', '\t'])}X-${text(r, 4)}: a`, HOST, TYPE, length(body)], body });
  },
  'no host': (r) => {
    const body = goodFace(r);
    return wire({ headers: [TYPE, length(body)], body });
  },
  'two hosts': withLine((r) => `Host: ${text(r, 6)}.example`),
  'host that is none': (r) => {
    const body = goodFace(r);
    const host = pick(r, [
      'a b',
      'a/b',
      'a@b',
      'a?b',
      'a#b',
      '[::1',
      'a:b',
      'a:99999',
      'a\\b',
      '%zz',
      '<a>',
      '',
    ]);
    return wire({ headers: [`Host: ${host}`, TYPE, length(body)], body });
  },
  'one huge header': withLine((r) => `X-${text(r, 5)}: ${text(r, 17_000 + r(9000))}`),
  'headers that are huge together': withLine((r) =>
    Array.from({ length: 300 }, () => `X-${text(r, 6)}: ${text(r, 60)}`).join('\r\n'),
  ),
  'thousands of headers': withLine(() => Array.from({ length: 5000 }, () => 'a:').join('\r\n')),
  'a head that never ends': (r) => wire({ headers: [HOST, `X-${text(r, 9)}`] }).subarray(0, -(4 + r(9))),
  'unknown expectation': withLine((r) => `Expect: ${pick(r, ['200-ok', '100', 'continue', text(r, 8)])}`),
  // The request line
  'method in lower case': withRequestLine(() => `post ${FACE_PATH} HTTP/1.1`),
  'unknown method': withRequestLine((r) => `${text(r, 1 + r(9)).toUpperCase()}Q ${FACE_PATH} HTTP/1.1`),
  'another method': withRequestLine(
    (r) => `${pick(r, ['PUT', 'PATCH', 'DELETE', 'TRACE'])} ${FACE_PATH} HTTP/1.1`,
  ),
  connect: withRequestLine((r) => `CONNECT ${text(r, 6)}.example:443 HTTP/1.1`),
  'absolute form': withRequestLine((r) => `POST http://${text(r, 6)}.example${FACE_PATH} HTTP/1.1`),
  'absolute form of another scheme': withRequestLine(
    (r) => `POST ${pick(r, ['https', 'file', 'ftp', 'gopher'])}://proxy.example${FACE_PATH} HTTP/1.1`,
  ),
  'authority form': withRequestLine((r) => `POST ${text(r, 6)}.example:80 HTTP/1.1`),
  'asterisk form': withRequestLine((r) => `${pick(r, ['POST', 'OPTIONS'])} * HTTP/1.1`),
  'HTTP/0.9': (r) => Buffer.from(`${pick(r, ['GET', 'POST'])} ${FACE_PATH}\r\n${goodFace(r)}`),
  'another version': withRequestLine(
    (r) => `POST ${FACE_PATH} HTTP/${pick(r, ['0.9', '1.2', '2.0', '3.0', '1.', '11.1', '1,1', 'x'])}`,
  ),
  'protocol in lower case': withRequestLine(() => `POST ${FACE_PATH} http/1.1`),
  'another protocol': withRequestLine(
    (r) => `POST ${FACE_PATH} ${pick(r, ['ICY/1.1', 'SIP/2.0', 'RTSP/2.0', 'HTPP/1.1'])}`,
  ),
  'no target': withRequestLine((r) => `POST${' '.repeat(1 + r(3))}HTTP/1.1`),
  'blanks in the target': withRequestLine(
    (r) => `POST ${FACE_PATH}${pick(r, [' ', '\t'])}${text(r, 3)} HTTP/1.1`,
  ),
  'control byte in the target': withRequestLine(
    (r) => `POST ${FACE_PATH}${String.fromCharCode(r(9))} HTTP/1.1`,
  ),
  query: withRequestLine(
    (r) => `POST ${FACE_PATH}?${pick(r, ['key=a', 'typeId=21', 'img1='])}${text(r, 3)} HTTP/1.1`,
  ),
  'very long target': withRequestLine((r) => `POST ${FACE_PATH}?${text(r, 17_000)} HTTP/1.1`),
  'path that climbs': withRequestLine(
    (r) => `POST /netocr/${pick(r, ['../', '..%2f', '%2e%2e/', './../', '..%5c'])}${FACE.path} HTTP/1.1`,
  ),
  'path with more or fewer slashes': withRequestLine(
    (r) =>
      `POST ${pick(r, ['//netocr/', '/netocr//', '/netocr\\', '/'])}${FACE.path}${pick(r, ['', '/'])} HTTP/1.1`,
  ),
  'path with something behind': withRequestLine(
    (r) => `POST ${FACE_PATH}${pick(r, ['%00', ';a=b', '%20', '.', '/..;/', '%2f'])} HTTP/1.1`,
  ),
  // Other protocols
  'HTTP/2 preface': (r) => Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), bytes(r, 30)]),
  TLS: (r) => Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), bytes(r, 200)]),
  noise: (r) => Buffer.concat([Buffer.from([128 + r(128)]), bytes(r, 1 + r(300))]),
  // Types
  'content-type twice': withType(() => [TYPE, TYPE]),
  'another type': withType(
    (r) => `Content-Type: ${pick(r, ['application/json', 'text/plain', 'text/xml', '*/*'])}`,
  ),
  'no type': withType(() => []),
  'type with another charset': withType(
    (r) => `${TYPE}; charset=${pick(r, ['gbk', 'utf-16', 'utf-7', text(r, 5)])}`,
  ),
  'parts where a form belongs': withType(() => `Content-Type: ${MULTIPART}`),
  'form where parts belong': withType(() => TYPE, `POST ${FILE_PATH} HTTP/1.1`),
  'compressed body': withLine(
    (r) => `Content-Encoding: ${pick(r, ['gzip', 'br', 'deflate', 'identity, gzip'])}`,
  ),
  'boundary that is none': withParts(
    (_r, body) => body,
    (r) =>
      `multipart/form-data${pick(r, ['', ';', '; boundary', '; boundary=', '; boundary=""', `; boundary=${text(r, 71)}`, '; boundary=a b', `; a=b; boundary=${BOUNDARY}`, `; boundary=${BOUNDARY}; boundary=x`])}`,
  ),
  // Forms
  'field twice': withForm(
    (r, body) => `${body}&${pick(r, ['img1=AAAA', 'img2=AAAA', 'typeId=21', 'format=json'])}`,
  ),
  'name with encoded letters': withForm((r, body) =>
    body.replace('img1=', pick(r, ['%69mg1=', 'i%6Dg1=', 'img%31='])),
  ),
  'own key or secret': withForm(
    (r, body) =>
      `${pick(r, ['key', 'secret', 'KEY', '%6bey', 'k%65y', ' key', 'key%00'])}=${text(r, 8)}&${body}`,
  ),
  'unknown field': withForm((r, body) => `${body}&${text(r, 1 + r(12))}x=${text(r, 4)}`),
  'name like a field': withForm((r, body) =>
    body.replace('img1=', pick(r, ['Img1=', 'img1[]=', 'img1.=', '+img1=', 'img1+=', 'img1%20=', 'img1;='])),
  ),
  'semicolons between pairs': withForm((_r, body) => body.replaceAll('&', ';')),
  'empty pair': withForm((r, body) => pick(r, [`&${body}`, `${body}&`, body.replace('&', '&&'), ''])),
  'name without a value': withForm((r, body) => `${body}&${pick(r, ['img1', 'format', 'x'])}`),
  'bad percent-encoding': withForm(
    (r, body) => `${body}${pick(r, ['%', '%2', '%G1', '%%41', '%u0041', '% 41'])}`,
  ),
  'not base64': withForm(
    (r, body) => `${body}${pick(r, ['-', '_', ' ', '%00', '%0A', '\n', '\0', '\xff', ',', '%25'])}`,
  ),
  'empty image': withForm((_r, body) => body.replace(/img1=[^&]*/, 'img1=')),
  'another typeId': withForm((r, body) =>
    body.replace('typeId=21', `typeId=${pick(r, ['', '9999', '%32%31', '021', '2100'])}`),
  ),
  'another format': withForm((r, body) =>
    body.replace('format=json', `format=${pick(r, ['pdf', 'JSON', 'json%20', 'html'])}`),
  ),
  'field missing': withForm((r, body) =>
    body.replace(pick(r, [/typeId=21&/, /&img1=[^&]*/, /&img2=[^&]*/]), ''),
  ),
  'byte order mark first': withForm((_r, body) => `\xef\xbb\xbf${body}`),
  'form of another operation': withForm((r) => formBody(LIVENESS, media(r))),
  // Parts
  preamble: withParts((r, body) => `${pick(r, ['\r\n', text(r, 5), 'a\r\n'])}${body}`),
  epilogue: withParts((r, body) => `${body}${pick(r, ['\r\n', text(r, 5), `--${BOUNDARY}\r\n`])}`),
  'no last boundary': withParts((r, body) => body.slice(0, -(3 + r(20)))),
  'bare LF between parts': withParts((_r, body) => body.replaceAll('\r\n', '\n')),
  'bare LF in a part header': withParts((_r, body) => body.replace(`${DISPOSITION}\r\n`, `${DISPOSITION}\n`)),
  'blank behind a boundary': withParts((r, body) =>
    body.replace(`${BOUNDARY}\r\n`, `${BOUNDARY}${pick(r, [' ', '\t'])}\r\n`),
  ),
  'boundary inside a part': withParts((r, body) =>
    body.replace('image/jpeg\r\n\r\n', `image/jpeg\r\n\r\n${text(r, 3)}--${BOUNDARY}`),
  ),
  'part twice': withParts((r, body) => part(pick(r, ['typeId', 'format']), '9999') + body),
  'part with the own key': withParts(
    (r, body) => part(pick(r, ['key', 'secret', 'Key', '%6bey']), text(r, 5)) + body,
  ),
  'name without quotes': withParts((_r, body) => body.replace('name="typeId"', 'name=typeId')),
  'extended name': withParts((r, body) =>
    body.replace('name="file1"', pick(r, ["name*=utf-8''file1", 'name="file1"; name*=a', 'NAME*0="file1"'])),
  ),
  'name twice in a part': withParts((_r, body) => body.replace('name="file1"', 'name="file1"; name="key"')),
  'name with an escape': withParts((r, body) =>
    body.replace('name="file1"', `name="file1${pick(r, ['\\', '\0', '%22', '"'])}"`),
  ),
  'disposition twice': withParts((_r, body) => body.replace(DISPOSITION, `${DISPOSITION}\r\n${DISPOSITION}`)),
  'folded part header': withParts((r, body) =>
    body.replace('; filename', `;\r\n${pick(r, [' ', '\t'])}filename`),
  ),
  'transfer encoding of a part': withParts((r, body) =>
    body.replace(
      'Content-Type: image/jpeg',
      `Content-Transfer-Encoding: ${pick(r, ['base64', 'binary', '8bit'])}`,
    ),
  ),
  'parts in a part': withParts((r, body) =>
    body.replace('image/jpeg', `multipart/mixed; boundary=${text(r, 5)}`),
  ),
  'file without a filename': withParts((_r, body) => body.replace('; filename="a.jpg"', '')),
};

function bytes(r, count) {
  return Buffer.from(Array.from({ length: count }, () => r(256)));
}
