// A competitor in a worker: the first message names it, each further one is a photo.
let peer;

self.onmessage = async ({ data }) => {
  try {
    if (data.url) {
      peer = await import(data.url);
      await peer.init();
      self.postMessage({ value: true });
    } else self.postMessage({ value: await peer.prepare(data.blob, data.budget) });
  } catch (error) {
    self.postMessage({ error: String(error?.message ?? error) || 'unknown error' });
  }
};
