import type { CreatedGateway } from './cloud.ts';
import type { JsonObject } from '@landbridge/client';
import type { IdcDevice } from './idc-device.ts';
import { strongNegotiation, type Negotiation } from './negotiation.ts';
import type { PeerConnection } from './swanctl-configuration.ts';
import type { Tenant } from './tenant.ts';

/** Local range of the cloud → ranges of the IDC, as in SecurityPolicyDatabases. */
export type Policies = Readonly<Record<string, readonly string[]>>;

export interface IdcConnectionOptions {
  readonly gateway: CreatedGateway;
  readonly vpcId: string;
  readonly idc: IdcDevice;
  /** Absent: destination routing. */
  readonly policies?: Policies;
  /** Ranges that the IDC sends into the tunnel. */
  readonly cloudRanges: readonly string[];
  readonly negotiation?: Negotiation;
  /** Of a device behind NAT, as others see it; else the device's own. */
  readonly publicAddress?: string;
  /** What the IDC device does differently, for faults. */
  readonly peer?: Partial<PeerConnection>;
  /** What CreateVpnConnection gets in addition. */
  readonly more?: JsonObject;
  /** Called, and waited for, right before CreateVpnConnection is. */
  readonly onCall?: () => unknown;
}

export interface IdcConnection {
  readonly connectionId: string;
  readonly customerGatewayId: string;
  readonly idc: IdcDevice;
  /** What the device was told, to tell it again after a restart. */
  readonly peer: PeerConnection;
  readonly cloudRanges: readonly string[];
}

/** Configures the IDC device, then creates customer gateway and tunnel; does not wait for the tunnel. */
export async function connectIdc(tenant: Tenant, options: IdcConnectionOptions): Promise<IdcConnection> {
  const { gateway, vpcId, idc, policies, negotiation = strongNegotiation } = options;
  const preSharedKey = `key of ${idc.name} and ${gateway.gatewayId}`;
  const peer = { ...peerConnection(options, preSharedKey, negotiation), ...options.peer };
  await idc.charon.load([peer]);
  await idc.routeIntoTunnel(...options.cloudRanges);
  const customerGatewayId = await tenant.cloud.createCustomerGateway(
    idc.name,
    options.publicAddress ?? idc.publicAddress,
  );
  await options.onCall?.();
  const connectionId = await tenant.cloud.createVpnConnection({
    gatewayId: gateway.gatewayId,
    customerGatewayId,
    vpcId,
    name: `to ${idc.name}`,
    preSharedKey,
    negotiation,
    ...(policies === undefined ? {} : { policies }),
    ...(options.more === undefined ? {} : { more: options.more }),
  });
  return { connectionId, customerGatewayId, idc, peer, cloudRanges: options.cloudRanges };
}

/** The mirror image of the tunnel at the IDC device, which only answers. */
function peerConnection(
  { gateway, idc, policies }: IdcConnectionOptions,
  preSharedKey: string,
  negotiation: Negotiation,
): PeerConnection {
  const everything = '0.0.0.0/0';
  const pairs = Object.entries(policies ?? { [everything]: [everything] }).flatMap(([cloudRange, idcRanges]) =>
    idcRanges.map((idcRange) => ({ localTs: idcRange, remoteTs: cloudRange })),
  );
  return {
    name: 'cloud',
    localAddress: idc.publicAddress,
    remoteAddress: gateway.publicAddress,
    preSharedKey,
    version: negotiation.version,
    aggressive: negotiation.aggressive ?? false,
    ikeProposals: negotiation.ikeProposals,
    espProposals: negotiation.espProposals,
    children: pairs.map((pair, index) => ({ name: `cloud-${index + 1}`, ...pair })),
  };
}
