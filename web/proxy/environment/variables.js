// The environment variables of the command `netocr-proxy` and what each is for.

/** Variable -> what it is for; the help text shows them. */
export const VARIABLES = Object.freeze({
  NETOCR_KEY: "the account's ocrKey (required)",
  NETOCR_SECRET: "the account's ocrSecret (required)",
  NETOCR_ALLOWED_ORIGINS: 'origins of the pages and apps that may call, separated by commas (required)',
  NETOCR_ALLOWED_HEADERS: 'request headers that pages of other origins may send besides, separated by commas',
  NETOCR_ALLOW_CREDENTIALS: "1: pages of other origins may call with credentials: 'include'",
  NETOCR_TOKEN_SECRET: 'what session tokens are signed with, at least 32 bytes (required)',
  NETOCR_TOKEN_SECRET_PREVIOUS: 'the one before it, still accepted while tokens of it are about',
  NETOCR_MINT_SECRET:
    'what a backend shows at POST /tokens of NETOCR_INTERNAL_PORT, at least 32 bytes; without it there is no such path',
  NETOCR_ALLOW_ANONYMOUS: '1: calls need no token (development only)',
  NETOCR_ALLOW_ANONYMOUS_ON_NETWORK: '1: even where HOST is not an address of this machine alone',
  NETOCR_ATTEMPTS:
    'how often one applicant may try an operation, as ATTEMPTS/SECONDS/BLOCKED SECONDS, or off (default 5/180/1800)',
  NETOCR_RATE_ADDRESS: 'calls from one address as EVENTS/SECONDS, or off (default 60/60)',
  NETOCR_RATE_TOKEN: 'calls with one token (default 30/60)',
  NETOCR_RATE_GLOBAL: 'calls in all (default 6000/60)',
  NETOCR_RATE_FAILED: 'calls without a good token from one address (default 60/60)',
  NETOCR_RATE_REFUSED: 'requests from one address for other paths or from other origins (default 60/60)',
  NETOCR_RATE_ON_STORE_FAILURE:
    'closed or open: whether calls are let in that nobody can count (default closed)',
  NETOCR_TRUST_PROXY: 'how many reverse proxies in front append to the address header (default 0)',
  NETOCR_ADDRESS_HEADER:
    "x-forwarded-for (default), forwarded, or the header in which the server in front sends the caller's address",
  REDIS_URL:
    'the Redis (of a Redis Cluster also several nodes, separated by commas) that several proxies share; else each has a ' +
    'memory of its own',
  NETOCR_REDIS_PREFIX: 'of every key in it (default netocr:)',
  NETOCR_REDIS_CA_FILE:
    'PEM file: who signed the certificate of Redis (rediss://), where the system does not know it',
  NETOCR_REDIS_CERT_FILE: 'PEM file: client certificate for Redis, where it wants one',
  NETOCR_REDIS_KEY_FILE: 'PEM file: the key of that certificate',
  NETOCR_RECEIPT_KEY: 'private key (P-256, PKCS #8 PEM) that signs receipts; without it there are none',
  NETOCR_WEBHOOK_URL: 'https URL of your backend that gets every receipt',
  NETOCR_REVEAL:
    'what pages may see of a reply, of verdict,score,signals,idCard,items,message, or none (default all)',
  PORT: 'port to listen on (default 8787)',
  HOST: 'address to listen on (default 127.0.0.1)',
  NETOCR_UPSTREAM: 'base URL of the service (default https://netocr.com)',
  NETOCR_SANDBOX: '1: NETOCR_UPSTREAM is the sandbox, whose scenarios are let through',
  NETOCR_MAX_CONNECTIONS: 'connections of clients at once, a quarter of them from one address (default 1024)',
  NETOCR_MAX_CALLS: 'calls to the service under way at once (default 768)',
  NETOCR_MAX_QUEUED: 'requests that may wait for one of them to end (default 128)',
  NETOCR_BREAKER: 'failures in a row/seconds of rest, or off: the circuit breaker (default 8/15)',
  NETOCR_INTERNAL_PORT:
    'port of /metrics, /tokens, /healthz and /readyz; without it only the last two, which are on PORT too',
  NETOCR_INTERNAL_HOST: 'address for it (default 127.0.0.1)',
  NETOCR_INTERNAL_HOSTS:
    'names by which it is asked, separated by commas, besides addresses and localhost (default none)',
  NETOCR_METRICS_PORT: 'old name of NETOCR_INTERNAL_PORT',
  NETOCR_METRICS_HOST: 'old name of NETOCR_INTERNAL_HOST',
  NETOCR_LOG_LEVEL: 'debug, info, warn, error or silent (default info)',
  NETOCR_DRAIN_SECONDS: 'how long it says that it is not ready before it ends (default 0)',
  NETOCR_GRACE_SECONDS: 'how long requests may take to end then (default 60)',
});
