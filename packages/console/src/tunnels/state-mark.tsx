import { say } from '../words/said.ts';
import { kindOf, type Finding, type StateKind, type Tunnel } from './tunnel.ts';

/** Shapes that are told apart without colour. */
export const shapes: Readonly<Record<StateKind, string>> = { good: '●', waiting: '◐', bad: '▲', unknown: '○' };

/** A state: its colour, its shape and its word. */
export function StateMark({ tunnel }: { readonly tunnel: Pick<Tunnel, 'State' | 'Reason'> }) {
  const kind = kindOf(tunnel);
  return (
    <span class={`mark ${kind}`} title={tunnel.Reason}>
      <span aria-hidden="true">{shapes[kind]}</span> {say(`state.${tunnel.State}`)}
    </span>
  );
}

const severityShapes = { error: '▲', warning: '◆', notice: '■' } as const;
const severityKinds = { error: 'bad', warning: 'waiting', notice: 'unknown' } as const;

export function SeverityMark({ severity }: { readonly severity: Finding['Severity'] }) {
  return (
    <span class={`mark ${severityKinds[severity]}`}>
      <span aria-hidden="true">{severityShapes[severity]}</span> {say(`severity.${severity}`)}
    </span>
  );
}
