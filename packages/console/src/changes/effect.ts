import type { Reply } from '../calls/call.ts';

export type Preview = Reply<'PreviewChanges'>;
export type TunnelEffect = Preview['Tunnels'][number];
export type Cell = Preview['Reachability'][number];

/** Whether anything of the network becomes otherwise. */
export function changesNetwork({ Plans, Tunnels, Reachability }: Preview): boolean {
  return Plans.length > 0 || Reachability.length > 0 || affected(Tunnels).length > 0;
}

const gravity = { interruption: 0, new: 1, rekey: 2, none: 3 } as const;

/** Tunnels that something becomes of, those that are interrupted first. */
export function affected(tunnels: readonly TunnelEffect[]): readonly TunnelEffect[] {
  return tunnels
    .filter(({ Effect, Parts }) => Effect !== 'none' || Parts.length > 0)
    .sort((a, b) => gravity[a.Effect] - gravity[b.Effect]);
}

const reach = { no: 0, some: 1, yes: 2 } as const;

/** Whether less gets through than before. */
export function isLoss({ Before, After }: Pick<Cell, 'Before' | 'After'>): boolean {
  return reach[After] < reach[Before];
}

/** What is lost stands first. */
export function byLoss(cells: readonly Cell[]): readonly Cell[] {
  return [...cells].sort((a, b) => Number(isLoss(b)) - Number(isLoss(a)));
}
