// What a JPEG's first bytes say: its size as stored and its EXIF orientation.

const HEAD_BYTES = 256 * 1024;

/**
 * @param {Blob} photo
 * @returns {Promise<{width: number, height: number, orientation: number} | null>} null for anything but a JPEG
 */
export async function readJpegHead(photo) {
  const view = new DataView(await photo.slice(0, HEAD_BYTES).arrayBuffer());
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let orientation = 1;
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (marker === 0xe1) orientation = orientationIn(view, at + 4, length - 2) ?? orientation;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), orientation };
    at += marker === 0xff ? 1 : 2 + length;
  }
  return null;
}

/**
 * @param {DataView} view @param {number} at of the segment's contents @param {number} length
 * @returns {number | null} 1..8
 */
function orientationIn(view, at, length) {
  const end = Math.min(at + length, view.byteLength);
  if (end - at < 14 || view.getUint32(at) !== 0x45786966) return null; // "Exif"
  const tiff = at + 6;
  const isLittle = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, isLittle);
  if (directory + 2 > end) return null;
  const count = view.getUint16(directory, isLittle);
  for (let entry = directory + 2; entry < directory + 2 + 12 * count && entry + 12 <= end; entry += 12) {
    if (view.getUint16(entry, isLittle) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, isLittle);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
