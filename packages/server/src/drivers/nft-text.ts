import { cidrRange, type Cidr } from '@landbridge/net';
import type {
  BaseChainPlan,
  ChainPlan,
  DeviceMapPlan,
  FilterAction,
  FilterField,
  FilterMatch,
  FilterRule,
  ListedSetPlan,
  RememberingSetPlan,
  TablePlan,
} from '../plan/packet-filter.ts';

/** The body of a table as nft(8) reads it, without the enclosing braces; a counter is one line. */
export function renderTable({ counters, sets, chains }: TablePlan): string {
  return [
    ...counters.map((name) => `counter ${name} { packets 0 bytes 0 }`),
    ...sets.flatMap(renderSet),
    ...chains.flatMap(renderChain),
    '',
  ].join('\n');
}

function renderSet(set: TablePlan['sets'][number]): string[] {
  if ('to' in set) return renderMap(set);
  const { name, fields } = set;
  const body = 'elements' in set ? renderElements(set) : renderMemory(set);
  return [`set ${name} {`, `  typeof ${fields.join(' . ')}`, ...body, '}'];
}

function renderMemory({ size, timeoutSeconds }: RememberingSetPlan): string[] {
  return [
    `  size ${size}`,
    '  flags dynamic,timeout',
    `  timeout ${timeoutSeconds % 60 === 0 ? `${timeoutSeconds / 60}m` : `${timeoutSeconds}s`}`,
  ];
}

function renderElements({ fields, elements }: ListedSetPlan): string[] {
  if (elements.length === 0) return [];
  return [`  elements = ${braces(elements.map((values) => renderTuple(fields, values)))}`];
}

function renderMap({ name, to, elements }: DeviceMapPlan): string[] {
  const target = (text: string) => (to === 'chain' ? `goto ${text}` : quote(text));
  const texts = elements.map((element) => `${quote(element.device)} : ${target(element.to)}`);
  const type = `  type ifname : ${to === 'chain' ? 'verdict' : 'counter'}`;
  return [`map ${name} {`, type, ...(texts.length === 0 ? [] : [`  elements = ${braces(texts)}`]), '}'];
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

function renderMatch(match: FilterMatch): string {
  if ('tcpSyn' in match) return 'tcp flags & (syn | rst) == syn';
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
