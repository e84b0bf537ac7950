import { isCidr, isIpAddress, parseCidr, parseIpAddress, type Cidr } from '@landbridge/net';
import { addressNumber, covers, type Packet } from './packet.ts';

/**
 * Reads the nft text of a plan and says what it does with a packet. It knows the statements that the planner renders;
 * any other throws, so that no rule is ever passed over in silence.
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

export function parseFilter(text: string | null): Filter {
  const base = new Map<Hook, Chain>();
  const chains = new Map<string, readonly Rule[]>();
  const counters = new Set<string>();
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    if (declaresCounter(line, counters)) continue;
    const end = lines.indexOf('}', at);
    const [, name] = /^chain ([a-z0-9-]+) \{$/.exec(line) ?? [];
    if (name === undefined || end < 0) throw new Error(`not a chain: ${line}`);
    const body = lines.slice(at + 1, end);
    if (body[0]?.startsWith('type ') === true) {
      const { hook, policy } = parseHeader(body[0]);
      if (base.has(hook)) throw new Error(`two chains at the ${hook} hook`);
      base.set(hook, { policy, rules: parseRules(body.slice(1), counters) });
    } else {
      if (chains.has(name)) throw new Error(`two chains with the name ${name}`);
      chains.set(name, parseRules(body, counters));
    }
    at = end;
  }
  expectAllReached(base, chains);
  return { base, chains };
}

function declaresCounter(line: string, counters: Set<string>): boolean {
  const [, counter] = counterDeclaration.exec(line) ?? [];
  if (counter === undefined) return false;
  if (counters.has(counter)) throw new Error(`two counters with the name ${counter}`);
  counters.add(counter);
  return true;
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

const counterDeclaration = /^counter ([a-z0-9.-]+) \{ packets 0 bytes 0 \}$/;

/** @param counters that the rules may speak of: nft refuses a rule with another one. */
function parseRules(lines: readonly string[], counters: ReadonlySet<string>): Rule[] {
  return lines.filter((rule) => !isClamp(rule) && !isClassification(rule)).map((rule) => parseRule(rule, counters));
}

function parseHeader(line: string): { hook: Hook; policy: Verdict } {
  const found = /^type filter hook (prerouting|input|output|forward) priority filter; policy (accept|drop);$/.exec(
    line,
  );
  if (found === null) throw new Error(`not a header of a filter chain: ${line}`);
  return { hook: found[1] as Hook, policy: found[2] as Verdict };
}

const clamp =
  /^tcp flags & \(syn \| rst\) == syn [io]ifname \{ [^}]+ \} tcp option maxseg size (?:set rt mtu|> \d+ tcp option maxseg size set \d+)$/;

/** Rewrites the MSS of SYNs; decides nothing. */
function isClamp(rule: string): boolean {
  return clamp.test(rule);
}

const classification = /^iifname \{ [^}]+ \} oifname \{ [^}]+ \} meta priority set 1:[0-9a-f]+ comment "[^"]+"$/;

/** Tells which limit a packet meets; decides nothing. */
function isClassification(rule: string): boolean {
  return classification.test(rule);
}

/** What is left of `!=` or of the value. */
const fields: Readonly<Record<string, (value: string) => Match>> = {
  iifname: (value) => matchName(value, ({ iif }) => iif),
  oifname: (value) => matchName(value, ({ oif }) => oif),
  'ip saddr': (value) => matchRange(value, ({ packet }) => packet.source),
  'ip daddr': (value) => matchRange(value, ({ packet }) => packet.destination),
  'ip protocol': (value) => matchProtocol(value),
  'udp dport': (value) => matchPort(value),
  'icmp type': (value) => matchIcmpType(value),
  'meta nfproto': (value) => matchFamily(value),
  'ip6 saddr': (value) => matchNoIpv6(value),
  '@th,192,32': (value) => matchQuoted(value),
};

/** Fields of a header that only one protocol has: without it not even `!=` matches. */
const protocolOf: Readonly<Record<string, Packet['protocol']>> = {
  'udp dport': 'udp',
  'icmp type': 'icmp',
  '@th,192,32': 'icmp',
};

const countStatement = /(?:^| )counter name (?:([a-z0-9.-]+)|iifname map \{ ([^}]+) \})(?= drop$)/;

function parseRule(text: string, counters: ReadonlySet<string>): Rule {
  const counter = parseCounter(countStatement.exec(text), counters);
  const tokens = text.replace(countStatement, '').match(/"[^"]*"|[{}]|@[^\s]+|,|[^\s{},"]+/g) ?? [];
  if (tokens[1] === 'vmap') return parseGoto(tokens, text);
  const { verdict, left } = parseVerdict(tokens, text);
  const matches: Match[] = [];
  let rest: readonly string[] = left;
  while (rest.length > 0) {
    const { match, left } = parseMatch(rest, text);
    matches.push(match);
    rest = left;
  }
  return { text, matches, verdict, counter };
}

function parseVerdict(
  tokens: readonly string[],
  text: string,
): { verdict: Decision['verdict']; left: readonly string[] } {
  const last = tokens.at(-1) ?? '';
  if (last === 'accept' || last === 'drop') return { verdict: last, left: tokens.slice(0, -1) };
  if (tokens.at(-2) === 'goto') return { verdict: { goto: last }, left: tokens.slice(0, -2) };
  throw new Error(`a rule without a known verdict: ${text}`);
}

/** One counter, or one for each device. */
function parseCounter(
  found: readonly (string | undefined)[] | null,
  counters: ReadonlySet<string>,
): Decision['counter'] {
  if (found === null) return null;
  const [, single, map = ''] = found;
  const pairs = single === undefined ? [...map.matchAll(/"([^"]+)" : "([^"]+)"/g)] : [];
  const byDevice = new Map(pairs.map(([, device = '', name = '']) => [device, name]));
  const names = single === undefined ? [...byDevice.values()] : [single];
  const missing = names.find((name) => !counters.has(name));
  if (missing !== undefined || names.length === 0) throw new Error(`no counter ${missing}`);
  return ({ iif }) => single ?? byDevice.get(iif);
}

const devices: Readonly<Record<string, Goto['read']>> = { iifname: ({ iif }) => iif, oifname: ({ oif }) => oif };

function parseGoto([field = '', , ...rest]: readonly string[], text: string): Goto {
  const read = devices[field];
  if (read === undefined) throw new Error(`not a map of devices: ${text}`);
  const { values, left } = parseValues(rest, text);
  if (left.length > 0) throw new Error(`a map is not alone: ${text}`);
  const targets = values.map(([device = '', colon, action, target = '']): [string, string] => {
    if (!/^"[^"*]+"$/.test(device) || colon !== ':' || action !== 'goto')
      throw new Error(`not a device's chain: ${text}`);
    return [device.slice(1, -1), target];
  });
  return { read, targets: new Map(targets) };
}

/** Fields, `!=` or not, and a value or a set. */
function parseMatch(tokens: readonly string[], text: string): { match: Match; left: readonly string[] } {
  const { names, left: afterFields } = parseFields(tokens, text);
  const isNegated = afterFields[0] === '!=';
  const { values, left } = parseValues(isNegated ? afterFields.slice(1) : afterFields, text);
  const alternatives = values.map((value) => matchAll(names, value, text));
  const match: Match = (passage) =>
    names.every((name) => protocolOf[name] === undefined || passage.packet.protocol === protocolOf[name]) &&
    alternatives.some((alternative) => alternative(passage)) !== isNegated;
  return { match, left };
}

/** One field, or several joined by dots. */
function parseFields(tokens: readonly string[], text: string): { names: string[]; left: readonly string[] } {
  const name = [tokens.slice(0, 2).join(' '), tokens[0] ?? ''].find((candidate) => candidate in fields);
  if (name === undefined) throw new Error(`unknown statement "${tokens.join(' ')}" in: ${text}`);
  const left = tokens.slice(name.split(' ').length);
  if (left[0] !== '.') return { names: [name], left };
  const more = parseFields(left.slice(1), text);
  return { names: [name, ...more.names], left: more.left };
}

/** One value of each field. */
function matchAll(names: readonly string[], value: readonly string[], text: string): Match {
  const parts = value.filter((token) => token !== '.');
  if (parts.length !== names.length) throw new Error(`values for other fields in: ${text}`);
  const matches = names.map((name, at) => fields[name]?.(parts[at] ?? '') ?? (() => false));
  return (passage) => matches.every((match) => match(passage));
}

/** A value, or those of a set: each one the tokens between two commas. */
function parseValues(
  tokens: readonly string[],
  text: string,
): { values: (readonly string[])[]; left: readonly string[] } {
  const [first] = tokens;
  if (first === undefined) throw new Error(`a value is missing in: ${text}`);
  if (first !== '{') return { values: [[first]], left: tokens.slice(1) };
  const end = tokens.indexOf('}');
  const values: string[][] = [[]];
  for (const token of tokens.slice(1, end)) {
    if (token === ',') values.push([]);
    else values.at(-1)?.push(token);
  }
  if (end < 0 || values.some((value) => value.length === 0)) throw new Error(`not a set in: ${text}`);
  return { values, left: tokens.slice(end + 1) };
}

function matchName(value: string, read: (passage: Passage) => string): Match {
  const name = /^"([a-z0-9.-]+)(\*?)"$/.exec(value);
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

/** The destination of the packet that an ICMP error quotes: numbers of hexadecimal digits. */
function matchQuoted(value: string): Match {
  const [, first = '', last = first] = /^0x([0-9a-f]{8})(?:-0x([0-9a-f]{8}))?$/.exec(value) ?? [];
  if (first === '') throw new Error(`not a range of numbers: ${value}`);
  return ({ packet: { quotedDestination } }) => {
    if (quotedDestination === undefined) return false;
    const number = addressNumber(quotedDestination);
    return Number.parseInt(first, 16) <= number && number <= Number.parseInt(last, 16);
  };
}

/** Packets here are IPv4. */
function matchFamily(value: string): Match {
  if (value !== 'ipv4' && value !== 'ipv6') throw new Error(`unknown family: ${value}`);
  return () => value === 'ipv4';
}
