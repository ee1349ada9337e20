// The proxy inside a Fastify app: `node examples/proxy/fastify.mjs`. Only the variables named below are read; the command's
// other ones do nothing here: pass the options.
import fastify from 'fastify';
import { createNodeProxyHandler, fastifyProxy } from 'netocr-proxy/node';

const handler = createNodeProxyHandler({
  key: process.env.NETOCR_KEY,
  secret: process.env.NETOCR_SECRET,
  upstream: process.env.NETOCR_UPSTREAM || undefined,
  tokenSecret: process.env.NETOCR_TOKEN_SECRET,
  allowedOrigins: (process.env.NETOCR_ALLOWED_ORIGINS ?? '').split(',').filter(Boolean),
  basePath: '/netocr',
  log: (record) => console.log(JSON.stringify(record)),
});

const app = fastify();
app.register(fastifyProxy, { handler, basePath: '/netocr' });
app.post('/echo', async (request) => request.body);

const address = await app.listen({ port: Number(process.env.PORT || 3000), host: '127.0.0.1' });
console.error(`listens on ${address}/netocr`);
