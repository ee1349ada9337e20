// Checks a call like a strict server: credentials, fields, typeId, base64, and that the bytes really are an image or
// video of a documented format and size. Codes as in the vendor's own client tools: -1 picture, -2 parameter, -4 account.
import { decodeBase64 } from './base64.js';
import { recogniseImage } from './image-formats.js';
import { recogniseVideo } from './video-formats.js';

const MAX_IMAGE_BYTES = 1 << 20;
const MAX_VIDEO_BYTES = 1 << 20;
const OPTIONAL = ['format', 'sandboxScenario'];

/** @typedef {{status: string, value: string}} Refusal */

/**
 * @param {Map<string, import('./form.js').Field>} fields
 * @param {import('./operations.js').Operation} operation
 * @param {{key: string, secret: string}} account
 * @returns {{media: Uint8Array[]} | Refusal}
 */
export function checkCall(fields, operation, account) {
  const refusal = checkFields(fields, operation, account);
  if (refusal) return refusal;
  const media = [];
  for (const name of operation.fields) {
    const field = /** @type {import('./form.js').Field} */ (fields.get(name));
    const decoded = 'file' in field ? { bytes: field.file } : decodeBase64(field.text, field.raw);
    if ('problem' in decoded) return badParameter(`${name} 不是base64: ${decoded.problem}`, name);
    const problem = checkMedia(decoded.bytes, operation.media);
    if (problem) return { status: '-1', value: `识别失败!${name} ${problem}` };
    media.push(decoded.bytes);
  }
  return { media };
}

/**
 * @param {string} text
 * @param {string} name
 * @returns {Refusal}
 */
function badParameter(text, name) {
  return { status: '-2', value: `参数错误: ${text} (parameter ${name})` };
}

/**
 * @param {Map<string, import('./form.js').Field>} fields
 * @param {import('./operations.js').Operation} operation
 * @param {{key: string, secret: string}} account
 * @returns {Refusal | null}
 */
function checkFields(fields, operation, account) {
  // The account first: a call with a wrong key learns nothing about its picture.
  if (textOf(fields, 'key') !== account.key || textOf(fields, 'secret') !== account.secret) {
    return { status: '-4', value: 'key或secret错误, 认证失败 / wrong key or secret' };
  }
  const known = ['key', 'secret', 'typeId', ...operation.fields, ...OPTIONAL];
  for (const name of fields.keys()) {
    if (!known.includes(name))
      return badParameter('没有这个参数 / there is no such parameter', name.slice(0, 40));
  }
  if (textOf(fields, 'typeId') !== operation.typeId) {
    return badParameter(`应为 ${operation.typeId} / it must be ${operation.typeId}`, 'typeId');
  }
  if (!['json', 'xml', ''].includes(textOf(fields, 'format') ?? '')) {
    return badParameter('应为 xml 或 json / it must be xml or json', 'format');
  }
  for (const name of operation.fields) {
    const field = fields.get(name);
    if (!field || ('text' in field ? field.text === '' : field.file.length === 0)) {
      return badParameter('不能为空 / it must not be empty', name);
    }
    if ('file' in field !== operation.isUpload) {
      const [zh, en] = operation.isUpload ? ['应为文件', 'a file part'] : ['应为base64文本', 'base64 text'];
      return badParameter(`${zh} / it must be ${en}`, name);
    }
  }
  return null;
}

/**
 * @param {Map<string, import('./form.js').Field>} fields
 * @param {string} name
 */
export function textOf(fields, name) {
  const field = fields.get(name);
  return field && 'text' in field ? field.text : undefined;
}

/**
 * @param {Uint8Array} bytes
 * @param {'image' | 'video'} media
 * @returns {string | null}
 */
function checkMedia(bytes, media) {
  const isVideo = media === 'video';
  if (bytes.length > (isVideo ? MAX_VIDEO_BYTES : MAX_IMAGE_BYTES)) {
    return `${isVideo ? '视频' : '图片'}过大: ${bytes.length} 字节 / it is too large: ${bytes.length} bytes`;
  }
  const found = isVideo ? recogniseVideo(bytes) : recogniseImage(bytes);
  if (!found) return isVideo ? '不是视频 / it is no video' : '不是图片 / it is no image';
  if (!found.documented) {
    return `${isVideo ? '视频' : '图片'}格式不支持: ${found.format} / the format ${found.format} is not supported`;
  }
  if (found.damage)
    return `${isVideo ? '视频' : '图片'}已损坏 (${found.format}) / it is damaged: ${found.damage}`;
  return null;
}
