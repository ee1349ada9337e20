// One connection to one Redis server. It is watched: a server that stops answering, or a way to it that swallows
// everything, is noticed by a ping and not by the first call of a person.
import { explain } from './redis-faults.js';
import { readTlsFiles } from './redis-servers.js';

/**
 * What is used of @redis/client.
 *
 * @typedef {object} Client
 * @property {() => Promise<unknown>} connect
 * @property {(args: string[]) => Promise<unknown>} sendCommand
 * @property {(event: string, listener: (error: Error) => void) => unknown} on
 * @property {() => void} destroy
 */

/** @typedef {{createClient: (options: any) => Client}} RedisLibrary */

/**
 * @typedef {object} Times
 * @property {number} answerMs how long a call, or making a connection, may take
 * @property {number} pingMs between two pings of a connection
 */

/**
 * @typedef {object} Connection
 * @property {(args: string[], options?: {isAsking?: boolean}) => Promise<unknown>} send rejects with Redis's own
 *   error, or as soon as the connection is gone. `isAsking`: to a node of a cluster that is taking the slot over
 * @property {Promise<import('./store.js').StoreError>} lost resolves with the reason when the connection is gone
 * @property {() => void} close
 */

const MAX_WAITING = 10_000;

/**
 * Rejects with a StoreError.
 *
 * @param {RedisLibrary} library
 * @param {import('./redis-servers.js').Address} address
 * @param {import('./redis-servers.js').Access} access
 * @param {Times} times
 * @returns {Promise<Connection>}
 */
export async function connect(library, address, access, times) {
  const client = library.createClient(clientOptions(address, await readOptions(access), times));
  const lost = new Promise((resolve) => client.on('error', resolve));
  const connecting = client.connect();
  try {
    await within(connecting, times.answerMs);
  } catch (error) {
    client.destroy();
    // It may succeed all the same, when the time was over in the middle of it.
    connecting.then(
      () => client.destroy(),
      () => {},
    );
    throw explain(error);
  }
  return watch(client, lost, times);
}

/** @param {import('./redis-servers.js').Access} access */
async function readOptions({ username, password, database, isTls, files }) {
  // Checked whatever the environment says (NODE_TLS_REJECT_UNAUTHORIZED).
  const tls = isTls ? { tls: true, rejectUnauthorized: true, ...(await readTlsFiles(files)) } : {};
  return { username, password, database, tls };
}

/**
 * @param {import('./redis-servers.js').Address} address
 * @param {{username?: string, password?: string, database: number, tls: object}} access
 * @param {Times} times
 */
function clientOptions({ host, port }, { tls, ...login }, { answerMs }) {
  return {
    ...login,
    RESP: 2,
    maintNotifications: 'disabled',
    disableClientInfo: true, // it would need one more right
    // A call must not wait for a connection, nor be sent late: nobody waits for it any more.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING,
    commandOptions: { timeout: answerMs },
    // redis-link.js makes the next connection.
    socket: { host, port, ...tls, connectTimeout: answerMs, reconnectStrategy: false },
  };
}

/**
 * @param {Client} client
 * @param {Promise<Error>} failed resolves with the client's first error
 * @param {Times} times
 * @returns {Connection}
 */
function watch(client, failed, { answerMs, pingMs }) {
  /** @type {import('./store.js').StoreError | undefined} */
  let loss;
  /** @type {(error: unknown) => void} */
  let lose = () => {};
  const lost = new Promise((resolve) => {
    lose = (error) => {
      loss ??= explain(error, 'the connection to Redis is gone');
      resolve(loss);
    };
  });
  let isPinging = false;
  const timer = setInterval(async () => {
    if (isPinging) return;
    isPinging = true;
    // Redis's own errors are answers too; a lost connection has said so by itself.
    const answer = client.sendCommand(['PING']).catch(() => {});
    await within(answer, answerMs).catch(lose);
    isPinging = false;
  }, pingMs);
  timer.unref();
  failed.then(lose);
  lost.then(() => {
    clearInterval(timer);
    client.destroy();
  });

  return {
    async send(args, { isAsking = false } = {}) {
      try {
        // One after the other on the wire: both are written in the same moment.
        const [, reply] = await Promise.all([
          isAsking ? client.sendCommand(['ASKING']) : null,
          client.sendCommand(args),
        ]);
        return reply;
      } catch (error) {
        // A primary that became a replica: its name may lead to the new one by now.
        if (/^READONLY /.test(/** @type {Error} */ (error).message)) lose(error);
        throw loss ?? error;
      }
    },
    lost,
    close: () => lose(new Error('closed')),
  };
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @returns {Promise<T>} rejects with a TimeoutError when it takes longer
 */
export function within(promise, ms) {
  return new Promise((resolve, reject) => {
    // One more look at the sockets: after a busy moment of this process the answer may lie there unread.
    const timer = setTimeout(() => setImmediate(() => reject(timeout())), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @returns {Error} */
function timeout() {
  return Object.assign(new Error('no answer in time'), { name: 'TimeoutError', code: 'TIMEOUT' });
}
