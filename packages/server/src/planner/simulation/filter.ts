import { isCidr, isIpAddress, parseCidr, parseIpAddress, type Cidr } from '@landbridge/net';
import { covers, type Packet } from './packet.ts';

/**
 * Reads the nft text of a plan and says what it does with a packet. It knows the statements that the planner renders;
 * any other throws, so that no rule is ever passed over in silence.
 */
export type Hook = 'input' | 'output' | 'forward';
export type Verdict = 'accept' | 'drop';
export type Filter = ReadonlyMap<Hook, Chain>;

interface Chain {
  readonly policy: Verdict;
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly text: string;
  readonly matches: readonly Match[];
  readonly verdict: Verdict;
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
}

export function judge(filter: Filter, hook: Hook, passage: Passage): Judgement {
  const chain = filter.get(hook);
  if (chain === undefined) return { verdict: 'accept', by: `no ${hook} chain` };
  const rule = chain.rules.find(({ matches }) => matches.every((match) => match(passage)));
  return rule === undefined ? { verdict: chain.policy, by: 'policy' } : { verdict: rule.verdict, by: rule.text };
}

export function parseFilter(text: string | null): Filter {
  const chains = new Map<Hook, Chain>();
  const lines = (text ?? '').split('\n').map((line) => line.trim());
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const end = lines.indexOf('}', at);
    if (!/^chain [a-z]+ \{$/.test(line) || end < 0) throw new Error(`not a chain: ${line}`);
    const { hook, policy } = parseHeader(lines[at + 1] ?? '');
    if (chains.has(hook)) throw new Error(`two chains at the ${hook} hook`);
    chains.set(hook, {
      policy,
      rules: lines
        .slice(at + 2, end)
        .filter((rule) => !isClamp(rule) && !isClassification(rule))
        .map(parseRule),
    });
    at = end;
  }
  return chains;
}

function parseHeader(line: string): { hook: Hook; policy: Verdict } {
  const found = /^type filter hook (input|output|forward) priority filter; policy (accept|drop);$/.exec(line);
  if (found === null) throw new Error(`not a header of a filter chain: ${line}`);
  return { hook: found[1] as Hook, policy: found[2] as Verdict };
}

const clamp =
  /^[io]ifname "[^"]+" tcp flags & \(syn \| rst\) == syn tcp option maxseg size (?:set rt mtu|> \d+ tcp option maxseg size set \d+)$/;

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
};

/** Fields of a header that only one protocol has: without it not even `!=` matches. */
const protocolOf: Readonly<Record<string, Packet['protocol']>> = { 'udp dport': 'udp', 'icmp type': 'icmp' };

function parseRule(text: string): Rule {
  const tokens = text.match(/"[^"]*"|[{},]|[^\s{},"]+/g) ?? [];
  const verdict = tokens.at(-1);
  if (verdict !== 'accept' && verdict !== 'drop') throw new Error(`a rule without a known verdict: ${text}`);
  const matches: Match[] = [];
  let rest: readonly string[] = tokens.slice(0, -1);
  while (rest.length > 0) {
    const { match, left } = parseMatch(rest, text);
    matches.push(match);
    rest = left;
  }
  return { text, matches, verdict };
}

function parseMatch(tokens: readonly string[], text: string): { match: Match; left: readonly string[] } {
  const name = [tokens.slice(0, 2).join(' '), tokens[0] ?? ''].find((candidate) => candidate in fields);
  const field = name === undefined ? undefined : fields[name];
  if (name === undefined || field === undefined) throw new Error(`unknown statement "${tokens.join(' ')}" in: ${text}`);
  let rest = tokens.slice(name.split(' ').length);
  const isNegated = rest[0] === '!=';
  if (isNegated) rest = rest.slice(1);
  const { values, left } = parseValues(rest, text);
  const alternatives = values.map(field);
  const required = protocolOf[name];
  const match: Match = (passage) =>
    (required === undefined || passage.packet.protocol === required) &&
    alternatives.some((alternative) => alternative(passage)) !== isNegated;
  return { match, left };
}

function parseValues(tokens: readonly string[], text: string): { values: string[]; left: readonly string[] } {
  const [first] = tokens;
  if (first === undefined) throw new Error(`a value is missing in: ${text}`);
  if (first !== '{') return { values: [first], left: tokens.slice(1) };
  const end = tokens.indexOf('}');
  const values = tokens.slice(1, end).filter((token) => token !== ',');
  if (end < 0 || values.length === 0) throw new Error(`not a set in: ${text}`);
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

/** Packets here are IPv4. */
function matchFamily(value: string): Match {
  if (value !== 'ipv4' && value !== 'ipv6') throw new Error(`unknown family: ${value}`);
  return () => value === 'ipv4';
}
