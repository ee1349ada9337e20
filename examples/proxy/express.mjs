// The proxy inside an Express app: `node examples/proxy/express.mjs`. It reads NETOCR_KEY, NETOCR_SECRET,
// NETOCR_TOKEN_SECRET, NETOCR_ALLOWED_ORIGINS, NETOCR_UPSTREAM, NETOCR_MINT_SECRET, NETOCR_INTERNAL_PORT and PORT. The
// command's other variables (NETOCR_REVEAL, NETOCR_RECEIPT_KEY, NETOCR_ATTEMPTS, ...) do nothing here: pass the options.
import express from 'express';
import { createMintHandler } from 'netocr-proxy';
import { createMiddleware, createNodeProxyHandler } from 'netocr-proxy/node';

const common = {
  tokenSecret: process.env.NETOCR_TOKEN_SECRET,
  allowedOrigins: (process.env.NETOCR_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean),
  log: (record) => console.log(JSON.stringify(record)),
};
const proxy = createNodeProxyHandler({
  ...common,
  key: process.env.NETOCR_KEY,
  secret: process.env.NETOCR_SECRET,
  upstream: process.env.NETOCR_UPSTREAM || undefined,
  basePath: '/netocr',
});

const app = express();
app.use('/netocr', createMiddleware(proxy)); // before anything that reads bodies
app.use(express.json());
app.post('/echo', (request, response) => response.json(request.body));

// For a backend in another language, on a port that pages do not reach. In Node call mintToken() instead.
const mintSecret = process.env.NETOCR_MINT_SECRET;
if (mintSecret) {
  const mint = createMintHandler({ ...common, mintSecret, path: '/tokens' });
  const internal = express().post('/tokens', createMiddleware(mint));
  internal.listen(Number(process.env.NETOCR_INTERNAL_PORT || 9100), '127.0.0.1');
}

const server = app.listen(Number(process.env.PORT || 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.error(`listens on http://127.0.0.1:${server.address().port}/netocr`);
});
