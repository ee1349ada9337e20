// A Redis Cluster of a test's own: processes of redis-server on loopback that hold all slots between them.
import assert from 'node:assert/strict';
import { freePort } from '../process.mjs';
import { eventually, startRedis } from './redis-server.mjs';

const SLOTS = 16_384;
const SETTINGS = [
  ['--cluster-enabled', 'yes'],
  ['--cluster-node-timeout', '1000'],
  ['--cluster-require-full-coverage', 'no'],
  ['--cluster-replica-validity-factor', '0'],
  ['--cluster-allow-replica-migration', 'no'],
  ['--repl-diskless-sync-delay', '0'],
];

/**
 * `primaries` share the slots evenly, in their order; each of `replicas` follows the primary of that index. `tls`: paths of
 * a certificate and its key, each node then also has `tlsUrl`.
 *
 * @returns {Promise<{nodes: any[], urls: string, all: () => Promise<void>}>} nodes as startRedis gives them, with `id`;
 *   `all` waits until every node finds that all is well
 */
export async function startCluster(t, { primaries = 3, replicas = [], settings = [], tls } = {}) {
  const nodes = await Promise.all(
    Array.from({ length: primaries + replicas.length }, async () => {
      const bus = await freePort();
      const tlsPort = tls ? await freePort() : null;
      const own = [
        '--cluster-port',
        String(bus),
        ...(tls ? [...tlsSettings(tls, tlsPort), '--tls-cluster', 'yes'] : []),
      ];
      const node = await startRedis(t, ...SETTINGS.flat(), ...own, ...settings.flat());
      return Object.assign(node, {
        bus,
        told: tlsPort ?? node.port,
        tlsUrl: `rediss://127.0.0.1:${tlsPort}`,
        id: await node.ask('CLUSTER', 'MYID'),
      });
    }),
  );
  const [first, ...others] = nodes;
  for (const { told, bus } of others) await first.ask('CLUSTER', 'MEET', '127.0.0.1', told, bus);
  for (let i = 0; i < primaries; ++i) {
    const from = Math.floor((SLOTS * i) / primaries);
    const to = Math.floor((SLOTS * (i + 1)) / primaries) - 1;
    await nodes[i].ask('CLUSTER', 'ADDSLOTSRANGE', from, to);
  }
  const all = async (count = nodes.length) => {
    for (const { ask } of nodes)
      await eventually(async () => assert.equal(await healthOf(ask), `ok ${count}`));
  };
  await all();
  for (let i = 0; i < replicas.length; ++i) {
    const { ask } = nodes[primaries + i];
    await eventually(() => ask('CLUSTER', 'REPLICATE', nodes[replicas[i]].id));
    await eventually(async () => assert.match(await ask('INFO', 'replication'), /master_link_status:up/));
  }
  return { nodes, urls: nodes.map(({ url }) => url).join(','), all };
}

/** Of a server that wants no client certificate. */
export function tlsSettings({ cert, key }, port) {
  const pairs = [
    ['--tls-port', String(port)],
    ['--tls-cert-file', cert],
    ['--tls-key-file', key],
    ['--tls-ca-cert-file', cert],
    ['--tls-auth-clients', 'no'],
  ];
  return pairs.flat();
}

async function healthOf(ask) {
  const info = await ask('CLUSTER', 'INFO');
  const [, state] = /cluster_state:(\w+)/.exec(info);
  const [, known] = /cluster_known_nodes:(\d+)/.exec(info);
  return `${state} ${known}`;
}
