import { describe, expect, it } from 'vitest';
import { answersFor, emptyLine, type Answers, type Scenario, type SiteAnswer } from './answers.ts';
import { planOf } from './plan-of.ts';
import { negotiations } from './protection.ts';
import { fill, needsOf, type Step } from './step.ts';

/** A scenario as somebody fills it in: each site has a network and an address of its own. */
function filledIn(scenario: Scenario): Answers {
  const answers = answersFor(scenario, 'local');
  return { ...answers, sites: answers.sites.map(filledSite) };
}

function filledSite(site: SiteAnswer, index: number): SiteAnswer {
  return {
    ...site,
    networks: `192.168.${index + 1}.0/24`,
    devices: site.devices.map((device, second) => ({ ...device, address: `203.0.113.${index + 11 + 10 * second}` })),
  };
}

/** The calls as they are sent: what is made has ids that tell what it was made by. */
function callsOf(answers: Answers) {
  const counts = new Map<string, number>();
  const ids = new Map<string, string>();
  return planOf(answers).map((step) => {
    const count = (counts.get(step.action) ?? 0) + 1;
    counts.set(step.action, count);
    const parameters = fill(step, (key) => {
      if (key.startsWith('secret.')) return 'the key';
      const id = ids.get(key);
      if (id === undefined) throw new Error(`${step.key} needs ${key}, which is not made before`);
      return id;
    });
    ids.set(step.key, `${step.action} ${count}`);
    return [step.action, parameters] as const;
  });
}

/** Each as `Action`, or `Action×3` where it comes several times in a row. */
function orderOf(steps: readonly Step[]): string {
  const runs: { action: string; count: number }[] = [];
  for (const { action } of steps) {
    const last = runs.at(-1);
    if (last?.action === action) last.count++;
    else runs.push({ action, count: 1 });
  }
  return runs.map(({ action, count }) => (count === 1 ? action : `${action}×${count}`)).join(' ');
}

function parametersOf(answers: Answers, action: string) {
  return callsOf(answers)
    .filter(([name]) => name === action)
    .map(([, parameters]) => parameters as unknown as Sent);
}

const newGateway = 'CreateVpc CreateSubnet CreateVpnGateway DescribeVpnGateways';

describe('the plan of a scenario', () => {
  it('1: makes a VPC, a gateway, a tunnel and both routes, each once what it needs is there', () => {
    const network = '192.168.1.0/24';
    expect(callsOf(filledIn('1'))).toEqual([
      ['CreateVpc', { VpcName: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
      ['CreateSubnet', { VpcId: 'CreateVpc 1', SubnetName: 'subnet-1', CidrBlock: '10.0.1.0/24', Zone: 'local-1' }],
      [
        'CreateVpnGateway',
        { VpcId: 'CreateVpc 1', Type: 'IPSEC', VpnGatewayName: 'gateway-1', InternetMaxBandwidthOut: 100 },
      ],
      ['DescribeVpnGateways', { VpnGatewayIds: ['CreateVpnGateway 1'] }],
      ['CreateCustomerGateway', { CustomerGatewayName: 'IDC 1', IpAddress: '203.0.113.11' }],
      [
        'CreateVpnConnection',
        {
          ...{ VpnGatewayId: 'CreateVpnGateway 1', CustomerGatewayId: 'CreateCustomerGateway 1' },
          ...{ VpnConnectionName: 'IDC 1', PreShareKey: 'the key', RouteType: 'StaticRoute' },
          ...negotiations.strong,
        },
      ],
      [
        'CreateVpnGatewayRoutes',
        {
          VpnGatewayId: 'CreateVpnGateway 1',
          Routes: [
            {
              ...{ DestinationCidrBlock: network, InstanceType: 'VPNCONN', InstanceId: 'CreateVpnConnection 1' },
              ...{ Priority: 0, Status: 'ENABLE' },
            },
          ],
        },
      ],
      [
        'DescribeRouteTables',
        {
          Filters: [
            { Name: 'vpc-id', Values: ['CreateVpc 1'] },
            { Name: 'association.main', Values: ['true'] },
          ],
          NeedRouterInfo: false,
        },
      ],
      [
        'CreateRoutes',
        {
          RouteTableId: 'DescribeRouteTables 1',
          Routes: [{ DestinationCidrBlock: network, GatewayType: 'VPN', GatewayId: 'CreateVpnGateway 1' }],
        },
      ],
    ]);
  });

  it('1, by policies: the tunnel names what passes, and only the VPC needs a route', () => {
    const answers = { ...filledIn('1'), routing: 'policies' as const };
    expect(orderOf(planOf(answers))).toBe(
      `${newGateway} CreateCustomerGateway CreateVpnConnection DescribeRouteTables CreateRoutes`,
    );
    expect(parametersOf(answers, 'CreateVpnConnection')).toMatchObject([
      {
        RouteType: 'Policy',
        SecurityPolicyDatabases: [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24'] }],
      },
    ]);
  });

  it('2: leads each site’s networks into its own tunnel, and from the VPC to the gateway', () => {
    const answers = filledIn('2');
    expect(orderOf(planOf(answers))).toBe(
      `${newGateway} CreateCustomerGateway×2 CreateVpnConnection×2 CreateVpnGatewayRoutes×2 DescribeRouteTables CreateRoutes×2`,
    );
    const routes = parametersOf(answers, 'CreateVpnGatewayRoutes').flatMap((one) => one.Routes);
    expect(routes.map(({ DestinationCidrBlock, InstanceId }) => [DestinationCidrBlock, InstanceId])).toEqual([
      ['192.168.1.0/24', 'CreateVpnConnection 1'],
      ['192.168.2.0/24', 'CreateVpnConnection 2'],
    ]);
    const vpcRoutes = parametersOf(answers, 'CreateRoutes').flatMap((one) => one.Routes);
    expect(vpcRoutes.map(({ DestinationCidrBlock }) => DestinationCidrBlock)).toEqual([
      '192.168.1.0/24',
      '192.168.2.0/24',
    ]);
  });

  it('3: makes no VPC and no CCN, but a gateway for CCNs with the sites’ routes', () => {
    const answers = filledIn('3');
    expect(orderOf(planOf(answers))).toBe(
      'CreateVpnGateway DescribeVpnGateways CreateCustomerGateway×2 CreateVpnConnection×2 CreateVpnGatewayRoutes×2',
    );
    expect(parametersOf(answers, 'CreateVpnGateway')).toMatchObject([{ VpcId: '', Type: 'CCN' }]);
  });

  it('4: attaches each VPC, the gateway and the line to the CCN, and makes no VPC route', () => {
    const answers: Answers = {
      ...filledIn('4'),
      line: {
        ...{ ...emptyLine, networks: '192.168.9.0/24', interfaceName: 'eth3', vlan: '7' },
        ...{ localAddress: '198.18.0.1/30', peerAddress: '198.18.0.2' },
      },
    };
    const attach = 'AttachCcnInstances DescribeCcnAttachedInstances';
    expect(orderOf(planOf(answers))).toBe(
      [
        'CreateVpc CreateSubnet CreateVpc CreateSubnet CreateVpnGateway DescribeVpnGateways',
        ...['CreateCcn', attach, attach, attach],
        'CreateDirectConnectGateway CreateDirectConnectGatewayCcnRoutes AttachDirectConnectInterface',
        'CreateCustomerGateway×2 CreateVpnConnection×2 CreateVpnGatewayRoutes×2',
      ].join(' '),
    );
    const attached = parametersOf(answers, 'AttachCcnInstances').flatMap((one) => one.Instances);
    expect(attached.map(({ InstanceType, InstanceId }) => [InstanceType, InstanceId])).toEqual([
      ['VPC', 'CreateVpc 1'],
      ['VPC', 'CreateVpc 2'],
      ['VPNGW', 'CreateVpnGateway 1'],
    ]);
    expect(parametersOf(answers, 'CreateDirectConnectGateway')).toMatchObject([
      { NetworkType: 'CCN', NetworkInstanceId: 'CreateCcn 1' },
    ]);
    expect(parametersOf(answers, 'AttachDirectConnectInterface')).toMatchObject([{ InterfaceName: 'eth3', VlanId: 7 }]);
  });

  it('5: both tunnels have a health check, and the second one’s routes stand by', () => {
    const answers = filledIn('5');
    expect(orderOf(planOf(answers))).toBe(
      `${newGateway} CreateCustomerGateway×2 CreateVpnConnection×2 CreateVpnGatewayRoutes×2 DescribeRouteTables CreateRoutes`,
    );
    expect(parametersOf(answers, 'CreateVpnConnection')).toMatchObject([
      { VpnConnectionName: 'IDC 1', EnableHealthCheck: true },
      { VpnConnectionName: 'IDC 1 (standby)', EnableHealthCheck: true },
    ]);
    const routes = parametersOf(answers, 'CreateVpnGatewayRoutes').flatMap((one) => one.Routes);
    expect(
      routes.map(({ DestinationCidrBlock, InstanceId, Priority }) => [DestinationCidrBlock, InstanceId, Priority]),
    ).toEqual([
      ['192.168.1.0/24', 'CreateVpnConnection 1', 0],
      ['192.168.1.0/24', 'CreateVpnConnection 2', 100],
    ]);
  });

  it('6: each tunnel has a policy for its own site alone, and the gateway no routes', () => {
    const answers = filledIn('6');
    expect(orderOf(planOf(answers))).toBe(
      `${newGateway} CreateCustomerGateway×2 CreateVpnConnection×2 DescribeRouteTables CreateRoutes×2`,
    );
    const policies = parametersOf(answers, 'CreateVpnConnection').map((one) => one.SecurityPolicyDatabases);
    expect(policies).toEqual([
      [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24'] }],
      [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.2.0/24'] }],
    ]);
  });
});

describe('what is there already', () => {
  const answers: Answers = (() => {
    const asked = filledIn('1');
    const existing = {
      id: 'vpc-a',
      name: 'old',
      ranges: ['10.9.0.0/16', '10.8.0.0/16'],
      routeTableId: 'rtb-a',
    } as const;
    return {
      ...asked,
      vpcs: asked.vpcs.map((vpc) => ({ ...vpc, existing })),
      gateway: { ...asked.gateway, existing: { id: 'vpngw-a', name: 'old', vpcId: 'vpc-a', ccnId: '' } },
    };
  })();

  it('is used and not made', () => {
    expect(orderOf(planOf(answers))).toBe(
      'DescribeVpnGateways CreateCustomerGateway CreateVpnConnection CreateVpnGatewayRoutes CreateRoutes',
    );
    expect(parametersOf(answers, 'CreateRoutes')).toMatchObject([
      { RouteTableId: 'rtb-a', Routes: [{ GatewayId: 'vpngw-a' }] },
    ]);
    const routes = planOf(answers).find(({ action }) => action === 'CreateRoutes');
    expect(routes && needsOf(routes)).toEqual([]);
  });

  it('has a policy for each of its ranges', () => {
    const [tunnel] = parametersOf({ ...answers, routing: 'policies' }, 'CreateVpnConnection');
    expect(tunnel?.SecurityPolicyDatabases.map(({ LocalCidrBlock }) => LocalCidrBlock)).toEqual([
      '10.9.0.0/16',
      '10.8.0.0/16',
    ]);
  });

  it('is not attached to its CCN again', () => {
    const asked = filledIn('4');
    const existing = { id: 'vpngw-b', name: 'old', vpcId: '', ccnId: 'ccn-a' } as const;
    const attached: Answers = {
      ...asked,
      vpcs: [],
      ccn: { ...asked.ccn, existing: { id: 'ccn-a', name: 'old', attached: ['vpngw-b'] } },
      gateway: { ...asked.gateway, existing },
    };
    expect(orderOf(planOf(attached))).toBe(
      'DescribeVpnGateways CreateCustomerGateway×2 CreateVpnConnection×2 CreateVpnGatewayRoutes×2',
    );
  });
});

it('brings an interface into its subnet when one is named', () => {
  const asked = filledIn('1');
  const answers: Answers = {
    ...asked,
    vpcs: asked.vpcs.map((vpc) => ({
      ...vpc,
      subnets: vpc.subnets.map((subnet) => ({ ...subnet, interfaceName: ' eth1 ', vlan: '20' })),
    })),
  };
  expect(parametersOf(answers, 'AttachSubnetInterface')).toEqual([
    { SubnetId: 'CreateSubnet 1', InterfaceName: 'eth1', VlanId: 20 },
  ]);
});

it('has a key for each step that no other step has', () => {
  for (const scenario of ['1', '2', '3', '4', '5', '6'] as const) {
    const keys = planOf(filledIn(scenario)).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

/** What calls have, each some of it. */
interface Sent {
  readonly Routes: readonly {
    readonly DestinationCidrBlock: string;
    readonly InstanceId?: string;
    readonly Priority?: number;
  }[];
  readonly Instances: readonly { readonly InstanceType: string; readonly InstanceId: string }[];
  readonly SecurityPolicyDatabases: readonly { readonly LocalCidrBlock: string }[];
}
