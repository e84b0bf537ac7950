import { computed, type ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { call } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import { useLoaded, type Loaded } from '../live/loaded.ts';
import { resting } from '../live/resting.ts';
import { connection, isAgentHeard } from '../live/stream.ts';
import { useWorld } from '../world.ts';
import { factsOf } from './facts-of.ts';
import {
  readCcnTables,
  readDirectConnect,
  readGatewayTables,
  readPolicies,
  readStatus,
  readVpcTables,
  type Asking,
} from './read-routes.ts';
import type { Route } from './route.ts';
import { namesIn, routesOf } from './routes-of.ts';
import { usesOf, type Uses } from './use-of.ts';

/** Kinds that a CCN's routes are made of, and with them what it announces. */
const ccnKinds = [
  ...['ccns', 'ccnRouteTables', 'ccnAttachments', 'ccnRoutePolicyLists', 'ccnSelectionPolicies', 'ccnRouteChoices'],
  ...['ccnRangeChoices', 'vpcs', 'subnets', 'vpnGateways', 'vpnGatewayRoutes', 'vpnConnections', 'tunnelStates'],
  ...['directConnectGateways', 'directConnectRanges', 'directConnectLines'],
];
const minuteMs = 60_000;
/** Nobody tells when a plan is in force. */
const statusMs = 5000;

export interface KnownRoutes {
  readonly routes: readonly Route[];
  readonly uses: Uses;
  /** Of VPCs, CCNs and Direct Connect gateways, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  /** What it is made of: each may fail by itself. */
  readonly parts: readonly Loaded<unknown>[];
  /** As of when it is known; null: a part is not there yet. */
  readonly at: ReadonlySignal<number | null>;
}

/** Every route that may be seen and what is known of its use, kept new while the component is shown. */
export function useRoutes(): KnownRoutes {
  const { session } = useWorld();
  const calls = useMemo(() => new GentleCalls(call), []);
  const load = <T>(read: (asking: Asking) => Promise<T>, kinds: () => readonly string[], everyMs = minuteMs) => ({
    load: resting((isBackground) => read({ calls, regions: session.Regions, isBackground })),
    get kinds() {
      return kinds();
    },
    everyMs,
  });
  const ccns = useLoaded('ccns', () => load(readCcnTables, () => ccnKinds));
  // A failover changes what VPCs and gateways hear only where a CCN tells them.
  const heard = () => (ccns.value.value?.tables.length === 0 ? [] : ccnKinds);
  const vpcs = useLoaded('vpcs', () =>
    load(readVpcTables, () => ['vpcs', 'subnets', 'routeTables', 'vpcRoutes', ...heard()]),
  );
  const gateways = useLoaded('gateways', () =>
    load(readGatewayTables, () => ['vpcs', 'vpnGateways', 'vpnGatewayRoutes', ...heard()]),
  );
  const policies = useLoaded('policies', () => load(readPolicies, () => ['vpnConnections']));
  const directConnect = useLoaded('direct-connect', () =>
    load(readDirectConnect, () => ['directConnectGateways', 'directConnectRanges', 'directConnectLines']),
  );
  const status = useLoaded('status', () =>
    load(readStatus, () => ['tunnelStates', 'vpnConnections', 'vpnGateways', 'vpnGatewayRoutes'], statusMs),
  );
  const parts = [vpcs, gateways, ccns, policies, directConnect, status];
  const read = {
    ...{ vpcs: vpcs.value.value, gateways: gateways.value.value, ccns: ccns.value.value },
    ...{ policies: policies.value.value, directConnect: directConnect.value.value },
  };
  const routes = useMemo(() => routesOf(read), Object.values(read));
  const names = useMemo(() => namesIn(read), [read.vpcs, read.ccns, read.directConnect]);
  const [now, isHeard] = [status.value.value, isAgentHeard.value];
  const uses = useMemo(() => usesOf(routes, factsOf(now, isHeard)), [routes, now, isHeard]);
  const at = useMemo(() => computed(() => knownAt(parts, status)), []);
  return { routes, uses, names, parts, at };
}

/** Rows that change are told of: what was read of them is as new as the status, as long as somebody tells. */
function knownAt(parts: readonly Loaded<unknown>[], status: Loaded<unknown>): number | null {
  const isLoading = parts.some(({ at, problem }) => at.value === null && problem.value === null);
  const known = parts.map(({ at }) => at.value).filter((at) => at !== null);
  if (isLoading || known.length === 0) return null;
  const isTold = connection.value === 'live' && parts.every(({ problem }) => problem.value === null);
  return isTold ? status.at.value : Math.min(...known);
}
