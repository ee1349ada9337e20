// The proxy inside an Express app: `node examples/proxy/express.mjs`, with the variables of the command in the environment.
import express from 'express';
import { createMiddleware, createNodeProxyHandler } from 'netocr-wasm/proxy/node';

const proxy = createNodeProxyHandler({
  key: process.env.NETOCR_KEY,
  secret: process.env.NETOCR_SECRET,
  upstream: process.env.NETOCR_UPSTREAM || undefined,
  tokenSecret: process.env.NETOCR_TOKEN_SECRET,
  allowedOrigins: [process.env.NETOCR_ALLOWED_ORIGINS],
  basePath: '/netocr',
  log: (record) => console.log(JSON.stringify(record)),
});

const app = express();
app.use('/netocr', createMiddleware(proxy)); // before anything that reads bodies
app.use(express.json());
app.post('/echo', (request, response) => response.json(request.body));

const server = app.listen(Number(process.env.PORT || 3000), '127.0.0.1', () => {
  console.error(`listens on http://127.0.0.1:${server.address().port}/netocr`);
});
