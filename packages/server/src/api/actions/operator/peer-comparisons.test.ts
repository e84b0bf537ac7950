import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../../../testing/api-harness.ts';
import { makeGateway, makePeer, makeTunnel, makeVpc, policy } from '../../../../testing/sample-resources.ts';

let api: ApiHarness;
let gatewayId: string;
let id: string;
const key = 'CanaryOfTheTunnel-7f3a91';
const service = 'landbridge';

beforeEach(async () => {
  api = await startHarness();
  gatewayId = await makeGateway(api, await makeVpc(api));
  const peerId = await makePeer(api, '198.51.100.7');
  id = await makeTunnel(api, gatewayId, peerId, { ...policy('10.0.1.0/24', '192.168.1.0/24'), PreShareKey: key });
});
afterEach(() => api.close());

/** What we write for the device ourselves: the parts of strongSwan's configuration, without the notes. */
async function written(): Promise<string> {
  const CustomerGatewayVendor = { VendorName: 'strongswan', Platform: 'swanctl', SoftwareVersion: 'V5.9' };
  const where = { VpnGatewayId: gatewayId, VpnConnectionId: id, InterfaceName: 'eth0', CustomerGatewayVendor };
  return (await api.succeed('DownloadCustomerGatewayConfiguration', where)).CustomerGatewayConfiguration;
}

const compare = (Configuration: string, more: object = {}) =>
  api.operate('ComparePeerConfiguration', { VpnConnectionId: id, Configuration, ...more });
const failing = (more: object) =>
  api.fail('ComparePeerConfiguration', { VpnConnectionId: id, Configuration: '', ...more }, { service });

describe('ComparePeerConfiguration', () => {
  it('finds nothing in what is written for the device', async () => {
    expect(await compare(await written())).toMatchObject({ Dialect: 'swanctl', Key: 'equal', DifferenceSet: [] });
  });

  it('finds what the tunnel has changed since, by field, and says what to change on either side', async () => {
    const text = await written();
    const change = { IKEOptionsSpecification: { DhGroupName: 'GROUP15' }, NegotiationType: 'passive' };
    await api.succeed('ModifyVpnConnectionAttribute', { VpnConnectionId: id, PreShareKey: `${key}-new`, ...change });
    const { DifferenceSet, Key } = await compare(text);
    expect(Key).toBe('differs');
    const line = (pattern: RegExp) => text.split('\n').findIndex((each) => pattern.test(each)) + 1;
    expect(DifferenceSet).toEqual([
      expect.objectContaining({ Field: 'key', Severity: 'breaks', Line: line(/secret =/) }),
      expect.objectContaining({
        ...{ Field: 'ike-group', Severity: 'breaks', Ours: 'group 15 (modp3072)', Theirs: 'group 19 (ecp256)' },
        Line: line(/^\s+proposals =/),
        FixHere: expect.stringContaining('DhGroupName') as string,
        FixThere: expect.stringContaining('modp3072') as string,
      }),
      expect.objectContaining({ Field: 'initiation', FixHere: 'NegotiationType: active' }),
    ]);
  });

  it('lists the tunnels of a file that it could be, and takes the one that is named', async () => {
    const peer = (name: string) => `  ${name} {\n    version = 1\n    remote_addrs = 192.0.2.1\n  }\n`;
    const text = `connections {\n${peer('first')}${peer('second')}}\n`;
    const { TunnelName, CandidateSet } = await compare(text);
    expect({ TunnelName, CandidateSet }).toEqual({
      TunnelName: '',
      CandidateSet: [
        { Name: 'first', Line: 2 },
        { Name: 'second', Line: 6 },
      ],
    });
    expect(await compare(text, { TunnelName: 'second' })).toMatchObject({ TunnelName: 'second', CandidateSet: [] });
  });

  it('refuses what it cannot read, by the line, and tunnels of others', async () => {
    expect(await failing({ Configuration: 'what is this' })).toMatchObject({ Code: 'InvalidParameterValue' });
    const broken = { Configuration: `connections {\n  a {\n    secret = "${key}\n`, Dialect: 'swanctl' };
    const error = await failing(broken);
    expect(error).toMatchObject({ Code: 'InvalidParameterValue.Malformed' });
    expect(error.Message).toContain('line 3');
    expect((await failing({ Dialect: 'pix' })).Code).toMatch(/^InvalidParameterValue/);
    expect((await failing({ Configuration: 'x'.repeat(256 * 1024 + 1), Dialect: 'vyos' })).Message).toContain('bytes');
    const { SecretId: secretId, SecretKey: secretKey } = await api.operate('CreateAccessKey', { AccountName: 'other' });
    const credential = { secretId: String(secretId), secretKey: String(secretKey) };
    const request = { VpnConnectionId: id, Configuration: await written() };
    const foreign = await api.fail('ComparePeerConfiguration', request, { service, credential });
    expect(foreign.Code).toBe('ResourceNotFound');
  });

  it('says no key: not in a reply, a refusal or a log', async () => {
    const other = 'CanaryOfTheFile-55d0c2';
    const text = (await written()).replaceAll(key, other);
    const replies = [
      await compare(text),
      await failing({ Configuration: `${text}\n{ "${other}`, Dialect: 'swanctl' }),
      await failing({ Configuration: text, Dialect: 'vyos' }),
      await failing({ Configuration: text, Dialect: other }),
      await failing({ Configuration: [text] }),
      await failing({ Configuration: text, VpnConnectionId: 'vpnx-00000000' }),
    ];
    const exposed = `${JSON.stringify(replies)}\n${api.logLines.join('\n')}`;
    expect(replies[0]).toMatchObject({ Key: 'differs' });
    expect(exposed).not.toContain(other);
    expect(exposed).not.toContain(key);
  });

  it('does not let a key be guessed by whoever may not see it', async () => {
    const Policy = { Statements: [{ Access: 'read' }] };
    const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName: 'admin', Policy });
    const credential = { secretId: String(SecretId), secretKey: String(SecretKey) };
    const text = await written();
    for (const guess of [key, 'another']) {
      const request = { VpnConnectionId: id, Configuration: text.replaceAll(key, guess) };
      const reply = await api.operate('ComparePeerConfiguration', request, { credential });
      expect(reply).toMatchObject({ Key: 'hidden', DifferenceSet: [] });
    }
  });
});
