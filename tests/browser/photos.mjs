// Photos as phones make them: 12 megapixels, some grain, sideways with an EXIF orientation. Drawn and encoded by the
// browser, so that the decoder under test is not tested against itself.

/** Colours of the corners of the stored picture, clockwise from the top left. */
export const kCorners = [
  [200, 40, 40],
  [40, 160, 60],
  [240, 240, 240],
  [40, 70, 200],
];

/**
 * @param {import('playwright-core').Page} page  any page: it only lends its canvas
 * @param {{seed: number, width?: number, height?: number}} options
 * @returns {Promise<Buffer>}  a baseline JPEG of quality 0.92
 */
export async function drawPhoto(page, { seed, width = 4000, height = 3000 }) {
  const base64 = await page.evaluate(
    async ({ seed, width, height, corners }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      const sky = context.createLinearGradient(0, 0, width, height);
      sky.addColorStop(0, `hsl(${(seed * 67) % 360} 45% 70%)`);
      sky.addColorStop(1, `hsl(${(seed * 67 + 120) % 360} 45% 35%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = `hsl(${(seed * 31) % 60} 50% 65%)`;
      context.beginPath();
      context.ellipse(width / 2, height / 2, width / 6, height / 3, 0, 0, Math.PI * 2);
      context.fill();
      const picture = context.getImageData(0, 0, width, height);
      let state = seed;
      for (let i = 0; i < picture.data.length; i += 4) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const grain = (state >>> 28) - 8;
        picture.data[i] += grain;
        picture.data[i + 1] += grain;
        picture.data[i + 2] += grain;
      }
      context.putImageData(picture, 0, 0);
      const side = Math.round(width / 8);
      const places = [
        [0, 0],
        [width - side, 0],
        [width - side, height - side],
        [0, height - side],
      ];
      corners.forEach(([r, g, b], i) => {
        context.fillStyle = `rgb(${r} ${g} ${b})`;
        context.fillRect(places[i][0], places[i][1], side, side);
      });
      const bytes = new Uint8Array(
        await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })).arrayBuffer(),
      );
      let text = '';
      for (let at = 0; at < bytes.length; at += 0x8000)
        text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
      return btoa(text);
    },
    { seed, width, height, corners: kCorners },
  );
  return Buffer.from(base64, 'base64');
}

/**
 * The JPEG with an EXIF segment right after its first marker: big endian, one entry, Orientation (0x0112), and a marker
 * text that must never be found in what is sent.
 * @param {Buffer} jpeg
 * @param {number} orientation
 * @param {string} secret
 */
export function withExif(jpeg, orientation, secret = '') {
  const entry = Buffer.from([0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, orientation, 0x00, 0x00]);
  const tiff = Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    Buffer.from([0x00, 0x01]),
    entry,
    Buffer.alloc(4),
    Buffer.from(secret, 'latin1'),
  ]);
  const payload = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const marker = Buffer.from([0xff, 0xe1, (payload.length + 2) >> 8, (payload.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), marker, payload, jpeg.subarray(2)]);
}
