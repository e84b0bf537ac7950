import {
  networksIn,
  rangesOf,
  routingOf,
  vpcsOf,
  type Answers,
  type DeviceAnswer,
  type SiteAnswer,
  type SubnetAnswer,
  type VpcAnswer,
} from './answers.ts';
import { negotiations } from './protection.ts';
import type { MadeBy, Step, StepAction, StepOf } from './step.ts';

/** The calls that make what was asked for, in their order; nothing that is there already is made. */
export function planOf(answers: Answers): readonly Step[] {
  const { sites, network } = answers;
  const isRouted = routingOf(answers) === 'routes';
  return [
    ...vpcsOf(answers).flatMap((vpc) => vpcSteps(vpc, answers)),
    ...gatewaySteps(answers),
    ...(network === 'ccn' ? ccnSteps(answers) : []),
    ...sites.flatMap(peerSteps),
    ...sites.flatMap((site) => tunnelSteps(site, answers)),
    ...(isRouted ? sites.flatMap((site) => gatewayRouteSteps(site, answers)) : []),
    ...(network === 'vpc' ? vpcRouteSteps(answers) : []),
  ];
}

/** The part of the form that each comes from, and the key of what is made of it. */
export const parts = {
  gateway: 'gateway',
  ccn: 'ccn',
  line: 'line',
  vpc: ({ id }: { readonly id: number }) => `vpc.${id}`,
  site: ({ id }: { readonly id: number }) => `site.${id}`,
} as const;

export function tunnelKey({ id }: Pick<DeviceAnswer, 'id'>): string {
  return `tunnel.${id}`;
}

/** Of the pre-shared key of a device's tunnel. */
export function secretKey({ id }: Pick<DeviceAnswer, 'id'>): string {
  return `secret.${id}`;
}

/** What its customer gateway and its tunnel are called. */
export function deviceName(site: SiteAnswer, device: DeviceAnswer): string {
  return site.devices[0] === device ? site.name.trim() : `${site.name.trim()} (standby)`;
}

const madeBy = (key: string): MadeBy => ({ madeBy: key });

function step<Name extends StepAction>(action: Name, of: Omit<StepOf<Name>, 'action'>): Step {
  return { action, ...of } as unknown as Step;
}

function vpcSteps(vpc: VpcAnswer, { region }: Answers): readonly Step[] {
  if (vpc.existing !== null) return [];
  const [part, name, range] = [parts.vpc(vpc), vpc.name.trim(), vpc.range.trim()];
  return [
    step('CreateVpc', {
      ...{ key: part, part, parameters: { VpcName: name, CidrBlock: range } },
      label: { word: 'create.step.vpc', values: { name, range } },
    }),
    ...vpc.subnets.flatMap((subnet) => subnetSteps(subnet, part, region)),
  ];
}

function subnetSteps(subnet: SubnetAnswer, part: string, region: string): readonly Step[] {
  const [key, name, range] = [`subnet.${subnet.id}`, subnet.name.trim(), subnet.range.trim()];
  const InterfaceName = subnet.interfaceName.trim();
  const create = step('CreateSubnet', {
    ...{ key, part },
    parameters: { VpcId: madeBy(part), SubnetName: name, CidrBlock: range, Zone: `${region}-1` },
    label: { word: 'create.step.subnet', values: { name, range } },
  });
  if (InterfaceName === '') return [create];
  const attach = step('AttachSubnetInterface', {
    ...{ key: `interface.${subnet.id}`, part },
    parameters: { SubnetId: madeBy(key), InterfaceName, ...vlanOf(subnet.vlan) },
    label: { word: 'create.step.interface', values: { name, interface: InterfaceName } },
  });
  return [create, attach];
}

function vlanOf(vlan: string): { readonly VlanId?: number } {
  return vlan.trim() === '' ? {} : { VlanId: Number(vlan) };
}

function gatewayId({ gateway }: Answers) {
  return gateway.existing?.id ?? madeBy(parts.gateway);
}

function vpcId(vpc: VpcAnswer) {
  return vpc.existing?.id ?? madeBy(parts.vpc(vpc));
}

function gatewaySteps(answers: Answers): readonly Step[] {
  const { gateway, network } = answers;
  const [part, name] = [parts.gateway, gateway.existing?.name ?? gateway.name.trim()];
  const [vpc] = vpcsOf(answers);
  const place =
    network === 'vpc' && vpc !== undefined
      ? ({ VpcId: vpcId(vpc), Type: 'IPSEC' } as const)
      : ({ VpcId: '', Type: 'CCN' } as const);
  const create = step('CreateVpnGateway', {
    ...{ key: part, part },
    parameters: { ...place, VpnGatewayName: name, InternetMaxBandwidthOut: bandwidthOf(gateway.bandwidth) },
    label: { word: 'create.step.gateway', values: { name } },
  });
  const wait = step('DescribeVpnGateways', {
    ...{ key: 'gateway-available', part },
    parameters: { VpnGatewayIds: [gatewayId(answers)] },
    label: { word: 'create.step.gatewayAvailable', values: { name } },
  });
  return gateway.existing === null ? [create, wait] : [wait];
}

type Bandwidth = 5 | 10 | 20 | 50 | 100 | 200 | 500 | 1000 | 3000;

function bandwidthOf(text: string): Bandwidth {
  return Number(text) as Bandwidth;
}

function ccnSteps(answers: Answers): readonly Step[] {
  const { ccn, gateway } = answers;
  const name = ccn.existing?.name ?? ccn.name.trim();
  const create = step('CreateCcn', {
    ...{ key: parts.ccn, part: parts.ccn, parameters: { CcnName: name } },
    label: { word: 'create.step.ccn', values: { name } },
  });
  return [
    ...(ccn.existing === null ? [create] : []),
    ...vpcsOf(answers).flatMap((vpc) =>
      attachmentSteps(answers, {
        ...{ part: parts.vpc(vpc), type: 'VPC', id: vpcId(vpc) },
        name: vpc.existing?.name ?? vpc.name.trim(),
      }),
    ),
    ...attachmentSteps(answers, {
      ...{ part: parts.gateway, type: 'VPNGW', id: gatewayId(answers) },
      name: gateway.existing?.name ?? gateway.name.trim(),
    }),
    ...lineSteps(answers),
  ];
}

interface Instance {
  readonly part: string;
  readonly type: 'VPC' | 'VPNGW';
  readonly id: `vpc-${string}` | `vpngw-${string}` | MadeBy;
  readonly name: string;
}

function ccnId({ ccn }: Answers) {
  return ccn.existing?.id ?? madeBy(parts.ccn);
}

function attachmentSteps(answers: Answers, { part, type, id, name }: Instance): readonly Step[] {
  if (typeof id === 'string' && answers.ccn.existing?.attached.includes(id) === true) return [];
  const CcnId = ccnId(answers);
  const ccn = answers.ccn.existing?.name ?? answers.ccn.name.trim();
  return [
    step('AttachCcnInstances', {
      ...{ key: `attachment.${part}`, part },
      parameters: { CcnId, Instances: [{ InstanceId: id, InstanceType: type, InstanceRegion: answers.region }] },
      label: { word: 'create.step.attach', values: { name, ccn } },
    }),
    step('DescribeCcnAttachedInstances', {
      ...{ key: `attached.${part}`, part },
      parameters: { CcnId, Filters: [{ Name: 'instance-id', Values: [id] }] },
      label: { word: 'create.step.attached', values: { name, ccn } },
    }),
  ];
}

function lineSteps(answers: Answers): readonly Step[] {
  const { line } = answers;
  if (line === null) return [];
  const [key, part, name] = [parts.line, parts.line, line.name.trim()];
  const networks = networksIn(line.networks);
  const InterfaceName = line.interfaceName.trim();
  const attach = step('AttachDirectConnectInterface', {
    ...{ key: 'line-interface', part },
    parameters: {
      ...{ DirectConnectGatewayId: madeBy(key), InterfaceName, ...vlanOf(line.vlan) },
      ...{ LocalAddress: line.localAddress.trim(), PeerAddress: line.peerAddress.trim() },
    },
    label: { word: 'create.step.lineInterface', values: { name, interface: InterfaceName } },
  });
  return [
    step('CreateDirectConnectGateway', {
      ...{ key, part },
      parameters: { DirectConnectGatewayName: name, NetworkType: 'CCN', NetworkInstanceId: ccnId(answers) },
      label: { word: 'create.step.line', values: { name } },
    }),
    step('CreateDirectConnectGatewayCcnRoutes', {
      ...{ key: 'line-networks', part },
      parameters: {
        DirectConnectGatewayId: madeBy(key),
        Routes: networks.map((DestinationCidrBlock) => ({ DestinationCidrBlock })),
      },
      label: { word: 'create.step.lineNetworks', values: { name, networks: networks.join(', ') } },
    }),
    ...(InterfaceName === '' ? [] : [attach]),
  ];
}

function peerSteps(site: SiteAnswer): readonly Step[] {
  return site.devices.flatMap((device) => {
    if (device.existing !== null) return [];
    const [name, address] = [deviceName(site, device), device.address.trim()];
    return [
      step('CreateCustomerGateway', {
        ...{ key: `peer.${device.id}`, part: parts.site(site) },
        parameters: { CustomerGatewayName: name, IpAddress: address },
        label: { word: 'create.step.peer', values: { name, address } },
      }),
    ];
  });
}

function tunnelSteps(site: SiteAnswer, answers: Answers): readonly Step[] {
  return site.devices.map((device) => {
    const name = deviceName(site, device);
    return step('CreateVpnConnection', {
      ...{ key: tunnelKey(device), part: parts.site(site) },
      parameters: {
        VpnGatewayId: gatewayId(answers),
        CustomerGatewayId: device.existing?.id ?? madeBy(`peer.${device.id}`),
        VpnConnectionName: name,
        PreShareKey: madeBy(secretKey(device)),
        ...passing(site, answers),
        ...negotiations[site.protection],
        ...(site.devices.length > 1 ? { EnableHealthCheck: true } : {}),
      },
      label: {
        word: 'create.step.tunnel',
        values: { name, address: device.existing?.address ?? device.address.trim() },
      },
    });
  });
}

/** Which packets the tunnel takes. */
function passing(site: SiteAnswer, answers: Answers) {
  if (routingOf(answers) === 'routes') return { RouteType: 'StaticRoute' } as const;
  const RemoteCidrBlock = networksIn(site.networks);
  const locals = vpcsOf(answers).flatMap(rangesOf);
  const SecurityPolicyDatabases = locals.map((LocalCidrBlock) => ({ LocalCidrBlock, RemoteCidrBlock }));
  return { RouteType: 'Policy', SecurityPolicyDatabases } as const;
}

/** The device in use, and the one that stands by. */
const priorities = [0, 100] as const;

function gatewayRouteSteps(site: SiteAnswer, answers: Answers): readonly Step[] {
  const networks = networksIn(site.networks);
  return site.devices.map((device, index) =>
    step('CreateVpnGatewayRoutes', {
      ...{ key: `gateway-routes.${device.id}`, part: parts.site(site) },
      parameters: {
        VpnGatewayId: gatewayId(answers),
        Routes: networks.map((DestinationCidrBlock) => ({
          DestinationCidrBlock,
          InstanceType: 'VPNCONN' as const,
          InstanceId: madeBy(tunnelKey(device)),
          Priority: priorities[index] ?? 100,
          Status: 'ENABLE' as const,
        })),
      },
      label: {
        word: index === 0 ? 'create.step.gatewayRoutes' : 'create.step.standbyRoutes',
        values: { name: deviceName(site, device), networks: networks.join(', ') },
      },
    }),
  );
}

/** Without them the answers of the VPC's hosts do not find their way. */
function vpcRouteSteps(answers: Answers): readonly Step[] {
  const [vpc] = vpcsOf(answers);
  if (vpc === undefined) return [];
  const name = vpc.existing?.name ?? vpc.name.trim();
  const find = step('DescribeRouteTables', {
    ...{ key: 'route-table', part: parts.vpc(vpc) },
    parameters: {
      Filters: [
        { Name: 'vpc-id', Values: [vpcId(vpc)] },
        { Name: 'association.main', Values: ['true'] },
      ],
      NeedRouterInfo: false,
    },
    label: { word: 'create.step.routeTable', values: { name } },
  });
  const RouteTableId = vpc.existing?.routeTableId ?? madeBy('route-table');
  const routes = answers.sites.map((site) => {
    const networks = networksIn(site.networks);
    return step('CreateRoutes', {
      ...{ key: `vpc-routes.${site.id}`, part: parts.site(site) },
      parameters: {
        RouteTableId,
        Routes: networks.map((DestinationCidrBlock) => ({
          ...{ DestinationCidrBlock, GatewayType: 'VPN', GatewayId: gatewayId(answers) },
        })),
      },
      label: { word: 'create.step.vpcRoutes', values: { name, networks: networks.join(', ') } },
    });
  });
  return vpc.existing === null ? [find, ...routes] : routes;
}
