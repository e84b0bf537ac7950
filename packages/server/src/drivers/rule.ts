import type { RulePlan } from '../plan/plan.ts';
import { changed } from './changed-parts.ts';
import { routeProtocol, type IpCommand, type Netns } from './kernel.ts';

/** An `ip rule` by the words that select and name it, which is all its identity. */
export interface ActualRule {
  readonly priority: number;
  readonly protocol: number;
  readonly selector: string;
}

export interface RuleChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
}

const kernelProtocol = 2;

export function parseRules(answer: readonly unknown[]): ActualRule[] {
  return (answer as readonly IpRule[]).map((rule) => ({
    priority: rule.priority,
    protocol: Number(rule.protocol ?? 0),
    selector: selectorOf(rule),
  }));
}

interface IpRule {
  readonly priority: number;
  readonly src: string;
  readonly srclen?: number;
  readonly dst?: string;
  readonly dstlen?: number;
  readonly iif?: string;
  readonly oif?: string;
  readonly fwmark?: string;
  readonly fwmask?: string;
  readonly table?: string;
  readonly goto?: number;
  readonly action?: string;
  readonly protocol?: string;
}

function selectorOf(rule: IpRule): string {
  const words: string[] = [];
  const from = cidrOf(rule.src, rule.srclen);
  const to = cidrOf(rule.dst, rule.dstlen);
  if (from !== null) words.push(`from ${from}`);
  if (to !== null) words.push(`to ${to}`);
  if (rule.iif !== undefined) words.push(`iif ${rule.iif}`);
  if (rule.oif !== undefined) words.push(`oif ${rule.oif}`);
  if (rule.fwmark !== undefined) words.push(`fwmark ${rule.fwmark}${rule.fwmask ? `/${rule.fwmask}` : ''}`);
  if (rule.goto !== undefined) words.push(`goto ${rule.goto}`);
  else if (rule.table !== undefined) words.push(`lookup ${rule.table}`);
  else if (rule.action !== undefined) words.push(parseAction(rule.action));
  return words.join(' ');
}

function cidrOf(address: string | undefined, length: number | undefined): string | null {
  return address === undefined || address === 'all' ? null : `${address}/${length ?? 32}`;
}

/** `ip -Numeric` prints the action of a rule as a route type's number (rtnetlink(7)). */
function parseAction(action: string): string {
  return { '6': 'blackhole', '7': 'unreachable', '8': 'prohibit' }[action] ?? action;
}

function wantedSelector(rule: RulePlan): string {
  const words: string[] = [];
  if (rule.from !== undefined && !rule.from.endsWith('/0')) words.push(`from ${rule.from}`);
  if (rule.to !== undefined && !rule.to.endsWith('/0')) words.push(`to ${rule.to}`);
  if (rule.iif !== undefined) words.push(`iif ${rule.iif}`);
  if (rule.action.kind === 'lookup') words.push(`lookup ${rule.action.table}`);
  if (rule.action.kind === 'blackhole') words.push('blackhole');
  return words.join(' ');
}

/** What leads from rules that are there, as they were asked for, to others. */
export function changeRules(netns: Netns, before: readonly RulePlan[], after: readonly RulePlan[]): RuleChanges {
  const { come, gone } = changed(before, after, (rule) => `${rule.priority} ${wantedSelector(rule)}`);
  const asMade = (rule: RulePlan): ActualRule => {
    return { priority: rule.priority, protocol: routeProtocol, selector: wantedSelector(rule) };
  };
  return diffRules(netns, come, gone.map(asMade));
}

/**
 * In our own namespaces every rule that the kernel did not make is ours, in the host's the ones with our protocol.
 * Rules are added from the last priority to the first, so that the closing ones stand before the opening ones.
 */
export function diffRules(netns: Netns, wanted: readonly RulePlan[], actual: readonly ActualRule[]): RuleChanges {
  const key = (priority: number, selector: string) => `${priority} ${selector}`;
  const have = new Set(actual.map((rule) => key(rule.priority, rule.selector)));
  const want = new Set(wanted.map((rule) => key(rule.priority, wantedSelector(rule))));
  const isOurs = (rule: ActualRule) =>
    netns === null ? rule.protocol === routeProtocol : rule.protocol !== kernelProtocol;
  return {
    additions: wanted
      .map((rule) => ({ priority: rule.priority, selector: wantedSelector(rule) }))
      .filter((rule) => !have.has(key(rule.priority, rule.selector)))
      .sort((a, b) => b.priority - a.priority)
      .map((rule) => ({
        netns,
        line: `rule add priority ${rule.priority} ${rule.selector} protocol ${routeProtocol}`,
      })),
    removals: actual
      .filter((rule) => isOurs(rule) && !want.has(key(rule.priority, rule.selector)))
      .map((rule) => ({ netns, line: removalLine(rule) })),
  };
}

function removalLine(rule: ActualRule): string {
  const protocol = rule.protocol === 0 ? '' : ` protocol ${rule.protocol}`;
  return `rule delete priority ${rule.priority} ${rule.selector}${protocol}`;
}
