import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type CallOptions } from '../../../../testing/api-harness.ts';
import { acceptsAes128, FakePeerAsking } from '../../../../testing/fake-peer-asking.ts';
import { expectRefusal } from '../../../../testing/refusals.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, tunnelRequest } from '../../../../testing/sample-resources.ts';
import { NotAskingError } from '../../../domain/diagnosis/peer-proposals.ts';

let api: ApiHarness;
let asking: FakePeerAsking;
let gateway: string;
let VpnConnectionId: string;
const asOperator = { service: 'landbridge' } as const;

beforeEach(async () => {
  asking = new FakePeerAsking();
  api = await startHarness({ peerAsking: asking });
  gateway = await makeGateway(api, await makeVpc(api));
  VpnConnectionId = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.1'), ikeV2);
});
afterEach(() => api.close());

const ikeV2 = { IKEOptionsSpecification: { IKEVersion: 'IKEV2' } };

const ask = (parameters: object = {}) => api.operate('AskPeerProposals', { VpnConnectionId, ...parameters });

async function strangersKey(): Promise<CallOptions> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'stranger' });
  return { ...asOperator, credential: { secretId: String(SecretId), secretKey: String(SecretKey) } };
}

/** Of the stranger's own. */
async function tunnelOfStranger({ credential }: CallOptions): Promise<string> {
  const options = credential === undefined ? {} : { credential };
  const gatewayRequest = { Type: 'CCN', VpcId: '', VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };
  const { VpnGateway } = await api.succeed('CreateVpnGateway', gatewayRequest, options);
  api.apply(VpnGateway.VpnGatewayId);
  const peer = { CustomerGatewayName: 'c', IpAddress: '198.51.100.3' };
  const { CustomerGateway } = await api.succeed('CreateCustomerGateway', peer, options);
  const request = tunnelRequest(VpnGateway.VpnGatewayId, CustomerGateway.CustomerGatewayId, ikeV2);
  return (await api.succeed('CreateVpnConnection', request, options)).VpnConnection.VpnConnectionId;
}

describe('AskPeerProposals', () => {
  it('tells what the peer accepts, and which parameters have to be set to which values', async () => {
    expect(await ask()).toMatchObject({
      Verdict: 'other',
      Accepts: 'AES-CBC-128 / SHA-256 / PRF SHA-256 / group 19 (ECP_256)',
      AlsoSet: ['AES-CBC-192', 'PRF SHA-512', 'group 20 (ECP_384)'],
      SettingSet: [
        { Parameter: 'IKEOptionsSpecification.PropoEncryAlgorithm', Value: 'AES-CBC-128' },
        { Parameter: 'IKEOptionsSpecification.DhGroupName', Value: 'GROUP19' },
      ],
      ...{ IsComplete: true, Messages: 7, HalfOpen: 1 },
    });
    expect(asking.asked.map(([tunnel]) => tunnel)).toEqual([VpnConnectionId]);
  });

  it('tells values that a tunnel takes: with them it is changed', async () => {
    const settable = { encryption: 'aes192gcm16', integrity: null, prf: 'sha512', group: 24 } as const;
    asking.answer = { ...acceptsAes128, settable };
    const settings = (await ask())['SettingSet'] as { Parameter: string; Value: string }[];
    const IKEOptionsSpecification: Record<string, string> = {};
    for (const { Parameter, Value } of settings) {
      IKEOptionsSpecification[Parameter.replace('IKEOptionsSpecification.', '')] = Value;
    }
    expect(settings).toHaveLength(3);
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId, IKEOptionsSpecification });
  });

  it('says that nothing has to be set, where nothing has to or nothing helps', async () => {
    for (const verdict of ['ours', 'nothing', 'silent', 'unclear'] as const) {
      asking.answer = { ...acceptsAes128, verdict, suite: null, settable: null };
      expect(await ask()).toMatchObject({ Verdict: verdict, Accepts: null, AlsoSet: [], SettingSet: [] });
    }
  });

  it('of another’s tunnel asks nobody, as if it did not exist; for an administrator, too', async () => {
    const stranger = await strangersKey();
    const missing = (id: string) => ({ code: 'ResourceNotFound', names: [id] });
    await expectRefusal(api, ['AskPeerProposals', { VpnConnectionId }, stranger], missing(VpnConnectionId));
    const theirs = await tunnelOfStranger(stranger);
    await expectRefusal(api, ['AskPeerProposals', { VpnConnectionId: theirs }, asOperator], missing(theirs));
    await expectRefusal(
      api,
      ['AskPeerProposals', { VpnConnectionId: 'vpnx-00000000' }, asOperator],
      missing('vpnx-00000000'),
    );
    expect(asking.asked).toEqual([]);
  });

  it('asks no peer of IKEV1', async () => {
    const old = await makeTunnel(api, gateway, await makePeer(api, '198.51.100.2'), {
      IKEOptionsSpecification: { IKEVersion: 'IKEV1' },
    });
    const expected = { code: 'UnsupportedOperation', names: [old] };
    await expectRefusal(api, ['AskPeerProposals', { VpnConnectionId: old }, asOperator], expected);
    expect(asking.asked).toEqual([]);
  });

  it('that is only tried asks nobody', async () => {
    expect(await api.fail('AskPeerProposals', { VpnConnectionId, DryRun: true }, asOperator)).toMatchObject({
      Code: 'DryRunOperation',
    });
    expect(asking.asked).toEqual([]);
  });

  it.each([
    ['not-there', 'UnsupportedOperation.InvalidState', ''],
    ['not-ikev2', 'UnsupportedOperation', ''],
    ['peer-asked-now', 'UnsupportedOperation.InvalidState', '198.51.100.1'],
    ['account-asks-often', 'LimitExceeded', '4'],
    ['host-busy', 'ResourceInsufficient', '3'],
    ['not-started', 'ResourceUnavailable', ''],
    [new NotAskingError('away'), 'ResourceUnavailable', 'agent'],
  ] as const)('is refused where the acting side says %s', async (answer, Code, named) => {
    asking.answer = answer;
    // A preview asks nobody.
    const reply = await api.call('AskPeerProposals', { VpnConnectionId }, asOperator);
    expect(reply).toMatchObject({ Error: { Code, Message: expect.stringContaining(named) as string } });
  });
});
