import { poll } from '@landbridge/testbed/poll';
import { runChecked } from '@landbridge/testbed/run-command';
import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { tunnelSaActions } from '@landbridge/catalogue/operator/tunnel-sas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { readListedSas, type ListedIkeSa } from '../src/listed-sas.ts';
import { ownCommand } from '../src/own-command.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { oneSpd, type OneSpd } from '../src/scenarios/1-spd.ts';
import { killServiceProcess } from '../src/service-processes.ts';
import { World } from '../src/world.ts';

// DescribeTunnelSas, compared with what swanctl prints of the gateway's charon, and of the peer's, which is an unmodified one.

type Sas = ResponseOf<typeof tunnelSaActions.DescribeTunnelSas>;

let world: World;
let built: OneSpd;
let charon: GatewayCharon;

beforeAll(async () => {
  world = await World.start();
  built = await oneSpd.build(world);
  charon = new GatewayCharon(world.server.dataDirectory, built.vpc1.gateway.gatewayId);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});
afterAll(() => world.stop());

async function told(): Promise<Sas> {
  const { connectionId: VpnConnectionId } = built.tunnel;
  return (await world.cloud.call('DescribeTunnelSas', { VpnConnectionId }, 'landbridge')) as unknown as Sas;
}

/** In the order and in the words of `swanctl`. */
function asListed({ IkeSaSet }: Sas): readonly ListedIkeSa[] {
  return IkeSaSet.map((ikeSa) => ({
    ...{ id: ikeSa.UniqueId, state: ikeSa.State, version: ikeSa.Version.replace('IKEV', 'IKEv') },
    ...{ initiatorSpi: ikeSa.InitiatorSpi, responderSpi: ikeSa.ResponderSpi },
    childSas: byId(
      ikeSa.ChildSaSet.map((childSa) => ({
        ...{ id: childSa.UniqueId, state: childSa.State },
        mode: `${childSa.Mode}${childSa.IsUdpEncapsulated ? '-in-UDP' : ''}`,
        in: { spi: childSa.InSpi ?? '', bytes: childSa.InBytes, packets: childSa.InPackets },
        out: { spi: childSa.OutSpi ?? '', bytes: childSa.OutBytes, packets: childSa.OutPackets },
        ...{ localSelectors: childSa.LocalSelectors, remoteSelectors: childSa.RemoteSelectors },
      })),
    ),
  }));
}

function byId<Sa extends { readonly id: number }>(sas: readonly Sa[]): readonly Sa[] {
  return sas.toSorted((a, b) => a.id - b.id);
}

const listed = async () =>
  readListedSas(await charon.listSas()).map((ikeSa) => ({ ...ikeSa, childSas: byId(ikeSa.childSas) }));

/** Both, once they say the same: something may pass, or be renewed, between the two questions. */
async function expectSame(): Promise<{ readonly sas: Sas; readonly ikeSas: readonly ListedIkeSa[] }> {
  return poll(
    'the service tells what charon lists',
    async () => {
      const [before, sas, after] = [await listed(), await told(), await listed()];
      return { before, sas, after, ikeSas: asListed(sas) };
    },
    ({ before, after, ikeSas }) => isSame(before, after) && isSame(ikeSas, after),
    { within: 30_000, every: 1100 },
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function packetsOf(ikeSas: readonly ListedIkeSa[]) {
  const children = ikeSas.flatMap(({ childSas }) => childSas);
  const sum = (way: 'in' | 'out') => children.reduce((all, child) => all + child[way].packets, 0);
  return { in: sum('in'), out: sum('out') };
}

/** Of those that were not renewed: what was stays for a while, as DELETED. */
function inSpis(ikeSas: readonly ListedIkeSa[]): readonly string[] {
  return ikeSas.flatMap(({ childSas }) =>
    childSas.filter(({ state }) => state === 'INSTALLED').map((child) => child.in.spi),
  );
}

it('tells SPIs, ranges, algorithms and counters as charon lists them, and the peer lists the same the other way round', async () => {
  const { sas, ikeSas } = await expectSame();
  expect(ikeSas).toHaveLength(1);
  const [ours] = ikeSas;
  const [theirs] = readListedSas(await built.tunnel.idc.charon.listSas());
  if (ours === undefined || theirs === undefined) throw new Error('there is no IKE_SA');
  expect([theirs.initiatorSpi, theirs.responderSpi]).toEqual([ours.initiatorSpi, ours.responderSpi]);
  expect(ours.childSas.length).toBeGreaterThan(0);
  const ends = (children: ListedIkeSa['childSas'], way: 'ours' | 'theirs') =>
    children
      .filter(({ state }) => state === 'INSTALLED')
      .map((child) => [
        ...(way === 'ours' ? [child.in.spi, child.out.spi] : [child.out.spi, child.in.spi]),
        ...(way === 'ours'
          ? [child.localSelectors, child.remoteSelectors]
          : [child.remoteSelectors, child.localSelectors]),
      ])
      .toSorted();
  expect(ends(ours.childSas, 'ours')).toEqual(ends(theirs.childSas, 'theirs'));
  const [ikeSa] = sas.IkeSaSet;
  const [child] = ikeSa?.ChildSaSet ?? [];
  if (ikeSa === undefined || child === undefined) throw new Error('no SA is told');
  const { gateway } = built.vpc1;
  expect(ikeSa).toMatchObject({ LocalAddress: gateway.publicAddress, RemoteAddress: built.tunnel.idc.publicAddress });
  // As `swanctl` has them: AES_GCM_16-256/PRF_HMAC_SHA2_256/MODP_2048.
  const algorithms = [ikeSa.Encryption?.replace(/_(\d+)$/, '-$1'), ikeSa.Integrity, ikeSa.Prf, ikeSa.DhGroup];
  expect(await charon.listSas()).toContain(`\n  ${algorithms.filter(Boolean).join('/')}\n`);
  const ages = [ikeSa.EstablishedAt, child.InstalledAt].map((at) => Date.now() - Date.parse(at ?? ''));
  for (const age of ages) expect(age).toBeLessThan(120_000);
  expect(Date.parse(child.EndAt ?? '')).toBeGreaterThan(Date.now());
});

it('its counters grow with the packets that pass, in both directions, and say when the last one did', async () => {
  const before = packetsOf((await expectSame()).ikeSas);
  const count = 40;
  const { received } = await ping(built.vpc1.hostA, built.tunnel.idc.host.address, { count, intervalSeconds: 0.02 });
  expect(received).toBe(count);
  const { sas, ikeSas } = await expectSame();
  const after = packetsOf(ikeSas);
  for (const way of ['in', 'out'] as const) {
    expect(after[way] - before[way]).toBeGreaterThanOrEqual(count);
    expect(after[way] - before[way]).toBeLessThan(count + 10);
  }
  const last = Math.max(
    ...sas.IkeSaSet.flatMap(({ ChildSaSet }) => ChildSaSet.map(({ LastInAt }) => Date.parse(LastInAt ?? ''))),
  );
  expect(Date.now() - last).toBeLessThan(30_000);
});

it('after a renewal there are new ones, and the command line tells them as well', async () => {
  const before = inSpis((await expectSame()).ikeSas);
  await charon.expectRenewal('child', () => charon.rekey('child'));
  const { ikeSas } = await expectSame();
  const now = inSpis(ikeSas);
  expect(now.length).toBe(before.length);
  expect(now.filter((spi) => before.includes(spi))).toEqual([]);
  const argv = ['sas', `to ${built.tunnel.idc.name}`, '--data-dir', world.server.dataDirectory];
  const text = await runChecked([ownCommand, ...argv]);
  for (const spi of now) expect(text).toContain(`in  ${spi}: `);
  expect(text).toContain(ikeSas[0]?.initiatorSpi);
});

it('an agent that is gone tells nothing, and the next one the SAs that outlived it', async () => {
  const spis = (sas: Sas) => inSpis(asListed(sas));
  const before = spis((await expectSame()).sas);
  const killing = killServiceProcess(world.server.pid, 'agent');
  const refused = await poll(
    'it is refused while there is no agent',
    () =>
      told().then(
        () => null,
        (error: unknown) => error as Error,
      ),
    (error) => error !== null,
    { within: 10_000, every: 20 },
  );
  expect(refused?.message).toContain(built.tunnel.connectionId);
  await killing;
  await poll(
    'the next agent tells them',
    () => told().then(spis, () => []),
    (now) => isSame(now, before),
    { within: 60_000, every: 200 },
  );
});
