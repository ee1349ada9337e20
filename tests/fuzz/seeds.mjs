// The seeds of the fuzzers: for each target a folder of generated files, and matching files of a corpus folder.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, deflateSync } from 'node:zlib';
import { greyToLab, lutProfile } from '../fixtures/lut-profiles.mjs';
import { clap, codeHevc, imir, irot, makeHeic, nclx, prof } from '../fixtures/make-heic.mjs';
import { flatPixels, pngChunk } from '../fixtures/make-images.mjs';
import { makeVideo, videoKinds } from '../fixtures/make-videos.mjs';
import { makeNoisePng, makeNoiseWsq, makeSmallImage, makeSmallImages } from '../fixtures/small-images.mjs';
import { makeTiled } from '../fixtures/tiled-pictures.mjs';
import { makeOddJpegs } from './odd-jpegs.mjs';

/** Larger files of a corpus would only slow the fuzzer down. */
const MOST_BYTES = 64 << 10;
const OPERATIONS = ['compareFaces', 'checkLiveness', 'checkVideoLiveness', 'matchIdCard', 'matchIdCardFile'];

const vectors = async (name) =>
  JSON.parse(await readFile(new URL(`../contract/${name}.json`, import.meta.url), 'utf8'));

/** The bytes of a vector's input, as tests/contract/README.md describes it; null for what is generated. */
function bytesOf(input) {
  if ('text' in input) return Buffer.from(input.text);
  return 'base64' in input ? Buffer.from(input.base64, 'base64') : null;
}
const inputsOf = (list) => list.map(({ input }) => bytesOf(input)).filter((bytes) => bytes !== null);

const videos = () =>
  videoKinds.flatMap((kind) => [
    makeVideo(kind, { durationMs: 4000, frameMs: 1000 }),
    makeVideo(kind, { durationMs: 100 }),
  ]);

/** As run_response of reply_fuzz.cpp reads it: operation, HTTP status, body. */
async function responses() {
  const { parse } = await vectors('reply');
  return parse.flatMap(({ operation, httpStatus, body }) => {
    const bytes = bytesOf(body);
    if (bytes === null) return [];
    return [Buffer.concat([Buffer.from([OPERATIONS.indexOf(operation), httpStatus === 200 ? 0 : 6]), bytes])];
  });
}

/** As run_reveal of reveal_fuzz.cpp reads it: operation, allowed parts, format, body. */
const reveals = async () =>
  (await responses()).flatMap(([operation, , ...body]) =>
    [1, 11, 37, 62].map((allowed) => Buffer.from([operation, allowed, allowed & 1, ...body])),
  );

const bodies = async (isXml) =>
  (await responses())
    .map((bytes) => bytes.subarray(2))
    .filter((body) => isXml === /^\s*</.test(body.toString()));

/** As run_request of request_fuzz.cpp reads it: operation, seed, length of the first file, files. */
async function requests() {
  const { build } = await vectors('request');
  return build.flatMap(({ operation, files }) => {
    const contents = files.map(bytesOf);
    if (contents.includes(null) || contents.length === 0 || contents[0].length > 2000) return [];
    const head = Buffer.from([
      OPERATIONS.indexOf(operation),
      1,
      contents[0].length >> 8,
      contents[0].length & 255,
    ]);
    return [Buffer.concat([head, ...contents])];
  });
}

/** A PNG for each of the values at which the colour chunks are read differently. */
function coloredPngs() {
  const words = (...values) =>
    Buffer.concat(values.map((value) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')));
  const gamma = (value) => pngChunk('gAMA', words(value));
  const primaries = (...xy) => pngChunk('cHRM', words(...xy));
  const adobe = primaries(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000);
  const cicp = (...values) => pngChunk('cICP', Buffer.from(values));
  const iccp = pngChunk('iCCP', Buffer.concat([Buffer.from('p\0\0', 'latin1'), deflateSync(profiles()[2])]));
  const sets = [
    [gamma(45455), adobe],
    [gamma(100000)],
    [gamma(0), primaries(0, 0, 0, 0, 0, 0, 0, 0)],
    [adobe],
    [pngChunk('sRGB', Buffer.of(0)), gamma(1)],
    [cicp(12, 13, 0, 1), iccp],
    [cicp(9, 16, 0, 1), iccp, gamma(45455)],
    [cicp(1, 13, 1, 0), gamma(55556), adobe],
  ];
  return sets.flatMap((chunks) =>
    [0, 2].map((type) => makeNoisePng(type, 8, { width: 6, height: 4, chunks })),
  );
}

const images = (...formats) => makeSmallImages(formats).map(({ bytes }) => bytes);

/** The profiles and EXIF structures within pictures of the tests, found by their signatures. */
const from = (files, signature, skip) =>
  files.flatMap((bytes) => {
    const at = bytes.indexOf(signature);
    return at < skip ? [] : [bytes.subarray(at - skip)];
  });

/** ICC.1:2022, 7: a profile of the matrix kind with one curve for all channels. @param {Buffer} curve */
function profile(curve) {
  const xyz = (values) => Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), ...values.map(fixed)]);
  const text = Buffer.from('desc\0\0\0\0\0\0\0\x0bDisplay P3\0\0\0\0\0', 'latin1');
  const tags = {
    desc: text,
    wtpt: xyz([0.9642, 1, 0.8249]),
    rXYZ: xyz([0.515, 0.241, -0.001]),
    gXYZ: xyz([0.292, 0.692, 0.042]),
    bXYZ: xyz([0.157, 0.067, 0.784]),
    rTRC: curve,
    gTRC: curve,
    bTRC: curve,
  };
  const names = Object.keys(tags);
  const head = Buffer.alloc(132 + 12 * names.length);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  head.writeUInt32BE(0x04000000, 8);
  head.writeUInt32BE(names.length, 128);
  let offset = head.length;
  for (const [i, name] of names.entries()) {
    head.write(name, 132 + 12 * i, 'latin1');
    head.writeUInt32BE(offset, 136 + 12 * i);
    head.writeUInt32BE(tags[name].length, 140 + 12 * i);
    offset += tags[name].length;
  }
  head.writeUInt32BE(offset, 0);
  return Buffer.concat([head, ...Object.values(tags)]);
}

function fixed(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
}

const profiles = () => [
  profile(Buffer.from('curv\0\0\0\0\0\0\0\x01\x02\x33\0\0', 'latin1')),
  profile(Buffer.from('curv\0\0\0\0\0\0\0\x04\0\0\x20\0\x80\0\xff\xff', 'latin1')),
  profile(
    Buffer.concat([
      Buffer.from('para\0\0\0\0\0\x03\0\0', 'latin1'),
      ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(fixed),
    ]),
  ),
];

/** Whole pictures, and what is left of them when the file ends early. */
const wholeAndCut = (...formats) =>
  images(...formats).flatMap((bytes) => [
    bytes,
    ...[0.4, 0.8].map((part) => bytes.subarray(0, part * bytes.length)),
  ]);

const box = (type, ...contents) => {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type, 'latin1'), ...contents]);
  bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
};
/** ISO/IEC 15444-2, M.11.7.2. @param {number} method @param {number} precedence @param {Buffer} contents */
const color = (method, precedence, contents) =>
  box('colr', Buffer.from([method, precedence & 255, 1]), contents);

/** JP2 and JPX files with several colour boxes, and with those of a compositing layer. */
function coloured() {
  const plain = makeSmallImage('jp2', 'lossless');
  // Signature and file type; then the header box, which begins with the image header.
  const [start, header, stream] = [
    plain.subarray(0, 32),
    plain.subarray(40, 62),
    plain.subarray(plain.indexOf('jp2c') - 4),
  ];
  const [matrix] = profiles();
  const srgb = color(1, 0, Buffer.from([0, 0, 0, 16]));
  const sets = [
    [color(2, 0, matrix)],
    [color(3, 0, matrix), srgb],
    [color(4, 9, Buffer.alloc(16)), color(3, -2, matrix), color(1, 3, Buffer.from([0, 0, 0, 14])), srgb],
  ];
  return sets.flatMap((set) => {
    const jp2 = Buffer.concat([start, box('jp2h', header, ...set), stream]);
    const jpx = Buffer.concat([jp2, box('jplh', box('cgrp', ...set.toReversed()))]);
    jpx.write('jpx ', 20, 'latin1');
    return [jp2, jpx];
  });
}

/** As run_inflate of inflate_fuzz.cpp reads it: two sizes, the stream. Stored, fixed and dynamic blocks, matches near and far. */
function deflated() {
  const random = Array.from({ length: 3000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) % 23);
  const kinds = [
    { level: 0 },
    { level: 9 },
    { level: 9, strategy: constants.Z_FIXED },
    { level: 9, strategy: constants.Z_HUFFMAN_ONLY },
  ];
  const texts = [Buffer.from(random), Buffer.from([...random, ...random, ...random.toReversed()])];
  return texts.flatMap((text) =>
    kinds.map((options, i) => Buffer.concat([Buffer.from([i * 80, i * 50]), deflateSync(text, options)])),
  );
}

/** Single pictures and grids, in AVC and in HEVC. */
function heics() {
  const chains = [
    [],
    [clap(60, 40, 3, -1), irot(1), nclx(1, 13, 1)],
    [irot(3), clap(40, 50), imir(1), prof(profiles()[2])],
  ];
  const hevc = codeHevc(flatPixels(128, 64), ['-p', 'chroma=420']);
  return chains.flatMap((properties) => [
    makeHeic([{ coded: hevc, properties }], { exif: Buffer.from('II*\0\x08\0\0\0\0\0', 'latin1') }),
    makeTiled({ tile: [64, 64], properties }).file,
    makeTiled({
      columns: 2,
      rows: 2,
      tile: [64, 64],
      width: 100,
      height: 90,
      inData: true,
      pieces: 2,
      properties,
    }).file,
  ]);
}

const tables = () => [
  lutProfile(),
  lutProfile({ pcs: 'XYZ ', version: 4 }),
  lutProfile({ space: 'CMYK', kind: 'prtr' }),
  lutProfile({ space: 'CMYK', kind: 'prtr', version: 4 }),
  lutProfile({ space: 'GRAY' }),
  greyToLab(),
];

/** Target -> what makes its seeds. */
export const SEEDS = {
  bmp: () => wholeAndCut('bmp'),
  exif: () => [
    ...from(images('jpeg', 'png'), 'MM\0*', 0),
    Buffer.from('Exif\0\xffMM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1'),
    Buffer.from('II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0', 'latin1'),
  ],
  form: async () => [
    ...inputsOf((await vectors('base64')).encode),
    ...inputsOf((await vectors('base64')).decode),
    ...inputsOf((await vectors('form')).text),
  ],
  heif: heics,
  icc: profiles,
  inflate: deflated,
  inspect: async () => [
    ...makeSmallImages().map(({ bytes }) => bytes),
    ...coloredPngs(),
    ...makeOddJpegs(),
    ...inputsOf((await vectors('sniff')).sniff),
  ],
  jp2: () => [...wholeAndCut('jp2', 'j2k'), ...coloured()],
  jpeg: () => [...images('jpeg'), ...makeOddJpegs()],
  json: () => bodies(false),
  lut: tables,
  png: () => [...images('png'), ...coloredPngs()],
  request: requests,
  response: responses,
  reveal: reveals,
  sniff: async () => [...inputsOf((await vectors('sniff')).sniff), ...videos()],
  tiff: () => images('tiff'),
  video: async () => [...videos(), ...inputsOf((await vectors('video')).inspect)],
  webp: () => wholeAndCut('webp'),
  wsq: () => [...images('wsq'), makeNoiseWsq(64, 48, 3, 0.5), makeNoiseWsq(64, 48, 3, 0.01)],
  xml: () => bodies(true),
};

/** Target -> what of a corpus's file is a seed for it. Files are known by their first bytes: names are no guide. */
const FROM_CORPORA = {
  bmp: beginning('BM'),
  exif: (bytes) => from([bytes], 'Exif\0\0', 0).map((tail) => tail.subarray(6)),
  icc: (bytes) => from([bytes], 'acsp', 36),
  lut: (bytes) => from([bytes], 'acsp', 36),
  inspect: (bytes) => [bytes],
  jp2: beginning('\0\0\0\x0cjP', '\xff\x4f\xff\x51'),
  jpeg: beginning('\xff\xd8\xff'),
  png: beginning('\x89PNG'),
  sniff: (bytes) => [bytes.subarray(0, 4096)],
  tiff: beginning('II*\0', 'MM\0*', 'II+\0', 'MM\0+'),
  webp: beginning('RIFF'),
  wsq: beginning('\xff\xa0'),
};

function beginning(...signatures) {
  return (bytes) =>
    signatures.some((signature) => bytes.toString('latin1', 0, signature.length) === signature)
      ? [bytes]
      : [];
}

async function fromCorpora(target, folder) {
  const pick = FROM_CORPORA[target];
  if (!folder || !pick) return [];
  const names = await readdir(folder, { recursive: true });
  const seeds = [];
  for (const name of names.sort()) {
    const path = join(folder, name);
    const { size } = await stat(path).then((info) => (info.isFile() ? info : { size: 0 }));
    if (size > 0 && size <= MOST_BYTES) seeds.push(...pick(await readFile(path)));
  }
  return seeds;
}

/**
 * Writes folder/<target>/<hash> for each seed.
 * @param {string} folder
 * @param {string[]} targets
 * @param {string} [corpora]
 */
export async function writeSeeds(folder, targets, corpora) {
  for (const target of targets) {
    const make = SEEDS[target];
    if (!make) throw new Error(`tests/fuzz/seeds.mjs has no seeds for ${target}`);
    await mkdir(join(folder, target), { recursive: true });
    for (const bytes of [...(await make()), ...(await fromCorpora(target, corpora))]) {
      const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      await writeFile(join(folder, target, name), bytes);
    }
  }
}
