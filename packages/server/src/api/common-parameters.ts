import type { Static } from 'typebox';
import type { commonOfChanges } from '@landbridge/catalogue/schema/common-of-changes';
import type { WireObject } from './action.ts';

type Common = { readonly [Name in keyof typeof commonOfChanges]?: Static<(typeof commonOfChanges)[Name]> };

/** What every Action takes that changes something, and what is left for the Action itself. */
export function splitCommon(given: WireObject): { readonly common: Common; readonly parameters: WireObject } {
  const { DryRun, ClientToken, ...parameters } = given;
  return { common: { DryRun, ClientToken } as Common, parameters };
}
