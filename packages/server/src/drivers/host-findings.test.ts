import { parseCidr, parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { Uplink } from '../domain/operator/uplink.ts';
import { CommandError, type Commands } from '../platform/commands.ts';
import type { Kernel } from './kernel.ts';
import type { Netnsd } from './netnsd.ts';
import { fakeNetnsd } from '../../testing/fake-netnsd.ts';
import { judgeUplink, readHostFindings } from './host-findings.ts';
import { sysctlPath } from './sysctl.ts';
import { neighbourThresholds } from '../plan/neighbour-thresholds.ts';

const pathMtu = 1500;
const routed: Uplink = { mode: 'routed', interface: 'eth0', addresses: [parseCidr('203.0.113.0/28')], pathMtu };
const nat: Uplink = { mode: 'nat', interface: 'eth0', address: parseIpAddress('198.51.100.7'), pathMtu };
const bridged: Uplink = {
  ...{ mode: 'bridged', attach: { kind: 'bridge-port', bridge: 'br0' }, addresses: [parseCidr('203.0.113.0/28')] },
  ...{ prefixLength: 24, nextHop: parseIpAddress('203.0.113.1'), pathMtu },
};
const eth0 = { ifname: 'eth0', flags: ['UP', 'LOWER_UP'], addr_info: [{ local: '198.51.100.7' }] };

describe('judgeUplink', () => {
  it.each<[string, Uplink, object[], RegExp | null]>([
    ['all is well', routed, [eth0], null],
    ['no interface', routed, [], /interface eth0 does not exist/],
    ['down', routed, [{ ...eth0, flags: [] }], /eth0 is down/],
    ['no cable', routed, [{ ...eth0, flags: ['UP', 'NO-CARRIER'] }], /no carrier/],
    ['the address is there', nat, [eth0], null],
    ['another address', nat, [{ ...eth0, addr_info: [] }], /does not have 198\.51\.100\.7/],
    ['no bridge', bridged, [eth0], /bridge br0 does not exist/],
    ['an interface with the name of the bridge', bridged, [{ ...eth0, ifname: 'br0' }], /br0 is no bridge/],
    ['a bridge', bridged, [{ ...eth0, ifname: 'br0', linkinfo: { info_kind: 'bridge' } }], null],
  ])('%s', (_, uplink, links, expected) => {
    const trouble = judgeUplink(uplink, links);
    if (expected === null) expect(trouble).toBeNull();
    else expect(trouble).toMatch(expected);
  });
});

interface HostSays {
  readonly chains?: readonly object[];
  readonly table?: string;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly defaultRoutes?: readonly object[];
  readonly hasVlans?: boolean;
}

function host(says: HostSays): Kernel {
  return { commands: commandsOf(says), netnsd: netnsdOf(says), hostNetns: null, listNetns: () => Promise.resolve([]) };
}

function commandsOf({ table = '', hasVlans = true }: HostSays): Commands {
  return {
    run: (argv) => {
      const words = argv.join(' ');
      if (words.startsWith('nft list table')) return Promise.resolve(table);
      if (words.startsWith('unshare') && hasVlans) return Promise.resolve('');
      return Promise.reject(new CommandError(argv, 2, 'Unknown device type.', 'exit code 2'));
    },
    start: () => Promise.reject(new Error('nothing is started here')),
  };
}

function netnsdOf({ chains = [], sysctls = {}, defaultRoutes = [] }: HostSays): Netnsd {
  const values = new Map(Object.entries(sysctls).map(([name, value]) => [sysctlPath(name), value]));
  return fakeNetnsd({
    show: (_, queries) =>
      Promise.resolve(queries.map((query) => (query === 'address show' ? [eth0] : [...defaultRoutes]))),
    listNft: () => Promise.resolve(JSON.stringify({ nftables: chains.map((chain) => ({ chain })) })),
    readSysctls: (_, paths) => Promise.resolve(paths.map((path) => values.get(path) ?? null)),
  });
}

async function troubles(says: HostSays, uplink: Uplink | null = routed): Promise<Record<string, string>> {
  const findings = await readHostFindings(host(says), { uplink, vlans: true, healthChecks: false });
  return Object.fromEntries(findings.filter(({ ok }) => !ok).map(({ name, message }) => [name, message]));
}

describe('readHostFindings', () => {
  const docker = { family: 'ip', table: 'filter', name: 'FORWARD', hook: 'forward', policy: 'drop' };
  const strict = { 'net.ipv4.conf.all.rp_filter': '1', 'net.ipv4.conf.eth0.rp_filter': '0' };

  it('has nothing to say of a host that is as it shall be', async () => {
    expect(await troubles({})).toEqual({});
  });

  it('names a packet filter that drops what is forwarded, unless it knows of gateways or forwards nothing for them', async () => {
    expect(await troubles({ chains: [docker] })).toEqual({
      'forward policy': expect.stringMatching(/FORWARD of table ip filter.*iptables -I FORWARD/) as string,
    });
    expect(await troubles({ chains: [docker], table: 'iifname "vpngw-*" accept' })).toEqual({});
    expect(await troubles({ chains: [{ ...docker, policy: 'accept' }] })).toEqual({});
    expect(await troubles({ chains: [docker] }, bridged)).not.toHaveProperty('forward policy');
  });

  it('names a reverse path filter where peers are reached another way', async () => {
    const defaultRoutes = [{ dst: 'default', dev: 'eth9' }];
    expect(Object.keys(await troubles({ sysctls: strict, defaultRoutes }))).toEqual(['reverse path filter']);
    expect(await troubles({ sysctls: strict, defaultRoutes: [{ dst: 'default', dev: 'eth0' }] })).toEqual({});
    const loose = { ...strict, 'net.ipv4.conf.eth0.rp_filter': '2' };
    expect(await troubles({ sysctls: loose, defaultRoutes })).toEqual({});
  });

  it('names bounds of the neighbour table that could not be raised', async () => {
    const sysctls = { ...Object.fromEntries(Object.keys(neighbourThresholds).map((name) => [name, '1024'])) };
    expect(Object.keys(await troubles({ sysctls }))).toEqual(['neighbour table']);
  });

  it('names a kernel without VLANs, where some are used', async () => {
    expect(Object.keys(await troubles({ hasVlans: false }))).toEqual(['VLANs']);
  });
});
