import { meanDelayMs, type Tally } from '../../../domain/operator/history.ts';
import type { VpnGateway } from '../../../domain/vpn/vpn-gateway.ts';

/** Undefined: it is not known of that time. */
export type ReadMetric = (tally: Tally, gateway: VpnGateway) => number | undefined;

interface Namespace {
  readonly name: string;
  readonly dimension: string;
  /** What ids of the dimension begin with. */
  readonly prefix: 'vpngw-' | 'vpnx-';
  readonly metrics: Readonly<Record<string, ReadMetric>>;
}

const perSecond =
  (field: 'inBytes' | 'outBytes' | 'inPackets' | 'outPackets'): ReadMetric =>
  ({ countedMs, ...tally }) =>
    countedMs === 0 ? undefined : tally[field] / (countedMs / 1000);
const megabits =
  (field: 'inBytes' | 'outBytes'): ReadMetric =>
  (tally, gateway) => {
    const bytes = perSecond(field)(tally, gateway);
    return bytes === undefined ? undefined : (bytes * 8) / 1e6;
  };
const usageRate: ReadMetric = (tally, gateway) => {
  const out = megabits('outBytes')(tally, gateway);
  return out === undefined ? undefined : (out / gateway.bandwidthMbps) * 100;
};
const packetDrop: ReadMetric = ({ probesSent, probesLost }) =>
  probesSent === 0 ? undefined : (probesLost / probesSent) * 100;
const disconnected: ReadMetric = ({ watchedMs, connectedMs }) =>
  watchedMs === 0 ? undefined : 1 - connectedMs / watchedMs;

/** Names and units of the vendor's pages (docs/spec/semantics.md section 15). */
export const namespaces: readonly Namespace[] = [
  {
    name: 'QCE/VPNGW',
    dimension: 'vpnGwId',
    prefix: 'vpngw-',
    metrics: {
      InBandwidth: megabits('inBytes'),
      OutBandwidth: megabits('outBytes'),
      Inpkg: perSecond('inPackets'),
      Outpkg: perSecond('outPackets'),
      VpnBandwidthUsageRate: usageRate,
    },
  },
  {
    name: 'QCE/VPNX',
    dimension: 'vpnConnId',
    prefix: 'vpnx-',
    metrics: {
      InBandwidth: megabits('inBytes'),
      OutBandwidth: megabits('outBytes'),
      InPkg: perSecond('inPackets'),
      OutPkg: perSecond('outPackets'),
      PkgDrop: packetDrop,
      Delay: (tally) => meanDelayMs(tally) ?? undefined,
      Disconnected: disconnected,
    },
  },
];
