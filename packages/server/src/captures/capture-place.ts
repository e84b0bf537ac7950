import type { IpAddress } from '@landbridge/net';
import type { CapturedId } from '../domain/operator/packet-capture.ts';
import { isResourceId, type VpnGatewayId } from '../domain/resource-id.ts';
import { netnsName, wan } from '../plan/names.ts';
import type { LinkPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';

/** Where packets are written down. */
export interface CapturePlace {
  readonly netns: string;
  readonly device: string;
  /** Of the packets there, those of this address alone are the owner's; null: all of them. */
  readonly ownAddress: IpAddress | null;
  /** Whose SAs carry what is captured; null: there are none. */
  readonly sas: CapturedSas | null;
}

export interface CapturedSas {
  readonly gatewayId: VpnGatewayId;
  /** Of one tunnel; null: of every tunnel of the gateway. */
  readonly ifId: number | null;
}

const ofTunnel = /^vpnx-[0-9a-z]{8}$/;
const ofGateway = /^vpngw-[0-9a-z]{8}$/;
const ofSubnet = /^subnet-[0-9a-z]{8}$/;

/** By the plans that are held here, whoever asks; undefined: no plan has such a thing. */
export function capturePlace(id: CapturedId, plans: Iterable<NetnsPlan>): CapturePlace | undefined {
  const kind = ofTunnel.test(id) ? 'tunnel' : ofSubnet.test(id) ? 'bridge' : undefined;
  if (kind === undefined && !ofGateway.test(id)) return undefined;
  for (const { key, links } of plans) {
    if (key === 'host') continue;
    const place = kind === undefined ? uplinkOf(id, key, links) : deviceOf(id, kind, key, links);
    if (place !== undefined) return place;
  }
  return undefined;
}

type OwnKey = Exclude<PlanKey, 'host'>;

function deviceOf(
  id: string,
  kind: 'tunnel' | 'bridge',
  key: OwnKey,
  links: readonly LinkPlan[],
): CapturePlace | undefined {
  const link = links.find((candidate) => candidate.name === id && candidate.kind === kind);
  if (link === undefined) return undefined;
  const isTunnel = link.kind === 'tunnel' && isResourceId('vpngw', key);
  const sas = isTunnel ? { gatewayId: key, ifId: link.ifId } : null;
  return { netns: netnsName(key), device: link.name, ownAddress: null, sas };
}

/** Others may be on the same segment. */
function uplinkOf(id: string, key: OwnKey, links: readonly LinkPlan[]): CapturePlace | undefined {
  if (key !== id || !isResourceId('vpngw', key)) return undefined;
  const address = links.find(({ name }) => name === wan)?.addresses[0]?.address;
  if (address === undefined) return undefined;
  const ownAddress = address.slice(0, address.indexOf('/')) as IpAddress;
  return { netns: netnsName(key), device: wan, ownAddress, sas: { gatewayId: key, ifId: null } };
}
