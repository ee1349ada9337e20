// The pictures and videos of these tests, and the calls that take them.
import { makeMp4 } from '../browser/videos.mjs';
import { makeJpeg, photoPixels } from '../fixtures/make-images.mjs';

export const photoA = makeJpeg(photoPixels(1800, 1350, 11));
export const photoB = makeJpeg(photoPixels(1350, 1800, 12));
export const video = makeMp4({ durationMs: 4000, bytes: 300_000 });

/** name of the core's operation -> how the client is asked for it with these pictures */
export const operationsOn = (a, b) => ({
  compareFaces: (client, options) => client.compareFaces(a, b, options),
  checkLiveness: (client, options) => client.checkLiveness(a, options),
  checkVideoLiveness: (client, options) => client.checkVideoLiveness(video, options),
  matchIdCard: (client, options) => client.matchIdCard(a, b, options),
  matchIdCardFile: (client, options) => client.matchIdCard(a, b, { ...options, transfer: 'file' }),
});
export const OPERATIONS = operationsOn(photoA, photoB);

/** Settles with what a promise is rejected with; fails when it is not. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}

/** A client that ends with the test. */
export function closing(t, client) {
  t.after(() => client.close());
  return client;
}
