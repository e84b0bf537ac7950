import type { Reply } from '../calls/call.ts';
import type { words } from '../words/words.ts';

/** A tunnel with its state and its findings, as DescribeTunnelHealth shows it. */
export type Tunnel = Reply<'DescribeTunnelHealth'>['TunnelHealthSet'][number];
export type Finding = Tunnel['FindingSet'][number];
export type TunnelState = Tunnel['State'];

/** What a state is to somebody who looks for what has to be done. */
export type StateKind = 'good' | 'waiting' | 'bad' | 'unknown';

const kinds: Readonly<Record<TunnelState, StateKind>> = {
  up: 'good',
  'up-unproven': 'good',
  'partly-up': 'bad',
  'one-way-out': 'bad',
  'one-way-in': 'bad',
  'no-route': 'bad',
  'policy-drop': 'bad',
  'mtu-hole': 'bad',
  'check-failed': 'bad',
  'held-down': 'waiting',
  negotiating: 'waiting',
  'peer-silent': 'bad',
  refused: 'bad',
  unknown: 'unknown',
};

export function kindOf({ State }: Pick<Tunnel, 'State'>): StateKind {
  return kinds[State];
}

const downStates: readonly TunnelState[] = ['negotiating', 'peer-silent', 'refused'];

/** It has no CHILD_SA: nothing passes it that a new negotiation could interrupt. */
export function isDown({ State }: Pick<Tunnel, 'State'>): boolean {
  return downStates.includes(State);
}

/** Of a state that was recorded: a later version may have had others. */
export function kindOfName(state: string): StateKind {
  return Object.hasOwn(kinds, state) ? kinds[state as TunnelState] : 'unknown';
}

export type StateWord = Extract<keyof typeof words, `state.${TunnelState}`>;

const order: Readonly<Record<StateKind, number>> = { bad: 0, waiting: 1, unknown: 2, good: 3 };
const severities: Readonly<Record<Finding['Severity'], number>> = { error: 0, warning: 1, notice: 2 };

/** What has to be looked at first stands first; then by name, as people count. */
export function byNeed(a: Tunnel, b: Tunnel): number {
  return order[kindOf(a)] - order[kindOf(b)] || gravityOf(a) - gravityOf(b) || byName(a, b);
}

/** The gravest finding's; 3: there is none. */
function gravityOf({ FindingSet }: Tunnel): number {
  return Math.min(3, ...FindingSet.map(({ Severity }) => severities[Severity]));
}

const collator = new Intl.Collator(undefined, { numeric: true });

function byName(a: Tunnel, b: Tunnel): number {
  return collator.compare(a.VpnConnectionName, b.VpnConnectionName) || (a.VpnConnectionId < b.VpnConnectionId ? -1 : 1);
}

export interface FoundAt {
  readonly tunnel: Tunnel;
  readonly finding: Finding;
}

/** Of all tunnels, the gravest first; of those the newest. */
export function findingsOf(tunnels: Iterable<Tunnel>): readonly FoundAt[] {
  return [...tunnels]
    .flatMap((tunnel) => tunnel.FindingSet.map((finding) => ({ tunnel, finding })))
    .sort(
      (a, b) =>
        severities[a.finding.Severity] - severities[b.finding.Severity] || (a.finding.Since < b.finding.Since ? 1 : -1),
    );
}

/** Each word of the filter stands somewhere in what is shown of the tunnel. */
export function fits(tunnel: Tunnel, filter: string, alsoShown: readonly string[]): boolean {
  const asked = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (asked.length === 0) return true;
  const { VpnConnectionName, VpnConnectionId, VpnGatewayId, State, FindingSet } = tunnel;
  const findings = FindingSet.flatMap(({ Code, Severity, Summary }) => [Code, Severity, Summary]);
  const text = [VpnConnectionName, VpnConnectionId, VpnGatewayId, State, ...findings, ...alsoShown]
    .join('\n')
    .toLowerCase();
  return asked.every((word) => text.includes(word));
}
