// Hostile replies of 4 MiB, which a page allows, through the shipped module: a typed answer whatever memory is left, never a trap, and the right
// answer within a bound of memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCore, withBytes } from './core.mjs';

const SIZE = 4 << 20;
const LIMITS = { maxReplyBytes: SIZE };
const MEGABYTE = 1 << 20;
/** What judging a reply of SIZE may take besides the reply itself. */
const ENOUGH = 96 * MEGABYTE;

/** `unit` over and over between the two others, as near to SIZE as it goes. */
function filled(head, unit, tail = '') {
  const room = SIZE - Buffer.byteLength(head) - Buffer.byteLength(tail);
  const count = Math.floor(room / Buffer.byteLength(unit));
  return Buffer.concat([
    Buffer.from(head),
    Buffer.alloc(count * Buffer.byteLength(unit), unit),
    Buffer.from(tail),
  ]);
}

/** An object of as many members as fit, no two of one name. */
function members() {
  const parts = [];
  for (let length = 2, i = 0; length < SIZE - 20; i += 1) {
    parts.push(`"${i.toString(36)}":0`);
    length += parts.at(-1).length + 1;
  }
  return Buffer.from(`{${parts.join(',')}}`);
}

const JSON_HEAD = '{"message":{"status":"0","value":""},"cardsinfo":[{"items":[';
const XML_HEAD = '<data><message><status>0</status></message>';
const TOO_LARGE = 'REPLY_TOO_LARGE';
const MALFORMED = 'REPLY_MALFORMED';

/** Name -> body, and what it is where there is memory. */
const BODIES = {
  'arrays in arrays': [filled('', '['), TOO_LARGE],
  'objects in objects': [filled('', '{"":'), TOO_LARGE],
  zeroes: [filled('[0', ',0', ']'), TOO_LARGE],
  members: [members(), TOO_LARGE],
  'one string': [filled('"', 'x', '"'), MALFORMED],
  'one string of escapes': [filled('"', '\\n', '"'), MALFORMED],
  'one name': [filled('{"', 'x', '":0}'), MALFORMED],
  'one number': [filled('', '1'), MALFORMED],
  'one fraction': [filled('0.', '1'), MALFORMED],
  'white space': [filled('', ' ', '{}'), MALFORMED],
  'line breaks': [filled('', '\n', '{}'), TOO_LARGE],
  'few line breaks, then no JSON': [filled('\n'.repeat(60_000), '[],', '!'), MALFORMED],
  'a status': [filled('{"message":{"status":"', 'x', '","value":""}}'), TOO_LARGE],
  'a message': [filled('{"message":{"status":"1","value":"', 'x', '"}}'), TOO_LARGE],
  'small items': [filled(`${JSON_HEAD}{"desc":"a"}`, ',{"desc":"a","content":"b"}', ']}]}'), TOO_LARGE],
  'long items': [filled(`${JSON_HEAD}{"desc":"a"}`, `,{"desc":"${'a'.repeat(2000)}"}`, ']}]}'), TOO_LARGE],
  'one item': [filled(`${JSON_HEAD}{"desc":"姓名","content":"`, '是', '"}]}]}'), TOO_LARGE],
  elements: [filled('<data>', '<a/>', '</data>'), TOO_LARGE],
  'elements in elements': [filled('', '<a>'), TOO_LARGE],
  attributes: [filled('<data', ' a=""', '/>'), TOO_LARGE],
  'sections of CDATA': [filled('<data>', '<![CDATA[]]>', '</data>'), TOO_LARGE],
  'pieces of text': [filled('<data>', 'x<?a?>', '</data>'), TOO_LARGE],
  'one text': [filled('<data>', 'x', '</data>'), MALFORMED],
  comments: [filled('<data>', '<!---->', '</data>'), MALFORMED],
  references: [filled('<data>', '&lt;', '</data>'), MALFORMED],
  'small XML items': [filled(XML_HEAD, '<i desc="a">b</i>', '</data>'), TOO_LARGE],
  'long XML items': [filled(XML_HEAD, `<i desc="${'a'.repeat(2000)}"/>`, '</data>'), TOO_LARGE],
  "a proxy's message": [
    filled('{"error":{"code":"RATE_LIMITED","message":"', 'x', '"}}'),
    'RATE_LIMITED',
    429,
  ],
};

/** A module with a reply's bytes in its heap, and no more than `room` bytes besides. */
async function crowded(room) {
  const core = await loadCore();
  const body = core._malloc(SIZE);
  const kept = core._malloc(room);
  for (let size = 2 ** 28; size >= 64; size /= 2) while (core._malloc(size) !== 0);
  core._free(kept);
  return {
    /** The code of the answer. */
    judge(bytes, httpStatus, limits = LIMITS) {
      core.HEAPU8.set(bytes, body);
      return core.parseReply('matchIdCard', httpStatus, body, bytes.length, limits).code;
    },
  };
}

for (const room of [64 << 10, 1, 4, 6, 8, 10, 12, 14, 18, 24, 32, 48, 64].map((n) =>
  n < 1000 ? n * MEGABYTE : n,
)) {
  test(`with ${room / MEGABYTE} MiB left: a typed answer to each, and no trap`, async () => {
    const { judge } = await crowded(room);
    for (const [name, [bytes, code, httpStatus = 200]] of Object.entries(BODIES)) {
      const answer = judge(bytes, httpStatus);
      assert.ok(
        [code, 'OUT_OF_MEMORY', ...(httpStatus === 200 ? [] : ['HTTP_ERROR'])].includes(answer),
        `${name}: ${answer}`,
      );
    }
  });
}

test('with memory left: the right answer to each', async () => {
  const { judge } = await crowded(ENOUGH);
  for (const [name, [bytes, code, httpStatus = 200]] of Object.entries(BODIES)) {
    assert.equal(judge(bytes, httpStatus), code, name);
  }
});

test('the heap grows by no more than that, and everything is given back', async () => {
  for (const [name, [bytes, code, httpStatus = 200]] of Object.entries(BODIES)) {
    const core = await loadCore();
    withBytes(core, [bytes], ([part]) => {
      const before = core.HEAPU8.length;
      assert.equal(core.parseReply('matchIdCard', httpStatus, ...part, LIMITS).code, code);
      const after = core.memory();
      assert.ok(core.HEAPU8.length - before <= ENOUGH, name);
      assert.equal(core.parseReply('matchIdCard', httpStatus, ...part, LIMITS).code, code);
      assert.deepEqual(core.memory(), after, name);
    });
  }
});

test('nesting has a bound of its own where the page sets none', async () => {
  const { judge } = await crowded(ENOUGH);
  const limits = { ...LIMITS, maxReplyDepth: 2 ** 32 - 1 };
  const nested = (open, close, depth) => Buffer.from(open.repeat(depth) + close.repeat(depth));
  assert.equal(judge(nested('<a>', '</a>', 100_000), 200, limits), TOO_LARGE);
  assert.equal(judge(nested('[', ']', 100_000), 200, limits), TOO_LARGE);
  // Taken apart again without an overflow of the stack.
  assert.equal(judge(nested('<a>', '</a>', 1000), 200, limits), MALFORMED);
  assert.equal(judge(nested('[', ']', 1000), 200, limits), MALFORMED);
});

test('a reply with little in it is judged with little memory left', async () => {
  const { judge } = await crowded(256 << 10);
  const body = `${JSON_HEAD}{"desc":"判定结果","content":"是"}]}]}`;
  assert.equal(judge(Buffer.from(body), 200), '');
});
