import type { Kernel } from '../src/drivers/kernel.ts';
import type { Look, Netnsd, Questions } from '../src/drivers/netnsd.ts';
import { CommandError, type Commands, type RunOptions } from '../src/platform/commands.ts';
import { FakeNetns, type FakeRoute } from './fake-netns.ts';

/**
 * A kernel that understands what our drivers say to it, holds the state they make and shows it as netnsd, iproute2 6.1 and
 * nft 1.0 do. It can refuse lines, to see whether the drivers get there all the same.
 */
export class FakeKernel implements Commands, Netnsd {
  readonly namespaces = new Map<string, FakeNetns>();
  readonly host = new FakeNetns();
  /** Who wants to hear what others change, by namespace. */
  readonly watches = new Map<string | null, (changed: readonly string[]) => void>();
  /** Lines that changed something or tried to. */
  readonly writes: string[] = [];
  readonly #stops: { readonly pattern: RegExp; readonly reached: () => void; readonly go: Promise<unknown> }[] = [];
  readonly #faults: { readonly pattern: RegExp; left: number; readonly action: () => void }[] = [];

  get kernel(): Kernel {
    return {
      commands: this,
      netnsd: this,
      hostNetns: 'fake-host',
      listNetns: () => Promise.resolve([...this.namespaces.keys()]),
    };
  }

  /** The next `times` lines or commands that match fail, after `action`. */
  failOn(pattern: RegExp, times = 1, action: () => void = () => undefined): void {
    this.#faults.push({ pattern, left: times, action });
  }

  /** The next command whose input matches waits, once `reached` has resolved, until `go` is called. */
  stopAt(pattern: RegExp): { readonly reached: Promise<unknown>; readonly go: () => void } {
    const [reached, go] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    this.#stops.push({ pattern, reached: () => reached.resolve(undefined), go: go.promise });
    return { reached: reached.promise, go: () => go.resolve(undefined) };
  }

  get hasFaultsLeft(): boolean {
    return this.#faults.some(({ left }) => left > 0);
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
    await this.#hear(options.input ?? '', options.signal);
    try {
      return this.#interpret(argv, options.input ?? '');
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(argv, 1, (error as Error).message, 'exit code 1');
    }
  }

  async show(name: string | null, queries: readonly string[], signal?: AbortSignal): Promise<unknown[][]> {
    await this.#hear(queries.join('\n'), signal);
    const netns = this.#where(name);
    return queries.map((query) => show(netns, query));
  }

  async look(name: string | null, { queries, paths, commands }: Questions, signal?: AbortSignal): Promise<Look> {
    const answers = await this.show(name, queries, signal);
    const values = await this.readSysctls(name, paths, signal);
    return { answers, values, nft: await this.listNft(name, commands, signal) };
  }

  async change(name: string | null, lines: readonly string[], signal?: AbortSignal): Promise<(string | null)[]> {
    await this.#hear(lines.join('\n'), signal);
    const netns = this.#where(name);
    return lines.map((line) => this.#try(line, () => this.#changeIp(netns, line)));
  }

  async listNft(name: string | null, commands: string, signal?: AbortSignal): Promise<string> {
    await this.#hear(commands, signal);
    const chains = this.#where(name).chains.map((chain) => ({ chain: { family: 'inet', ...chain } }));
    return [chains, []].map((nftables) => JSON.stringify({ nftables })).join('\n');
  }

  async runNft(name: string | null, script: string, signal?: AbortSignal): Promise<void> {
    await this.#hear(script, signal);
    this.#changeFilter(this.#where(name), script);
  }

  async readSysctls(name: string | null, paths: readonly string[], signal?: AbortSignal): Promise<(string | null)[]> {
    await this.#hear(paths.join('\n'), signal);
    const { sysctls } = this.#where(name);
    return paths.map((path) => sysctls.get(path) ?? null);
  }

  async writeSysctls(
    name: string | null,
    values: readonly (readonly [string, string])[],
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#hear(values.join('\n'), signal);
    const { sysctls } = this.#where(name);
    for (const [path, value] of values) {
      const problem = this.#try(`${path} ${value}`, () => sysctls.set(path, value));
      if (problem !== null) throw new Error(problem);
    }
  }

  async add(name: string, signal?: AbortSignal): Promise<boolean> {
    await this.#hear(`netns add ${name}`, signal);
    if (this.namespaces.has(name)) return false;
    this.#changeNetns('add', name);
    return true;
  }

  async remove(name: string, signal?: AbortSignal): Promise<boolean> {
    await this.#hear(`netns delete ${name}`, signal);
    if (!this.namespaces.has(name)) return false;
    this.#changeNetns('delete', name);
    return true;
  }

  expect(): Promise<void> {
    return Promise.resolve();
  }

  watch(name: string | null, onChange: (changed: readonly string[]) => void): Promise<void> {
    this.watches.set(name, onChange);
    return Promise.resolve();
  }

  start(): Promise<number> {
    return Promise.reject(new Error('the fake kernel starts no daemons'));
  }

  netns(name: string): FakeNetns {
    const netns = name === 'fake-host' ? this.host : this.namespaces.get(name);
    if (netns === undefined) throw new Error(`Cannot open network namespace "${name}": No such file or directory`);
    return netns;
  }

  /** Both ends of a pair go together. */
  deleteLink(netns: FakeNetns, name: string): void {
    const { peer } = netns.removeLink(name);
    if (peer?.netns.links.has(peer.name) === true) peer.netns.removeLink(peer.name);
  }

  #interpret(argv: readonly string[], input: string): string {
    const [name, words] = splitNetns(argv);
    const command = words.join(' ');
    if (command.startsWith('ip netns')) return this.#changeNetns(words[2] ?? '', words[3] ?? '');
    const netns = this.#where(name);
    const lines = input.split('\n').filter((line) => line !== '');
    if (/^tc .*-force/.test(command)) return this.#batch(argv, lines, (line) => changeShaper(netns, line));
    throw new Error(`the fake kernel does not know ${command}`);
  }

  async #hear(said: string, signal: AbortSignal | undefined): Promise<void> {
    await Promise.resolve();
    const at = this.#stops.findIndex(({ pattern }) => pattern.test(said));
    const [stop] = at < 0 ? [] : this.#stops.splice(at, 1);
    stop?.reached();
    await stop?.go;
    signal?.throwIfAborted();
  }

  #where(name: string | null): FakeNetns {
    return name === null ? this.host : this.netns(name);
  }

  /** Why it could not be done, or null. */
  #try(line: string, change: () => unknown): string | null {
    try {
      this.#write(line);
      change();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  #batch(argv: readonly string[], lines: readonly string[], change: (line: string) => void): string {
    const problems = lines.flatMap((line, index) => {
      const problem = this.#try(line, () => change(line));
      return problem === null ? [] : [`${problem}\nCommand failed -:${index + 1}`];
    });
    if (problems.length > 0) throw new CommandError(argv, 1, problems.join('\n'), 'exit code 1');
    return '';
  }

  #write(line: string): void {
    this.writes.push(line);
    const fault = this.#faults.find(({ pattern, left }) => left > 0 && pattern.test(line));
    if (fault === undefined) return;
    fault.left--;
    fault.action();
    throw new Error('RTNETLINK answers: injected fault');
  }

  #changeNetns(verb: string, name: string): string {
    this.#write(`netns ${verb} ${name}`);
    if (verb === 'add' && this.namespaces.has(name)) throw new Error('Cannot create namespace file: File exists');
    if (verb === 'add') this.namespaces.set(name, new FakeNetns());
    if (verb === 'delete') {
      for (const link of [...this.netns(name).links.keys()]) this.deleteLink(this.netns(name), link);
      this.namespaces.delete(name);
    }
    return '';
  }

  #changeFilter(netns: FakeNetns, script: string): void {
    this.#write(`nft ${script.split('\n')[0] ?? ''}`);
    let table = '';
    for (const line of script.split('\n')) {
      const [, deleted] = /^delete table inet (\S+)$/.exec(line) ?? [];
      netns.chains = netns.chains.filter((chain) => chain.table !== deleted);
      table = /^table inet (\S+) \{$/.exec(line)?.[1] ?? table;
      const [, name] = /^ *chain (\S+) \{$/.exec(line) ?? [];
      if (name !== undefined) netns.chains.push({ table, name });
    }
  }

  #changeIp(netns: FakeNetns, line: string): void {
    const [object = '', verb = '', name = '', ...rest] = line.split(' ');
    const words = rest.join(' ');
    const changes: Readonly<Record<string, () => void>> = {
      'link add': () => this.#addLink(netns, name, words),
      'link set': () => this.#setLink(netns, name, words),
      'link delete': () => this.deleteLink(netns, name),
      'address add': () => changeAddress(netns, name, words, true),
      'address delete': () => changeAddress(netns, name, words, false),
      'rule add': () => addRule(netns, line.slice('rule add '.length)),
      'rule delete': () => deleteRule(netns, line.slice('rule delete '.length)),
      'route replace': () => changeRoute(netns, verb, line),
      'route add': () => changeRoute(netns, verb, line),
      'route delete': () => changeRoute(netns, verb, line),
      'neighbour replace': () => changeNeighbour(netns, line, name === 'proxy'),
      'neighbour delete': () => changeNeighbour(netns, line, name === 'proxy'),
    };
    const change = changes[`${object} ${verb}`];
    if (change === undefined) throw new Error(`unknown: ${line}`);
    change();
  }

  #addLink(netns: FakeNetns, name: string, words: string): void {
    if (netns.links.has(name)) throw new Error('RTNETLINK answers: File exists');
    const mac = /^address (\S+)/.exec(words)?.[1];
    const kind = /\btype (\S+)/.exec(words)?.[1] ?? '';
    const peer = /peer name (\S+) netns (\S+)/.exec(words);
    const ifId = Number(/\bif_id (\d+)/.exec(words)?.[1] ?? Number.NaN);
    if ([...netns.links.values()].some((other) => other.ifId === ifId))
      throw new Error('RTNETLINK answers: File exists');
    const link = { ...newLink(kind), ifId: Number.isNaN(ifId) ? null : ifId };
    link.mac = mac ?? link.mac;
    if (peer !== null) {
      const far = { netns: this.netns(peer[2] ?? ''), name: peer[1] ?? '' };
      if (far.netns.links.has(far.name)) throw new Error('RTNETLINK answers: File exists');
      link.peer = far;
      far.netns.links.set(far.name, { ...newLink(kind), peer: { netns, name } });
    }
    netns.links.set(name, link);
  }

  #setLink(netns: FakeNetns, name: string, words: string): void {
    const link = netns.link(name);
    const word = (key: string) => new RegExp(`\\b${key} (\\S+)`).exec(words)?.[1];
    link.alias = word('alias') ?? link.alias;
    link.master = word('master') ?? link.master;
    link.mtu = Number(word('mtu') ?? link.mtu);
    link.mac = word('address') ?? link.mac;
    if (/\bup\b/.test(words)) link.up = true;
    const destination = word('netns');
    if (destination === undefined) return;
    netns.removeLink(name);
    this.netns(destination).links.set(name, { ...link, up: false, master: null, addresses: new Map() });
  }
}

function splitNetns(argv: readonly string[]): [string | null, readonly string[]] {
  if (argv[0] === 'nsenter') return [(argv[1] ?? '').replace('--net=/run/netns/', ''), argv.slice(3)];
  const at = argv.indexOf('-n');
  return at < 0 ? [null, argv] : [argv[at + 1] ?? '', argv.filter((_, index) => index !== at && index !== at + 1)];
}

function newLink(kind: string): FakeNetns['links'] extends Map<string, infer L> ? L : never {
  return {
    kind,
    ifId: null,
    up: false,
    mtu: 1500,
    mac: 'ba:ad:00:00:00:01',
    master: null,
    alias: null,
    peer: null,
    addresses: new Map(),
  };
}

function show(netns: FakeNetns, query: string): unknown[] {
  if (query.startsWith('link show dev')) return netns.showLinks().slice(0, 1);
  if (query.startsWith('address show dev ')) return showDevice(netns, query.slice('address show dev '.length));
  if (query.startsWith('route show dev ')) return [];
  if (query === 'address show' || query === 'link show') return netns.showLinks();
  if (query === 'rule show') return netns.showRules();
  if (query === 'route show table all') return netns.showRoutes();
  if (query === 'neighbour show nud permanent') return netns.showNeighbours();
  if (query === 'qdisc show') return showShapers(netns);
  return [...netns.proxies].map((text) => ({
    dst: text.split(' ')[0],
    dev: text.split(' ')[2],
    proxy: null,
    protocol: text.split(' ')[4],
  }));
}

function showDevice(netns: FakeNetns, device: string): unknown[] {
  return netns.showLinks().filter((link) => (link as { ifname: string }).ifname === device);
}

function changeAddress(netns: FakeNetns, address: string, words: string, isAddition: boolean): void {
  const { addresses } = netns.link(/dev (\S+)/.exec(words)?.[1] ?? '');
  if (addresses.has(address) === isAddition) throw new Error('RTNETLINK answers: File exists');
  if (isAddition) addresses.set(address, /scope (\S+)/.exec(words)?.[1] ?? 'global');
  else addresses.delete(address);
}

function changeNeighbour(netns: FakeNetns, line: string, isProxy: boolean): void {
  const [, verb, ...words] = line.split(' ');
  const address = words[isProxy ? 1 : 0] ?? '';
  const device = / dev (\S+)/.exec(line)?.[1] ?? '';
  netns.link(device);
  if (isProxy) {
    if (verb === 'replace') netns.proxies.add(words.slice(1).join(' '));
    else netns.proxies.delete(`${words.slice(1).join(' ')} protocol 76`);
  } else if (verb === 'replace') netns.neighbours.set(`${address} ${device}`, line);
  else netns.neighbours.delete(`${address} ${device}`);
}

function addRule(netns: FakeNetns, text: string): void {
  if (netns.rules.has(text)) throw new Error('RTNETLINK answers: File exists');
  netns.rules.add(text);
}

function deleteRule(netns: FakeNetns, text: string): void {
  if (!netns.rules.delete(text)) throw new Error('RTNETLINK answers: No such file or directory');
}

function changeRoute(netns: FakeNetns, verb: string, line: string): void {
  const word = (key: string) => new RegExp(`\\b${key} (\\S+)`).exec(line)?.[1] ?? null;
  const destination = /(\d+\.\d+\.\d+\.\d+\/\d+)/.exec(line)?.[1] ?? '';
  const place = `${word('table')} ${destination} ${word('metric')}`;
  if (verb === 'delete') {
    if (!netns.routes.delete(place)) throw new Error('RTNETLINK answers: No such process');
    return;
  }
  if (verb === 'add' && netns.routes.has(place)) throw new Error('RTNETLINK answers: File exists');
  const hops = [...line.matchAll(/(?:via (\S+) )?dev (\S+)/g)].map(([, via, device]) =>
    `${device} ${via ?? ''}`.trim(),
  );
  for (const hop of hops) if (!netns.link(hop.split(' ')[0] ?? '').up) throw new Error('Network is down');
  const kind = (/(blackhole|unreachable)/.exec(line)?.[1] ?? 'unicast') as FakeRoute['kind'];
  netns.routes.set(place, { kind, devices: hops, source: word('src'), protocol: word('protocol') ?? '3' });
}

function showShapers(netns: FakeNetns): unknown[] {
  return [...netns.shapers].map(([dev, rate]) => ({ kind: 'tbf', dev, root: true, options: { rate } }));
}

function changeShaper(netns: FakeNetns, line: string): void {
  const [, verb, , device = ''] = line.split(' ');
  netns.link(device);
  if (verb === 'delete') netns.shapers.delete(device);
  else netns.shapers.set(device, (Number(/rate (\d+)mbit/.exec(line)?.[1]) * 1_000_000) / 8);
}
