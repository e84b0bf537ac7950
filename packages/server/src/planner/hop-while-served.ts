import type { IpAddress } from '@landbridge/net';
import type { CcnOffer } from '../derive/ccn-offers.ts';
import type { NextHopPlan } from '../plan/plan.ts';

/** To a network side that is a CCN: used while it serves one of the ranges. */
export function hopWhileServed(
  { device, via }: { readonly device: string; readonly via: IpAddress },
  ranges: CcnOffer['ranges'],
): NextHopPlan {
  return ranges === null ? { device, via } : { device, via, needs: { ranges } };
}
