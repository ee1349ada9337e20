// Slow clients for the proxy's bench, a process of its own: each sends one large form at a few bytes a second.
// node slow.mjs '{"port":1,"path":"/x","headers":{},"clients":500,"bytesPerSecond":1000,"bodyBytes":550000}'
// Prints "ready" once all are connected and sending; ends with its parent's signal.
import { once } from 'node:events';
import { connect } from 'node:net';

const { port, path, headers, clients, bytesPerSecond, bodyBytes } = JSON.parse(process.argv[2]);
const FIRST = 'typeId=21&format=json&img1=';
const PER_SECOND = 4;
const piece = Buffer.alloc(bytesPerSecond / PER_SECOND, 65);

const sockets = [];
for (let i = 0; i < clients; i += 1) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('data', (data) => process.stderr.write(`a slow client got ${data.latin1Slice(0, 200)}\n`));
  socket.on('error', (error) => process.stderr.write(`a slow client failed: ${error.code}\n`));
  // Each at an address of its own, or the proxy would give all of them one caller's share.
  const own = { 'Content-Length': bodyBytes, 'X-Forwarded-For': `10.0.${i >> 8}.${i & 255}` };
  const lines = Object.entries({ ...headers, ...own }).map((pair) => pair.join(': '));
  socket.write([`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...lines, '', FIRST].join('\r\n'));
  sockets.push(socket);
}
let turn = 0;
setInterval(
  () => {
    turn = (turn + 1) % 10;
    for (let i = turn; i < sockets.length; i += 10) sockets[i].write(piece);
  },
  1000 / PER_SECOND / 10,
);
setTimeout(() => process.stdout.write('ready\n'), 3000);
