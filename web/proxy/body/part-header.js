// The header of a form's part as the proxy writes it in place of the client's: nothing in it was chosen by the client, and
// it is as long as the client's, so that the length of the whole body is known before the body is. Written as the client
// package writes it (wasm/text/multipart.cpp): what that sends goes on unchanged.
import { refused } from '../errors.js';

/**
 * Spaces fill up what is missing, after the last colon, where every reader of headers drops them (RFC 9110 section 5.5).
 *
 * @param {string} name of the field
 * @param {import('./picture-kind.js').PictureKind | null} kind of the file; null for a field that is text
 * @param {number} length of the client's header, without the line end behind it
 * @returns {string} throws REQUEST_REFUSED when the client's is too short
 */
export function partHeader(name, kind, length) {
  const text = spellings(name, kind).find((spelling) => spelling.length <= length);
  if (text === undefined) throw tooShort();
  const at = text.lastIndexOf(':') + 1;
  return text.slice(0, at) + ' '.repeat(length - text.length) + text.slice(at);
}

/**
 * The best one first. Content-Type is optional (RFC 7578 section 4.4): a file's name says as much.
 *
 * @param {string} name
 * @param {import('./picture-kind.js').PictureKind | null} kind
 */
function spellings(name, kind) {
  const disposition = `Content-Disposition: form-data; name="${name}"`;
  if (!kind) return [disposition, disposition.replaceAll(' ', '')];
  const named = `${disposition}; filename="${name}.${kind.extension}"`;
  return [`${named}\r\nContent-Type: ${kind.type}`, named];
}

function tooShort() {
  return refused(
    400,
    'the header of a file is shorter than the one that takes its place: give the part a Content-Type, or the file a longer name',
  );
}
