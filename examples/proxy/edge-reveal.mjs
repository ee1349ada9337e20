// The proxy on an edge runtime, with NETOCR_REVEAL or receipts: they need the compiled core, which reads the service's
// replies. Deployment tools take the imported core.wasm along as a module of the worker, already compiled; edge runtimes
// compile no WebAssembly while they run. Everything else is as in edge.mjs.

import { createJudge } from 'netocr-proxy';
import { createEdgeProxy } from 'netocr-proxy/edge';
import createCore from 'netocr-wasm/core.mjs';
import wasm from 'netocr-wasm/core.wasm';

// Instantiated once, before the first request: a request that is cancelled then cannot leave the others waiting for it.
const judge = createJudge(async () => ({ createCore, wasm }));
await judge.ready();

export default createEdgeProxy({ judge });
