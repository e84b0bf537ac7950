import { shapes } from '../state-mark.tsx';
import type { StateKind } from '../tunnel.ts';

/** By charon's words. One that was renewed carries packets until the peer deletes it, and is on its way out all the same. */
const kinds: ReadonlyMap<string, StateKind> = new Map([
  ...['ESTABLISHED', 'INSTALLED', 'UPDATING', 'REKEYING'].map((state) => [state, 'good'] as const),
  ...['REKEYED', 'DELETING', 'DELETED', 'DESTROYING'].map((state) => [state, 'unknown'] as const),
]);

/** A colour, a shape and charon's word. */
export function SaState({ state }: { readonly state: string }) {
  const kind = kinds.get(state) ?? 'waiting';
  return (
    <span class={`mark ${kind}`}>
      <span aria-hidden="true">{shapes[kind]}</span> {state}
    </span>
  );
}
