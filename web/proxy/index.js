// Public entry of the proxy: web standards only, so that it also loads on edge runtimes. For Node see node.js.
export { DEFAULT_RATES } from './access.js';
export { DEFAULT_ATTEMPTS } from './attempts.js';
export { createFetchTransport } from './fetch-transport.js';
export { createProxyHandler } from './handler.js';
export { createJudge } from './judge.js';
export { createMintHandler } from './mint.js';
export { ROUTES } from './routes.js';
export { DEFAULT_LIMITS } from './settings.js';
export { createMemoryStore } from './state/memory.js';
export { StoreError } from './state/store.js';
export { mintToken } from './tokens.js';
export { ReceiptError, verifyReceipt } from './verify-receipt.js';

/** @typedef {import('./access.js').Rates} Rates */
/** @typedef {import('./attempts.js').AttemptOptions} AttemptOptions */
/** @typedef {import('./state/attempts.js').AttemptLimit} AttemptLimit */
/** @typedef {import('./routes.js').Operation} Operation */
/** @typedef {import('./routes.js').Route} Route */
/** @typedef {import('./settings.js').ProxyOptions} ProxyOptions */
/** @typedef {import('./settings.js').LogRecord} LogRecord */
/** @typedef {import('./settings.js').Limits} Limits */
/** @typedef {import('./fetch-transport.js').Transport} Transport */
/** @typedef {import('./fetch-transport.js').UpstreamCall} UpstreamCall */
/** @typedef {import('./fetch-transport.js').UpstreamReply} UpstreamReply */
/** @typedef {import('./state/store.js').StateStore} StateStore */
/** @typedef {import('./mint.js').MintHandlerOptions} MintHandlerOptions */
/** @typedef {import('./tokens.js').MintOptions} MintOptions */
/** @typedef {import('./reveal.js').ReplyPart} ReplyPart */
/** @typedef {import('./receipts.js').Receipt} Receipt */
/** @typedef {import('./receipts.js').ReceiptOptions} ReceiptOptions */
/** @typedef {import('./verify-receipt.js').VerifyOptions} VerifyOptions */
