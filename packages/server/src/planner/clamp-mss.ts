import { deviceSet } from './device-set.ts';

/** IPv4 and TCP headers without options, bytes. */
const tcpIpHeaderBytes = 40;

const syn = 'tcp flags & (syn | rst) == syn';

/** Lines of nft: SYNs in both directions announce no more than what fits these devices with their MTUs. */
export function clampMss(devices: readonly { readonly name: string; readonly mtu: number }[]): string[] {
  if (devices.length === 0) return [];
  const setOf = (all: typeof devices): string => deviceSet(all.map(({ name }) => name));
  const byMtu = Map.groupBy(devices, ({ mtu }) => mtu);
  return [
    `${syn} oifname ${setOf(devices)} tcp option maxseg size set rt mtu`,
    ...[...byMtu].map(([mtu, alike]) => {
      const mss = mtu - tcpIpHeaderBytes;
      return `${syn} iifname ${setOf(alike)} tcp option maxseg size > ${mss} tcp option maxseg size set ${mss}`;
    }),
  ];
}
