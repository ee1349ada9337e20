// Every variant of every format that docs/formats.md lists: how a file of it is made (by other programs wherever
// there is one), and what becomes of it. The tests run this list, and the page's table is written from it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeOldJpegTiff, makeTiff, rgbPage, sensorPage } from '../fixtures/make-tiffs.mjs';
import { makeFlatWsq } from './flat-wsq.mjs';
import { convert, HEIGHT, pictureOf, WIDTH } from './pictures.mjs';

/**
 * @typedef {object} Variant
 * @property {string} format the word of sniffImage
 * @property {string} name English, as it stands in the table
 * @property {string} zh Chinese
 * @property {(() => Buffer) | (() => Buffer)[]} make one file for each thing that the name says
 * @property {import('./pictures.mjs').Kind | import('./pictures.mjs').Kind[]} [seen] decoded: looks as this kind of the
 *   photo does, all or each file
 * @property {number | number[]} [within] the largest mean difference in levels, of all or of each file; default 3
 * @property {boolean} [isRare] the core reads the format, but leaves this variant to the second module
 * @property {string} [code] not decoded: the error's code
 * @property {string[]} [warnings] of a decoded one; default none
 */

/**
 * Runs a program over files: `$in` and `$out` in the arguments stand for their names.
 * @param {Buffer} input @param {string} extensions of the input and the output, such as 'tif.tif' @param {string} program @param {string[]} args
 */
function through(input, extensions, program, ...args) {
  const folder = mkdtempSync(join(tmpdir(), 'netocr-variant-'));
  try {
    const [from, to] = extensions.split('.');
    const names = { $in: join(folder, `in.${from}`), $out: join(folder, `out.${to}`) };
    writeFileSync(names.$in, input);
    const replaced = args.map((arg) => names[/** @type {'$in'} */ (arg)] ?? arg);
    execFileSync(program, replaced, { stdio: ['ignore', 'pipe', 'pipe'] });
    return readFileSync(names.$out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {import('./pictures.mjs').Kind} kind @param {string[]} args of ImageMagick */
const by =
  (kind, ...args) =>
  () =>
    convert(pictureOf(kind), ...args);
/** A TIFF that libtiff's tiffcp rewrites. @param {import('./pictures.mjs').Kind} kind @param {string[]} args */
const tiffcp =
  (kind, ...args) =>
  () =>
    through(
      convert(pictureOf(kind), '-compress', 'none', 'tiff:-'),
      'tif.tif',
      'tiffcp',
      ...args,
      '$in',
      '$out',
    );
/** @param {import('./pictures.mjs').Kind} kind @param {string[]} args of cjpeg */
const cjpeg =
  (kind, ...args) =>
  () =>
    through(
      convert(pictureOf(kind), 'ppm:-'),
      'ppm.jpg',
      'cjpeg',
      '-quality',
      '95',
      ...args,
      '-outfile',
      '$out',
      '$in',
    );
/** A PNG whose gamma opj_compress does not apply. @param {import('./pictures.mjs').Kind} kind @param {string[]} args */
const plainPng = (kind, ...args) =>
  convert(pictureOf(kind), ...args, '-strip', '-define', 'png:exclude-chunk=all', 'png:-');
/** @param {import('./pictures.mjs').Kind} kind @param {string} extension @param {string[]} args of opj_compress */
const opj =
  (kind, extension, ...args) =>
  () =>
    through(plainPng(kind), `png.${extension}`, 'opj_compress', '-i', '$in', '-o', '$out', ...args);
/** @param {Buffer} file @param {number} at @param {number[]} bytes */
const patched = (file, at, ...bytes) => {
  const copy = Buffer.from(file);
  copy.set(bytes, at);
  return copy;
};
/** @param {() => Buffer} make @param {number} share of the file that is kept */
const cut = (make, share) => () => {
  const file = make();
  return file.subarray(0, Math.floor(file.length * share));
};

const SOF = (/** @type {Buffer} */ jpeg) => {
  for (let at = 2; ; at += 2 + jpeg.readUInt16BE(at + 2))
    if ((jpeg[at + 1] & 0xf0) === 0xc0 && ![0xc4, 0xcc].includes(jpeg[at + 1])) return at;
};

const GREYS = /** @type {const} */ ({ 2: 'grey2', 4: 'grey4', 8: 'grey', 16: 'grey' });
/** The grey photo in 2, 4, 8 or 16 bits, as a PGM. @param {keyof typeof GREYS} bits */
const greyOf = (bits) =>
  execFileSync('pamdepth', [String(2 ** bits - 1)], { input: convert(pictureOf(GREYS[bits]), 'pgm:-') });
/** @param {keyof typeof GREYS} bits */
const greyPng = (bits) => () => execFileSync('pnmtopng', ['-quiet'], { input: greyOf(bits) });

/** @type {Variant[]} */
const JPEG = [
  { format: 'jpeg', name: 'baseline', zh: '基线', make: cjpeg('rgb'), seen: 'rgb' },
  { format: 'jpeg', name: 'progressive', zh: '渐进式', make: cjpeg('rgb', '-progressive'), seen: 'rgb' },
  {
    format: 'jpeg',
    name: 'arithmetic coding',
    zh: '算术编码',
    make: cjpeg('rgb', '-arithmetic'),
    seen: 'rgb',
    isRare: true,
  },
  { format: 'jpeg', name: 'grey', zh: '灰度', make: cjpeg('rgb', '-grayscale'), seen: 'grey' },
  {
    format: 'jpeg',
    name: '4:4:4, 4:2:2, 4:4:0, 4:1:1 and odd chroma sampling',
    zh: '4:4:4、4:2:2、4:4:0、4:1:1 及其他色度抽样',
    make: ['1x1', '2x1', '1x2', '4x1', '3x2'].map((sample) => cjpeg('rgb', '-sample', sample)),
    seen: 'rgb',
  },
  { format: 'jpeg', name: 'RGB', zh: 'RGB', make: cjpeg('rgb', '-rgb'), seen: 'rgb', isRare: true },
  {
    format: 'jpeg',
    name: 'CMYK and YCCK',
    zh: 'CMYK 与 YCCK',
    // ImageMagick writes YCCK; plain CMYK is met by the native tests.
    make: by('rgb', '-colorspace', 'CMYK', '-quality', '95', 'jpeg:-'),
    seen: 'rgb',
    within: 4,
    isRare: true,
  },
  {
    format: 'jpeg',
    name: 'restart markers',
    zh: '重启标记',
    make: cjpeg('rgb', '-restart', '1'),
    seen: 'rgb',
  },
  {
    format: 'jpeg',
    name: '16-bit quantisation tables',
    zh: '16 位量化表',
    make: cjpeg('rgb', '-quality', '1'),
    seen: 'rgb',
    within: 30,
  },
  {
    format: 'jpeg',
    name: 'cut off or damaged at the end',
    zh: '尾部缺失或损坏',
    make: cut(cjpeg('rgb', '-progressive'), 0.8),
    seen: 'rgb',
    within: 12,
    warnings: ['truncated'],
  },
  {
    format: 'jpeg',
    name: '12 bits',
    zh: '12 位',
    code: 'UNSUPPORTED_FEATURE',
    make: () => {
      const file = cjpeg('rgb')();
      const at = SOF(file);
      return patched(patched(file, at + 1, 0xc1), at + 4, 12);
    },
  },
  {
    format: 'jpeg',
    name: 'lossless',
    zh: '无损',
    code: 'UNSUPPORTED_FEATURE',
    make: () => {
      const file = cjpeg('rgb')();
      return patched(file, SOF(file) + 1, 0xc3);
    },
  },
];

/** @type {Variant[]} */
const PNG = [
  {
    format: 'png',
    name: 'RGB, 8 and 16 bits',
    zh: 'RGB，8 与 16 位',
    make: [by('rgb', 'png24:-'), by('rgb', '-depth', '16', 'png48:-')],
    seen: 'rgb',
  },
  {
    format: 'png',
    name: 'RGB with alpha',
    zh: '带透明度的 RGB',
    make: [by('alpha', 'png32:-'), by('alpha', '-depth', '16', 'png64:-')],
    seen: 'alpha',
  },
  {
    format: 'png',
    name: 'grey, 2 to 16 bits',
    zh: '灰度，2 至 16 位',
    make: [2, 4, 8, 16].map(greyPng),
    seen: ['grey2', 'grey4', 'grey', 'grey'],
  },
  {
    format: 'png',
    name: 'black and white, 1 bit',
    zh: '黑白，1 位',
    make: by('bilevel', '-define', 'png:color-type=0', '-define', 'png:bit-depth=1', 'png:-'),
    seen: 'bilevel',
    within: 8,
  },
  {
    format: 'png',
    name: 'grey with alpha',
    zh: '带透明度的灰度',
    make: by('greyAlpha', '-define', 'png:color-type=4', 'png:-'),
    seen: 'greyAlpha',
  },
  {
    format: 'png',
    name: 'palette, 1 to 8 bits',
    zh: '调色板，1 至 8 位',
    make: ['2', '4', '8'].map((bits) =>
      by('palette4', '-define', 'png:color-type=3', '-define', `png:bit-depth=${bits}`, 'png:-'),
    ),
    seen: 'palette4',
  },
  {
    format: 'png',
    name: 'interlaced',
    zh: '隔行扫描',
    make: by('rgb', '-interlace', 'PNG', 'png:-'),
    seen: 'rgb',
  },
  {
    format: 'png',
    name: 'cut off or damaged',
    zh: '缺失或损坏',
    make: cut(by('rgb', '-interlace', 'PNG', 'png:-'), 0.8),
    seen: 'rgb',
    within: 12,
    warnings: ['truncated'],
  },
];

/** @param {Buffer} bmp */
const bmpFacts = (bmp) => ({
  width: bmp.readInt32LE(18),
  height: bmp.readInt32LE(22),
  start: bmp.readUInt32LE(10),
});

/** Windows, 24 bits a pixel, bottom-up. */
const bmp24 = () => convert(pictureOf('rgb'), '-type', 'truecolor', 'bmp3:-');

/** The 64 bytes of an OS/2 2.x header, with the file header before them. @param {Buffer} bmp of Windows */
function os2Header(bmp) {
  const header = Buffer.alloc(14 + 64);
  bmp.copy(header, 0, 0, 14);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(64, 14);
  bmp.copy(header, 18, 18, 30);
  return header;
}

/** Rows of 24 bits a pixel as RLE24 (one run a pixel). */
function rle24() {
  const bmp = bmp24();
  const { width, height, start } = bmpFacts(bmp);
  const stride = (width * 3 + 3) & ~3;
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = start + y * stride + x * 3;
      rows.push(1, bmp[at], bmp[at + 1], bmp[at + 2]);
    }
    rows.push(0, 0);
  }
  const header = os2Header(bmp);
  header.writeUInt32LE(4, 30);
  return Buffer.concat([header, Buffer.from([...rows, 0, 1])]);
}

/** 32 bits a pixel, the fourth byte unused. */
function bmp32() {
  const bmp = bmp24();
  const { width, height, start } = bmpFacts(bmp);
  const stride = (width * 3 + 3) & ~3;
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      bmp.copy(pixels, (y * width + x) * 4, start + y * stride + x * 3, start + y * stride + x * 3 + 3);
  }
  const header = Buffer.from(bmp.subarray(0, start));
  header.writeUInt16LE(32, 28);
  header.writeUInt32LE(pixels.length, 34);
  return Buffer.concat([header, pixels]);
}

/** 24 bits a pixel under an OS/2 2.x header. */
function os22() {
  const bmp = bmp24();
  return Buffer.concat([os2Header(bmp), bmp.subarray(bmpFacts(bmp).start)]);
}

/** 4 bits a pixel as pairs of single pixels. */
function rle4() {
  const bmp = convert(pictureOf('palette16'), '-type', 'palette', 'bmp3:-');
  if (bmp.readUInt16LE(28) !== 4) throw new Error('not 4 bits a pixel');
  const { width, height, start } = bmpFacts(bmp);
  const stride = (((width + 1) >> 1) + 3) & ~3;
  const rows = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 2) rows.push(Math.min(2, width - x), bmp[start + y * stride + (x >> 1)]);
    rows.push(0, 0);
  }
  const header = Buffer.from(bmp.subarray(0, start));
  header.writeUInt32LE(2, 30);
  header.writeUInt32LE(rows.length + 2, 34);
  return Buffer.concat([header, Buffer.from([...rows, 0, 1])]);
}

/** A BMP whose pixels are a JPEG or PNG file. @param {4 | 5} compression @param {Buffer} inner */
function bmpAround(compression, inner) {
  const header = Buffer.alloc(14 + 124);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(header.length + inner.length, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(124, 14);
  header.writeInt32LE(150, 18);
  header.writeInt32LE(97, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(inner.length, 34);
  return Buffer.concat([header, inner]);
}

/** @type {Variant[]} */
const BMP = [
  {
    format: 'bmp',
    name: 'Windows, 24 and 32 bits',
    zh: 'Windows，24 与 32 位',
    make: [bmp24, bmp32],
    seen: 'rgb',
  },
  {
    format: 'bmp',
    name: 'bit fields, 16 and 32 bits',
    zh: '位域，16 与 32 位',
    make: ['RGB565', 'RGB555', 'ARGB4444'].map((kind) =>
      by('rgb', '-type', 'truecolor', '-define', `bmp:subtype=${kind}`, 'bmp:-'),
    ),
    seen: 'rgb',
    within: 9,
  },
  {
    format: 'bmp',
    name: 'palette, 1 to 8 bits',
    zh: '调色板，1 至 8 位',
    make: [
      by('palette16', '-type', 'palette', 'bmp3:-'),
      by('palette16', '-type', 'palette', '-depth', '8', 'bmp3:-'),
    ],
    seen: 'palette16',
    within: 5,
  },
  {
    format: 'bmp',
    name: 'OS/2 1.x and 2.x',
    zh: 'OS/2 1.x 与 2.x',
    make: [by('rgb', '-type', 'truecolor', 'bmp2:-'), os22],
    seen: 'rgb',
  },
  { format: 'bmp', name: 'RLE4', zh: 'RLE4', make: rle4, seen: 'palette16', within: 5 },
  {
    format: 'bmp',
    name: 'RLE8',
    zh: 'RLE8',
    make: by('palette256', '-type', 'palette', '-compress', 'RLE', 'bmp3:-'),
    seen: 'palette256',
  },
  { format: 'bmp', name: 'RLE24', zh: 'RLE24', make: rle24, seen: 'rgb', isRare: true },
  {
    format: 'bmp',
    name: 'V4, V5 with alpha',
    zh: '带透明度的 V4、V5',
    make: by('alpha', '-define', 'bmp:format=bmp4', 'bmp:-'),
    seen: 'alpha',
  },
  {
    format: 'bmp',
    name: 'embedded JPEG',
    zh: '内嵌 JPEG',
    make: () => bmpAround(4, cjpeg('rgb')()),
    seen: 'rgb',
  },
  {
    format: 'bmp',
    name: 'embedded PNG',
    zh: '内嵌 PNG',
    make: () => bmpAround(5, by('rgb', 'png:-')()),
    seen: 'rgb',
  },
  {
    format: 'bmp',
    name: 'cut off',
    zh: '缺失',
    make: cut(bmp24, 0.98),
    seen: 'rgb',
    within: 6,
    warnings: ['truncated'],
  },
];

const TIFF_NAMES = { format: 'tiff' };

/** The photo's samples, as ImageMagick writes them. @param {import('./pictures.mjs').Kind} kind @param {string} as such as 'rgb' */
const samplesOf = (kind, as) => convert(pictureOf(kind), '-depth', '8', `${as}:-`);
const photo = () => ({ width: WIDTH, height: HEIGHT, rgb: new Uint8Array(samplesOf('rgb', 'rgb')) });
/** @param {import('./pictures.mjs').Kind} kind @param {Parameters<typeof makeOldJpegTiff>[1]} way @param {string[]} args of cjpeg */
const oldJpeg =
  (kind, way, ...args) =>
  () =>
    makeOldJpegTiff(cjpeg(kind, ...args)(), way);

/** Colours multiplied by their opacity, and no tag that says so. */
function untaggedAlpha() {
  const rgba = samplesOf('alpha', 'rgba');
  for (let at = 0; at < rgba.length; at += 4) {
    for (let c = 0; c < 3; c += 1) rgba[at + c] = Math.round((rgba[at + c] * rgba[at + 3]) / 255);
  }
  return makeTiff([
    { width: WIDTH, height: HEIGHT, strips: [rgba], tags: { 258: [8, 8, 8, 8], 262: [2], 277: [4] } },
  ]);
}

/** The photo from the smallest value of its samples up. @param {number} bytes of a sample */
function signedSamples(bytes) {
  const rgb = samplesOf('rgb', 'rgb');
  const strip = Buffer.alloc(rgb.length * bytes);
  for (let i = 0; i < rgb.length; i += 1) strip[(i + 1) * bytes - 1] = rgb[i] ^ 0x80;
  const each = [1, 1, 1];
  const tags = { 258: each.map(() => 8 * bytes), 262: [2], 277: [3], 339: each.map(() => 2) };
  return makeTiff([{ width: WIDTH, height: HEIGHT, strips: [strip], tags }]);
}

const thumbnail = () =>
  rgbPage({ width: 15, height: 10, rgb: new Uint8Array(450).fill(99) }, { tags: { 254: [1] } });
/** @param {import('../fixtures/make-tiffs.mjs').TiffPage[]} below */
const dng = (...below) =>
  makeTiff([{ ...thumbnail(), tags: { ...thumbnail().tags, 50706: [1, 4, 0, 0] }, below }]);
/** @type {Variant[]} */
const TIFF = [
  { name: 'uncompressed', zh: '未压缩', make: by('rgb', '-compress', 'none', 'tiff:-'), seen: 'rgb' },
  {
    name: 'LZW with and without predictor',
    zh: 'LZW（有无预测器）',
    make: [tiffcp('rgb', '-c', 'lzw:1'), tiffcp('rgb', '-c', 'lzw:2')],
    seen: 'rgb',
  },
  {
    name: 'Deflate',
    zh: 'Deflate',
    make: [tiffcp('rgb', '-c', 'zip'), tiffcp('rgb', '-c', 'zip:2')],
    seen: 'rgb',
  },
  { name: 'PackBits', zh: 'PackBits', make: tiffcp('rgb', '-c', 'packbits'), seen: 'rgb' },
  {
    name: 'CCITT Group 3',
    zh: 'CCITT Group 3',
    make: by('bilevel', '-compress', 'Fax', 'tiff:-'),
    seen: 'bilevel',
    within: 6,
  },
  {
    name: 'CCITT Group 4',
    zh: 'CCITT Group 4',
    make: by('bilevel', '-compress', 'Group4', 'tiff:-'),
    seen: 'bilevel',
    within: 6,
  },
  { name: 'JPEG', zh: 'JPEG', make: tiffcp('rgb', '-c', 'jpeg:95', '-r', '32'), seen: 'rgb', within: 4 },
  {
    name: 'old-style JPEG, grey, 4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1',
    zh: '旧式 JPEG（灰度、4:4:4、4:2:2、4:2:0、4:4:0、4:1:1）',
    make: [
      oldJpeg('grey', 'strip', '-grayscale'),
      oldJpeg('grey', 'tables', '-grayscale', '-restart', '1'),
      oldJpeg('rgb', 'tables', '-sample', '1x1'),
      oldJpeg('rgb', 'head', '-sample', '2x1', '-restart', '1'),
      oldJpeg('rgb', 'tables', '-sample', '2x2', '-restart', '1'),
      oldJpeg('rgb', 'stream', '-sample', '2x2'),
      oldJpeg('rgb', 'strip', '-sample', '1x2'),
      oldJpeg('rgb', 'head', '-sample', '4x1'),
    ],
    seen: ['grey', 'grey', 'rgb', 'rgb', 'rgb', 'rgb', 'rgb', 'rgb'],
    within: 5,
  },
  { name: 'tiles', zh: '图块', make: tiffcp('rgb', '-t', '-w', '32', '-l', '48'), seen: 'rgb' },
  {
    name: 'big-endian',
    zh: '大端',
    make: by('rgb', '-endian', 'MSB', '-compress', 'none', 'tiff:-'),
    seen: 'rgb',
  },
  { name: 'BigTIFF', zh: 'BigTIFF', make: tiffcp('rgb', '-8', '-c', 'lzw'), seen: 'rgb' },
  { name: 'separate planes', zh: '分离平面', make: tiffcp('rgb', '-p', 'separate'), seen: 'rgb' },
  {
    name: 'grey, 2, 4, 8, 16 bits',
    zh: '灰度，2、4、8、16 位',
    make: [2, 4, 8, 16].map(
      (bits) => () =>
        convert(greyOf(bits), '-depth', String(bits), '-type', 'grayscale', '-compress', 'none', 'tiff:-'),
    ),
    seen: ['grey2', 'grey4', 'grey', 'grey'],
  },
  {
    name: 'black and white, 1 bit',
    zh: '黑白，1 位',
    make: by('bilevel', '-type', 'bilevel', '-compress', 'none', 'tiff:-'),
    seen: 'bilevel',
    within: 8,
  },
  { name: '16 bits RGB', zh: '16 位 RGB', make: by('rgb', '-depth', '16', 'tiff:-'), seen: 'rgb' },
  {
    name: 'float',
    zh: '浮点',
    make: ['16', '32', '64'].map((bits) =>
      by('rgb', '-depth', bits, '-define', 'quantum:format=floating-point', 'tiff:-'),
    ),
    seen: 'rgb',
  },
  { name: 'palette', zh: '调色板', make: by('palette256', '-type', 'palette', 'tiff:-'), seen: 'palette256' },
  {
    name: 'signed integers, 8, 16, 32 bits',
    zh: '有符号整数，8、16、32 位',
    make: [1, 2, 4].map((bytes) => () => signedSamples(bytes)),
    seen: 'rgb',
  },
  {
    name: 'alpha',
    zh: '透明度',
    make: [
      ...['associated', 'unassociated'].map((kind) => by('alpha', '-define', `tiff:alpha=${kind}`, 'tiff:-')),
      untaggedAlpha,
    ],
    seen: 'alpha',
  },
  {
    name: 'alpha that is 0 everywhere: opaque',
    zh: '全为 0 的透明度：按不透明处理',
    make: [1, 2].map((kind) => () => makeTiff([rgbPage(photo(), { extra: 0, tags: { 338: [kind] } })])),
    seen: 'rgb',
  },
  { name: 'CMYK', zh: 'CMYK', make: by('rgb', '-colorspace', 'CMYK', 'tiff:-'), seen: 'rgb', within: 4 },
  { name: 'CIELab', zh: 'CIELab', make: by('rgb', '-colorspace', 'Lab', 'tiff:-'), seen: 'rgb', within: 5 },
  {
    name: 'several pages: the first',
    zh: '多页：取第一页',
    make: () => convert(pictureOf('rgb'), 'rose:', 'tiff:-'),
    seen: 'rgb',
  },
  {
    name: 'thumbnails and SubIFDs: the full picture',
    zh: '缩略图与 SubIFD：取完整图像',
    make: [
      () => makeTiff([thumbnail(), rgbPage(photo())]),
      () => makeTiff([{ ...thumbnail(), below: [rgbPage(photo())] }]),
    ],
    seen: 'rgb',
  },
  {
    name: 'DNG with a full-size preview: the preview',
    zh: '带全尺寸预览的 DNG：取预览',
    make: () => dng(sensorPage(WIDTH + 4, HEIGHT + 4), rgbPage(photo(), { tags: { 254: [1] } })),
    seen: 'rgb',
  },
  {
    name: 'other camera raw (DNG, CR2, NEF)',
    zh: '其他相机 RAW（DNG、CR2、NEF）',
    make: [() => dng(sensorPage(WIDTH, HEIGHT)), () => makeTiff([thumbnail(), sensorPage(WIDTH, HEIGHT)])],
    code: 'UNSUPPORTED_FEATURE',
  },
  {
    name: 'ZSTD, LZMA, WebP or JPEG 2000 inside',
    zh: '内含 ZSTD、LZMA、WebP 或 JPEG 2000',
    make: tiffcp('rgb', '-c', 'zstd'),
    code: 'UNSUPPORTED_FEATURE',
  },
].map((variant) => ({ ...TIFF_NAMES, ...variant }));

/** Y, Cb, Cr with half the chroma in each direction, as sYCC. */
function subsampledJp2() {
  const [width, height] = [150, 97];
  const planes = convert(pictureOf('rgb'), '-depth', '8', 'rgb:-');
  const half = [(width + 1) >> 1, (height + 1) >> 1];
  const luma = Buffer.alloc(width * height);
  const chroma = [Buffer.alloc(half[0] * half[1]), Buffer.alloc(half[0] * half[1])];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = planes.subarray((y * width + x) * 3);
      luma[y * width + x] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
      const at = (y >> 1) * half[0] + (x >> 1);
      chroma[0][at] = Math.round(128 - 0.168736 * r - 0.331264 * g + 0.5 * b);
      chroma[1][at] = Math.round(128 + 0.5 * r - 0.418688 * g - 0.081312 * b);
    }
  }
  const raw = Buffer.concat([luma, ...chroma]);
  const format = `${width},${height},3,8,u@1x1:2x2:2x2`;
  return through(raw, 'raw.jp2', 'opj_compress', '-i', '$in', '-o', '$out', '-F', format, '-mct', '0');
}

/** @type {Variant[]} */
const JPEG2000 = [
  { format: 'jp2', name: 'JP2', zh: 'JP2', make: opj('rgb', 'jp2'), seen: 'rgb' },
  {
    format: 'j2k',
    name: 'raw codestream (JPC, J2K)',
    zh: '裸码流（JPC、J2K）',
    make: opj('rgb', 'j2k'),
    seen: 'rgb',
  },
  {
    format: 'jp2',
    name: 'lossy (9/7)',
    zh: '有损（9/7）',
    make: opj('rgb', 'jp2', '-I', '-r', '4'),
    seen: 'rgb',
    within: 5,
  },
  {
    format: 'jp2',
    name: 'tiles, all progression orders',
    zh: '分块，各种渐进顺序',
    make: ['LRCP', 'RLCP', 'RPCL', 'PCRL', 'CPRL'].map((order) =>
      opj('rgb', 'jp2', '-t', '64,48', '-p', order),
    ),
    seen: 'rgb',
  },
  { format: 'jp2', name: 'grey', zh: '灰度', make: opj('grey', 'jp2'), seen: 'grey' },
  {
    format: 'jp2',
    name: '16 bits',
    zh: '16 位',
    make: () =>
      through(plainPng('rgb', '-depth', '16'), 'png.jp2', 'opj_compress', '-i', '$in', '-o', '$out'),
    seen: 'rgb',
  },
  { format: 'jp2', name: 'alpha', zh: '透明度', make: opj('alpha', 'jp2'), seen: 'alpha', within: 4 },
  {
    format: 'jp2',
    name: 'subsampled components',
    zh: '分量抽样',
    make: subsampledJp2,
    seen: 'rgb',
    within: 8,
  },
];

/** @type {Variant[]} */
const WSQ = [
  {
    format: 'wsq',
    name: 'all filter lengths, tables in any order',
    zh: '各种滤波器长度，表的顺序不限',
    make: () => makeFlatWsq(150, 97, 180),
    seen: 'flat',
  },
  {
    format: 'wsq',
    name: 'cut off',
    zh: '缺失',
    make: cut(() => makeFlatWsq(150, 97, 180), 0.9),
    code: 'CORRUPT_IMAGE',
  },
];

/** @type {Variant[]} */
const WEBP = [
  {
    format: 'webp',
    name: 'lossy',
    zh: '有损',
    make: by('rgb', '-quality', '95', 'webp:-'),
    seen: 'rgb',
    within: 4,
  },
  {
    format: 'webp',
    name: 'lossless',
    zh: '无损',
    make: by('rgb', '-define', 'webp:lossless=true', 'webp:-'),
    seen: 'rgb',
  },
  {
    format: 'webp',
    name: 'alpha',
    zh: '透明度',
    make: by('alpha', '-define', 'webp:lossless=true', 'webp:-'),
    seen: 'alpha',
  },
];

export const VARIANTS = [...JPEG, ...PNG, ...BMP, ...TIFF, ...JPEG2000, ...WSQ, ...WEBP];
