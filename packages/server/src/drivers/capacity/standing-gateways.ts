import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import { netnsName } from '../../plan/names.ts';
import { runFolder } from '../gateway-paths.ts';
import { readIp, type Kernel } from '../kernel.ts';
import type { KnownGateway } from './running-gateways.ts';

/** For who has no plans: gateways by the folders of their daemons, tunnels by their devices. */
export async function findStandingGateways(kernel: Kernel, dataDir: string): Promise<KnownGateway[]> {
  const folder = runFolder(dataDir);
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const gateways = names.filter((name): name is VpnGatewayId => name.startsWith('vpngw-'));
  return Promise.all(
    gateways.map(async (id) => ({ runDirectory: join(folder, id), tunnels: await countTunnels(kernel, id) })),
  );
}

async function countTunnels(kernel: Kernel, id: VpnGatewayId): Promise<number> {
  const [links = []] = await readIp(kernel, netnsName(id), ['link show']).catch(() => []);
  return (links as readonly { readonly ifname?: string }[]).filter(({ ifname }) => ifname?.startsWith('vpnx-')).length;
}
