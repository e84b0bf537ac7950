/** What ids of resources begin with; 8 lower-case letters or digits follow (docs/spec/semantics.md section 1). */
export const resourcePrefixes = [
  ...(['vpc', 'subnet', 'rtb', 'rti', 'vpngw', 'cgw', 'vpnx', 'vpnr', 'ccn', 'ccnr', 'ccnrtb'] as const),
  ...(['dcg', 'dcr', 'fcr', 'hook', 'pcap'] as const),
] as const;

export type ResourcePrefix = (typeof resourcePrefixes)[number];

export type ResourceId<P extends ResourcePrefix = ResourcePrefix> = `${P}-${string}`;
export type VpcId = ResourceId<'vpc'>;
export type SubnetId = ResourceId<'subnet'>;
export type RouteTableId = ResourceId<'rtb'>;
export type RouteItemId = ResourceId<'rti'>;
export type VpnGatewayId = ResourceId<'vpngw'>;
export type CustomerGatewayId = ResourceId<'cgw'>;
export type VpnConnectionId = ResourceId<'vpnx'>;
export type VpnGatewayRouteId = ResourceId<'vpnr'>;
export type CcnId = ResourceId<'ccn'>;
export type CcnRouteId = ResourceId<'ccnr'>;
export type CcnRouteTableId = ResourceId<'ccnrtb'>;
export type DirectConnectGatewayId = ResourceId<'dcg'>;
export type DirectConnectRangeId = ResourceId<'dcr'>;
export type CaptureId = ResourceId<'pcap'>;

const suffixPattern = /^[0-9a-z]{8}$/;

/** True when the text is `<prefix>-` and 8 lower-case letters or digits. */
export function isResourceId<P extends ResourcePrefix>(prefix: P, text: string): text is ResourceId<P> {
  return text.startsWith(`${prefix}-`) && suffixPattern.test(text.slice(prefix.length + 1));
}
