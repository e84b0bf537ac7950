import type { WireEspOptions, WireIkeOptions } from '@landbridge/catalogue/vpn/negotiation';
import type { JsonObject } from '@landbridge/client';
import { sortedPolicies } from './objects-of-site.ts';
import { Secret } from './secret.ts';
import type { Fields, FieldValue } from './site-object.ts';
import { wireNames } from './site-schema.ts';

/** A tunnel as DescribeVpnConnections shows it, as far as it is read. */
export interface WireVpnConnection {
  readonly VpnConnectionId: string;
  readonly VpnConnectionName: string;
  readonly CustomerGatewayId: string;
  readonly PreShareKey: string;
  readonly RouteType: string;
  readonly SecurityPolicyDatabaseSet: readonly {
    readonly LocalCidrBlock: string;
    readonly RemoteCidrBlock: readonly string[];
  }[];
  readonly IKEOptionsSpecification: WireIkeOptions;
  readonly IPSECOptionsSpecification: WireEspOptions;
  readonly EnableHealthCheck: boolean;
  readonly HealthCheckLocalIp: string;
  readonly HealthCheckRemoteIp: string;
  readonly HealthCheckConfig: Readonly<Record<string, unknown>>;
  readonly DpdEnable: number;
  readonly DpdTimeout: string;
  readonly DpdAction: string;
  readonly NegotiationType: string;
}

/** What a key is shown as to those who may not see it. */
const masked = '******';
const everything = '0.0.0.0/0';

/** What is read of a tunnel, by the fields of the file; its customer gateway is a reference, and is not among them. */
export function fieldsOfTunnel(tunnel: WireVpnConnection): Fields {
  const policies = tunnel.SecurityPolicyDatabaseSet.map(({ LocalCidrBlock: local, RemoteCidrBlock: remote }) => ({
    local,
    remote,
  }));
  const isOpen = policies.every(
    ({ local, remote }) => local === everything && remote.every((one) => one === everything),
  );
  const isSpd = tunnel.RouteType === 'Policy' && !isOpen;
  return {
    mode: isSpd ? 'spd' : 'route',
    policies: isSpd ? sortedPolicies(policies) : undefined,
    preSharedKey: tunnel.PreShareKey === masked ? undefined : new Secret(tunnel.PreShareKey),
    ...renamed('ike', wireNames.ike, tunnel.IKEOptionsSpecification),
    ...renamed('ipsec', wireNames.ipsec, tunnel.IPSECOptionsSpecification),
    initiation: tunnel.NegotiationType,
    'dpd.enabled': tunnel.DpdEnable === 1,
    'dpd.timeoutSeconds': Number(tunnel.DpdTimeout),
    'dpd.action': tunnel.DpdAction,
    'healthCheck.enabled': tunnel.EnableHealthCheck,
    'healthCheck.localAddress': address(tunnel.HealthCheckLocalIp),
    'healthCheck.remoteAddress': address(tunnel.HealthCheckRemoteIp),
    ...renamed('healthCheck', wireNames.probe, tunnel.HealthCheckConfig),
  };
}

/** `0.0.0.0` is none. */
function address(shown: string): string | undefined {
  return shown === '0.0.0.0' ? undefined : shown;
}

/** Empty texts are what is not there. */
function renamed(
  prefix: string,
  names: Readonly<Record<string, string>>,
  wire: Readonly<Record<string, unknown>>,
): Fields {
  const entries = Object.entries(names)
    .filter(([, name]) => wire[name] !== '' && wire[name] !== undefined)
    .map(([ours, name]) => [`${prefix}.${ours}`, wire[name] as FieldValue] as const);
  return Object.fromEntries(entries);
}

/** What CreateVpnConnection and ModifyVpnConnectionAttribute are told of these fields. */
export function tunnelParameters(fields: Fields): JsonObject {
  const { policies, preSharedKey, initiation } = fields;
  const blocks = {
    IKEOptionsSpecification: pick(fields, 'ike', wireNames.ike),
    IPSECOptionsSpecification: pick(fields, 'ipsec', wireNames.ipsec),
    HealthCheckConfig: pick(fields, 'healthCheck', wireNames.probe),
  };
  const dpdTimeout = fields['dpd.timeoutSeconds'];
  const dpdEnabled = fields['dpd.enabled'];
  const all: JsonObject = {
    SecurityPolicyDatabases: (policies as ReturnType<typeof sortedPolicies> | undefined)?.map(({ local, remote }) => ({
      LocalCidrBlock: local,
      RemoteCidrBlock: remote,
    })),
    PreShareKey: preSharedKey instanceof Secret ? preSharedKey.reveal() : undefined,
    NegotiationType: initiation,
    DpdEnable: dpdEnabled === undefined ? undefined : Number(dpdEnabled),
    DpdTimeout: typeof dpdTimeout === 'number' ? String(dpdTimeout) : undefined,
    DpdAction: fields['dpd.action'],
    EnableHealthCheck: fields['healthCheck.enabled'],
    HealthCheckLocalIp: fields['healthCheck.localAddress'],
    HealthCheckRemoteIp: fields['healthCheck.remoteAddress'],
    ...Object.fromEntries(Object.entries(blocks).filter(([, block]) => Object.keys(block).length > 0)),
  };
  return given(all);
}

function pick(fields: Fields, prefix: string, names: Readonly<Record<string, string>>): JsonObject {
  return given(Object.fromEntries(Object.entries(names).map(([ours, wire]) => [wire, fields[`${prefix}.${ours}`]])));
}

/** Without what is undefined. */
export function given(parameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}
