import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernel } from '../drivers/kernel.ts';
import { applyFilter, diffTables, parseTables, tableListing } from '../drivers/nft.ts';
import { drop, filterChain, is, tableOf, when } from './filter-words.ts';
import { boundHosts } from './neighbour-bound.ts';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { privateKernel } from '../../testing/private-kernel.ts';

// A router between two hosts, in a /run/netns of its own, with the kernel's own nftables.

const router = 'lb-vpc-00000001';
const subnet = 'subnet-00000001';
const filterOf = (port: number) =>
  tableOf({ chains: [filterChain('forward', 'forward', 'accept', [when(is('udp dport', String(port))).do(drop)])] });

let folder: PrivateNetnsFolder;
let kernel: Kernel;

async function ip(netns: string, ...lines: readonly string[]): Promise<void> {
  await kernel.commands.run(['ip', '-n', netns, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

function inside(netns: string, ...argv: readonly string[]): Promise<string> {
  return kernel.commands.run(['nsenter', `--net=/run/netns/${netns}`, '--', ...argv]);
}

/** Returns whether there was anything to do. */
async function apply(wanted: Parameters<typeof diffTables>[0]): Promise<boolean> {
  const change = diffTables(wanted, parseTables(await kernel.netnsd.listNft(router, tableListing)));
  if (change !== null) await applyFilter(kernel, router, change);
  return change !== null;
}

const heard = () => inside(router, 'nft', 'list', 'set', 'inet', 'landbridge-neighbours', 'heard');
const ping = (netns: string, address: string) => inside(netns, 'ping', '-q', '-c', '1', '-W', '2', address);

/** One datagram to each of 600 addresses that nobody has. */
async function scan(): Promise<void> {
  const send = 'for (256..855) { send($s, "x", 0, pack_sockaddr_in(9, pack("N", 0x0a000000 + $_))) }';
  await inside('asks', 'perl', '-MSocket', '-e', `socket(my $s, PF_INET, SOCK_DGRAM, 0) or die $!; ${send}`);
}

async function unresolved(): Promise<number> {
  const text = await kernel.commands.run(['ip', '-n', router, '-4', 'neighbour', 'show', 'dev', subnet]);
  return text.split('\n').filter((line) => /INCOMPLETE|FAILED/.test(line)).length;
}

describe.runIf(process.getuid?.() === 0)('the bound on neighbours', () => {
  beforeAll(async () => {
    folder = await PrivateNetnsFolder.create();
    kernel = privateKernel(folder, 'host');
    for (const name of [router, 'heard', 'asks']) await kernel.commands.run(['ip', 'netns', 'add', name]);
    await ip(
      router,
      `link add ${subnet} type veth peer name eth0 netns heard`,
      'link add other type veth peer name eth0 netns asks',
      `address add 10.0.0.1/22 dev ${subnet}`,
      'address add 10.1.0.1/24 dev other',
      `link set ${subnet} up`,
      'link set other up',
    );
    await ip('heard', 'link set eth0 up', 'address add 10.0.0.9/22 dev eth0', 'route add default via 10.0.0.1');
    await ip('asks', 'link set eth0 up', 'address add 10.1.0.9/24 dev eth0', 'route add default via 10.1.0.1');
    await inside(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  });

  afterAll(async () => {
    for (const name of folder.list()) await kernel.commands.run(['ip', 'netns', 'delete', name]);
    folder[Symbol.dispose]();
  });

  it('who was heard on a subnet outlives a change of the packet filter, and the bound for all others holds', async () => {
    expect(await apply({ filter: filterOf(1), neighbourBound: boundHosts })).toBe(true);
    expect(await heard()).not.toContain('10.0.0.9');
    await ping('heard', '10.1.0.9');
    expect(await heard()).toContain(`"${subnet}" . 10.0.0.9`);

    expect(await apply({ filter: filterOf(2), neighbourBound: boundHosts })).toBe(true);
    expect(await inside(router, 'nft', 'list', 'table', 'inet', 'landbridge')).toContain('udp dport 2 drop');
    expect(await heard()).toContain(`"${subnet}" . 10.0.0.9`);
    expect(await apply({ filter: filterOf(2), neighbourBound: boundHosts })).toBe(false);

    await ip(router, `neighbour flush dev ${subnet}`);
    await scan();
    expect(await unresolved()).toBeGreaterThan(100);
    expect(await unresolved()).toBeLessThanOrEqual(128);
    await ping('asks', '10.0.0.9');
  });

  it('nothing of either table is left once none is wanted', async () => {
    await apply({ filter: filterOf(1), neighbourBound: boundHosts });
    expect((await inside(router, 'nft', 'list', 'tables')).trim().split('\n')).toHaveLength(2);
    await apply({ filter: null });
    expect(await inside(router, 'nft', 'list', 'tables')).toBe('');
  });
});
