import type { WireNegotiationType, WireRouteType } from '@landbridge/catalogue/vpn/vpn-connections';
import type { RouteType, VpnConnection } from '../../../domain/vpn/vpn-connection.ts';
import { reject } from '../../protocol/api-error.ts';
import { wordFor } from '../../wire/word-for.ts';

/** How packets get into a tunnel and who begins to negotiate, between the wire's words and the field's. */

const routeTypes = {
  StaticRoute: 'route',
  Policy: 'spd',
  STATIC: 'either',
} as const satisfies Record<WireRouteType, RouteType>;

const negotiationTypes = {
  active: 'active',
  passive: 'passive',
  flowTrigger: 'on-traffic',
} as const satisfies Record<WireNegotiationType, VpnConnection['negotiation']>;

export function readRouteType(word: WireRouteType | 'Bgp' | undefined): RouteType | undefined {
  if (word === 'Bgp')
    reject('feature-not-built', { name: 'RouteType', feature: { en: 'dynamic routing by BGP', zh: 'BGP 动态路由' } });
  return word && routeTypes[word];
}

export function wireRouteType(type: RouteType): WireRouteType {
  return wordFor(routeTypes, type);
}

export function readNegotiationType(word: WireNegotiationType | undefined): VpnConnection['negotiation'] | undefined {
  return word && negotiationTypes[word];
}

export function wireNegotiationType(negotiation: VpnConnection['negotiation']): WireNegotiationType {
  return wordFor(negotiationTypes, negotiation);
}
