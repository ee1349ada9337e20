// Writes video.json beside it: files of tests/fixtures/make-videos.mjs, bent in places, and by hand what must be said of
// them. `node make-video.mjs --check` writes nothing and fails when the file would change.

import { readFileSync, writeFileSync } from 'node:fs';
import { makeVideo } from '../fixtures/make-videos.mjs';

const video = (kind, durationMs = 4000, wish = {}) => makeVideo(kind, { durationMs, frameMs: 500, ...wish });
const input = (bytes) => ({ base64: Buffer.from(bytes).toString('base64') });
const cut = (bytes, count) => bytes.subarray(0, bytes.length - count);
const joined = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part, 'latin1')));

const error = (code, position = 0) => ({ error: code, position });
const info = (container, durationMs, ...warnings) => ({ container, durationMs, warnings });

const mp4 = video('mp4');
const flv = video('flv');
const find = (bytes, text) => Buffer.from(bytes).indexOf(text, 0, 'latin1');
const boxAt = (bytes, type) => find(bytes, type) - 4;
const lastTag = flv.length - 4 - (11 + 15); // back pointer; header, and a byte and a picture of 14

const inspect = [
  ...['mp4', 'mp4-moov-last', 'fragmented-mp4', '3gp'].map((kind) => [kind, video(kind), info('mp4', 4000)]),
  ['mov', video('mov'), info('mov', 4000)],
  ['mkv', video('mkv'), info('mkv', 4000)],
  ['live mkv: no duration, no sizes', video('live-mkv'), info('mkv', 4000)],
  ['webm', video('webm'), info('webm', 4000)],
  ['live webm', video('live-webm'), info('webm', 4000)],
  ['avi', video('avi'), info('avi', 4000)],
  ['flv', flv, info('flv', 4000)],
  ['mpg', video('mpg', 1000), info('mpg', 1000)],
  ['wmv', video('wmv'), info('wmv', 4000)],
  ['rm', video('rm'), info('rm', 4000)],
  ['ogg: named, not timed', video('ogg'), info('ogg', null, 'duration_unknown')],
  ['an odd duration, mp4', video('mp4', 3333), info('mp4', 3333)],
  ['an odd duration, avi', video('avi', 3333), info('avi', 3333)],
  ['an odd duration, mkv', video('mkv', 3333), info('mkv', 3333)],
  ['an odd duration, wmv', video('wmv', 3333), info('wmv', 3333)],
  ['empty', [], error('EMPTY_INPUT')],
  ['text', joined('this is no video'), error('NOT_A_VIDEO')],
  ['a PNG', joined('\x89PNG\r\n\x1a\n', '\0\0\0\rIHDR'), error('NOT_A_VIDEO')],
  ['HEIC', joined('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), error('NOT_A_VIDEO')],
  ['AVIF', joined('\0\0\0\x18ftypavif\0\0\0\0mif1miaf'), error('NOT_A_VIDEO')],
  ['mp4 with sound only', video('mp4', 4000, { audioOnly: true }), error('NOT_A_VIDEO')],
  ['webm with sound only', video('webm', 4000, { audioOnly: true }), error('NOT_A_VIDEO')],
  ['mp4, cut off in mdat', cut(mp4, 30), error('CORRUPT_VIDEO', boxAt(mp4, 'mdat'))],
  ['mp4, cut off in moov', mp4.subarray(0, 200), error('CORRUPT_VIDEO', boxAt(mp4, 'moov'))],
  ['mp4, nothing but its type', mp4.subarray(0, boxAt(mp4, 'moov')), error('CORRUPT_VIDEO', boxAt(mp4, 'moov'))],
  ['mp4 with bytes behind the last box', joined(Buffer.from(mp4).toString('latin1'), '\xee'.repeat(40)), info('mp4', 4000)],
  ['avi, cut off', cut(video('avi'), 30), error('CORRUPT_VIDEO', 0)],
  ['flv, cut off in its last tag', cut(flv, 5), error('CORRUPT_VIDEO', lastTag)],
  ['wmv, cut off', cut(video('wmv'), 30), error('CORRUPT_VIDEO', find(video('wmv'), '\x36\x26\xb2\x75'))],
  ['rm, cut off', cut(video('rm'), 30), error('CORRUPT_VIDEO', find(video('rm'), 'DATA'))],
  ['mkv, cut off', cut(video('mkv'), 30), error('CORRUPT_VIDEO', find(video('mkv'), '\x18\x53\x80\x67'))],
].map(([name, bytes, expect]) => ({ name, input: input(bytes), expect }));

const rm = (durationMs) => video('rm', durationMs);
const size = rm(4000).length;

const check = [
  ['4 s', rm(4000), {}, info('rm', 4000)],
  ['2749 ms is too short', rm(2749), {}, error('VIDEO_TOO_SHORT')],
  ['2750 ms is within the tolerance', rm(2750), {}, info('rm', 2750)],
  ['5250 ms is within the tolerance', rm(5250), {}, info('rm', 5250)],
  ['5251 ms is too long', rm(5251), {}, error('VIDEO_TOO_LONG')],
  ['no tolerance, too short', rm(2999), { durationToleranceMs: 0 }, error('VIDEO_TOO_SHORT')],
  ['no tolerance, too long', rm(5001), { durationToleranceMs: 0 }, error('VIDEO_TOO_LONG')],
  ['nothing is always too short', video('mp4', 0), { minDurationMs: 0 }, error('VIDEO_TOO_SHORT')],
  ['other bounds', rm(9000), { minDurationMs: 8000, maxDurationMs: 10000 }, info('rm', 9000)],
  ['too short as a warning', rm(1000), { duration: 'warning' }, info('rm', 1000, 'video_too_short')],
  ['too long as a warning', rm(9000), { duration: 'warning' }, info('rm', 9000, 'video_too_long')],
  ['too long, ignored', rm(9000), { duration: 'ignore' }, info('rm', 9000)],
  ['exactly maxBytes', rm(4000), { maxBytes: size }, info('rm', 4000)],
  ['one byte over maxBytes', rm(4000), { maxBytes: size - 1 }, error('VIDEO_TOO_LARGE')],
  ['too large as a warning', rm(4000), { maxBytes: 9, size: 'warning' }, info('rm', 4000, 'video_too_large')],
  ['too large, ignored', rm(4000), { maxBytes: 9, size: 'ignore' }, info('rm', 4000)],
  ['two warnings', rm(1000), { maxBytes: 9, size: 'warning', duration: 'warning' }, info('rm', 1000, 'video_too_large', 'video_too_short')],
  ['webm', video('webm'), {}, error('UNSUPPORTED_VIDEO')],
  ['live webm', video('live-webm'), {}, error('UNSUPPORTED_VIDEO')],
  ['ogg', video('ogg'), {}, error('UNSUPPORTED_VIDEO')],
  ['size before damage', cut(mp4, 30), { maxBytes: 9 }, error('VIDEO_TOO_LARGE')],
  ['damage before duration', cut(video('mp4', 9000), 30), {}, error('CORRUPT_VIDEO', boxAt(video('mp4', 9000), 'mdat'))],
  ['container before size', video('webm'), { maxBytes: 9 }, error('UNSUPPORTED_VIDEO')],
  ['no video before size', joined('this is no video'), { maxBytes: 9 }, error('NOT_A_VIDEO')],
  ['maxBytes of 0', rm(4000), { maxBytes: 0 }, error('INVALID_ARGUMENT')],
  ['bounds the wrong way round', rm(4000), { minDurationMs: 5001 }, error('INVALID_ARGUMENT')],
].map(([name, bytes, options, expect]) => ({ name, input: input(bytes), options, expect }));

const list = (name, cases) => ` ${JSON.stringify(name)}: [\n${cases.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n ]`;
const text = `{\n${list('inspect', inspect)},\n${list('check', check)}\n}\n`;
const file = new URL('video.json', import.meta.url);
if (process.argv[2] !== '--check') {
  writeFileSync(file, text);
} else if (readFileSync(file, 'utf8') !== text) {
  console.error('tests/contract/video.json is stale: run node tests/contract/make-video.mjs');
  process.exit(1);
}
