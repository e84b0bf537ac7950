import type { Cloud } from './cloud.ts';
import type { Lab } from './lab.ts';

/** A customer: an account of the service, with IDCs and VPC hosts in the lab. What a scenario is built for. */
export interface Tenant {
  readonly lab: Lab;
  readonly cloud: Cloud;
  readonly progress: (line: string) => void;
}
