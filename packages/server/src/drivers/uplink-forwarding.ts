import { realNetns, type Kernel } from './kernel.ts';
import { chainsOf } from './nft.ts';
import { forwardingChains } from '../plan/names.ts';
import { readSysctls } from './sysctl.ts';
import type { UplinkForwarding } from '../plan/facts.ts';

/** What the kernel says about forwarding from the uplink's interface; false where it says nothing. */
export interface ForwardingFacts {
  /** `net.ipv4.ip_forward`, which is never set here. */
  readonly everywhere: boolean;
  readonly fromUplink: boolean;
  /** From one of our gateways, which only a plan of ours switches on. */
  readonly fromGateway: boolean;
  /** Of our table in the host's namespace. */
  readonly chains: readonly string[];
}

/**
 * Whose will it is that the host forwards what comes in by the uplink. The kernel itself remembers, as long as it remembers the
 * setting: a chain of our table says what was found before it was touched (planner/host.ts).
 */
export function judgeForwarding({ everywhere, fromUplink, fromGateway, chains }: ForwardingFacts): UplinkForwarding {
  if (everywhere) return 'operator';
  if (!fromUplink) return 'ours';
  if (chains.includes(forwardingChains.ours)) return 'ours';
  if (chains.includes(forwardingChains.operator)) return 'operator';
  // Without a mark: a version that left none was at work, or nobody of us.
  return fromGateway ? 'ours' : 'operator';
}

/** @param uplink the device, as sysctl(8) spells it. @param gateways devices of ours. */
export async function readUplinkForwarding(
  kernel: Kernel,
  uplink: string,
  gateways: readonly string[],
  signal?: AbortSignal,
): Promise<UplinkForwarding> {
  const forwarding = (device: string) => `net.ipv4.conf.${device}.forwarding`;
  const names = ['net.ipv4.ip_forward', ...[uplink, ...gateways].map(forwarding)];
  const [values, answer] = await Promise.all([
    readSysctls(kernel, null, names, signal),
    kernel.netnsd.listNft(realNetns(kernel, null), 'list chains inet', signal),
  ]);
  const isOn = (name: string) => values.get(name)?.trim() === '1';
  return judgeForwarding({
    everywhere: isOn('net.ipv4.ip_forward'),
    fromUplink: isOn(forwarding(uplink)),
    fromGateway: gateways.some((device) => isOn(forwarding(device))),
    chains: chainsOf(JSON.parse(answer)),
  });
}
