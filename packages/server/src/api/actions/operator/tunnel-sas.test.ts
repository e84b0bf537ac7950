import { afterEach, beforeEach, expect, it } from 'vitest';
import { StandingClock, startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import {
  makeGateway,
  makeKey,
  makePeer,
  makeTunnel,
  makeVpc,
  tunnelRequest,
} from '../../../../testing/sample-resources.ts';
import { childSa, ikeSa } from '../../../../testing/sample-sas.ts';
import { noSas, type SasAnswer } from '../../../domain/operator/tunnel-sas.ts';
import { toldSas } from '../../../gateway/told-sas.ts';
import type { VpnConnectionId } from '../../../domain/resource-id.ts';

const clock = new StandingClock();
const asked: string[] = [];
let answer: SasAnswer;
let api: ApiHarness;
let VpnConnectionId: VpnConnectionId;
beforeEach(async () => {
  asked.length = 0;
  answer = { sas: noSas(clock.now()) };
  api = await startHarness({
    clock,
    sas: (id) => {
      asked.push(id);
      return Promise.resolve(answer);
    },
  });
  const gateway = await makeGateway(api, await makeVpc(api));
  VpnConnectionId = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'));
});
afterEach(() => api.close());

const at = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString();

it('tells IKE_SAs with their CHILD_SAs, what passed and what is due', async () => {
  const installed = childSa({ spiIn: 0xa, spiOut: 0xc4f1a2b3 });
  const counted = { bytesIn: 840, packetsIn: 10, useInSeconds: 3, dhGroup: 'MODP_2048' };
  const child = { ...installed, installed: { ...installed.installed!, ...counted } };
  answer = { sas: toldSas([ikeSa({ childSas: [child] })], clock.now()) };
  expect(await api.operate('DescribeTunnelSas', { VpnConnectionId })).toMatchObject({
    ...{ VpnConnectionId, SeenAt: at(0), IkeSaCount: 1, ChildSaCount: 1 },
    IkeSaSet: [
      {
        ...{ UniqueId: 1, Version: 'IKEV2', State: 'ESTABLISHED', Role: 'initiator' },
        ...{ InitiatorSpi: '1111111111111111', ResponderSpi: '2222222222222222' },
        ...{ LocalAddress: '203.0.113.1', LocalPort: 4500, RemoteAddress: '198.51.100.2', RemotePort: 4500 },
        ...{ Encryption: 'AES_CBC_128', Integrity: 'HMAC_SHA2_256_128', DhGroup: 'ECP_256' },
        ...{ EstablishedAt: at(-100), RekeyAt: at(2000), ReauthAt: null },
        ChildSaSet: [
          {
            ...{ Name: 'vpnx-00000001', State: 'INSTALLED', Mode: 'TUNNEL', Protocol: 'ESP', IsUdpEncapsulated: true },
            ...{ LocalSelectors: ['0.0.0.0/0'], RemoteSelectors: ['0.0.0.0/0'] },
            ...{ InSpi: '0000000a', OutSpi: 'c4f1a2b3', Encryption: 'AES_GCM_16_128', Integrity: null },
            ...{ PfsGroup: 'MODP_2048', InBytes: 840, InPackets: 10, LastInAt: at(-3), OutPackets: 0, LastOutAt: null },
            ...{ InstalledAt: at(-100), RekeyAt: at(1000), EndAt: at(2000) },
          },
        ],
      },
    ],
  });
});

it('tells one that is not installed yet, and that there is none', async () => {
  const half = { ...childSa({ state: 'CREATED' }), installed: undefined, mode: undefined };
  answer = { sas: toldSas([ikeSa({ version: 1, childSas: [half] })], clock.now()) };
  expect(await api.operate('DescribeTunnelSas', { VpnConnectionId })).toMatchObject({
    IkeSaSet: [{ Version: 'IKEV1', ChildSaSet: [{ State: 'CREATED', InSpi: null, InPackets: 0, InstalledAt: null }] }],
  });
  answer = { sas: noSas(clock.now()) };
  expect(await api.operate('DescribeTunnelSas', { VpnConnectionId })).toMatchObject({ IkeSaCount: 0, IkeSaSet: [] });
});

it('tells owners their own, administrators those of every account, and strangers nothing: not even that there is one', async () => {
  const [owner, stranger] = [await makeKey(api, 'owner'), await makeKey(api, 'stranger')];
  const as = { credential: owner };
  const gateway = { VpcId: '', Type: 'CCN', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };
  const { VpnGateway } = await api.succeed('CreateVpnGateway', gateway, as);
  api.apply(VpnGateway.VpnGatewayId);
  const device = { CustomerGatewayName: 'c', IpAddress: '198.51.100.3' };
  const { CustomerGateway } = await api.succeed('CreateCustomerGateway', device, as);
  const request = tunnelRequest(VpnGateway.VpnGatewayId, CustomerGateway.CustomerGatewayId);
  const id = (await api.succeed('CreateVpnConnection', request, as)).VpnConnection.VpnConnectionId;
  await api.operate('DescribeTunnelSas', { VpnConnectionId: id }, as);
  await api.operate('DescribeTunnelSas', { VpnConnectionId: id });
  expect(asked).toEqual([id, id]);
  for (const unknown of [id, 'vpnx-00000000']) {
    const options = { service: 'landbridge', credential: stranger } as const;
    const call = ['DescribeTunnelSas', { VpnConnectionId: unknown }, options] as const;
    await expectRefusal(api, call, { code: 'ResourceNotFound', names: [unknown] });
  }
  expect(asked).toEqual([id, id]);
});

it('is refused where the acting side cannot tell, with why', async () => {
  answer = { problem: 'the agent is not there' };
  const reply = await api.fail('DescribeTunnelSas', { VpnConnectionId }, { service: 'landbridge' });
  expect(reply.Code).toBe('ResourceUnavailable');
  expect(reply.Message).toContain(VpnConnectionId);
  expect(reply.Message).toContain('the agent is not there');
});
