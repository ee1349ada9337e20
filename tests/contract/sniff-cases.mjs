// Openings of files, made from each format's specification, and what both sniffers must call them. "unknown" is an answer.

const bytes = (...parts) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const zeros = (count) => new Array(count).fill(0);
const u32be = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const ftyp = (major, ...compatible) =>
  bytes(u32be(16 + 4 * compatible.length), 'ftyp', major, [0, 0, 0, 0], ...compatible);
const riff = (form, ...rest) => bytes('RIFF', [0, 1, 0, 0], form, ...rest);
const ebml = (docType) =>
  bytes(
    [0x1a, 0x45, 0xdf, 0xa3, 0x80 + 4 + 3 + docType.length],
    [0x42, 0x86, 0x81, 1],
    [0x42, 0x82, 0x80 + docType.length],
    docType,
    [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    zeros(16),
  );

const cases = [];
function add(name, input, image, video) {
  cases.push({ name, input: { base64: input.toString('base64') }, expect: { image, video } });
}
const image = (name, input, word) => add(name, input, word, 'unknown');
const video = (name, input, word) => add(name, input, 'unknown', word);
const neither = (name, input) => add(name, input, 'unknown', 'unknown');

image('JFIF', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF\0', [1, 1, 0, 0, 1, 0, 1, 0, 0]), 'jpeg');
image('Exif JPEG', bytes([0xff, 0xd8, 0xff, 0xe1, 0, 16], 'Exif\0\0', 'MM', [0, 0x2a, 0, 0, 0, 8]), 'jpeg');
image('JPEG that starts with a table', bytes([0xff, 0xd8, 0xff, 0xdb, 0, 67], zeros(65)), 'jpeg');
image(
  'PNG',
  bytes([0x89], 'PNG\r\n', [0x1a], '\n', u32be(13), 'IHDR', u32be(1), u32be(1), [8, 2, 0, 0, 0], u32be(0)),
  'png',
);
image(
  'BMP, 40-byte header',
  bytes(
    'BM',
    [70, 0, 0, 0],
    zeros(4),
    [54, 0, 0, 0],
    [40, 0, 0, 0],
    [2, 0, 0, 0],
    [2, 0, 0, 0],
    [1, 0, 24, 0],
    zeros(40),
  ),
  'bmp',
);
image(
  'BMP, 12-byte header',
  bytes('BM', [38, 0, 0, 0], zeros(4), [26, 0, 0, 0], [12, 0, 0, 0], [2, 0, 2, 0, 1, 0, 24, 0], zeros(12)),
  'bmp',
);
image('TIFF, little-endian', bytes('II*\0', [8, 0, 0, 0], zeros(16)), 'tiff');
image('TIFF, big-endian', bytes('MM\0*', [0, 0, 0, 8], zeros(16)), 'tiff');
image('WSQ', bytes([0xff, 0xa0, 0xff, 0xa4, 0, 58], zeros(56)), 'wsq');
image('WSQ with a comment', bytes([0xff, 0xa0, 0xff, 0xa8, 0, 10], 'NIST_COM'), 'wsq');
image('JP2', bytes(u32be(12), 'jP  \r\n', [0x87], '\n', ftyp('jp2 ', 'jp2 '), u32be(45), 'jp2h'), 'jp2');
image('JPEG 2000 codestream', bytes([0xff, 0x4f, 0xff, 0x51, 0, 47], zeros(45)), 'j2k');
image('WebP, lossy', riff('WEBP', 'VP8 ', zeros(20)), 'webp');
image('WebP, lossless', riff('WEBP', 'VP8L', zeros(20)), 'webp');
image('WebP, extended', riff('WEBP', 'VP8X', zeros(20)), 'webp');
image('HEIC', bytes(ftyp('heic', 'mif1', 'heic'), u32be(100), 'meta'), 'heic');
image('HEIF with a neutral major brand', bytes(ftyp('mif1', 'mif1', 'heic'), u32be(100), 'meta'), 'heic');
image('AVIF', bytes(ftyp('avif', 'avif', 'mif1', 'miaf'), u32be(100), 'meta'), 'avif');
image('GIF', bytes('GIF89a', [1, 0, 1, 0, 0x80, 0, 0], zeros(10)), 'gif');
image('GIF 87a', bytes('GIF87a', [1, 0, 1, 0, 0x80, 0, 0], zeros(10)), 'gif');
image('PDF', bytes('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n'), 'pdf');

video('AVI', riff('AVI ', 'LIST', [0xc0, 0, 0, 0], 'hdrl', 'avih', [56, 0, 0, 0], zeros(56)), 'avi');
video(
  'MP4',
  bytes(ftyp('isom', 'isom', 'iso2', 'avc1', 'mp41'), u32be(8), 'free', u32be(108), 'moov', zeros(100)),
  'mp4',
);
video('MP4, brand mp42', bytes(ftyp('mp42', 'mp42', 'isom'), u32be(108), 'moov', zeros(100)), 'mp4');
video('3GP', bytes(ftyp('3gp4', '3gp4', 'isom'), u32be(108), 'moov', zeros(100)), 'mp4');
video('QuickTime', bytes(ftyp('qt  ', 'qt  '), u32be(8), 'wide', u32be(108), 'mdat', zeros(100)), 'mov');
video(
  'MPEG program stream',
  bytes([0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1, 0, 1, 3, 0xf8], [0, 0, 1, 0xbb, 0, 18], zeros(40)),
  'mpg',
);
video(
  'Windows Media',
  bytes(
    [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c],
    [30, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 1, 2],
    zeros(20),
  ),
  'wmv',
);
video('Matroska', ebml('matroska'), 'mkv');
video('WebM', ebml('webm'), 'webm');
video(
  'RealMedia',
  bytes('.RMF', [0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5], 'PROP', u32be(50), zeros(50)),
  'rm',
);
video('Flash video', bytes('FLV', [1, 5, 0, 0, 0, 9, 0, 0, 0, 0], zeros(20)), 'flv');
video('Ogg', bytes('OggS', [0, 2], zeros(20), [1, 30], zeros(30)), 'ogg');

neither('nothing', bytes());
neither('one byte of a JPEG', bytes([0xff]));
neither('two bytes of a JPEG', bytes([0xff, 0xd8]));
neither('text', bytes('hello, world. this is not a picture'));
neither('HTML', bytes('<!DOCTYPE html><html><body>not found</body></html>'));
neither('ZIP', bytes('PK', [3, 4, 20, 0, 0, 0, 8, 0], zeros(40)));
neither('WAV', riff('WAVE', 'fmt ', [16, 0, 0, 0], zeros(16)));
neither('zeros', bytes(zeros(64)));
neither('text that starts with BM', bytes('BMW drivers and their photos of cars'));
neither('a JPEG after a line break', bytes([10, 0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF\0', zeros(9)));
neither('base64 of a JPEG', bytes('/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=='));
neither('data URL', bytes('data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=='));

export default cases;
