// Public entry of the proxy: web standards only, so that it also loads on edge runtimes. For Node see node.js.
export { DEFAULT_RATES } from './access/access.js';
export { DEFAULT_ATTEMPTS } from './access/attempts.js';
export { createMintHandler } from './access/mint.js';
export { mintToken } from './access/tokens.js';
export { createProxyHandler } from './handler.js';
export { createJudge } from './receipts/judge.js';
export { ReceiptError, verifyReceipt } from './receipts/verify-receipt.js';
export { ROUTES } from './routes.js';
export { DEFAULT_LIMITS } from './settings.js';
export { createMemoryStore } from './state/memory.js';
export { StoreError } from './state/store.js';
export { createFetchTransport } from './upstream/fetch-transport.js';

/** @typedef {import('./access/access.js').Rates} Rates */
/** @typedef {import('./access/attempts.js').AttemptOptions} AttemptOptions */
/** @typedef {import('./state/attempts.js').AttemptLimit} AttemptLimit */
/** @typedef {import('./routes.js').Operation} Operation */
/** @typedef {import('./routes.js').Route} Route */
/** @typedef {import('./settings.js').ProxyOptions} ProxyOptions */
/** @typedef {import('./settings.js').LogRecord} LogRecord */
/** @typedef {import('./settings.js').Limits} Limits */
/** @typedef {import('./upstream/fetch-transport.js').Transport} Transport */
/** @typedef {import('./upstream/fetch-transport.js').UpstreamCall} UpstreamCall */
/** @typedef {import('./upstream/fetch-transport.js').UpstreamReply} UpstreamReply */
/** @typedef {import('./state/store.js').StateStore} StateStore */
/** @typedef {import('./access/mint.js').MintHandlerOptions} MintHandlerOptions */
/** @typedef {import('./access/tokens.js').MintOptions} MintOptions */
/** @typedef {import('./receipts/reveal.js').ReplyPart} ReplyPart */
/** @typedef {import('./receipts/receipts.js').Receipt} Receipt */
/** @typedef {import('./receipts/receipts.js').ReceiptOptions} ReceiptOptions */
/** @typedef {import('./receipts/verify-receipt.js').VerifyOptions} VerifyOptions */
