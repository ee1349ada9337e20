// Strict base64 (RFC 4648 section 4): alphabet, padding, no white space, unused bits zero. Says what is wrong and,
// for the mistakes that people make, what to do.

/**
 * @param {string} text as it arrived, after percent-decoding
 * @param {string | null} raw before percent-decoding; null when it was not encoded that way
 * @returns {{bytes: Uint8Array} | {problem: string}} the problem as `Chinese / English`
 */
export function decodeBase64(text, raw) {
  const problem = findProblem(text, raw);
  if (problem) return { problem };
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  // A decoder that ignores the unused bits would read several spellings as the same picture.
  const canonical = btoa(binary.slice(binary.length - (binary.length % 3 || 3)));
  return text.endsWith(canonical)
    ? { bytes }
    : { problem: '末尾多余位不为零 / its unused last bits are not zero' };
}

/**
 * @param {string} text
 * @param {string | null} raw
 */
function findProblem(text, raw) {
  if (/^data:/i.test(text))
    return '带有 data: 前缀, 请去掉 / it has a data: prefix, send only what follows the comma';
  const at = text.search(/[^A-Za-z0-9+/=]/);
  if (at >= 0) return describeCharacter(text[at], at + 1, raw?.includes('+') ?? false);
  if (!/^[^=]*={0,2}$/.test(text)) return '填充符 = 位置错误 / its padding is not at the end';
  if (text.length % 4 !== 0)
    return `长度 ${text.length} 不是4的倍数, 被截断或缺少填充 / its length is no multiple of 4`;
  return null;
}

/**
 * @param {string} character
 * @param {number} position from 1
 * @param {boolean} hadPlus
 */
function describeCharacter(character, position, hadPlus) {
  if (character === ' ' && hadPlus) {
    return `第 ${position} 个字符是空格: 表单中的 + 要编码为 %2B / character ${position} is a space: encode + as %2B`;
  }
  if (/\s/.test(character)) {
    return `第 ${position} 个字符是空白或换行 / character ${position} is white space: send one line without breaks`;
  }
  if (character === '-' || character === '_') {
    return `第 ${position} 个字符属于URL安全字母表 / character ${position} is of the URL-safe alphabet: use + and /`;
  }
  if (character === '%') {
    return `第 ${position} 个字符是百分号, 被编码了两次 / character ${position} is a percent sign: it was encoded twice`;
  }
  return `第 ${position} 个字符不属于base64 / character ${position} is not base64`;
}
