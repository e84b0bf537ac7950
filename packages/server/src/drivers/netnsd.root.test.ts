import { patience, poll } from '@landbridge/testbed/poll';
import { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { runChecked } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { netnsdBinary } from './installed-binaries.ts';
import { NetnsdProcess } from './netnsd.ts';

/* Root only: real namespaces, in a /run/netns of their own, and iproute2 and nft as witnesses. */
describe.runIf(process.getuid?.() === 0)('netnsd', { timeout: 60_000 * patience }, () => {
  const netns = 'lb-vpc-here';
  const far = 'lb-vpc-far';
  let folder: PrivateNetnsFolder;
  let netnsd: NetnsdProcess;

  const run = (argv: readonly string[]) => runChecked(folder.enter(argv), { within: 20_000 });
  const inside = (...argv: readonly string[]) => run(['nsenter', `--net=/run/netns/${netns}`, '--', ...argv]);
  const ip = async (query: string) =>
    JSON.parse((await run(['ip', '-n', netns, '-N', '-d', '-json', ...query.split(' ')])) || '[]') as object[];

  beforeAll(async () => {
    folder = await PrivateNetnsFolder.create();
  });
  beforeEach(async () => {
    for (const name of folder.list()) await run(['ip', 'netns', 'delete', name]);
    for (const name of [netns, far]) await run(['ip', 'netns', 'add', name]);
    netnsd = new NetnsdProcess(folder.enter([netnsdBinary]));
  });
  afterAll(async () => {
    for (const name of folder.list()) await run(['ip', 'netns', 'delete', name]);
    folder[Symbol.dispose]();
  });

  async function change(...lines: readonly string[]): Promise<void> {
    expect(await netnsd.change(netns, lines)).toEqual(lines.map(() => null));
  }

  /** Devices, addresses, rules, routes and neighbours of every kind that our drivers make. */
  const everything = [
    'link set lo up alias "landbridge-attached:a word"',
    'link add br address 02:00:00:00:00:05 type bridge',
    `link add near type veth peer name end netns ${far}`,
    'link add ifb9 txqueuelen 1000 type ifb',
    'link set near master br mtu 1400 up',
    'link set br up',
    'link add out type veth peer name out-end',
    'link set out up address 02:00:00:00:00:07',
    'link set out-end up',
    `link add mac link out netns ${netns} type macvlan mode bridge`,
    'address add 10.0.0.1/24 dev out',
    'address add 169.254.0.2/32 dev lo scope link',
    'address add 127.0.0.7/32 dev lo scope host',
    'rule add priority 300 blackhole protocol 76',
    'rule add priority 10 from 10.0.0.0/8 to 10.1.0.0/16 iif out lookup 1100 protocol 76',
    'route replace 0.0.0.0/0 table 254 metric 0 protocol 76 src 10.0.0.1 via 10.0.0.9 dev out onlink',
    'route replace 10.9.0.0/16 table 100 metric 101 protocol 76 nexthop via 10.0.0.9 dev out onlink nexthop dev br',
    'route replace blackhole 10.10.0.0/16 table 100 metric 0 protocol 76',
    'route replace unreachable 10.11.0.0/16 table 100 metric 20 protocol 76',
    'route replace 10.12.0.0/16 table 70000 metric 5 protocol 76 dev br',
    'neighbour replace 10.0.0.7 lladdr 02:00:00:00:00:09 dev out nud permanent protocol 76',
    'neighbour replace 10.0.0.8 dev out managed extern_learn protocol 76',
    'neighbour replace proxy 203.0.113.1 dev out protocol 76',
  ];

  /** What of an object our drivers read, so that two tellings of it can be compared. */
  function told(objects: readonly object[], fields: readonly string[]): unknown[] {
    return (objects as readonly Record<string, unknown>[]).map((each) =>
      Object.fromEntries(fields.filter((field) => field in each).map((field) => [field, each[field]])),
    );
  }

  it.each([
    ['rule show', 'rule show', ['priority', 'src', 'srclen', 'dst', 'dstlen', 'iif', 'table', 'action', 'protocol']],
    ['neighbour show proxy', 'neighbour show proxy', ['dst', 'dev', 'protocol']],
    ['neighbour show nud permanent', '-4 neighbour show nud permanent', ['dst', 'dev', 'lladdr', 'managed', 'extern_learn', 'protocol']], // prettier-ignore
    ['address show', 'address show', ['ifname', 'mtu', 'address', 'master', 'ifalias']],
  ])('makes what its lines say, and tells it as ip(8) does: %s', async (query, witness, fields) => {
    await change(...everything);
    const [answer = []] = await netnsd.show(netns, [query]);
    const expected = told(
      (await ip(witness)).filter((each) => Object.keys(each).length > 0),
      fields,
    );
    expect(told(answer as object[], fields)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  it('tells of one device what it tells of it among all, and of none that is not there', async () => {
    await change(...everything);
    const [all = []] = await netnsd.show(netns, ['address show']);
    const names = (all as readonly { ifname: string }[]).map(({ ifname }) => ifname);
    expect(names).toEqual(expect.arrayContaining(['lo', 'br', 'near', 'out', 'out-end', 'mac', 'ifb9']));
    const one = await netnsd.show(
      netns,
      names.map((name) => `address show dev ${name}`),
    );
    expect(one.flat()).toEqual(all);
    const none = ['nowhere', 'a-name-that-no-device-can-have'].map((name) => `address show dev ${name}`);
    expect(await netnsd.show(netns, none)).toEqual([[], []]);
  });

  it('makes routes of every kind, and tells them as ip(8) does', async () => {
    await change(...everything);
    const [answer = []] = await netnsd.show(netns, ['route show table all']);
    const fields = ['type', 'dst', 'dev', 'gateway', 'table', 'protocol', 'metric', 'prefsrc'];
    const witnesses = (await ip('-4 route show table all')).filter(
      (each) => (each as { table: string }).table !== '255',
    );
    expect(told(answer as object[], fields)).toEqual(told(witnesses, fields));
    const hops = (routes: readonly object[]) =>
      (routes as readonly { nexthops?: object[] }[]).map(({ nexthops = [] }) => told(nexthops, ['dev', 'gateway']));
    expect(hops(answer as object[])).toEqual(hops(witnesses));
    expect(hops(witnesses).flat()).toHaveLength(2);
    const [main = []] = await netnsd.show(netns, ['route show default']);
    expect(told(main as object[], ['dst', 'gateway'])).toEqual([{ dst: 'default', gateway: '10.0.0.9' }]);
  });

  it('takes everything away again that it has made', async () => {
    await change(...everything);
    await change(
      'neighbour delete proxy 203.0.113.1 dev out',
      'neighbour delete 10.0.0.7 dev out',
      'neighbour delete 10.0.0.8 dev out',
      'route delete 10.9.0.0/16 table 100 metric 101 protocol 76 nexthop via 10.0.0.9 dev out nexthop dev br',
      'route delete blackhole 10.10.0.0/16 table 100 metric 0 protocol 76',
      'route delete unreachable 10.11.0.0/16 table 100 metric 20 protocol 76',
      'route delete 10.12.0.0/16 table 70000 metric 5 protocol 76 dev br',
      'route delete 0.0.0.0/0 table 254 metric 0 protocol 76 via 10.0.0.9 dev out',
      'rule delete priority 10 from 10.0.0.0/8 to 10.1.0.0/16 iif out lookup 1100 protocol 76',
      'rule delete priority 300 blackhole protocol 76',
      'address delete 169.254.0.2/32 dev lo',
      'address flush dev out',
      'link set near nomaster down',
      'link delete near',
      'link delete br',
      'link set out down',
      'link set out name renamed',
      `link set renamed netns ${far}`,
      'link delete ifb9',
      'link delete mac',
      'link set lo alias ""',
    );
    const [links = [], rules, routes, proxies] = await netnsd.show(netns, [
      ...['address show', 'rule show', 'route show table all', 'neighbour show proxy'],
    ]);
    expect(told(links as object[], ['ifname', 'ifalias'])).toEqual([{ ifname: 'lo' }, { ifname: 'out-end' }]);
    expect(rules).toHaveLength(3);
    expect([routes, proxies]).toEqual([[], []]);
    const [there = []] = await netnsd.show(far, ['link show']);
    expect(told(there as object[], ['ifname'])).toContainEqual({ ifname: 'renamed' });
  });

  it('says of each line that fails why, and does the others', async () => {
    await change('link add br type bridge');
    const lines = ['link add br type bridge', 'link set nowhere up', 'route add 10.0.0.0/8 sideways', 'link set br up'];
    expect(await netnsd.change(netns, lines)).toEqual([
      ...['File exists', 'Cannot find device "nowhere"', 'what is "sideways"?', null],
    ]);
    await expect(netnsd.show('lb-vpc-nowhere', ['link show'])).rejects.toThrow(
      /namespace "lb-vpc-nowhere": No such file/,
    );
    await expect(netnsd.show('../netns/x', ['link show'])).rejects.toThrow(/no name of a namespace/);
  });

  it('replaces a filter as one transaction, and says what nft says of a bad one', async () => {
    const table = (policy: string) =>
      `table inet landbridge {\n chain f {\n type filter hook forward priority 0; policy ${policy};\n }\n}\n`;
    await netnsd.runNft(netns, table('drop'));
    await expect(netnsd.runNft(netns, `delete table inet landbridge\n${table('perhaps')}`)).rejects.toThrow(
      /:4:46-52: Error: .*\n.*policy perhaps/,
    );
    expect(await inside('nft', 'list', 'ruleset')).toContain('policy drop');
    expect(JSON.parse(await netnsd.listNft(netns, 'list chains inet'))).toHaveProperty('nftables.1.chain.name', 'f');
  });

  it('reads and writes settings of the namespace, and passes over what the kernel does not have', async () => {
    await netnsd.writeSysctls(netns, [['net/ipv4/ip_forward', '1'], ['net/ipv4/conf/none/forwarding', '1']]); // prettier-ignore
    expect(await netnsd.readSysctls(netns, ['net/ipv4/ip_forward', 'net/ipv4/nothing'])).toEqual(['1', null]);
    expect(await netnsd.readSysctls(far, ['net/ipv4/ip_forward'])).toEqual(['0']);
    await expect(netnsd.writeSysctls(netns, [['net/ipv4/ip_forward', 'perhaps']])).rejects.toThrow(/Invalid argument/);
    await expect(netnsd.readSysctls(netns, ['kernel/core_pattern'])).rejects.toThrow(/no setting of a network/);
  });

  it('tells what others change, and nothing that it did itself', async () => {
    await change(...everything);
    const heard = new Set<string>();
    await netnsd.watch(netns, (changed) => changed.forEach((word) => heard.add(word)));
    await change(
      'route replace 10.13.0.0/16 table 100 metric 0 protocol 76 dev br',
      'link set near down',
      'link set near up',
    );
    await change('address add 10.4.4.4/32 dev lo', 'link delete ifb9');
    await change(...Array.from({ length: 3000 }, (_, n) => `route replace 172.16.${n >> 8}.${n & 255}/32 table 7 protocol 76 dev br`)); // prettier-ignore
    await netnsd.writeSysctls(netns, [['net/ipv4/ip_forward', '1']]);
    await netnsd.runNft(netns, 'table inet landbridge {\n chain f {\n }\n}\n');
    // Carriers come and go a second later, by the kernel itself.
    await expect(
      poll(
        'something',
        () => heard.size,
        (size) => size > 0,
        { within: 1500 / patience },
      ),
    ).rejects.toThrow();
    const hears = async (word: string, ...argv: readonly string[]) => {
      heard.clear();
      await inside(...argv);
      await poll(word, () => [...heard], (words) => words.includes(word), { within: 2000 }); // prettier-ignore
    };
    await hears('nft', 'nft', 'flush', 'ruleset');
    await hears('settings', 'sysctl', '-qw', 'net.ipv4.ip_forward=0');
    await hears('routes', 'ip', 'route', 'delete', 'blackhole', '10.10.0.0/16', 'table', '100');
    await hears('rules', 'ip', 'rule', 'delete', 'priority', '300');
    await hears('addresses', 'ip', 'address', 'add', '10.3.3.3/32', 'dev', 'lo');
    await hears('links', 'ip', 'link', 'set', 'near', 'mtu', '1300');
    await hears('qdiscs', 'tc', 'qdisc', 'replace', 'dev', 'out', 'root', 'tbf', 'rate', '1mbit', 'burst', '10k', 'latency', '50ms'); // prettier-ignore
    await hears('links', 'ip', 'link', 'delete', 'near');
  });

  const manyRoutes = Array.from(
    { length: 30_000 },
    (_, n) => `route replace 172.16.${n >> 8}.${n & 255}/32 table 7 dev br`,
  );
  const manyElements = Array.from({ length: 60_000 }, (_, n) => `172.17.${n >> 8}.${n & 255}`).join(', ');
  const setting = (attempt: number) => ['sysctl', '-qw', `net.ipv4.ip_forward=${attempt % 2}`];
  const table = (attempt: number) => ['nft', 'add', 'table', `other${attempt}`];
  const works: Record<string, () => Promise<unknown>> = {
    reads: () =>
      netnsd.show(
        netns,
        Array.from({ length: 2000 }, () => 'address show'),
      ),
    'makes routes': () => netnsd.change(netns, manyRoutes),
    'changes a filter': () =>
      netnsd.runNft(netns, `table ip own {\n set s {\n type ipv4_addr; elements = { ${manyElements} }\n }\n}\n`),
  };

  it.each([
    ['reads', 'settings', setting],
    ['reads', 'nft', table],
    ['makes routes', 'nft', table],
    ['changes a filter', 'settings', setting],
  ])('tells what somebody changes while it %s: %s', async (work, word, changeBy) => {
    await change('link add br type bridge', 'link set br up');
    const heard = new Set<string>();
    await netnsd.watch(netns, (changed) => changed.forEach((each) => heard.add(each)));
    /** Answers whether the change came before the work was over: where commands start late, not each time. */
    const attempt = async (argv: readonly string[]): Promise<boolean> => {
      heard.clear();
      let isOver = false;
      const working = works[work]!().finally(() => (isOver = true));
      const hasBegun = () => inside('ip', 'route', 'show', 'table', '7', '172.16.0.0/32');
      if (work === 'makes routes') await poll('it makes routes', hasBegun, (text) => text.includes('172.16.'), { within: 5000, every: 5 }); // prettier-ignore
      await inside(...argv);
      const wasMeanwhile = !isOver;
      await working;
      await poll(word, () => [...heard], (words) => words.includes(word), { within: 2000 }); // prettier-ignore
      expect([...heard]).toEqual([word]);
      return wasMeanwhile;
    };
    let attempts = 0;
    while (!(await attempt(changeBy(++attempts)))) expect(attempts).toBeLessThan(10);
  });

  it('does not tell what somebody else does for us with the devices that were named, and tells all else', async () => {
    const heard: string[] = [];
    await netnsd.watch(netns, (changed) => heard.push(...changed));
    const comesAndGoes = async () => {
      await inside('ip', 'link', 'add', 'expected', 'type', 'bridge');
      await inside('ip', 'address', 'add', '10.3.3.4/32', 'dev', 'expected');
      await inside('ip', 'link', 'delete', 'expected');
    };
    await netnsd.expect(netns, ['expected']);
    await comesAndGoes();
    await inside('ip', 'rule', 'add', 'priority', '7', 'lookup', '77');
    await poll('all else', () => heard, (words) => words.length > 0, { within: 2000 }); // prettier-ignore
    expect(heard).toEqual(['rules']);
    await netnsd.expect(netns, []);
    await comesAndGoes();
    await poll('the device', () => heard, (words) => words.includes('links'), { within: 2000 }); // prettier-ignore
  });

  it('never tells a namespace from another that had its name, and does not keep one alive', async () => {
    const heard: string[] = [];
    await change('link add old type bridge');
    await netnsd.watch(netns, (changed) => heard.push(...changed));
    await change(`link add near type veth peer name end netns ${far}`);
    await run(['ip', 'netns', 'delete', netns]);
    await poll('it is gone', () => heard, (words) => words.includes('gone'), { within: 2000 }); // prettier-ignore
    const ends = async () => told((await netnsd.show(far, ['link show']))[0] as object[], ['ifname']);
    await poll('the far end went with it', ends, (links) => links.length === 1, { within: 5000 });
    await run(['ip', 'netns', 'add', netns]);
    const [links = []] = await netnsd.show(netns, ['link show']);
    expect(told(links as object[], ['ifname'])).toEqual([{ ifname: 'lo' }]);
  });

  it('tells that it lost sight when its process dies, and is there again for the next question', async () => {
    const heard: string[] = [];
    await netnsd.watch(netns, (changed) => heard.push(...changed));
    const former = netnsd.pid;
    process.kill(former!, 'SIGSTOP');
    const asked = netnsd.show(netns, ['link show']);
    const refused = expect(asked).rejects.toThrow(/netnsd: SIGKILL/);
    process.kill(former!, 'SIGKILL');
    await refused;
    expect(heard).toEqual(['lost']);
    expect(await netnsd.show(netns, ['link show'])).toHaveLength(1);
    expect(netnsd.pid).not.toBe(former);
  });

  it('is ended and started again when it does not answer', async () => {
    const impatient = new NetnsdProcess(folder.enter([netnsdBinary]), { mostMs: 300 * patience });
    await impatient.show(netns, ['link show']);
    const former = impatient.pid;
    process.kill(former!, 'SIGSTOP');
    await expect(impatient.show(netns, ['link show'])).rejects.toThrow(/netnsd: no answer in/);
    expect(await impatient.show(netns, ['link show'])).toHaveLength(1);
    expect(impatient.pid).not.toBe(former);
  });
});
