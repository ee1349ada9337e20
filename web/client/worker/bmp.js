// Pixels of a decoder outside of our modules -> a file that the core reads: the simplest one there is.

const FILE_HEADER = 14;
const V5_HEADER = 124;
const BI_BITFIELDS = 3;
const SRGB = 0x73524742;
const PROFILE_EMBEDDED = 0x4d424544;

/**
 * A BMP of 32 bits a pixel with an alpha mask.
 * @param {import('./types.js').Pixels} pixels
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function wrapPixels({ rgba, width, height, profile }) {
  const profileAt = FILE_HEADER + V5_HEADER;
  const start = profileAt + (profile?.length ?? 0);
  const file = new Uint8Array(start + width * height * 4);
  const view = new DataView(file.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, file.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, V5_HEADER, true);
  view.setInt32(18, width, true);
  view.setInt32(22, -height, true); // top to bottom
  view.setUint16(26, 1, true);
  view.setUint16(28, 32, true);
  view.setUint32(30, BI_BITFIELDS, true);
  for (const [index, mask] of [0xff, 0xff00, 0xff0000, 0xff000000].entries()) {
    view.setUint32(54 + index * 4, mask, true);
  }
  view.setUint32(70, profile ? PROFILE_EMBEDDED : SRGB, true);
  if (profile) {
    view.setUint32(126, V5_HEADER, true); // counted from the second header
    view.setUint32(130, profile.length, true);
    file.set(profile, profileAt);
  }
  file.set(rgba, start);
  return file;
}
