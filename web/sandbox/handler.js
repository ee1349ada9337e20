// The sandbox as a function from Request to Response: a stand-in for the service for development and tests. It decides
// nothing about real faces, and says so in a header of every reply.
import { Hono } from 'hono';
import { checkCall, textOf } from './check.js';
import { delayByTimer, deliver } from './delivery.js';
import { parseForm } from './form.js';
import { OPERATIONS } from './operations.js';
import { usualItems, writeReply } from './reply.js';
import { SCENARIOS } from './scenarios.js';

const MAX_BODY_BYTES = 8 << 20;

/**
 * @typedef {object} SandboxOptions
 * @property {string} [key] the key it accepts. Default sandbox-key
 * @property {string} [secret] the secret it accepts. Default sandbox-secret
 * @property {(record: SandboxLogRecord) => void} [log]
 * @property {import('./delivery.js').Delay} [delay] how the slow scenarios wait. Default: a timer
 */

/**
 * One line of the log; nothing of what was sent.
 *
 * @typedef {object} SandboxLogRecord
 * @property {string} requestId
 * @property {string} path a documented path, or '(other)'
 * @property {number} status HTTP status; 499 when the client went away
 * @property {string} code 'OK', the status of a refusal ('-2'), the name of a scenario, or 'ABORTED'
 * @property {number} bytesIn
 * @property {number} bytesOut 0 when the body is streamed
 * @property {number} ms
 */

/**
 * @typedef {object} Note what is known about a request for its log line
 * @property {string} path
 * @property {string} code
 * @property {number} bytesIn
 * @property {number} bytesOut
 */

/**
 * @typedef {object} Answer
 * @property {string} code for the log
 * @property {string} text
 * @property {import('./scenarios.js').Change} change
 * @property {'json' | 'xml'} format
 */

/**
 * @param {SandboxOptions} [options]
 * @returns {(request: Request) => Promise<Response>}
 */
export function createSandboxHandler({ key = 'sandbox-key', secret = 'sandbox-secret', log, delay } = {}) {
  const tools = { account: { key, secret }, delay: delay ?? delayByTimer };
  const app = createRouter(tools);
  return async (request) => {
    const started = performance.now();
    /** @type {Note} */
    const note = { path: '(other)', code: 'OK', bytesIn: 0, bytesOut: 0 };
    const requestId = crypto.randomUUID();
    const reply = await app.fetch(request, { note });
    const headers = new Headers(reply.headers);
    headers.set('x-netocr-sandbox', '1');
    headers.set('x-request-id', requestId);
    headers.set('cache-control', 'no-store');
    const ms = Math.round(performance.now() - started);
    const { path, code, bytesIn, bytesOut } = note;
    log?.({ requestId, path, status: reply.status, code, bytesIn, bytesOut, ms });
    return new Response(reply.body, { status: reply.status, headers });
  };
}

/** @param {{account: {key: string, secret: string}, delay: import('./delivery.js').Delay}} tools */
function createRouter(tools) {
  /** @type {Hono<{Bindings: {note: Note}}>} */
  const app = new Hono();
  for (const operation of OPERATIONS) {
    app.use(`/${operation.path}`, (context, next) => {
      context.env.note.path = `/${operation.path}`;
      return next();
    });
    app.post(`/${operation.path}`, (context) => serve(context.req.raw, operation, tools, context.env.note));
    app.all(`/${operation.path}`, () => page(405, 'Method Not Allowed'));
  }
  app.get('/sandbox/scenarios', (context) => {
    context.env.note.path = '/sandbox/scenarios';
    return context.json(SCENARIOS.map(({ change, ...described }) => described));
  });
  app.notFound(() => page(404, 'Not Found'));
  app.onError(() => page(500, 'Internal Server Error'));
  return app;
}

/**
 * An error page as a servlet container writes it.
 *
 * @param {number} status
 * @param {string} title
 */
function page(status, title) {
  const body = `<html><head><title>HTTP ${status}</title></head><body><h1>${status} ${title}</h1></body></html>`;
  return new Response(body, { status, headers: { 'content-type': 'text/html;charset=UTF-8' } });
}

/**
 * @param {Request} request
 * @param {import('./operations.js').Operation} operation
 * @param {{account: {key: string, secret: string}, delay: import('./delivery.js').Delay}} tools
 * @param {Note} note
 */
async function serve(request, operation, { account, delay }, note) {
  try {
    const body = await readBody(request, note);
    if (body === null) return page(413, 'Request Entity Too Large');
    const form = parseForm(request.headers.get('content-type') ?? '', body);
    if (form === null) return page(400, 'Bad Request');
    const answer = answerCall(form, operation, account, request.headers.get('x-sandbox-scenario'));
    note.code = answer.code;
    const delivered = await deliver(answer.text, answer.change, { delay, signal: request.signal });
    if (delivered instanceof Uint8Array) note.bytesOut = delivered.length;
    return toResponse(delivered, answer);
  } catch (error) {
    if (!request.signal.aborted) throw error;
    note.code = 'ABORTED';
    return new Response(null, { status: 499 });
  }
}

/**
 * @param {Request} request
 * @param {Note} note
 * @returns {Promise<Uint8Array | null>} null when it is over the limit
 */
async function readBody(request, note) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    note.bytesIn += value.length;
    if (note.bytesIn > MAX_BODY_BYTES) {
      void reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const body = new Uint8Array(note.bytesIn);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/**
 * @param {NonNullable<ReturnType<typeof parseForm>>} form
 * @param {import('./operations.js').Operation} operation
 * @param {{key: string, secret: string}} account
 * @param {string | null} header the scenario asked for by header; it wins over the field
 * @returns {Answer}
 */
function answerCall({ fields, problem }, operation, account, header) {
  const format = textOf(fields, 'format') === 'json' ? 'json' : 'xml';
  const call = problem ? { status: '-2', value: problem } : checkCall(fields, operation, account);
  if ('status' in call) return refuse(operation, format, call);
  const wanted = header ?? textOf(fields, 'sandboxScenario') ?? '';
  if (wanted === '') {
    return {
      code: 'OK',
      text: writeReply(operation, format, usualItems(operation, call.media), {}),
      change: {},
      format,
    };
  }
  const scenario = findScenario(wanted, operation);
  if (!scenario) {
    const value =
      '参数错误: 沙箱没有这个场景, 或不适用于此接口 (parameter: no such scenario for this endpoint)';
    return refuse(operation, format, { status: '-2', value });
  }
  const { name, change } = scenario;
  const written = change.format ?? format;
  return {
    code: name,
    text: writeReply(operation, written, usualItems(operation, call.media), change),
    change,
    format: written,
  };
}

/**
 * @param {import('./operations.js').Operation} operation
 * @param {'json' | 'xml'} format
 * @param {import('./check.js').Refusal} refusal
 * @returns {Answer}
 */
function refuse(operation, format, { status, value }) {
  const text = writeReply(operation, format, [], { status, value, items: 'empty-array' });
  return { code: status, text, change: {}, format };
}

/**
 * @param {string} wanted `name` or `name:amount`
 * @param {import('./operations.js').Operation} operation
 */
function findScenario(wanted, operation) {
  const [, name = '', amount] = /^([a-z0-9-]{1,40})(?::(\d{1,9}))?$/.exec(wanted) ?? [];
  const found = SCENARIOS.find(
    (scenario) => scenario.name === name && scenario.operations.includes(operation.name),
  );
  if (!found || (amount !== undefined && found.change.amount === undefined)) return null;
  return amount === undefined ? found : { ...found, change: { ...found.change, amount: Number(amount) } };
}

/**
 * @param {Uint8Array | ReadableStream<Uint8Array>} body
 * @param {Answer} answer
 */
function toResponse(body, { change, format }) {
  const usual = format === 'json' ? 'application/json;charset=UTF-8' : 'text/xml;charset=UTF-8';
  const headers = new Headers({ 'content-type': change.contentType ?? usual, ...change.headers });
  if (body instanceof Uint8Array) headers.set('content-length', String(body.length));
  return new Response(/** @type {ConstructorParameters<typeof Response>[0]} */ (body), {
    status: change.httpStatus ?? 200,
    headers,
  });
}
