import { ApiError, callAction, type ApiEndpoint, type JsonObject } from '@landbridge/client';
import type { WireFinding } from '@landbridge/catalogue/operator/tunnel-health';
import { hold, patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { blockPort, endFault } from '../src/path-faults.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// A peer that says no and nothing else is asked what it would accept: by itself, and on demand. charon answers, with its usual protection
// against floods: what is asked never leads it to block the gateway's address.

/** Of a series, at a peer that answers. */
const soon = 15_000;
const gcm: Negotiation = {
  ...strongNegotiation,
  ike: { ...strongNegotiation.ike, PropoEncryAlgorithm: 'AES256GCM128' },
  ikeProposals: 'aes256gcm16-prfsha256-modp2048',
};

interface Case {
  readonly title: string;
  readonly negotiation: Negotiation;
  readonly ikeProposals: string;
  readonly theirs: RegExp;
  readonly fixHere: RegExp;
  readonly settings: readonly JsonObject[];
}

const setting = (name: string, Value: string) => ({ Parameter: `IKEOptionsSpecification.${name}`, Value });

const cases: readonly Case[] = [
  {
    ...{ title: 'encryption', negotiation: strongNegotiation, ikeProposals: 'aes128-sha256-modp2048' },
    theirs: /^accepts: AES-CBC-128 \/ SHA-256 \/ PRF SHA-256 \/ group 14 \(MODP_2048\)$/,
    fixHere: /Set IKEOptionsSpecification\.PropoEncryAlgorithm = AES-CBC-128:/,
    settings: [setting('PropoEncryAlgorithm', 'AES-CBC-128')],
  },
  {
    ...{ title: 'integrity', negotiation: strongNegotiation, ikeProposals: 'aes256-sha512-modp2048' },
    theirs: /^accepts: AES-CBC-256 \/ SHA-512 \/ PRF SHA-512 \/ group 14 \(MODP_2048\)$/,
    fixHere: /Set IKEOptionsSpecification\.PropoAuthenAlgorithm = SHA-512:/,
    settings: [setting('PropoAuthenAlgorithm', 'SHA-512')],
  },
  {
    ...{ title: 'PRF, which no parameter of ours has', negotiation: strongNegotiation },
    ikeProposals: 'aes256-sha256-prfsha512-modp2048',
    theirs: /^accepts: AES-CBC-256 \/ SHA-256 \/ PRF SHA-512 \/ group 14 \(MODP_2048\)$/,
    fixHere: /PropoAuthenAlgorithm sets integrity and PRF alike/,
    settings: [],
  },
  {
    ...{ title: 'PRF beside AES-GCM', negotiation: gcm, ikeProposals: 'aes256gcm16-prfsha512-modp2048' },
    theirs: /^accepts: AES-GCM-16-256 \/ PRF SHA-512 \/ group 14 \(MODP_2048\)$/,
    fixHere: /Set IKEOptionsSpecification\.PropoAuthenAlgorithm = SHA-512:/,
    settings: [setting('PropoAuthenAlgorithm', 'SHA-512')],
  },
  {
    ...{ title: 'group', negotiation: strongNegotiation, ikeProposals: 'aes256-sha256-ecp384-modp4096' },
    theirs: /^accepts: AES-CBC-256 .* group 20 \(ECP_384\); also group 16 \(MODP_4096\)$/,
    fixHere: /Set IKEOptionsSpecification\.DhGroupName = GROUP(?:20|16):/,
    settings: [setting('DhGroupName', 'GROUP20')],
  },
];

let world: World;
let vpc1: Vpc1;
let endpoint: ApiEndpoint;
const tunnels: IdcConnection[] = [];
/** They work, and their peers demand cookies. None was asked before its own test: an address is left in peace for a minute. */
let healthy: IdcConnection;
let changed: IdcConnection;
let silenced: IdcConnection;

beforeAll(async () => {
  world = await World.start();
  endpoint = await world.server.endpoint();
  vpc1 = await createVpc1(world);
  const { gateway, vpcId } = vpc1;
  for (const [index, { negotiation, ikeProposals }] of cases.entries()) {
    // As it comes: cookies from the tenth half-open IKE_SA on, and none from an address with five.
    const idc = await world.lab.createIdc(index + 1, { charonSettings: ['dos_protection = yes'] });
    const options = { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'], negotiation, peer: { ikeProposals } };
    tunnels.push(await connectIdc(world, options));
  }
  healthy = await connectWorking(7);
  changed = await connectWorking(8);
  silenced = await connectWorking(9);
  await world.cloud.createGatewayRoute(gateway.gatewayId, '192.168.7.0/24', healthy.connectionId);
  await world.cloud.createVpcRoute(vpc1.routeTableId, '192.168.0.0/16', gateway.gatewayId);
  for (const { connectionId } of [healthy, changed, silenced]) await world.cloud.waitUntilConnected(connectionId);
}, 120_000 * patience);

async function connectWorking(number: number): Promise<IdcConnection> {
  const { gateway, vpcId } = vpc1;
  const idc = await world.lab.createIdc(number, { charonSettings: ['dos_protection = yes', 'cookie_threshold = 1'] });
  const ikeProposals = 'aes256-sha256-modp2048,aes128-sha512-ecp256';
  return connectIdc(world, { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'], peer: { ikeProposals } });
}

afterAll(() => world.stop());

const ask = (VpnConnectionId: string, as = endpoint) =>
  callAction(as, 'landbridge', 'AskPeerProposals', { VpnConnectionId });

async function refusal({ connectionId }: IdcConnection): Promise<WireFinding | undefined> {
  const { FindingSet } = await tunnelHealth(world.cloud, connectionId);
  return FindingSet.find(({ Code }) => Code === 'ike-proposal-refused');
}

const askedBy = ({ Evidence }: Pick<WireFinding, 'Evidence'>) => Evidence.filter((line) => line.startsWith('asked at'));

/** IKE_SA_INIT requests from the port that peers are asked from, as the peer's charon tells them. */
async function questionsAt({ idc }: IdcConnection): Promise<number> {
  return (await idc.charon.log()).match(/received packet: from \S+\[50500\] /g)?.length ?? 0;
}

describe('a peer that refuses another', () => {
  // One peer after the other is asked.
  it.each(cases.map((one, index) => [one.title, one, index] as const))(
    '%s is asked by itself, once, and names what it accepts',
    { timeout: 120_000 * patience },
    async (_, { theirs, fixHere }, index) => {
      const tunnel = tunnelAt(index);
      const finding = await poll(
        `${tunnel.connectionId} tells what its peer accepts`,
        () => refusal(tunnel),
        (found) => found?.Theirs != null,
        { within: (index + 1) * soon, every: 200 },
      );
      expect(finding?.Theirs).toMatch(theirs);
      expect(finding?.FixHere).toMatch(fixHere);
      expect(finding?.Causes).toEqual([]);
      expect(finding && askedBy(finding)).toHaveLength(1);
      expect(await questionsAt(tunnel)).toBeGreaterThan(2);
    },
  );

  it('is not asked again within the hour, and blocked nobody', { timeout: 60_000 * patience }, async () => {
    const before = await Promise.all(tunnels.map(questionsAt));
    const count = () => Promise.all(tunnels.map(questionsAt));
    await hold('nobody is asked', count, (now) => now.join() === before.join(), { during: 12_000 });
    for (const { idc } of tunnels) expect(await idc.charon.log()).not.toMatch(/peer too aggressive/);
  });

  it.each(cases.map((one, index) => [one.title, one, index] as const))(
    '%s says on demand what has to be set',
    { timeout: 120_000 * patience },
    async (_, { settings }, index) => {
      const { connectionId } = tunnelAt(index);
      const answer = await poll(
        `the peer of ${connectionId} may be asked again`,
        () =>
          ask(connectionId).catch((error: unknown) =>
            error instanceof ApiError ? null : Promise.reject(error as Error),
          ),
        (said) => said !== null,
        { within: 75_000, every: 1000 },
      );
      expect(answer).toMatchObject({ Verdict: 'other', SettingSet: settings, IsComplete: true });
      expect(answer?.['HalfOpen']).toBeLessThanOrEqual(4);
      expect(answer?.['Messages']).toBeLessThanOrEqual(24);
    },
  );

  it('is connected once that is set', { timeout: 60_000 * patience }, async () => {
    const { connectionId } = tunnelAt(0);
    await world.cloud.modifyVpnConnection(connectionId, {
      IKEOptionsSpecification: { PropoEncryAlgorithm: 'AES-CBC-128' },
    });
    await world.cloud.waitUntilConnected(connectionId);
    const findings = async () => (await tunnelHealth(world.cloud, connectionId)).FindingSet;
    await poll('no finding is left', findings, (all) => !all.some(({ Layer }) => Layer === 'ike'), { within: soon });
  });
});

describe('a tunnel that works', () => {
  it('is not disturbed by questions, though its peer demands cookies', { timeout: 90_000 * patience }, async () => {
    const gateway = new GatewayCharon(world.server.dataDirectory, vpc1.gateway.gatewayId);
    const { ike, child } = await gateway.spis();
    const stream = await PacketStream.start({ from: vpc1.hostA, to: healthy.idc.host, packetsPerSecond: 200 });
    try {
      const first = ask(healthy.connectionId);
      expect((await refused(ask(healthy.connectionId))).code).toBe('UnsupportedOperation.InvalidState');
      // The tunnel's own proposal is accepted: nothing else has to be found out.
      const answer = await first;
      expect(answer).toMatchObject({ Verdict: 'ours', SettingSet: [], HalfOpen: 1 });
      // Told again, not asked again.
      expect(await ask(healthy.connectionId)).toMatchObject({ AskedTime: answer['AskedTime'] });
    } finally {
      const report = await stream.stop();
      expect(report.lost).toBe(0);
    }
    expect(await gateway.spis()).toEqual({ ike, child });
    expect((await tunnelHealth(world.cloud, healthy.connectionId)).FindingSet).toEqual([]);
  });

  it('of another account does not exist, and nothing is sent for it', async () => {
    const key = await callAction(endpoint, 'landbridge', 'CreateAccessKey', { AccountName: 'stranger' });
    const credential = { secretId: textAt(key, 'SecretId'), secretKey: textAt(key, 'SecretKey') };
    const before = await questionsAt(healthy);
    try {
      const asStranger = ask(healthy.connectionId, { ...endpoint, credential });
      expect((await refused(asStranger)).code).toBe('ResourceNotFound');
      expect(await questionsAt(healthy)).toBe(before);
    } finally {
      await callAction(endpoint, 'landbridge', 'DeleteAccessKey', { SecretId: credential.secretId });
    }
  });

  it('has a peer that answers with cookies, and one that is silent', { timeout: 150_000 * patience }, async () => {
    const { idc, peer } = changed;
    await idc.charon.load([{ ...peer, ikeProposals: 'aes128-sha512-ecp256' }]);
    await blockPort(silenced.idc.namespace, 500);
    try {
      const cookies = await askOnceAllowed(changed);
      expect(cookies).toMatchObject({ Verdict: 'other', IsComplete: true });
      expect(cookies['Accepts']).toBe('AES-CBC-128 / SHA-512 / PRF SHA-512 / group 19 (ECP_256)');
      expect(await idc.charon.log()).toMatch(/sending COOKIE|N\(COOKIE\)/);
      const silent = await askOnceAllowed(silenced);
      expect(silent).toMatchObject({ Verdict: 'silent', Accepts: null, HalfOpen: 0, Messages: 4 });
    } finally {
      await endFault(silenced.idc.namespace);
      await idc.charon.load([peer]);
    }
  });
});

/** An account asks few peers in a minute. */
async function askOnceAllowed({ connectionId }: IdcConnection): Promise<JsonObject> {
  return poll(
    `the peer of ${connectionId} may be asked`,
    () => ask(connectionId),
    () => true,
    { within: 75_000, every: 1000 },
  );
}

function tunnelAt(index: number): IdcConnection {
  const tunnel = tunnels[index];
  if (tunnel === undefined) throw new Error(`there is no tunnel ${index}`);
  return tunnel;
}
import { refused } from '../src/refused.ts';
