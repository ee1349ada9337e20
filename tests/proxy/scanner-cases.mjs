// Runs one body through a scanner in every way it can be cut into chunks and wants the same outcome from each.
import { ProxyError } from '../../web/proxy/errors.js';

/** 'json', 'xml' or 'none' (the format) when accepted, else the message of the refusal. */
export function outcome(createScanner, chunks) {
  const scanner = createScanner();
  try {
    for (const chunk of chunks) scanner.push(chunk);
    scanner.end();
    return scanner.format() ?? 'none';
  } catch (error) {
    if (!(error instanceof ProxyError) || error.code !== 'REQUEST_REFUSED') throw error;
    return `${error.status} ${error.message}`;
  }
}

/** The one outcome of all cuts; throws when two differ. */
export function outcomeOfAllCuts(createScanner, body) {
  const bytes = Buffer.from(body, 'latin1');
  const whole = outcome(createScanner, [bytes]);
  const single = outcome(
    createScanner,
    Array.from(bytes, (byte) => Uint8Array.of(byte)),
  );
  if (single !== whole) throw new Error(`byte by byte: ${single}; whole: ${whole}`);
  for (let at = 1; at < bytes.length; at += 1) {
    const cut = outcome(createScanner, [bytes.subarray(0, at), bytes.subarray(at)]);
    if (cut !== whole) throw new Error(`cut at ${at}: ${cut}; whole: ${whole}`);
  }
  return whole;
}

/** A deterministic generator of integers below n (mulberry32). */
export function randomInts(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) % n;
  };
}
