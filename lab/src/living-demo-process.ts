import type { Credential } from '@landbridge/client';
import { textAt, type Cloud } from './cloud.ts';
import { describeFailure } from './describe-failure.ts';
import type { LivingDemoMessage } from './living-demo-messages.ts';
import { beginTraffic, startLivingNetwork } from './living-network.ts';
import { relay } from './relay.ts';
import { tellParent } from './tell-parent.ts';

// A program of its own, `living-demo-process.ts SOCKET`, started by living-demo.ts in the lab's host namespace: whoever connects to the socket,
// a file, comes to the server there. It stays until it is ended.

const [, , path = ''] = process.argv;

const tell = (message: LivingDemoMessage): Promise<void> => tellParent(message);

async function open(): Promise<void> {
  const network = await startLivingNetwork((line) => void tell({ kind: 'progress', line }));
  beginTraffic(network);
  const { cloud, server } = network.world;
  const { hostname, port } = new URL((await server.endpoint()).url);
  await relay({ path }, { host: hostname, port: Number(port) });
  await tell({ kind: 'open', key: await makeVisitorsKey(cloud) });
}

/** Another key of the account whose network it is, which is the administrator's. */
async function makeVisitorsKey(cloud: Cloud): Promise<Credential> {
  const keys = await cloud.call('DescribeAccessKeys', {}, 'landbridge');
  return cloud.createAccount(textAt(keys, 'AccessKeySet', 0, 'AccountName'));
}

try {
  await open();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  await tell({ kind: 'failure', message, state: await describeFailure() });
  process.exit(1);
}
