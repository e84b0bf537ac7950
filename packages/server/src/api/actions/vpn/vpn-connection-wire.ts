import type { RequestOf } from '@landbridge/catalogue/action-definition';
import type { vpnConnectionActions, WireVpnConnection } from '@landbridge/catalogue/vpn/vpn-connections';
import type { IpAddress } from '@landbridge/net';
import type { GivenPolicies } from '../../../domain/vpn/forwarding-mode.ts';
import type { DpdOptions, HealthCheck, SecurityPolicyEntry } from '../../../domain/vpn/vpn-connection.ts';
import type { NegotiationPatch, VpnConnectionView } from '../../../services/vpn/vpn-connections.ts';
import { reject } from '../../protocol/api-error.ts';
import { readNegotiationType, wireNegotiationType, wireRouteType } from './forwarding-wire.ts';
import { readEsp, readIke, wireEsp, wireIke } from './negotiation-wire.ts';
import { defined, readAddress, readPolicyRange, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Tunnels between the wire's words and the field's. */

type NegotiationParameters = Omit<
  RequestOf<typeof vpnConnectionActions.ModifyVpnConnectionAttribute>,
  'VpnConnectionId'
>;

/** What the caller gave; nothing else is in the result. */
export function readNegotiation(parameters: NegotiationParameters): NegotiationPatch {
  if (parameters.BgpConfig !== undefined) {
    reject('feature-not-built', { name: 'BgpConfig', feature: { en: 'dynamic routing by BGP', zh: 'BGP 动态路由' } });
  }
  const {
    IKEOptionsSpecification: ike,
    IPSECOptionsSpecification: esp,
    SecurityPolicyDatabases: policies,
  } = parameters;
  const patch = defined({
    policies: policies && readPolicies(policies),
    ike: ike && readIke(ike, 'IKEOptionsSpecification'),
    esp: esp && readEsp(esp, 'IPSECOptionsSpecification'),
    dpd: readDpd(parameters),
    healthCheck: readHealthCheck(parameters),
    negotiation: readNegotiationType(parameters.NegotiationType),
  });
  return patch;
}

interface WirePolicy {
  readonly LocalCidrBlock: string;
  readonly RemoteCidrBlock: string[];
}

function readPolicies(policies: readonly WirePolicy[]): GivenPolicies {
  const written = policies.map(({ LocalCidrBlock: local, RemoteCidrBlock: remotes }) => ({ local, remotes }));
  return { entries: policies.map(readPolicy), written };
}

function readPolicy({ LocalCidrBlock, RemoteCidrBlock }: WirePolicy, index: number): SecurityPolicyEntry {
  const name = `SecurityPolicyDatabases.${index}`;
  if (RemoteCidrBlock.length === 0) reject('value-empty', { name: `${name}.RemoteCidrBlock` });
  return {
    local: readPolicyRange(LocalCidrBlock, `${name}.LocalCidrBlock`),
    remotes: RemoteCidrBlock.map((range, position) => readPolicyRange(range, `${name}.RemoteCidrBlock.${position}`)),
  };
}

const dpdTimeoutLimits = { from: 5, to: 3600 };

function readDpd({ DpdEnable, DpdTimeout, DpdAction }: NegotiationParameters): Partial<DpdOptions> | undefined {
  const seconds = DpdTimeout === undefined ? undefined : Number(DpdTimeout);
  const { from, to } = dpdTimeoutLimits;
  if (seconds !== undefined && (seconds < from || seconds > to)) {
    reject('value-out-of-range', {
      name: 'DpdTimeout',
      rule: { en: `must be from ${from} to ${to} seconds`, zh: `应为 ${from} 到 ${to} 秒` },
    });
  }
  const enabled = DpdEnable === undefined ? undefined : DpdEnable === 1;
  return orNothing(defined({ enabled, timeoutSeconds: seconds, action: DpdAction }));
}

function readHealthCheck(parameters: NegotiationParameters): Partial<HealthCheck> | undefined {
  const { HealthCheckConfig: config } = parameters;
  return orNothing(
    defined({
      enabled: parameters.EnableHealthCheck,
      localAddress: readProbeAddress(parameters.HealthCheckLocalIp, 'HealthCheckLocalIp'),
      remoteAddress: readProbeAddress(parameters.HealthCheckRemoteIp, 'HealthCheckRemoteIp'),
      intervalMs: config?.ProbeInterval,
      threshold: config?.ProbeThreshold,
      timeoutMs: config?.ProbeTimeout,
    }),
  );
}

/** `0.0.0.0` is how replies show that there is none, so it and the empty text count as left out. */
function readProbeAddress(text: string | undefined, name: string): IpAddress | undefined {
  if (text === undefined || text === '' || text === noAddress) return undefined;
  const address = readAddress(text, name);
  const first = Number(address.split('.')[0]);
  if (first === 0 || first === 127 || first >= 224) {
    reject('invalid-value', {
      name,
      rule: { en: `${address} is no address of a host`, zh: `${address} 不是主机地址` },
    });
  }
  return address;
}

const noAddress = '0.0.0.0';

function orNothing<T extends object>(values: T): T | undefined {
  return Object.keys(values).length === 0 ? undefined : values;
}

const longestKeyBytes = 1024;

/** Any text that both ends can type: no line breaks and no NUL. Never quoted in a message. */
export function checkPreSharedKey(key: string): string {
  const name = 'PreShareKey';
  if (key === '') reject('value-empty', { name });
  if (Buffer.byteLength(key) > longestKeyBytes)
    reject('value-too-long', { name, limit: { en: `${longestKeyBytes} bytes`, zh: `${longestKeyBytes} 字节` } });
  if (!key.isWellFormed())
    reject('invalid-value', { name, rule: { en: 'it must be valid Unicode text', zh: '应为合法的 Unicode 文本' } });
  if (/[\u0000\r\n]/.test(key))
    reject('invalid-value', { name, rule: { en: 'line breaks and NUL are not allowed', zh: '不能包含换行符和 NUL' } });
  return key;
}

export function wireVpnConnection(connection: VpnConnectionView, preSharedKey: string): WireVpnConnection {
  const { dpd, healthCheck } = connection;
  return {
    VpnConnectionId: connection.id,
    VpnConnectionName: connection.name,
    VpcId: connection.vpcId ?? '',
    VpnGatewayId: connection.vpnGatewayId,
    CustomerGatewayId: connection.customerGatewayId,
    PreShareKey: preSharedKey,
    VpnProto: 'IPSEC',
    EncryptProto: 'IKE',
    RouteType: wireRouteType(connection.routeType),
    CreatedTime: wireTime(connection.createdAt),
    State: connection.isApplied ? 'AVAILABLE' : 'PENDING',
    NetStatus: connection.isConnected ? 'AVAILABLE' : 'UNAVAILABLE',
    SecurityPolicyDatabaseSet: wirePolicies(connection),
    IKEOptionsSpecification: wireIke(connection.ike, connection.vpnGatewayAddress),
    IPSECOptionsSpecification: wireEsp(connection.esp),
    EnableHealthCheck: healthCheck.enabled,
    HealthCheckLocalIp: healthCheck.localAddress ?? noAddress,
    HealthCheckRemoteIp: healthCheck.remoteAddress ?? noAddress,
    // The wire has two values: what was never answered is not proven, and DescribeSystemStatus tells it apart.
    ...(healthCheck.enabled
      ? { HealthCheckStatus: connection.probe === 'available' ? 'AVAILABLE' : 'UNAVAILABLE' }
      : {}),
    DpdEnable: dpd.enabled ? 1 : 0,
    DpdTimeout: String(dpd.timeoutSeconds),
    DpdAction: dpd.action,
    TagSet: wireTags(connection.tags),
    NegotiationType: wireNegotiationType(connection.negotiation),
    BgpConfig: null,
    HealthCheckConfig: {
      ProbeType: 'NQA',
      ProbeInterval: healthCheck.intervalMs,
      ProbeThreshold: healthCheck.threshold,
      ProbeTimeout: healthCheck.timeoutMs,
    },
  };
}

const wildcard = { LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock: ['0.0.0.0/0'] };

/**
 * As the caller wrote them, or terraform would see a change. Destination routing shows 0.0.0.0/0 on both sides, but with
 * RouteType STATIC or Policy only when the caller wrote that (docs/spec/actions.md, DescribeVpnConnections).
 */
function wirePolicies({
  mode,
  policies,
  routeType,
  writtenPolicies,
}: VpnConnectionView): WireVpnConnection['SecurityPolicyDatabaseSet'] {
  if (mode === 'route' && routeType === 'route') return [wildcard];
  const shown = writtenPolicies ?? policies;
  return shown.map(({ local, remotes }) => ({ LocalCidrBlock: local, RemoteCidrBlock: [...remotes] }));
}
