// JPEGs that decoders accept although they violate the standard: each of the changes in each coding process.
import { makeSmallImage } from '../fixtures/small-images.mjs';

const PROCESSES = ['baseline 4:2:0', 'restart markers', 'progressive', 'arithmetic'];
const SOF = new Set([0xc0, 0xc2, 0xc9, 0xca]);
const DHT = 0xc4;
const SOS = 0xda;

/** @param {Buffer} file @returns {{code: number, at: number, end: number}[]} the segments up to the first SOS */
function segments(file) {
  const found = [];
  for (let at = 2, code = 0; code !== SOS; at = found.at(-1).end) {
    code = file[at + 1];
    found.push({ code, at, end: at + 2 + file.readUInt16BE(at + 2) });
  }
  return found;
}

/** @param {Buffer} file @param {number} from @returns {number} the offset of the marker behind a scan's data */
function endOfScan(file, from) {
  let at = from;
  while (file[at] !== 0xff || file[at + 1] === 0 || (file[at + 1] & 0xf8) === 0xd0) at++;
  return at;
}

/** @param {Buffer} file @param {number} at @param {Buffer | number[]} bytes */
const inserted = (file, at, bytes) =>
  Buffer.concat([file.subarray(0, at), Buffer.from(bytes), file.subarray(at)]);

/** The height goes into a DNL segment; the frame header says another one. @param {Buffer} file @param {number} claimed */
function withLines(file, claimed) {
  const list = segments(file);
  const { at } = list.find(({ code }) => SOF.has(code));
  const changed = Buffer.from(file);
  const height = file.subarray(at + 5, at + 7);
  changed.writeUInt16BE(claimed, at + 5);
  return inserted(changed, endOfScan(file, list.at(-1).end), [0xff, 0xdc, 0, 4, ...height]);
}

/** @param {Buffer} file */
function withoutTables(file) {
  const tables = segments(file).filter(({ code }) => code === DHT);
  return tables.reduceRight(
    (left, { at, end }) => Buffer.concat([left.subarray(0, at), left.subarray(end)]),
    file,
  );
}

const EXIF = Buffer.from(
  'Exif\0\xffII*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0',
  'latin1',
);

/** @type {((file: Buffer) => Buffer)[]} */
const CHANGES = [
  (file) => withLines(file, 0),
  (file) => withLines(file, 64),
  (file) => withLines(file, 65535),
  (file) => inserted(file, 2, [0xff, 0xfe, 0, 0]),
  (file) => inserted(file, segments(file).at(-1).at, [0xff, 0xe1, 0, 1, 0xff, 0xee, 0, 0]),
  (file) => inserted(file, 2, [0xff, 0xe1, 0, EXIF.length + 2, ...EXIF]),
  withoutTables,
  (file) => file.subarray(0, Math.floor(file.length * 0.7)),
];

/** @returns {Buffer[]} */
export const makeOddJpegs = () =>
  PROCESSES.flatMap((name) => CHANGES.map((change) => change(makeSmallImage('jpeg', name))));
