import type { Range } from '../ranges/range.ts';

/** What holds a route: a table that is looked up, or what stands for one. */
export interface Holder {
  readonly kind: 'vpc-table' | 'vpn-gateway' | 'ccn-table' | 'policies' | 'announcement' | 'direct-connect';
  readonly id: string;
  readonly name: string;
}

/** Why a route is not used whatever tunnels and other routes do. */
export type Obstacle =
  | {
      readonly kind:
        | 'disabled'
        /** No subnet is bound to its route table. */
        | 'unbound'
        /** Its gateway is not attached to the CCN. */
        | 'unattached'
        /** Its Direct Connect gateway has no line. */
        | 'no-line'
        /** The CCN has no route to the range. */
        | 'unannounced';
    }
  /** In the service's words. */
  | { readonly kind: 'refused'; readonly reason: string };

/** One destination in one table, whoever made it. */
export interface Route {
  readonly key: string;
  readonly destination: string;
  readonly range: Range;
  /** The id of the next hop. */
  readonly hop: string;
  readonly holder: Holder;
  /** As the Action shows it; null: it has none. */
  readonly priority: number | null;
  /** Among those of the same destination in the same table the least is followed; equal ones share. Null: nothing competes. */
  readonly order: number | null;
  readonly obstacle: Obstacle | null;
  /** The tunnel that has to be usable; null: none. */
  readonly tunnel: string | null;
  /** The VPN gateway whose plan has it; null: none. */
  readonly gateway: string | null;
  /** Nobody here can see whether it is used. */
  readonly isUnseen: boolean;
  /** Words of its owner. */
  readonly note: string;
}
