import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan, LinkPlan, NetnsPlan } from './plan.ts';
import { isSameValue } from './same-value.ts';

/**
 * What becomes of a tunnel when its gateway's plan is another one.
 * `none`: its SAs stay. `rekey`: the IKE_SA stays, and only CHILD_SAs of mappings that come or go begin or end. `interruption`: all its
 * SAs end, and are negotiated anew where there still is a tunnel. `new`: there was none.
 */
export type TunnelEffect = 'none' | 'rekey' | 'interruption' | 'new';

export interface EffectOnTunnel {
  readonly id: VpnConnectionId;
  readonly effect: TunnelEffect;
  /** What differs: properties of the connection, and `link`, `routes`, `watch`. */
  readonly parts: readonly string[];
}

/** Of every tunnel that one of the plans has, in the order of the newer one. */
export function tunnelEffects(before: NetnsPlan | undefined, after: NetnsPlan | undefined): readonly EffectOnTunnel[] {
  const [had, has] = [connectionsOf(before), connectionsOf(after)];
  const ids = new Set([...has.keys(), ...had.keys()]);
  if (before === undefined || after === undefined) {
    const effect = after === undefined ? 'interruption' : 'new';
    return [...ids].map((id) => ({ id, effect, parts: ['connection'] }));
  }
  const [was, is] = [surroundingsOf(before), surroundingsOf(after)];
  return [...ids].map((id) => {
    const parts = (['link', 'routes', 'watch'] as const).filter((part) => !isSameValue(was(id)[part], is(id)[part]));
    const { effect, differing } = effectOnConnection(had.get(id), has.get(id));
    return { id, effect, parts: [...differing, ...parts] };
  });
}

function connectionsOf(plan: NetnsPlan | undefined): ReadonlyMap<VpnConnectionId, ConnectionPlan> {
  return new Map(plan?.charon?.connections.map((connection) => [connection.id, connection]));
}

/** What stands beside its connection in the plan. Devices of tunnels are named like them. */
function surroundingsOf({ links, routes, watches = [] }: NetnsPlan) {
  const linksByName = new Map<string, LinkPlan>(links.map((link) => [link.name, link]));
  const watchesById = new Map(watches.map((watch) => [watch.id, watch]));
  const hops = routes.flatMap((route) => route.nextHops.map(({ device }) => ({ device, route })));
  const routesByDevice = Map.groupBy(hops, ({ device }) => device);
  return (id: VpnConnectionId) => ({
    link: linksByName.get(id),
    watch: watchesById.get(id),
    routes: (routesByDevice.get(id) ?? []).map(({ route }) => route),
  });
}

function effectOnConnection(
  before: ConnectionPlan | undefined,
  after: ConnectionPlan | undefined,
): { readonly effect: TunnelEffect; readonly differing: readonly string[] } {
  if (before === after) return { effect: 'none', differing: [] };
  if (before === undefined) return { effect: 'new', differing: ['connection'] };
  if (after === undefined) return { effect: 'interruption', differing: ['connection'] };
  const names = Object.keys(after) as (keyof ConnectionPlan)[];
  const differing = names.filter((name) => !isSameValue(before[name], after[name]));
  const effects = differing.map((name) => effectOfProperty(name, before, after));
  const worst = (['interruption', 'rekey'] as const).find((effect) => effects.includes(effect));
  return { effect: worst ?? 'none', differing };
}

/** Properties that charon does not always hear of, and when it does; of all others it always does. */
const heard: Partial<Record<keyof ConnectionPlan, (plan: ConnectionPlan, isVersion1: boolean) => boolean>> = {
  // A key is loaded beside the connection.
  keyOwners: () => false,
  aggressive: (_, isVersion1) => isVersion1,
  dpdTimeoutSeconds: ({ dpdDelaySeconds }, isVersion1) => isVersion1 && dpdDelaySeconds > 0,
  dpdAction: ({ negotiation }) => negotiation === 'on-traffic',
};

/** As the gateway applies it (ADR 4, drivers/named-connection.ts): what charon is told anew makes another connection. */
function effectOfProperty(name: keyof ConnectionPlan, before: ConnectionPlan, after: ConnectionPlan): TunnelEffect {
  if (name === 'children') return 'rekey';
  const isVersion1 = before.version === 1 || after.version === 1;
  return heard[name]?.(after, isVersion1) === false ? 'none' : 'interruption';
}
