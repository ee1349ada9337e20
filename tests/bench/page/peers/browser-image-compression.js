// browser-image-compression with its worker, whose script it would otherwise load from elsewhere.
import compress from '/modules/browser-image-compression/dist/browser-image-compression.mjs';

const LIBRARY = '/modules/browser-image-compression/dist/browser-image-compression.js';

export const init = async () => {};

export function prepare(photo, { maxBytes, maxEdge }) {
  return compress(new File([photo], 'photo', { type: photo.type }), {
    maxSizeMB: maxBytes / 1048576,
    maxWidthOrHeight: maxEdge,
    fileType: 'image/jpeg',
    useWebWorker: true,
    libURL: new URL(LIBRARY, location.origin).href,
  });
}
