// Where the files go: the proxy's address, what it says about itself, the scenarios of a sandbox.

/**
 * The proxy's address: `?endpoint=` of the page's address, else `/netocr` on this server.
 * @param {Location | URL} location
 * @returns {{endpoint: string, elsewhere: boolean} | null}  null when `?endpoint=` is no web address
 */
export function endpointOf(location) {
  const given = new URLSearchParams(location.search).get('endpoint') ?? '/netocr';
  /** @type {URL} */
  let url;
  try {
    url = new URL(given, location.href);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (url.username || url.password) return null;
  return {
    endpoint: (url.origin + url.pathname).replace(/\/+$/, ''),
    elsewhere: url.origin !== location.origin,
  };
}

/**
 * @param {string} endpoint
 * @returns {Promise<{reached: boolean, sandbox: boolean, scenarios: any[]}>}  never rejects
 */
export async function askProxy(endpoint) {
  const info = await getJson(`${endpoint}/info`);
  if (!info) return { reached: false, sandbox: false, scenarios: [] };
  if (!info.sandbox) return { reached: true, sandbox: false, scenarios: [] };
  const answer = await getJson(`${endpoint}/sandbox/scenarios`);
  const scenarios = Array.isArray(answer) ? answer : (answer?.scenarios ?? []);
  return { reached: true, sandbox: true, scenarios };
}

/** @param {string} url */
async function getJson(url) {
  try {
    const reply = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store' });
    return reply.ok ? await reply.json() : null;
  } catch {
    return null;
  }
}
