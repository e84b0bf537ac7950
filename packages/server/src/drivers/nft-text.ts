import { cidrRange, type Cidr } from '@landbridge/net';
import type {
  BaseChainPlan,
  ChainPlan,
  DeviceMapElement,
  DeviceMapPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  FilterRule,
  ListedSetPlan,
  TablePlan,
} from '../plan/packet-filter.ts';

/** The body of a table as nft(8) reads it, without the enclosing braces; a counter is one line. */
export function renderTable({ counters, sets, chains }: TablePlan): string {
  return [
    ...counters.map((name) => `counter ${name} { packets 0 bytes 0 }`),
    ...sets.map((set) => renderSet(set)),
    ...chains.flatMap(renderChain),
    '',
  ].join('\n');
}

/**
 * As a table's body has it, in one line.
 * @param table as a command of its own instead, that adds it to this table.
 */
export function renderSet(set: TablePlan['sets'][number], table?: string): string {
  const kind = 'to' in set ? 'map' : 'set';
  const head = table === undefined ? `${kind} ${set.name}` : `add ${kind} inet ${table} ${set.name}`;
  return `${head} { ${[...typeOf(set), ...contentOf(set)].map((line) => `${line};`).join(' ')} }`;
}

function typeOf(set: TablePlan['sets'][number]): string[] {
  if (!('to' in set)) return [`typeof ${set.fields.join(' . ')}`];
  return [`type ifname : ${set.to === 'chain' ? 'verdict' : 'counter'}`];
}

function contentOf(set: TablePlan['sets'][number]): string[] {
  if ('elements' in set) {
    const texts = set.elements.map((element) => renderElement(set, element));
    return texts.length === 0 ? [] : [`elements = ${braces(texts)}`];
  }
  const { size, timeoutSeconds } = set;
  const timeout = timeoutSeconds % 60 === 0 ? `${timeoutSeconds / 60}m` : `${timeoutSeconds}s`;
  return [`size ${size}`, 'flags dynamic,timeout', `timeout ${timeout}`];
}

/** An element of a set, or of a map with where it leads. */
export function renderElement(
  set: ListedSetPlan | DeviceMapPlan,
  element: (ListedSetPlan | DeviceMapPlan)['elements'][number],
): string {
  if (!('to' in set)) return renderTuple(set.fields, element as readonly string[]);
  const { device, to } = element as DeviceMapElement;
  return `${quote(device)} : ${set.to === 'chain' ? `goto ${to}` : quote(to)}`;
}

function renderChain({ name, base, rules }: ChainPlan): string[] {
  const header = base === undefined ? [] : [renderBase(base)];
  return [`chain ${name} {`, ...[...header, ...rules.map(renderRule)].map((line) => `  ${line}`), '}'];
}

function renderBase({ type, hook, priority, policy }: BaseChainPlan): string {
  return `type ${type} hook ${hook} priority ${priority}; policy ${policy};`;
}

export function renderRule({ matches, actions, comment }: FilterRule): string {
  const note = comment === undefined ? [] : [`comment ${quote(comment)}`];
  return [...matches.map(renderMatch), ...actions.map(renderAction), ...note].join(' ');
}

const tcpFlags = {
  opening: 'tcp flags & (syn | ack | rst) == syn',
  accepting: 'tcp flags & (syn | ack | rst) == syn | ack',
  refusing: 'tcp flags & rst == rst',
  flowing: 'tcp flags & (syn | rst) == 0x0',
} as const;

function renderMatch(match: FilterMatch): string {
  if ('tcpSyn' in match) return 'tcp flags & (syn | rst) == syn';
  if ('tcp' in match) return tcpFlags[match.tcp];
  if ('mssAbove' in match) return `tcp option maxseg size > ${match.mssAbove}`;
  // Behind the UDP header, and the flags and a reserved field of VXLAN's.
  if ('vni' in match) return `@th,${64 + 32},24 ${match.vni}`;
  if ('quotedDestination' in match) return `@th,192,32 ${braces(match.quotedDestination.map(hexRange))}`;
  const names = 'field' in match ? [match.field] : match.fields;
  return [names.join(' . '), ...(match.not === true ? ['!='] : []), renderValues(match)].join(' ');
}

function renderValues(
  match: Extract<FilterMatch, { field: FilterField } | { fields: readonly FilterField[] }>,
): string {
  if ('inSet' in match) return `@${match.inSet}`;
  if ('is' in match) return renderValue(match.field, match.is);
  if ('field' in match) return braces(match.in.map((value) => renderValue(match.field, value)));
  return braces(match.in.map((values) => renderTuple(match.fields, values)));
}

function renderTuple(fields: readonly FilterField[], values: readonly string[]): string {
  return fields.map((field, at) => renderValue(field, values[at] ?? '')).join(' . ');
}

function renderValue(field: FilterField, value: string): string {
  return field === 'iifname' || field === 'oifname' ? quote(value) : value;
}

function renderAction(action: FilterAction): string {
  if ('verdict' in action) return action.verdict;
  if ('goto' in action) return `goto ${action.goto}`;
  if ('gotoBy' in action) return `${action.gotoBy} vmap @${action.map}`;
  if ('count' in action) return `counter name ${action.count}`;
  if ('countBy' in action) return `counter name ${action.countBy} map @${action.map}`;
  if ('countHere' in action) return 'counter';
  if ('limitClass' in action) return `meta priority set ${action.limitClass}`;
  if ('mss' in action) return `tcp option maxseg size set ${action.mss === 'route' ? 'rt mtu' : action.mss}`;
  if ('dnat' in action) return `dnat ip to ${action.dnat}`;
  if ('snat' in action) return `snat ip to ${action.snat}`;
  if ('remember' in action) return `update @${action.remember} { ${action.fields.join(' . ')} }`;
  return `delete @${action.forget} { ${action.fields.join(' . ')} }`;
}

function braces(values: readonly string[]): string {
  return `{ ${values.join(', ')} }`;
}

function quote(text: string): string {
  if (/["\\\n]/.test(text)) throw new Error(`no text for nft: ${text}`);
  return `"${text}"`;
}

function hexRange(block: Cidr): string {
  const { first, last } = cidrRange(block);
  return first === last ? hex(first) : `${hex(first)}-${hex(last)}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
