import type { RouteType, VpnConnection } from '../../../domain/vpn/vpn-connection.ts';
import { reject } from '../../protocol/api-error.ts';

/** How packets get into a tunnel and who begins to negotiate, between the wire's words and the field's. */

const routeTypes = {
  StaticRoute: 'route',
  Policy: 'spd',
  STATIC: 'either',
} as const satisfies Record<string, RouteType>;

const negotiationTypes = {
  active: 'active',
  passive: 'passive',
  flowTrigger: 'on-traffic',
} as const satisfies Record<string, VpnConnection['negotiation']>;

/** The wire's RouteType. */
export type WireRouteType = keyof typeof routeTypes | 'Bgp';
/** The wire's NegotiationType. */
export type WireNegotiation = keyof typeof negotiationTypes;

export function readRouteType(word: WireRouteType | undefined): RouteType | undefined {
  if (word === 'Bgp') reject('feature-not-built', { name: 'RouteType', feature: 'dynamic routing by BGP' });
  return word && routeTypes[word];
}

export function wireRouteType(type: RouteType): string {
  return wordOf(routeTypes, type);
}

export function readNegotiationType(word: WireNegotiation | undefined): VpnConnection['negotiation'] | undefined {
  return word && negotiationTypes[word];
}

export function wireNegotiationType(negotiation: VpnConnection['negotiation']): string {
  return wordOf(negotiationTypes, negotiation);
}

function wordOf(words: Readonly<Record<string, string>>, meaning: string): string {
  const [word] = Object.entries(words).find(([, means]) => means === meaning) ?? [];
  if (word === undefined) throw new Error(`the wire has no word for ${meaning}`);
  return word;
}
