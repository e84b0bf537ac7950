import type { Scenario } from '../scenario.ts';
import { twoRoute } from './2-route.ts';
import type { SeveralIdcs } from './several-idcs.ts';

/** Scenario 6 C: what scenario 6 wants cannot be had by destination routing alone. A required behaviour, not a defect. */
export const sixRoute: Scenario<SeveralIdcs> = {
  ...twoRoute,
  name: '6-route',
  title: 'one VPC and three IDCs by destination routing alone: the IDCs DO reach each other',
};
