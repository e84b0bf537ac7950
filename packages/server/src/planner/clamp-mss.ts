/** IPv4 and TCP headers without options, bytes. */
const tcpIpHeaderBytes = 40;

/** Lines of nft: SYNs in both directions announce no more than what fits a device with this MTU. */
export function clampMss(device: string, mtu: number): string[] {
  const mss = mtu - tcpIpHeaderBytes;
  const syn = 'tcp flags & (syn | rst) == syn';
  return [
    `oifname "${device}" ${syn} tcp option maxseg size set rt mtu`,
    `iifname "${device}" ${syn} tcp option maxseg size > ${mss} tcp option maxseg size set ${mss}`,
  ];
}
