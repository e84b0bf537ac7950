import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type TestCredential } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { makeKey, tunnelRequest } from '../../../../testing/sample-resources.ts';

/** Who hears of whose tunnels by DescribeTunnelHealth. */
let api: ApiHarness;
let owner: TestCredential;
let guest: TestCredential;
let own: Site;
let theirs: Site;
beforeEach(async () => {
  api = await startHarness();
  owner = await makeKey(api, 'owner');
  guest = await makeKey(api, 'guest');
  own = await makeSite(owner);
  theirs = await makeSite(guest);
});
afterEach(() => api.close());

interface Site {
  readonly gateway: string;
  readonly peer: string;
  readonly tunnel: `vpnx-${string}`;
}

/** A gateway for a CCN with a tunnel to 10.9.0.0/24. */
async function makeSite(credential: TestCredential): Promise<Site> {
  const as = { credential };
  const request = { VpcId: '', Type: 'CCN', VpnGatewayName: 'gateway', InternetMaxBandwidthOut: 5 };
  const { VpnGateway } = await api.succeed('CreateVpnGateway', request, as);
  const gateway = VpnGateway.VpnGatewayId;
  api.apply(gateway);
  const { CustomerGateway } = await api.succeed(
    'CreateCustomerGateway',
    { CustomerGatewayName: 'peer', IpAddress: '198.51.100.7' },
    as,
  );
  const peer = CustomerGateway.CustomerGatewayId;
  const tunnel = await makeTunnelOf(credential, gateway, peer);
  const Routes = [
    { DestinationCidrBlock: '10.9.0.0/24', InstanceType: 'VPNCONN', InstanceId: tunnel, Priority: 0, Status: 'ENABLE' },
  ];
  await api.succeed('CreateVpnGatewayRoutes', { VpnGatewayId: gateway, Routes }, as);
  return { gateway, peer, tunnel };
}

async function makeTunnelOf(credential: TestCredential, gateway: string, peer: string) {
  const { VpnConnection } = await api.succeed('CreateVpnConnection', tunnelRequest(gateway, peer), { credential });
  return VpnConnection.VpnConnectionId as `vpnx-${string}`;
}

interface Health {
  readonly VpnConnectionId: string;
  readonly FindingSet: readonly { readonly Code: string; readonly Ours: string | null; readonly Evidence: string[] }[];
}

async function health(credential: TestCredential, VpnConnectionIds?: readonly string[]) {
  const reply = await api.operate('DescribeTunnelHealth', { VpnConnectionIds }, { credential });
  return reply as unknown as { readonly TunnelHealthSet: readonly Health[]; readonly TotalCount: number };
}

const idsOf = ({ TunnelHealthSet }: { readonly TunnelHealthSet: readonly Health[] }) =>
  TunnelHealthSet.map(({ VpnConnectionId }) => VpnConnectionId);

describe('the health of tunnels', () => {
  it('is told of the own ones alone, and of all to an administrator', async () => {
    expect(idsOf(await health(owner))).toEqual([own.tunnel]);
    expect(idsOf(await health(guest))).toEqual([theirs.tunnel]);
    expect(idsOf(await health(api.admin)).sort()).toEqual([own.tunnel, theirs.tunnel].sort());
    expect(idsOf(await health(api.admin, [theirs.tunnel]))).toEqual([theirs.tunnel]);
  });

  it('of another account’s tunnel is answered as that of one that does not exist', async () => {
    const [foreign, unknown] = [await health(owner, [theirs.tunnel]), await health(owner, ['vpnx-00000000'])];
    expect({ ...foreign, RequestId: '' }).toEqual({ ...unknown, RequestId: '' });
    expect(foreign).toMatchObject({ TotalCount: 0, TunnelHealthSet: [] });
    expect(idsOf(await health(owner, [theirs.tunnel, own.tunnel]))).toEqual([own.tunnel]);
  });

  it('is told to a key with a policy about some resources of those alone', async () => {
    const other = await makeTunnelOf(owner, own.gateway, await peerOf(owner, '198.51.100.8'));
    const policyOf = (...Resources: string[]) => ({ Policy: { Statements: [{ Access: 'read', Resources }] } });
    const bounded = await makeKey(api, 'owner', policyOf(own.tunnel));
    expect(idsOf(await health(bounded, [own.tunnel]))).toEqual([own.tunnel]);
    for (const VpnConnectionIds of [undefined, [other], [own.tunnel, other], [own.tunnel, theirs.tunnel]]) {
      const call = [
        'DescribeTunnelHealth',
        { VpnConnectionIds },
        { credential: bounded, service: 'landbridge' },
      ] as const;
      await expectRefusal(api, call, { code: 'UnauthorizedOperation', names: ['DescribeTunnelHealth'] });
    }
    const ofGateway = await makeKey(api, 'owner', policyOf(own.gateway));
    expect(idsOf(await health(ofGateway, [own.tunnel, other])).sort()).toEqual([own.tunnel, other].sort());
    // A policy makes nobody else's visible.
    const reaching = await makeKey(api, 'owner', policyOf(theirs.tunnel, theirs.gateway));
    expect(idsOf(await health(reaching, [theirs.tunnel]))).toEqual([]);
  });

  it('names nothing of other accounts, on a CCN that is shared and where their ranges are in the way', async () => {
    const ccn = await shareCcn();
    for (const [credential, site, foreign] of [
      [owner, own, theirs],
      [guest, theirs, own],
    ] as const) {
      const said = await health(credential);
      const text = JSON.stringify(said);
      for (const id of Object.values(foreign)) expect(text).not.toContain(id);
      expect(idsOf(said)).toEqual([site.tunnel]);
      if (credential === guest) expect(text).not.toContain(ccn);
    }
    // The later one is in vain, and is told why.
    const [late] = (await health(guest)).TunnelHealthSet;
    expect(late?.FindingSet.map(({ Code }) => Code)).toContain('no-ccn-route');
    const finding = late?.FindingSet.find(({ Code }) => Code === 'no-ccn-route');
    expect(finding?.Evidence).toEqual([expect.stringMatching(/overlaps a route of another account$/)]);
  });
});

async function peerOf(credential: TestCredential, IpAddress: string): Promise<string> {
  const request = { CustomerGatewayName: 'peer', IpAddress };
  const { CustomerGateway } = await api.succeed('CreateCustomerGateway', request, { credential });
  return CustomerGateway.CustomerGatewayId;
}

/** Of the owner, with a VPC of the owner that has the guest's range, and both gateways. */
async function shareCcn(): Promise<string> {
  const asOwner = { credential: owner };
  const { Ccn } = await api.succeed('CreateCcn', { CcnName: 'ccn' }, asOwner);
  const { Vpc } = await api.succeed('CreateVpc', { VpcName: 'vpc', CidrBlock: '10.9.0.0/16' }, asOwner);
  const subnet = { VpcId: Vpc.VpcId, SubnetName: 'subnet', CidrBlock: '10.9.0.0/24', Zone: 'z' };
  await api.succeed('CreateSubnet', subnet, asOwner);
  const instance = (InstanceType: string, InstanceId: string) => ({
    InstanceType,
    InstanceId,
    InstanceRegion: 'test-1',
  });
  const Instances = [instance('VPC', Vpc.VpcId), instance('VPNGW', own.gateway)];
  await api.succeed('AttachCcnInstances', { CcnId: Ccn.CcnId, Instances }, asOwner);
  const { InstanceSet } = await api.succeed('DescribeCcnAttachedInstances', { CcnId: Ccn.CcnId }, asOwner);
  const asked = { CcnId: Ccn.CcnId, Instances: [instance('VPNGW', theirs.gateway)] };
  await api.succeed('AttachCcnInstances', { ...asked, CcnUin: InstanceSet[0]!.CcnUin }, { credential: guest });
  await api.succeed('AcceptAttachCcnInstances', asked, asOwner);
  return Ccn.CcnId;
}
