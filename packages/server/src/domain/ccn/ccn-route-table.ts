import type { Cidr } from '@landbridge/net';
import type { CcnInstance } from './ccn.ts';
import type { Owned } from '../owned.ts';
import type { CcnId, CcnRouteTableId } from '../resource-id.ts';

/** A route table of a CCN. It routes what the instances bound to it send (docs/spec/semantics.md section 9). */
export interface CcnRouteTable extends Owned {
  readonly id: CcnRouteTableId;
  readonly ccnId: CcnId;
  readonly name: string;
  readonly description: string;
  /** The one that a CCN is born with. */
  readonly isDefault: boolean;
}

/** What an instance sends from this range is routed by this table, and not by the one that the instance is bound to. */
export interface CcnSelectionPolicy {
  readonly ccnId: CcnId;
  readonly instance: CcnInstance;
  readonly source: Cidr;
  readonly routeTableId: CcnRouteTableId;
  readonly description: string;
  /** In the list of the CCN, from 0 on: shown in the order in which they were given. */
  readonly position: number;
}
