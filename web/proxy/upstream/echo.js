// Finds the account's key or secret in a reply, also in the spellings in which a program repeats what it got: a service
// that echoes its parameters must not hand the credentials to the page, the log or a receipt.
import { ProxyError } from '../errors.js';
import { unescaped } from './unescape.js';

/** Shorter ones are not searched for: they would be found in replies that do not hold them, such as a portrait's base64. */
const MIN_LENGTH = 8;

/**
 * Looks for each value and its base64 (in both alphabets, wherever it stands in a longer text), as it is or escaped, in
 * any case. A value with backslashes is found as it is and in base64 only. The time is linear in the reply's length.
 *
 * @param {Readonly<Record<string, string>>} credentials by their options' names; printable ASCII
 * @param {(message: string) => void} warn
 * @returns {(reply: Uint8Array) => boolean} true when one of them is in the reply
 */
export function createEchoCheck(credentials, warn) {
  for (const [name, value] of Object.entries(credentials)) {
    if (value.length < MIN_LENGTH)
      warn(`${name} has fewer than ${MIN_LENGTH} characters: replies that repeat it are not noticed`);
  }
  const values = Object.values(credentials).filter((value) => value.length >= MIN_LENGTH);
  const texts = values.flatMap((value) => [
    value,
    // Also of the form that it was sent in.
    ...[value, encodeURIComponent(value)].flatMap((text) =>
      [0, 1, 2].flatMap((before) => base64Within(text, before)),
    ),
  ]);
  const plain = [...new Set(texts.map((text) => text.toLowerCase()))];
  // A value may itself look like an escape; what is too short then is only looked for as it is.
  const undone = texts.map((text) => searchable(unescaped(new TextEncoder().encode(text))));
  const bare = [...new Set(undone)].filter((text) => text.length >= MIN_LENGTH);

  /** @param {Uint8Array} reply */
  function isEcho(reply) {
    const text = searchable(reply);
    if (plain.some((it) => text.includes(it))) return true;
    if (!/[%\\&]/.test(text)) return false;
    const unwrapped = searchable(unescaped(reply));
    return bare.some((it) => unwrapped.includes(it));
  }

  let warned = false;
  return (reply) => {
    const found = isEcho(reply);
    if (found && !warned) warn('a reply of the service repeats key or secret: such replies are withheld');
    warned ||= found;
    return found;
  };
}

/** The reply is withheld. The cause is for the log; the status says that this very picture may be the reason. */
export function credentialsEchoed() {
  return new ProxyError(
    'UPSTREAM_ERROR',
    502,
    'the reply of the service repeats key or secret: it is withheld',
    {
      cause: { code: 'CREDENTIALS_ECHOED' },
      serviceStatus: 200,
    },
  );
}

/** @param {Uint8Array} bytes */
const searchable = (bytes) => new TextDecoder('latin1').decode(bytes).toLowerCase();

/**
 * What the base64 of any text holds in which the value has this many bytes (modulo 3) before it, in both alphabets.
 *
 * @param {string} value
 * @param {number} before
 */
function base64Within(value, before) {
  const bits = 8 * (before + value.length);
  const text = btoa('\0'.repeat(before) + value).slice(Math.ceil((8 * before) / 6), Math.floor(bits / 6));
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
