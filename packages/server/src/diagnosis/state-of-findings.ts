import type { Finding } from '../domain/diagnosis/finding.ts';
import type { Judgement, TunnelState } from './tunnel-condition.ts';

/** Findings that say what a tunnel is, whatever else passes it: the first that is there counts. */
const decisive: readonly (readonly [code: string, state: TunnelState, reason: string])[] = [
  ['gateway-not-attached', 'no-route', 'its gateway is not attached to a network'],
  ['no-gateway-route', 'no-route', 'no gateway route leads into it'],
  ['no-vpc-route', 'no-route', 'no route of the VPC leads into it'],
  ['no-ccn-route', 'no-route', 'no route of the CCN leads into it'],
  ['destination-in-own-vpc', 'no-route', 'what is behind it has addresses of the VPC'],
  ['no-mapping-reached', 'policy-drop', 'no packet fits its mappings'],
  ['traffic-outside-mappings', 'policy-drop', 'no mapping covers what is sent'],
  ['esp-not-received', 'one-way-out', 'packets go out, and nothing of the peer arrives'],
  ['esp-not-delivered', 'one-way-in', 'packets of the peer arrive, and ours do not arrive there'],
  ['peer-network-silent', 'one-way-out', 'the peer answers, and nothing behind it does'],
  ['path-mtu-hole', 'mtu-hole', 'packets of its MTU are lost, small ones pass'],
];

/** Findings that explain why nothing passes, where nothing does: others may send rubbish through a tunnel that works. */
const explaining: typeof decisive = [['sources-dropped', 'policy-drop', 'what comes out of it is dropped']];

export function decisiveStateOf(findings: readonly Finding[]): Judgement | null {
  return firstOf(decisive, findings);
}

export function explainingStateOf(findings: readonly Finding[]): Judgement | null {
  return firstOf(explaining, findings);
}

function firstOf(known: typeof decisive, findings: readonly Finding[]): Judgement | null {
  if (findings.length === 0) return null;
  const codes = new Set<string>(findings.map(({ code }) => code));
  const found = known.find(([code]) => codes.has(code));
  return found === undefined ? null : { state: found[1], reason: found[2] };
}
