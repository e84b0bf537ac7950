import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { LinkPlan, PlanKind } from '../plan/plan.ts';
import { systemKernel, type IpCommand } from './kernel.ts';
import { diffLinks, isAttached, parseLinks, planRemoval, type ActualLink } from './link.ts';

const kernel = { ...systemKernel('the-host') };
const netns = 'lb-vpngw-00000001';

/** `ip -N -d -json address show`, iproute2 6.1 on Linux 6.18, shortened to the fields in question. */
const captured: unknown[] = JSON.parse(
  '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"254","label":"lo"},{"family":"inet","local":"169.254.0.2","prefixlen":32,"scope":"253","label":"lo"},{"family":"inet6","local":"::1","prefixlen":128,"scope":"254"}]},' +
    '{"ifindex":2,"ifname":"subnet-1","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"linkinfo":{"info_kind":"bridge","info_data":{"forward_delay":1500}},"addr_info":[{"family":"inet","local":"10.0.1.1","prefixlen":24,"scope":"0"}]},' +
    '{"ifindex":3,"link":"v0","ifname":"eth1","flags":["BROADCAST","MULTICAST"],"mtu":1400,"master":"subnet-1","ifalias":"landbridge-attached:eth1","linkinfo":{"info_kind":"veth","info_slave_kind":"bridge"},"addr_info":[]},' +
    '{"ifindex":6,"ifname":"vpnx-00000001","flags":["POINTOPOINT","MULTICAST","NOARP","UP"],"mtu":1434,"linkinfo":{"info_kind":"tun","info_data":{"type":"tun","pi":false,"vnet_hdr":true,"persist":true}},"addr_info":[]},' +
    // As ip/link_xfrm.c of iproute2 6.1 prints it: if_id by print_0xhex, which JSON gets as "%#llx".
    '{"ifindex":7,"link":null,"ifname":"vpnx-00000002","flags":["NOARP","UP","LOWER_UP"],"mtu":1438,"linkinfo":{"info_kind":"xfrm","info_data":{"if_id":"0x11"}},"addr_info":[{"family":"inet","local":"10.0.1.1","prefixlen":32,"scope":"0"}]},' +
    '{}]',
) as unknown[];

function lines(commands: readonly IpCommand[]): string[] {
  return commands.map((command) => `${command.netns ?? 'host'}: ${command.line}`);
}

function diff(
  wanted: readonly LinkPlan[],
  actual: readonly ActualLink[],
  where: string | null = netns,
  cablesFrom: readonly PlanKind[] = [],
) {
  return diffLinks(kernel, where, wanted, actual, { tunnelMtu: 'daemon', cablesFrom });
}

const veth: LinkPlan = {
  kind: 'veth',
  name: 'wan',
  peer: { netns: null, name: 'vpngw-00000001' },
  mtu: 1500,
  addresses: [],
};

describe('parseLinks', () => {
  it('reads kinds, masters, if_ids and IPv4 addresses', () => {
    expect(parseLinks(captured)).toMatchObject([
      {
        name: 'lo',
        kind: null,
        up: true,
        addresses: [
          { address: '127.0.0.1/8', scope: 'host' },
          { address: '169.254.0.2/32', scope: 'link' },
        ],
      },
      { name: 'subnet-1', kind: 'bridge', addresses: [{ address: '10.0.1.1/24', scope: 'global' }] },
      { name: 'eth1', kind: 'veth', up: false, mtu: 1400, master: 'subnet-1' },
      { name: 'vpnx-00000001', kind: 'tun', ifId: null, mtu: 1434 },
      { name: 'vpnx-00000002', kind: 'xfrm', ifId: 17 },
    ]);
  });
});

describe('diffLinks', () => {
  it('leaves the port alone at which a host of ours proves a path, and nothing else that is called so', () => {
    const found = (name: string, more: Partial<ActualLink> = {}): ActualLink => ({
      ...{ name, kind: 'veth', up: true, mtu: 1500, mac: null, master: 'subnet-1', alias: null },
      ...{ ifId: null, vxlan: null, addresses: [], ...more },
    });
    const removed = (link: ActualLink) => lines(diff([], [link]).removals);
    expect(removed(found('proof-0a1b2c3d'))).toEqual([]);
    expect(removed(found('proof-0a1b'))).toEqual([`${netns}: link delete proof-0a1b`]);
    expect(removed(found('proof-0a1b2c3d', { kind: 'bridge' }))).toEqual([`${netns}: link delete proof-0a1b2c3d`]);
    const attached = removed(found('proof-0a1b2c3d', { alias: 'landbridge-attached:proof-0a1b2c3d' }));
    expect(attached).toContain(`${netns}: link set proof-0a1b2c3d netns the-host`);
  });

  it('makes every kind of device where it belongs', () => {
    const wanted: LinkPlan[] = [
      { kind: 'loopback', name: 'lo', addresses: [] },
      veth,
      { kind: 'macvlan', name: 'up1', parent: 'eth0', addresses: [] },
      { kind: 'bridge-port', name: 'up2', port: 'vpngw-00000001', addresses: [] },
      { kind: 'attached', name: 'eth1', hostInterface: 'eth1', vlanId: null, master: 'subnet-1', addresses: [] },
      { kind: 'attached', name: 'eth2.7', hostInterface: 'eth2', vlanId: 7, master: 'subnet-1', addresses: [] },
      { kind: 'tunnel', name: 'vpnx-00000001', ifId: 1, mtu: 1434, addresses: [] },
      { kind: 'veth-peer', name: 'vpngw-00000009', addresses: [] },
    ];
    const { additions, missing, present } = diff(wanted, parseLinks(captured.slice(0, 1)));
    expect(lines(additions)).toEqual([
      `${netns}: link add wan type veth peer name vpngw-00000001 netns the-host`,
      `${netns}: link set wan mtu 1500 up`,
      `host: link add up1 link eth0 netns ${netns} type macvlan mode bridge`,
      `${netns}: link set up1 up`,
      `${netns}: link add up2 type veth peer name vpngw-00000001 netns the-host`,
      `${netns}: link set up2 up`,
      `host: link set eth1 alias "landbridge-attached:eth1" netns ${netns}`,
      `${netns}: link set eth1 master subnet-1 up`,
      'host: link set eth2 up',
      `host: link add link eth2 name eth2.7 netns ${netns} type vlan id 7`,
      `${netns}: link set eth2.7 master subnet-1 up`,
    ]);
    expect(missing).toEqual(['vpnx-00000001', 'vpngw-00000009']);
    expect(present.has('wan')).toBe(true);
    expect(present.has('vpnx-00000001')).toBe(false);
  });

  it('gives devices the Ethernet addresses of the plan, when they are made and afterwards', () => {
    const mac = '02:00:00:00:00:01';
    const bridge: LinkPlan = { kind: 'bridge', name: 'subnet-00000001', mac, addresses: [] };
    const first = `${netns}: link add subnet-00000001 address ${mac} type bridge`;
    expect(lines(diff([bridge], []).additions)).toEqual([first, `${netns}: link set subnet-00000001 up`]);
    const made = { ifname: 'subnet-00000001', flags: ['UP'], mtu: 1500, linkinfo: { info_kind: 'bridge' } };
    const withAddress = (address: string) => lines(diff([bridge], parseLinks([{ ...made, address }])).additions);
    expect(withAddress('ae:00:00:00:00:07')).toEqual([`${netns}: link set subnet-00000001 address ${mac}`]);
    expect(withAddress(mac)).toEqual([]);
  });

  it('puts properties right and leaves the MTU of a TUN to uxfrm', () => {
    const wanted: LinkPlan[] = [
      { kind: 'tunnel', name: 'vpnx-00000001', ifId: 1, mtu: 1300, addresses: [] },
      {
        kind: 'attached',
        name: 'eth1',
        hostInterface: 'eth1',
        vlanId: null,
        master: 'subnet-2',
        mtu: 1500,
        addresses: [],
      },
    ];
    expect(lines(diff(wanted, parseLinks(captured)).additions)).toEqual([
      `${netns}: link set eth1 master subnet-2 mtu 1500 up`,
    ]);
    const ours = diffLinks(kernel, netns, wanted.slice(0, 1), parseLinks(captured), { tunnelMtu: 'ours' });
    expect(lines(ours.additions)).toEqual([`${netns}: link set vpnx-00000001 mtu 1300`]);
  });

  it('puts a far end into the host’s bridge, again when the bridge was made anew, and waits for one that is not there', () => {
    const peer: LinkPlan = { kind: 'veth-peer', name: 'vpngw-00000001', master: 'br0', addresses: [] };
    const far = { ifname: 'vpngw-00000001', flags: ['UP'], mtu: 1500, linkinfo: { info_kind: 'veth' } };
    const bridge = { ifname: 'br0', flags: ['UP'], mtu: 1500, linkinfo: { info_kind: 'bridge' } };
    const onHost = (...all: unknown[]) => diff([peer], parseLinks(all), null);
    expect(onHost(far)).toMatchObject({ additions: [], missing: ['br0'] });
    expect(lines(onHost(far, bridge).additions)).toEqual(['host: link set vpngw-00000001 master br0']);
    expect(onHost({ ...far, master: 'br0' }, bridge)).toMatchObject({ additions: [], missing: [] });
  });

  it('replaces a device of another kind', () => {
    const actual = parseLinks([{ ifname: 'wan', flags: ['UP'], mtu: 1500, linkinfo: { info_kind: 'macvlan' } }]);
    expect(lines(diff([veth], actual).additions)).toEqual([
      `${netns}: link delete wan`,
      `${netns}: link add wan type veth peer name vpngw-00000001 netns the-host`,
      `${netns}: link set wan mtu 1500 up`,
    ]);
  });

  it('removes strangers, but no tunnels, no device of the kernel and no end that a gateway brought', () => {
    const actual = parseLinks([
      ...captured,
      ...['sit0', 'stray', 'vpngw-00000009'].map((ifname) => ({
        ifname,
        mtu: 1500,
        linkinfo: { info_kind: ifname === 'sit0' ? 'sit' : 'veth' },
      })),
    ]);
    expect(lines(diff([], actual, netns, ['vpn-gateway']).removals)).toEqual([
      `${netns}: link delete subnet-1`,
      `${netns}: link set eth1 down nomaster`,
      `${netns}: address flush dev eth1`,
      `${netns}: link set eth1 netns the-host`,
      'host: link set eth1 alias ""',
      'host: link set eth1 up',
      `${netns}: link delete stray`,
    ]);
  });

  it('leaves ends to the kinds of neighbours that make them, and removes others', () => {
    const ends = ['vpc-00000001', 'vpngw-00000001', 'dcg-00000001', 'ccn-00000001'];
    const actual = parseLinks(ends.map((ifname) => ({ ifname, mtu: 1500, linkinfo: { info_kind: 'veth' } })));
    const removed = (...cablesFrom: readonly PlanKind[]) => lines(diff([], actual, netns, cablesFrom).removals);
    const deleted = (...names: readonly string[]) => names.map((name) => `${netns}: link delete ${name}`);
    expect(removed('vpc', 'vpn-gateway', 'direct-connect-gateway')).toEqual(deleted('ccn-00000001'));
    expect(removed('vpn-gateway', 'direct-connect-gateway')).toEqual(deleted('vpc-00000001', 'ccn-00000001'));
    expect(removed()).toEqual(deleted(...ends));
  });

  it('brings a dedicated line under its name, without a bridge', () => {
    const line: LinkPlan = {
      kind: 'attached',
      name: 'dc',
      hostInterface: 'eth2',
      vlanId: null,
      master: null,
      addresses: [],
    };
    expect(lines(diff([line], []).additions)).toEqual([
      `host: link set eth2 alias "landbridge-attached:eth2" netns ${netns}`,
      `${netns}: link set eth2 name dc`,
      `${netns}: link set dc up`,
    ]);
    const [first, second] = lines(diff([{ ...line, vlanId: 7 }], []).additions);
    expect([first, second]).toEqual([
      'host: link set eth2 up',
      `host: link add link eth2 name dc netns ${netns} type vlan id 7`,
    ]);
  });

  it('makes a VXLAN in the underlay of the host, knows it again, and makes another one in its place', () => {
    const wanted: Extract<LinkPlan, { kind: 'vxlan' }> = {
      ...{ kind: 'vxlan', name: 'dc', vni: 100, port: 4789, mtu: 1450, addresses: [] },
      ...{ remoteAddress: parseIpAddress('203.0.113.11'), underlayAddress: parseIpAddress('203.0.113.1') },
    };
    const add = `host: link add dc netns ${netns} type vxlan id 100 remote 203.0.113.11`;
    const made = [`${add} local 203.0.113.1 dstport 4789 nolearning`, `${netns}: link set dc mtu 1450 up`];
    expect(lines(diff([wanted], []).additions)).toEqual(made);
    const anywhere = lines(diff([{ ...wanted, underlayAddress: null }], []).additions);
    expect(anywhere[0]).toBe(`${add} dstport 4789 nolearning`);
    // `ip -N -d -json address show`, iproute2 6.1 on Linux 6.18, shortened.
    const actual = parseLinks([
      JSON.parse(
        '{"ifindex":2,"link_index":2,"ifname":"dc","flags":["BROADCAST","MULTICAST","UP"],"mtu":1450,"link_netnsid":0,"linkinfo":{"info_kind":"vxlan","info_data":{"id":100,"remote":"203.0.113.11","local":"203.0.113.1","port":4789,"learning":false}},"addr_info":[]}',
      ),
    ]);
    expect(diff([wanted], actual)).toMatchObject({ additions: [], removals: [] });
    const others = [
      { vni: 101 },
      { port: 8472 },
      { underlayAddress: null },
      { remoteAddress: parseIpAddress('203.0.113.12') },
    ];
    for (const other of others) {
      const [first, second] = lines(diff([{ ...wanted, ...other }], actual).additions);
      expect([first, second?.startsWith('host: link add dc ')]).toEqual([`${netns}: link delete dc`, true]);
    }
    const line: LinkPlan = {
      kind: 'attached',
      name: 'dc',
      hostInterface: 'eth2',
      vlanId: null,
      master: null,
      addresses: [],
    };
    expect(lines(diff([line], actual).additions)[0]).toBe(`${netns}: link delete dc`);
    expect(lines(diff([], actual).removals)).toEqual([`${netns}: link delete dc`]);
  });

  it('removes nothing from the host', () => {
    const actual = parseLinks([...captured, { ifname: 'vpngw-00000001', linkinfo: { info_kind: 'veth' } }]);
    expect(diff([], actual, null).removals).toEqual([]);
  });

  it('finds nothing to do when all is there', () => {
    const wanted: LinkPlan[] = [
      { kind: 'loopback', name: 'lo', addresses: [] },
      { kind: 'bridge', name: 'subnet-1', addresses: [] },
      { kind: 'tunnel', name: 'vpnx-00000001', ifId: 1, mtu: 1434, addresses: [] },
      { kind: 'tunnel', name: 'vpnx-00000002', ifId: 17, mtu: 1438, addresses: [] },
    ];
    const actual = parseLinks(captured).filter(({ name }) => name !== 'eth1');
    for (const tunnelMtu of ['ours', 'daemon'] as const) {
      const { additions, removals, missing } = diffLinks(kernel, netns, wanted, actual, { tunnelMtu });
      expect({ additions, removals, missing }).toEqual({ additions: [], removals: [], missing: [] });
    }
  });
});

describe('planRemoval', () => {
  it('gives a host interface its former name back', () => {
    const [link] = parseLinks([
      { ifname: 'subif', ifalias: 'landbridge-attached:enp3s0f0np0', linkinfo: { info_kind: 'veth' } },
    ]);
    expect(lines(planRemoval(kernel, netns, link!))).toEqual([
      `${netns}: link set subif down nomaster`,
      `${netns}: address flush dev subif`,
      `${netns}: link set subif name enp3s0f0np0`,
      `${netns}: link set enp3s0f0np0 netns the-host`,
      'host: link set enp3s0f0np0 alias ""',
      'host: link set enp3s0f0np0 up',
    ]);
  });

  it('gives a host interface back what it had when it was taken, and takes none that has too much', () => {
    const link: LinkPlan = {
      ...{ kind: 'attached', name: 'eth1', hostInterface: 'eth1', vlanId: null, master: 'subnet-1', addresses: [] },
    };
    const words = ['192.0.2.7/24', '0.0.0.0/0>192.0.2.1>100'];
    const taken = (all: readonly string[]) =>
      diffLinks(kernel, netns, [link], [], { tunnelMtu: 'daemon' }, new Map([['eth1', all]]));
    const [move] = lines(taken(words).additions);
    const alias = /alias "(.*)"/.exec(move ?? '')?.[1];
    const [there] = parseLinks([{ ifname: 'eth1', ifalias: alias, linkinfo: { info_kind: 'veth' } }]);
    expect(lines(planRemoval(kernel, netns, there!)).slice(-4)).toEqual([
      'host: link set eth1 alias ""',
      'host: link set eth1 up',
      'host: address add 192.0.2.7/24 dev eth1',
      'host: route replace 0.0.0.0/0 via 192.0.2.1 dev eth1 metric 100',
    ]);
    const tooMany = Array.from({ length: 20 }, (_, index) => `192.0.2.${index}/24`);
    expect(taken(tooMany)).toMatchObject({ additions: [], missing: [expect.stringContaining('given back')] });
  });

  it('takes hardware without a mark for a host interface, and a VLAN for ours', () => {
    const [hardware, vlan] = parseLinks([{ ifname: 'eth5' }, { ifname: 'eth5.7', linkinfo: { info_kind: 'vlan' } }]);
    expect(isAttached(hardware!)).toBe(true);
    expect(isAttached(vlan!)).toBe(false);
  });
});
