// HEIC by the browser's video decoder, with a stand-in for it: what it does wrong leaves the file to the named decoder, or
// is a typed error; whatever happens, the decoder and its frames are closed.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createClient } from '../../../web/client/node/index.js';
import { codeHevc, irot, makeHeic } from '../../fixtures/make-heic.mjs';
import { decodeJpeg, flatPixels } from '../../fixtures/make-images.mjs';
import { makeTiled } from '../../fixtures/tiled-pictures.mjs';
import { difference, turnedLeft } from '../../fixtures/turned-pixels.mjs';
import { closing, rejection } from '../photos.mjs';

const endpoint = 'http://127.0.0.1:1';
const heicDecoderUrl = new URL(
  '../../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs',
  import.meta.url,
);
const RED = [200, 40, 40];
const WIDTH = 256;
const HEIGHT = 192;
const TILE = [128, 96];

/** In HEVC, which the named decoder reads; the stand-in's frames are another picture, so that one sees whose it is. */
const hevc = makeHeic([{ coded: codeHevc(flatPixels(...TILE, RED), ['-p', 'chroma=420']) }]);
const {
  file: tiled,
  canvas,
  shown,
} = makeTiled({
  columns: 2,
  rows: 2,
  tile: TILE,
  fullRange: true,
  properties: [irot(1)],
});

afterEach(() => {
  for (const name of ['VideoDecoder', 'EncodedVideoChunk']) delete globalThis[name];
});

/** Frames in the order of the tiles, out of the canvas. */
function frameOf(index, format, { width = TILE[0], height = TILE[1] } = {}) {
  const left = (index % 2) * TILE[0];
  const top = Math.floor(index / 2) * TILE[1];
  /** A plane of the frame: rows of samples. */
  const plane = (at, stride, step) =>
    Array.from({ length: TILE[1] / step }, (_, y) => {
      const start = at + (top / step + y) * stride + left / step;
      return canvas.yuv.subarray(start, start + TILE[0] / step);
    });
  const quarter = (WIDTH * HEIGHT) / 4;
  const [y, cb, cr] = [
    plane(0, WIDTH, 1),
    plane(4 * quarter, WIDTH / 2, 2),
    plane(5 * quarter, WIDTH / 2, 2),
  ];
  const both = cb.map((row, i) => Buffer.from([...row].flatMap((sample, x) => [sample, cr[i][x]])));
  const planes = format === 'NV12' ? [y, both] : [y, cb, cr];
  return {
    format,
    visibleRect: { x: 0, y: 0, width, height },
    async copyTo(target, { layout }) {
      assert.equal(layout.length, planes.length);
      // As the standard's "compute layout" does it: whole strides, which end inside of the target.
      planes.forEach((rows, i) => {
        const { offset, stride } = layout[i];
        if (offset + stride * rows.length > target.length) throw new TypeError('the layout is out of bounds');
        for (const other of layout.slice(0, i)) {
          const end = other.offset + other.stride * (other === layout[0] ? TILE[1] : TILE[1] / 2);
          if (end > offset) throw new TypeError('the layout overlaps');
        }
        rows.forEach((row, k) => {
          target.set(row, offset + k * stride);
        });
      });
    },
  };
}

/**
 * A decoder that is installed until the test ends. `behave` may change each frame or drop it, and `more` any method.
 * @param {{behave?: (frame: any, index: number) => any, format?: string, more?: object, supports?: any}} [options]
 */
function install({ behave = (frame) => frame, format = 'I420', more = {}, supports = () => true } = {}) {
  const log = { made: 0, closed: 0, frames: 0, framesClosed: 0, codecs: [], chunks: [] };
  class StandIn {
    static async isConfigSupported(config) {
      log.codecs.push(config.codec);
      return { supported: await supports(config), config };
    }
    state = 'unconfigured';
    constructor({ output, error }) {
      log.made += 1;
      this.output = output;
      this.error = error;
      Object.assign(this, more);
    }
    configure() {
      this.state = 'configured';
    }
    decode(chunk) {
      const index = log.chunks.push(chunk) - 1;
      const made = behave({ ...frameOf(index, format), timestamp: chunk.timestamp }, index);
      for (const frame of [made].flat()) {
        if (!frame) continue;
        log.frames += 1;
        frame.close = () => {
          log.framesClosed += 1;
        };
        queueMicrotask(() => this.state !== 'closed' && this.output(frame));
      }
    }
    async flush() {}
    close() {
      log.closed += 1;
      this.state = 'closed';
    }
  }
  globalThis.VideoDecoder = StandIn;
  globalThis.EncodedVideoChunk = class {
    constructor(init) {
      assert.equal(init.type, 'key');
      Object.assign(this, init);
    }
  };
  return log;
}

const client = (t, more) => closing(t, createClient({ endpoint, workers: 0, ...more }));
const middle = ({ bytes }) => {
  const { width, height, rgb } = decodeJpeg(bytes);
  const at = 3 * ((height >> 1) * width + (width >> 1));
  return [...rgb.subarray(at, at + 3)];
};
const isRed = (color) => color.every((sample, i) => Math.abs(sample - RED[i]) < 8);

for (const format of ['I420', 'NV12']) {
  test(`frames in ${format} make the picture, and all is closed`, async (t) => {
    const log = install({ format });
    const fractions = [];
    const prepared = await client(t).prepareImage(tiled, {
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    assert.ok(difference(decodeJpeg(prepared.bytes), turnedLeft(shown)) < 2);
    assert.deepEqual([prepared.source.format, prepared.source.orientation], ['heic', 8]);
    assert.deepEqual([log.made, log.closed, log.frames, log.framesClosed], [1, 1, 4, 4]);
    assert.deepEqual(log.codecs, ['avc1.42E01E', 'avc1.42C00A']);
    assert.ok(fractions.length > 4 && fractions.every((value, i) => i === 0 || value >= fractions[i - 1]));
  });
}

for (const brand of ['avci', 'avcs']) {
  test(`AVC is asked for by the major brand ${brand} alone`, async (t) => {
    const file = Buffer.from(tiled);
    file.write(brand, 8, 'latin1');
    file.write('mif1', file.indexOf('avci', 12), 'latin1');
    const log = install();
    const prepared = await client(t).prepareImage(file);
    assert.equal(prepared.source.format, 'heic');
    assert.deepEqual(log.codecs, ['avc1.42E01E', 'avc1.42C00A']);
  });
}

test('a decoder of Main is asked where one of Main Still Picture is not there', async (t) => {
  const log = install({ supports: ({ codec }) => codec.startsWith('hvc1.1') });
  await client(t).prepareImage(hevc);
  assert.equal(log.codecs[0], 'hvc1.1.6.L93.B0');
  assert.match(log.codecs[1], /^hvc1\.3\.E\.L\d+/);
  assert.equal(log.codecs[2], log.codecs[1].replace('hvc1.3', 'hvc1.1'));
  assert.equal(log.chunks.length, 1);
});

const reject = (why) => () => {
  throw why;
};
/** What the decoder does; the picture is then not its own. */
const REFUSALS = {
  'it knows no HEVC': { supports: () => false },
  'it knows HEVC, but not this one': { supports: ({ description }) => !description },
  'asking it fails': { supports: reject(new TypeError('what?')) },
  'it cannot be configured': { more: { configure: reject(new Error('no')) } },
  'it refuses a part': { more: { decode: reject(new TypeError('no')) } },
  'it fails': {
    more: {
      async flush() {
        this.state = 'closed';
        this.error(new DOMException('hardware', 'EncodingError'));
        throw new DOMException('closed', 'AbortError');
      },
      decode() {},
    },
  },
  'it leaves parts out': { behave: () => null },
  'it gives a part twice': { behave: (frame) => [frame, { ...frame }] },
  'it gives what was not asked for': { behave: (frame) => ({ ...frame, timestamp: 1234 }) },
  'it gives BGRX': { format: 'BGRX' },
  'it gives 10 bits': { format: 'I420P10' },
  'it does not say the format': { format: null },
  'it gives another size': { behave: (frame) => ({ ...frame, visibleRect: { width: 128, height: 90 } }) },
  'its frames cannot be copied': {
    behave: (frame) => ({ ...frame, copyTo: async () => reject(new Error('gone'))() }),
  },
};
for (const [name, options] of Object.entries(REFUSALS)) {
  test(`${name}: the named decoder reads the file, or the error says what helps`, async (t) => {
    const log = install(options);
    assert.ok(isRed(middle(await client(t, { heicDecoderUrl }).prepareImage(hevc))));
    const error = await rejection(client(t).prepareImage(hevc));
    assert.equal(error.code, 'UNSUPPORTED_FORMAT');
    assert.match(error.detail, /set heicDecoderUrl.*'most compatible' in the camera settings/);
    await new Promise(setImmediate);
    assert.equal(log.framesClosed, log.frames);
    if (name !== 'it fails') assert.equal(log.closed, log.made);
  });
}

test('a decoder that is silent for five seconds is left', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked = Promise.withResolvers?.() ?? deferred();
  const log = install({ more: { decode: () => asked.resolve(), flush: () => new Promise(() => {}) } });
  const outcome = rejection(client(t).prepareImage(hevc));
  await asked.promise;
  t.mock.timers.tick(4999);
  await new Promise(setImmediate);
  assert.equal(log.closed, 0);
  t.mock.timers.tick(1);
  assert.equal((await outcome).code, 'UNSUPPORTED_FORMAT');
  assert.equal(log.closed, 1);
});

const never = () => new Promise(() => {});
for (const [name, isSilent] of Object.entries({
  'about HEVC': () => true,
  'about this HEVC': ({ description }) => description,
})) {
  test(`a browser that never answers ${name} is asked for five seconds`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let onSilence = () => {};
    const log = install({
      supports: (config) => {
        if (!isSilent(config)) return true;
        setImmediate(() => onSilence());
        return never();
      },
    });
    const silence = () =>
      new Promise((resolve) => {
        onSilence = () => resolve('silence');
      });
    let asked = silence();
    const outcome = rejection(client(t).prepareImage(hevc));
    const asks = [];
    while ((await Promise.race([asked, outcome])) === 'silence') {
      asked = silence();
      asks.push(log.codecs.at(-1));
      t.mock.timers.tick(4999);
      assert.equal(
        await Promise.race([outcome, new Promise((resolve) => setImmediate(resolve, 'waits'))]),
        'waits',
      );
      t.mock.timers.tick(1);
    }
    assert.equal((await outcome).code, 'UNSUPPORTED_FORMAT');
    assert.equal(asks.length, name === 'about HEVC' ? 1 : 2);
    assert.equal(log.made, 0);
  });
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

test('an abort ends the decoder at once', async (t) => {
  const asked = deferred();
  const log = install({ more: { decode: () => asked.resolve(), flush: () => new Promise(() => {}) } });
  const controller = new AbortController();
  const outcome = rejection(client(t).prepareImage(hevc, { signal: controller.signal }));
  await asked.promise;
  const reason = new Error('enough');
  controller.abort(reason);
  assert.equal(await outcome, reason);
  await new Promise(setImmediate);
  assert.equal(log.closed, 1);
});

test('image.heic: named-only asks no decoder of the browser, off asks none at all', async (t) => {
  const log = install();
  const named = client(t, { heicDecoderUrl, image: { heic: 'named-only' } });
  assert.ok(isRed(middle(await named.prepareImage(hevc))));
  const missing = await rejection(client(t, { image: { heic: 'named-only' } }).prepareImage(hevc));
  assert.equal(missing.code, 'UNSUPPORTED_FORMAT');
  assert.match(missing.detail, /image\.heic.*heicDecoderUrl/);
  const off = client(t, { heicDecoderUrl, image: { heic: 'off' } });
  for (const call of [() => off.prepareImage(hevc), () => named.prepareImage(hevc, { heic: 'off' })]) {
    const error = await rejection(call());
    assert.equal(error.code, 'UNSUPPORTED_FORMAT');
    assert.match(error.detail, /image\.heic.*camera settings/);
  }
  assert.deepEqual([log.codecs, log.made], [[], 0]);
  assert.equal((await rejection(named.prepareImage(hevc, { heic: 'always' }))).code, 'INVALID_ARGUMENT');
});

test('without the second module the named decoder reads the file', async (t) => {
  const log = install();
  const own = client(t, { heicDecoderUrl, codecsUrl: new URL('missing.wasm', import.meta.url) });
  assert.ok(isRed(middle(await own.prepareImage(hevc))));
  assert.equal(log.made, 0);
});

test('a file that is cut off is CORRUPT_IMAGE, and one that is too large never reaches a decoder', async (t) => {
  const log = install();
  const own = client(t);
  assert.equal((await rejection(own.prepareImage(hevc.subarray(0, -20)))).code, 'CORRUPT_IMAGE');
  assert.deepEqual((await own.inspectImage(hevc.subarray(0, -20))).warnings, ['truncated']);
  assert.deepEqual((await own.inspectImage(hevc)).warnings, []);
  const limits = { maxPixels: WIDTH * HEIGHT - 1 };
  assert.equal((await rejection(own.prepareImage(tiled, { limits }))).code, 'IMAGE_TOO_LARGE');
  assert.equal(log.made, 0);
});

test('two files at once have a decoder each', async (t) => {
  const log = install();
  const own = client(t);
  const both = await Promise.all([own.prepareImage(tiled), own.prepareImage(tiled)]).catch((error) => error);
  assert.ok(Array.isArray(both), both.detail);
  assert.deepEqual([log.made, log.closed], [2, 2]);
});
