// Calls of the sandbox, with the request bodies made by the platform (URLSearchParams, FormData).
import { createSandboxHandler, SCENARIOS } from '../../web/sandbox/index.js';
import { OPERATIONS } from '../../web/sandbox/operations.js';
import { IMAGES, VIDEOS } from './media.mjs';

export { OPERATIONS, SCENARIOS };
export const ACCOUNT = { key: 'sandbox-key', secret: 'sandbox-secret' };
export const byName = (name) => OPERATIONS.find((operation) => operation.name === name);
export const handler = createSandboxHandler();

/** Fields of a good call; media may be replaced. */
export function fieldsOf(operation, media, format = 'json') {
  const files = media ?? operation.fields.map(() => (operation.media === 'video' ? VIDEOS.mp4 : IMAGES.png));
  const named = operation.fields.map((name, i) => [
    name,
    operation.isUpload ? files[i] : files[i].toString('base64'),
  ]);
  return { ...ACCOUNT, typeId: operation.typeId, format, ...Object.fromEntries(named) };
}

/** A request with these fields; Buffers become file parts. */
export function requestOf(operation, fields, { headers, signal, encoding } = {}) {
  const multipart = encoding ? encoding === 'multipart' : operation.isUpload;
  const body = multipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (Buffer.isBuffer(value)) body.append(name, new Blob([value]), 'a.bin');
    else body.append(name, value);
  }
  return new Request(`http://sandbox.test/${operation.path}`, { method: 'POST', body, headers, signal });
}

export const call = (operation, fields, options) => handler(requestOf(operation, fields, options));

/** Status and items of a JSON reply, whatever the family. */
export function readJson(operation, text) {
  const body = JSON.parse(text);
  if (operation.dialect === 'api') {
    return { status: body.message.status, value: body.message.value, items: body.cardsinfo?.[0]?.items };
  }
  const { status, value } = body.messageString;
  return { status, value, items: body.infoList?.[0]?.veritem };
}
