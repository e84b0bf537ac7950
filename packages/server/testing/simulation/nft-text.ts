import { cidrRange, ipFromBigInt, normalizeCidr, type Cidr, type IpAddress } from '@landbridge/net';
import type {
  BaseChainPlan,
  ChainPlan,
  DeviceMapPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  FilterRule,
  TablePlan,
} from '../../src/plan/packet-filter.ts';

/**
 * Reads the body of an nft table back into the structure that it was made from. It knows the statements that the driver writes; any
 * other throws, so that none is ever passed over in silence.
 */
export function parseTable(text: string): TablePlan {
  const counters: string[] = [];
  const sets: TablePlan['sets'][number][] = [];
  const chains: ChainPlan[] = [];
  const lines = text.split('\n').map((line) => line.trim());
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, counter] = /^counter ([a-z0-9.-]+) \{ packets 0 bytes 0 \}$/.exec(line) ?? [];
    if (counter !== undefined) {
      counters.push(counter);
      continue;
    }
    const [, kind, setName = '', content = ''] = /^(set|map) ([a-z0-9_-]+) \{ (.*); \}$/.exec(line) ?? [];
    if (kind !== undefined) {
      const statements = content.split('; ');
      sets.push(kind === 'set' ? parseSet(setName, statements) : parseMap(setName, statements));
      continue;
    }
    const [, name] = /^chain ([a-z0-9_-]+) \{$/.exec(line) ?? [];
    const end = lines.indexOf('}', at);
    if (name === undefined || end < 0) throw new Error(`not a chain: ${line}`);
    const body = lines.slice(at + 1, end);
    chains.push(parseChain(name, body));
    at = end;
  }
  return { counters, sets, chains };
}

function parseSet(name: string, [type = '', ...body]: readonly string[]): TablePlan['sets'][number] {
  const words = new Words(type);
  words.expect('typeof');
  const fields = joinedFields(words);
  const memory = /^size (\d+) flags dynamic,timeout timeout (\d+)(s|m)$/.exec(body.join(' '));
  if (memory === null) return { name, fields, elements: parseElements(body, (element) => tuple(element, fields)) };
  const [, size, timeout, unit] = memory;
  return { name, fields, size: Number(size), timeoutSeconds: Number(timeout) * (unit === 'm' ? 60 : 1) };
}

function parseMap(name: string, [type = '', ...body]: readonly string[]): DeviceMapPlan {
  const [, to] = /^type ifname : (verdict|counter)$/.exec(type) ?? [];
  if (to === undefined) throw new Error(`not a map of devices: ${type}`);
  const elements = parseElements(body, (words) => {
    const device = quoted(words);
    words.expect(':');
    if (to === 'counter') return { device, to: quoted(words) };
    words.expect('goto');
    return { device, to: words.next() };
  });
  return { name, to: to === 'verdict' ? 'chain' : 'counter', elements };
}

function parseElements<T>([text, ...more]: readonly string[], read: (words: Words) => T): T[] {
  if (text === undefined) return [];
  const words = new Words(text);
  words.expect('elements');
  words.expect('=');
  const elements = words.list(() => read(words));
  if (!words.isEmpty || more.length > 0) throw words.error('more than elements');
  return elements;
}

function parseChain(name: string, body: readonly string[]): ChainPlan {
  const [first = '', ...rest] = body;
  if (!first.startsWith('type ')) return { name, rules: body.map(parseRule) };
  const pattern =
    /^type (filter|nat) hook (prerouting|input|forward|output|postrouting) priority (filter|filter \+ 1|dstnat|srcnat); policy (accept|drop);$/;
  const [all, type, hook, priority, policy] = pattern.exec(first) ?? [];
  if (all === undefined) throw new Error(`not a header of a chain: ${first}`);
  return { name, base: { type, hook, priority, policy } as BaseChainPlan, rules: rest.map(parseRule) };
}

/** What is left of a rule to be read. */
class Words {
  readonly #text: string;
  #left: readonly string[];

  constructor(text: string) {
    this.#text = text;
    this.#left = text.match(/"[^"]*"|[{}]|@[^\s]+|,|[^\s{},"]+/g) ?? [];
  }

  get isEmpty(): boolean {
    return this.#left.length === 0;
  }

  /** Takes these words if they come next. */
  take(words: string): boolean {
    const wanted = words.split(' ');
    if (!wanted.every((word, at) => this.#left[at] === word)) return false;
    this.#left = this.#left.slice(wanted.length);
    return true;
  }

  next(): string {
    const [word] = this.#left;
    if (word === undefined) throw this.error('a word is missing');
    this.#left = this.#left.slice(1);
    return word;
  }

  expect(word: string): void {
    if (!this.take(word)) throw this.error(`no ${word}`);
  }

  /** `{ a, b … }`: each element by the given reader. */
  list<T>(read: () => T): T[] {
    this.expect('{');
    const items = [read()];
    while (this.take(',')) items.push(read());
    this.expect('}');
    return items;
  }

  get isList(): boolean {
    return this.#left[0] === '{';
  }

  get isSet(): boolean {
    return this.#left[0]?.startsWith('@') === true;
  }

  error(why: string): Error {
    return new Error(`${why} at "${this.#left.join(' ')}" in: ${this.#text}`);
  }
}

function parseRule(text: string): FilterRule {
  const [, comment] = / comment "([^"]*)"$/.exec(text) ?? [];
  const words = new Words(comment === undefined ? text : text.slice(0, text.lastIndexOf(' comment ')));
  const matches: FilterMatch[] = [];
  const actions: FilterAction[] = [];
  while (!words.isEmpty) {
    const part = parsePart(words);
    if ('action' in part) actions.push(part.action);
    else if (actions.length > 0) throw words.error('a match behind an action');
    else matches.push(part.match);
  }
  return { matches, actions, ...(comment !== undefined && { comment }) };
}

type Part = { readonly match: FilterMatch } | { readonly action: FilterAction };

function parsePart(words: Words): Part {
  if (words.take('tcp flags & (syn | rst) == syn')) return { match: { tcpSyn: true } };
  // The longer one first.
  if (words.take('tcp flags & (syn | ack | rst) == syn | ack')) return { match: { tcp: 'accepting' } };
  if (words.take('tcp flags & (syn | ack | rst) == syn')) return { match: { tcp: 'opening' } };
  if (words.take('tcp flags & rst == rst')) return { match: { tcp: 'refusing' } };
  if (words.take('tcp flags & (syn | rst) == 0x0')) return { match: { tcp: 'flowing' } };
  if (words.take('tcp option maxseg size >')) return { match: { mssAbove: number(words) } };
  if (words.take('@th,96,24')) return { match: { vni: number(words) } };
  if (words.take('@th,192,32')) return { match: { quotedDestination: words.list(() => hexRange(words)) } };
  const action = parseAction(words);
  return action === undefined ? parseFields(words) : { action };
}

function parseAction(words: Words): FilterAction | undefined {
  if (words.take('accept')) return { verdict: 'accept' };
  if (words.take('drop')) return { verdict: 'drop' };
  if (words.take('goto')) return { goto: words.next() };
  if (words.take('counter name iifname map')) return { countBy: 'iifname', map: setName(words) };
  if (words.take('counter name oifname map')) return { countBy: 'oifname', map: setName(words) };
  if (words.take('counter name')) return { count: words.next() };
  if (words.take('counter')) return { countHere: true };
  if (words.take('meta priority set')) return { limitClass: words.next() };
  if (words.take('tcp option maxseg size set rt mtu')) return { mss: 'route' };
  if (words.take('tcp option maxseg size set')) return { mss: number(words) };
  if (words.take('dnat ip to')) return { dnat: words.next() as IpAddress };
  if (words.take('snat ip to')) return { snat: words.next() as IpAddress };
  if (words.take('update')) return { remember: setName(words), fields: braced(words) };
  if (words.take('delete')) return { forget: setName(words), fields: braced(words) };
  return undefined;
}

const fieldNames: readonly FilterField[] = [
  ...(['iifname', 'oifname', 'ip saddr', 'ip daddr', 'ip version', 'ip protocol'] as const),
  ...(['ip6 saddr', 'udp dport', 'icmp type', 'meta nfproto'] as const),
];

function field(words: Words): FilterField {
  const name = fieldNames.find((candidate) => words.take(candidate));
  if (name === undefined) throw words.error('an unknown statement');
  return name;
}

function joinedFields(words: Words): FilterField[] {
  const fields = [field(words)];
  while (words.take('.')) fields.push(field(words));
  return fields;
}

function braced(words: Words): FilterField[] {
  words.expect('{');
  const fields = joinedFields(words);
  words.expect('}');
  return fields;
}

function parseFields(words: Words): Part {
  const [first, ...more] = joinedFields(words) as [FilterField, ...FilterField[]];
  if (more.length === 0 && words.take('vmap')) {
    if (first !== 'iifname' && first !== 'oifname') throw words.error('not a map of devices');
    return { action: { gotoBy: first, map: setName(words) } };
  }
  const not = words.take('!=') ? ({ not: true } as const) : {};
  const fields = [first, ...more];
  if (words.isSet) return { match: { fields, ...not, inSet: setName(words) } };
  if (more.length === 0) {
    if (words.isList) return { match: { field: first, ...not, in: words.list(() => value(words, first)) } };
    return { match: { field: first, ...not, is: value(words, first) } };
  }
  return { match: { fields, ...not, in: words.list(() => tuple(words, fields)) } };
}

function tuple(words: Words, fields: readonly FilterField[]): string[] {
  return fields.map((name, at) => {
    if (at > 0) words.expect('.');
    return value(words, name);
  });
}

function setName(words: Words): string {
  const [, name] = /^@(.+)$/.exec(words.next()) ?? [];
  if (name === undefined) throw words.error('not the name of a set');
  return name;
}

function value(words: Words, of: FilterField): string {
  if (of === 'iifname' || of === 'oifname') return quoted(words);
  const word = words.next();
  if (/^[{},]$/.test(word)) throw words.error('a value is missing');
  return word;
}

function quoted(words: Words): string {
  const [, text] = /^"([^"]+)"$/.exec(words.next()) ?? [];
  if (text === undefined) throw words.error('not a quoted name');
  return text;
}

function number(words: Words): number {
  const word = words.next();
  if (!/^\d+$/.test(word)) throw words.error(`not a number: ${word}`);
  return Number(word);
}

function hexRange(words: Words): Cidr {
  const [, first = '', last = first] = /^0x([0-9a-f]{8})(?:-0x([0-9a-f]{8}))?$/.exec(words.next()) ?? [];
  if (first === '') throw words.error('not a range of numbers');
  const [from, to] = [BigInt(`0x${first}`), BigInt(`0x${last}`)];
  const block = normalizeCidr(`${ipFromBigInt(4, from)}/${32 - Math.log2(Number(to - from) + 1)}`);
  const range = cidrRange(block);
  if (range.first !== from || range.last !== to) throw words.error('not a block of addresses');
  return block;
}
