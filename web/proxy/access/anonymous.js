// Where calls without a token may be let in: on this machine's own addresses, where nobody else can spend the account.

/**
 * Throws a TypeError when a proxy that lets calls without a token in would listen to others, unless the operator has
 * said so twice.
 *
 * @param {{allowAnonymous?: boolean, allowAnonymousOnNetwork?: boolean}} options
 * @param {string | null} host name or address that is listened on; null when it is the Internet's in any case
 */
export function checkListening({ allowAnonymous = false, allowAnonymousOnNetwork = false }, host) {
  if (!allowAnonymous || allowAnonymousOnNetwork || (host !== null && isLoopback(host))) return;
  throw new TypeError(
    'with allowAnonymous (NETOCR_ALLOW_ANONYMOUS) the proxy listens on a loopback address only (HOST), because anybody ' +
      'who reaches it can spend the account: set allowAnonymousOnNetwork (NETOCR_ALLOW_ANONYMOUS_ON_NETWORK=1) as well ' +
      'when that is meant',
  );
}

/** @param {string} host */
function isLoopback(host) {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare)) return true;
  return URL.canParse(`http://[${bare}]`) && new URL(`http://[${bare}]`).hostname === '[::1]';
}
