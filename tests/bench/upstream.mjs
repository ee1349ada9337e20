// The upstream of the proxy's benchmark, in its own process: the sandbox, or a server that reads and drops.
import { createServer } from 'node:http';
import { startSandbox } from '../../web/sandbox/node.js';

const REPLY = '{"messageString":{"status":"2000","value":"成功"},"infoList":[]}';

async function startSink() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.setHeader('content-length', Buffer.byteLength(REPLY));
      response.end(REPLY);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return server.address().port;
}

const port = process.argv[2] === 'sandbox' ? (await startSandbox()).port : await startSink();
process.stdout.write(`${port}\n`);
