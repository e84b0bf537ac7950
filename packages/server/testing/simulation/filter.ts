import { isCidr, isIpAddress, parseCidr, parseIpAddress, type Cidr } from '@landbridge/net';
import { renderRule } from '../../src/drivers/nft-text.ts';
import type {
  ChainPlan,
  DeviceMapPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  FilterRule,
  TablePlan,
} from '../../src/plan/packet-filter.ts';
import { covers, type Packet } from './packet.ts';

/**
 * Says what the packet filter of a plan does with a packet. It knows what plans of namespaces say; anything else throws, so that no
 * rule is ever passed over in silence.
 */
export type Hook = 'prerouting' | 'input' | 'output' | 'forward';
export type Verdict = 'accept' | 'drop';

export interface Filter {
  readonly base: ReadonlyMap<Hook, Chain>;
  /** Chains that others lead to, by name. */
  readonly chains: ReadonlyMap<string, readonly Rule[]>;
}

interface Chain {
  readonly policy: Verdict;
  readonly rules: readonly Rule[];
}

type Rule = Decision | Goto;

interface Decision {
  readonly text: string;
  readonly matches: readonly Match[];
  /** Where it is not one of the two: the chain that decides; packets do not come back. */
  readonly verdict: Verdict | { readonly goto: string };
  /** Which counter counts what it decides about; null where none does. */
  readonly counter: ((passage: Passage) => string | undefined) | null;
}

/** By the name of a device to the chain that decides; packets do not come back. */
interface Goto {
  readonly read: (passage: Passage) => string;
  readonly targets: ReadonlyMap<string, string>;
}

/** A packet on its way: the names of the devices are empty where there is none (own packets, local delivery). */
export interface Passage {
  readonly packet: Packet;
  readonly iif: string;
  readonly oif: string;
}

type Match = (passage: Passage) => boolean;

export interface Judgement {
  readonly verdict: Verdict;
  /** The rule that decided, or the policy. */
  readonly by: string;
  /** The counter of that rule, if it has one. */
  readonly counter: string | null;
}

export function judge(filter: Filter, hook: Hook, passage: Passage): Judgement {
  const chain = filter.base.get(hook);
  if (chain === undefined) return { verdict: 'accept', by: `no ${hook} chain`, counter: null };
  return decide(filter, chain.rules, passage) ?? { verdict: chain.policy, by: 'policy', counter: null };
}

/** Null: the end of the rules. */
function decide(filter: Filter, rules: readonly Rule[], passage: Passage): Judgement | null {
  for (const rule of rules) {
    if ('targets' in rule) {
      const target = rule.targets.get(rule.read(passage));
      if (target !== undefined) return decide(filter, filter.chains.get(target) ?? [], passage);
    } else if (rule.matches.every((match) => match(passage))) {
      const { verdict, text } = rule;
      if (typeof verdict === 'object') return decide(filter, filter.chains.get(verdict.goto) ?? [], passage);
      return { verdict, by: text, counter: rule.counter?.(passage) ?? null };
    }
  }
  return null;
}

export function compileFilter(table: TablePlan | null): Filter {
  const base = new Map<Hook, Chain>();
  const chains = new Map<string, readonly Rule[]>();
  const names = namesIn(table);
  for (const chain of (table?.chains ?? []).filter((each) => !onlyCounts(each))) {
    const rules = chain.rules.filter((rule) => !onlyMarks(rule)).map((rule) => compileRule(rule, names));
    if (chain.base !== undefined) {
      const { hook, policy } = checkBase(chain.base);
      if (base.has(hook)) throw new Error(`two chains at the ${hook} hook`);
      base.set(hook, { policy, rules });
    } else {
      if (chains.has(chain.name)) throw new Error(`two chains with the name ${chain.name}`);
      chains.set(chain.name, rules);
    }
  }
  expectAllReached(base, chains);
  return { base, chains };
}

/** What rules speak of by name. */
interface Names {
  readonly counters: ReadonlySet<string>;
  elements(set: string): readonly (readonly string[])[];
  mapTo(target: DeviceMapPlan['to'], map: string): ReadonlyMap<string, string>;
}

/** nft refuses what has a name twice, and a rule about a set that is not there or is of another kind. */
function namesIn(table: TablePlan | null): Names {
  const { counters = [], sets = [] } = table ?? {};
  if (new Set(counters).size !== counters.length) throw new Error('two counters with one name');
  const byName = new Map(sets.map((set) => [set.name, set]));
  if (byName.size !== sets.length) throw new Error('two sets with one name');
  const named = (name: string) => {
    const set = byName.get(name);
    if (set === undefined) throw new Error(`no set ${name}`);
    return set;
  };
  return {
    counters: new Set(counters),
    elements: (name) => {
      const set = named(name);
      if (!('elements' in set) || 'to' in set) throw new Error(`not a set with elements: ${name}`);
      expectEachOnce(name, set.elements.map(joined));
      return set.elements;
    },
    mapTo: (target, name) => {
      const set = named(name);
      if (!('to' in set) || set.to !== target) throw new Error(`not a map to a ${target}: ${name}`);
      expectEachOnce(
        name,
        set.elements.map(({ device }) => device),
      );
      return new Map(set.elements.map(({ device, to }) => [device, to]));
    },
  };
}

function joined(values: readonly string[]): string {
  return values.join(' . ');
}

function expectEachOnce(set: string, elements: readonly string[]): void {
  if (new Set(elements).size !== elements.length) throw new Error(`an element twice in ${set}`);
}

/** nft refuses a rule that leads nowhere; a chain that nothing leads to decides nothing, and somebody meant it to. */
function expectAllReached(base: Filter['base'], chains: Filter['chains']): void {
  const rules = [...[...base.values()].map((chain) => chain.rules), ...chains.values()].flat();
  const targets = new Set(rules.flatMap(targetsOf));
  for (const name of targets) if (!chains.has(name)) throw new Error(`no chain ${name}`);
  for (const name of chains.keys()) if (!targets.has(name)) throw new Error(`nothing leads to the chain ${name}`);
}

function targetsOf(rule: Rule): string[] {
  if ('targets' in rule) return [...rule.targets.values()];
  return typeof rule.verdict === 'object' ? [rule.verdict.goto] : [];
}

function checkBase({ type, hook, priority, policy }: NonNullable<ChainPlan['base']>): { hook: Hook; policy: Verdict } {
  if (type !== 'filter' || priority !== 'filter' || hook === 'postrouting')
    throw new Error(`not a filter chain: ${type} ${hook} ${priority}`);
  return { hook, policy };
}

/** Comes after the chain that decides, and lets everything pass. */
function onlyCounts({ base, rules }: ChainPlan): boolean {
  const decides = (action: FilterAction) =>
    !('countBy' in action || ('verdict' in action && action.verdict === 'accept'));
  const isLate = base?.priority === 'filter + 1' && base.policy === 'accept';
  return isLate && !rules.some(({ actions }) => actions.some(decides));
}

/** Rewrites the MSS of SYNs, remembers a packet, or tells which limit it meets; decides nothing. */
function onlyMarks({ actions }: FilterRule): boolean {
  const marks = (action: FilterAction) => 'mss' in action || 'limitClass' in action || 'remember' in action;
  return actions.length > 0 && actions.every(marks);
}

function compileRule(rule: FilterRule, names: Names): Rule {
  const text = renderRule(rule);
  const [first] = rule.actions;
  if (first !== undefined && 'gotoBy' in first) {
    if (rule.actions.length > 1 || rule.matches.length > 0) throw new Error(`a map is not alone: ${text}`);
    return { read: devices[first.gotoBy], targets: names.mapTo('chain', first.map) };
  }
  const last = rule.actions.at(-1);
  const verdict = last === undefined ? undefined : verdictOf(last);
  if (verdict === undefined || rule.actions.length > 2) throw new Error(`a rule without a known verdict: ${text}`);
  const [counter] = rule.actions.slice(0, -1);
  return {
    text,
    matches: rule.matches.map((match) => compileMatch(match, names, text)),
    verdict,
    counter: counter === undefined ? null : compileCounter(counter, names, text),
  };
}

function verdictOf(action: FilterAction): Decision['verdict'] | undefined {
  if ('verdict' in action) return action.verdict;
  return 'goto' in action ? action : undefined;
}

/** One counter, or one for each device: nft refuses a rule with one that is not there. */
function compileCounter(action: FilterAction, names: Names, text: string): Decision['counter'] {
  const expectCounter = (name: string) => {
    if (!names.counters.has(name)) throw new Error(`no counter ${name}`);
  };
  if ('count' in action) {
    expectCounter(action.count);
    return () => action.count;
  }
  if (!('countBy' in action)) throw new Error(`unknown action in: ${text}`);
  const byDevice = names.mapTo('counter', action.map);
  for (const name of byDevice.values()) expectCounter(name);
  return ({ iif }) => byDevice.get(iif);
}

const devices = {
  iifname: ({ iif }: Passage) => iif,
  oifname: ({ oif }: Passage) => oif,
} as const;

/** By its field, what a value asks of a packet. */
const fields: Readonly<Record<FilterField, (value: string) => Match>> = {
  iifname: (value) => matchName(value, ({ iif }) => iif),
  oifname: (value) => matchName(value, ({ oif }) => oif),
  'ip saddr': (value) => matchRange(value, ({ packet }) => packet.source),
  'ip daddr': (value) => matchRange(value, ({ packet }) => packet.destination),
  'ip protocol': (value) => matchProtocol(value),
  'udp dport': (value) => matchPort(value),
  'icmp type': (value) => matchIcmpType(value),
  'meta nfproto': (value) => matchFamily(value),
  'ip6 saddr': (value) => matchNoIpv6(value),
  'ip version': (value) => matchVersion(value),
};

/** Fields of a header that only one protocol has: without it not even `not` matches. */
const protocolOf: Readonly<Partial<Record<FilterField, Packet['protocol']>>> = {
  'udp dport': 'udp',
  'icmp type': 'icmp',
};

function compileMatch(match: FilterMatch, names: Names, text: string): Match {
  if ('quotedDestination' in match) return matchQuoted(match.quotedDestination);
  if ('field' in match) {
    const values = 'is' in match ? [match.is] : match.in;
    return matchTuples(
      [match.field],
      values.map((value) => [value]),
      match.not === true,
    );
  }
  if ('fields' in match && 'in' in match) return matchTuples(match.fields, match.in, match.not === true);
  if ('inSet' in match) return matchTuples(match.fields, names.elements(match.inSet), match.not === true);
  throw new Error(`unknown match in: ${text}`);
}

function matchTuples(names: readonly FilterField[], tuples: readonly (readonly string[])[], isNegated: boolean): Match {
  const alternatives = tuples.map((tuple) => {
    if (tuple.length !== names.length) throw new Error(`values for other fields: ${tuple.join(' . ')}`);
    const parts = names.map((name, at) => fields[name](tuple[at] ?? ''));
    return (passage: Passage) => parts.every((part) => part(passage));
  });
  return (passage) =>
    names.every((name) => protocolOf[name] === undefined || passage.packet.protocol === protocolOf[name]) &&
    alternatives.some((alternative) => alternative(passage)) !== isNegated;
}

function matchName(value: string, read: (passage: Passage) => string): Match {
  const name = /^([a-z0-9.-]+)(\*?)$/.exec(value);
  if (name === null) throw new Error(`not the name of a device: ${value}`);
  const [, stem = '', star = ''] = name;
  return (passage) => (star === '' ? read(passage) === stem : read(passage).startsWith(stem));
}

function matchRange(value: string, read: (passage: Passage) => Packet['source']): Match {
  const block = readBlock(value);
  return (passage) => covers(block, read(passage));
}

function readBlock(value: string): Cidr {
  if (isIpAddress(value)) return parseCidr(`${parseIpAddress(value)}/32`);
  if (isCidr(value)) return parseCidr(value);
  throw new Error(`neither address nor range: ${value}`);
}

function matchProtocol(value: string): Match {
  if (!['icmp', 'tcp', 'udp', 'esp'].includes(value)) throw new Error(`unknown protocol: ${value}`);
  return ({ packet }) => packet.protocol === value;
}

function matchPort(value: string): Match {
  if (!/^\d+$/.test(value)) throw new Error(`not a port: ${value}`);
  return ({ packet }) => packet.destinationPort === Number(value);
}

function matchIcmpType(value: string): Match {
  if (!/^[a-z-]+$/.test(value)) throw new Error(`not an ICMP type: ${value}`);
  return ({ packet }) => packet.icmpType === value;
}

function matchNoIpv6(value: string): Match {
  if (!/^(?:::|fe80::\/10)$/.test(value)) throw new Error(`not a source of IPv6: ${value}`);
  return () => false;
}

/** The destination of the packet that an ICMP error quotes. */
function matchQuoted(blocks: readonly Cidr[]): Match {
  return ({ packet: { protocol, quotedDestination } }) =>
    protocol === 'icmp' && quotedDestination !== undefined && blocks.some((block) => covers(block, quotedDestination));
}

/** Packets here are IPv4. */
function matchFamily(value: string): Match {
  if (value !== 'ipv4' && value !== 'ipv6') throw new Error(`unknown family: ${value}`);
  return () => value === 'ipv4';
}

function matchVersion(value: string): Match {
  if (value !== '4' && value !== '6') throw new Error(`unknown version of IP: ${value}`);
  return () => value === '4';
}
