import { createAgent, type Agent } from './agent/agent.ts';
import { buildApi } from './api/build-api.ts';
import { TlsListener } from './api/tls-listener.ts';
import type { Condition } from './api/system-status.ts';
import { loadSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import { ObservedState } from './domain/observed-state.ts';
import { RegionNames } from './domain/region-names.ts';
import { asConfigured, chooseDataPlane, probeHost, type ChosenDataPlane } from './drivers/host-capabilities.ts';
import { binaries } from './drivers/installed-binaries.ts';
import { planFor, planKeys } from './planner/plan-for.ts';
import { systemClock as clock } from './platform/clock.ts';
import { randomIds as ids } from './platform/ids.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { claimDataDir } from './platform/claim-data-dir.ts';
import { programVersion } from './platform/program-version.ts';
import { createServices, type Services } from './services/create-services.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';

/** Flags of `landbridge serve`, as text; whatever is absent comes from the configuration file or the defaults. */
export interface ServeFlags {
  readonly dataDir: string;
  readonly listen?: string;
  readonly config?: string;
  readonly dataPlane?: string;
}

export interface ServeHooks {
  readonly signal: AbortSignal;
  /** For each listener. */
  readonly onListening: (url: string) => void;
}

/** Builds and wires everything, and runs it until the signal aborts. Gateways go on without it. */
export async function serve(flags: ServeFlags, { signal, onListening }: ServeHooks): Promise<void> {
  const settings = readSettings(flags);
  const logger = createLogger(settings.logLevel);
  const dataPlane = await pickDataPlane(settings);
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(await claimDataDir(settings.dataDir));
  const store = await openStore({ dataDir: settings.dataDir, clock, logger, ids });
  cleanup.defer(() => store.close());
  const observed = new ObservedState();
  const { uplink, quotas, defaults } = settings;
  const regions = new RegionNames(settings.regions);
  const services = createServices({ store, observed, uplink, quotas, regions, defaults, clock, ids, logger });
  const agent = buildAgent({ settings, store, services, observed, dataPlane, logger });
  store.onCommit((keys) => agent.enqueue(keys));
  let tls: TlsListener | undefined;
  const readConditions = () => [
    ...conditionsOf(settings, observed),
    ...(tls === undefined ? [] : [tls.readCondition()]),
  ];
  const api = buildHttp({ settings, store, services, regions, observed, dataPlane, readConditions, logger });
  cleanup.defer(() => api.close());
  const url = await api.listen({ host: settings.listen.host, port: settings.listen.port });
  logger.info({ dataPlane: dataPlane.name, why: dataPlane.reason, dataDir: settings.dataDir }, 'service started');
  onListening(url);
  if (settings.tls !== null) {
    tls = await TlsListener.start(api.server, { ...settings.tls.listen, files: settings.tls, clock, logger });
    const listener = tls;
    cleanup.defer(() => listener.close());
    onListening(tls.url);
  }
  await agent.run(signal);
  logger.info('service stopped; gateways go on');
}

function readSettings({ config, ...flags }: ServeFlags): Settings {
  // Flags are checked by the settings' schema; here they are only text.
  const sources = { flags: flags as NonNullable<Parameters<typeof loadSettings>[0]['flags']> };
  return loadSettings(config === undefined ? sources : { ...sources, configFile: config });
}

async function pickDataPlane({ dataPlane }: Settings): Promise<ChosenDataPlane> {
  // Nothing is tried on a host whose network shall not be touched.
  if (dataPlane === 'none') return asConfigured('none');
  return chooseDataPlane(await probeHost(binaries), dataPlane);
}

interface Parts {
  readonly settings: Settings;
  readonly store: Store;
  readonly services: Services;
  readonly observed: ObservedState;
  readonly dataPlane: ChosenDataPlane;
  readonly logger: Logger;
}

const defaultPathMtu = 1500;

function buildAgent({ settings, store, services, observed, dataPlane, logger }: Parts): Agent {
  const { uplink, dataDir, espInUdp } = settings;
  return createAgent({
    source: {
      planFor: async (key) => planFor(key, await store.readDesiredState(), uplink, observed.isUsable),
      listKeys: async () => planKeys(await store.readDesiredState()),
      preSharedKey: async (id) => existing(id, await store.preSharedKey(id)),
      preSharedKeyDigest: async (id) => existing(id, await store.preSharedKeyDigest(id)),
    },
    observed,
    dataDir,
    dataPlane: dataPlane.name,
    espAlwaysInUdp: espInUdp === 'auto' ? dataPlane.name === 'uxfrm' : espInUdp === 'always',
    binaries,
    pathMtu: uplink?.pathMtu ?? defaultPathMtu,
    holdDown: settings.holdDown,
    record: services.events.record,
    clock,
    logger,
  });
}

/** A VPN connection may be deleted between its plan and its key; the plan is then made anew. */
function existing(id: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`${id} is gone`);
  return value;
}

interface HttpParts extends Parts {
  readonly regions: RegionNames;
  readonly readConditions: () => Condition[];
}

function buildHttp({ settings, store, services, regions, dataPlane, readConditions, logger }: HttpParts) {
  const { rateLimits, mostJsonBytes } = settings;
  return buildApi({
    services,
    accessKeys: { find: (secretId) => store.accessKey(secretId) },
    clock,
    ids,
    logger,
    rateLimits,
    regions,
    mostJsonBytes,
    system: {
      version: programVersion,
      startedAt: clock.now(),
      dataPlane,
      readConditions,
    },
  });
}

/** What an operator must know of: a missing uplink, and plans that could not be applied. */
function conditionsOf({ uplink }: Settings, observed: ObservedState): Condition[] {
  const uplinkCondition: Condition = {
    name: 'uplink',
    ok: uplink !== null,
    message: uplink === null ? 'no uplink is configured: no VPN gateway can be made' : '',
  };
  const plans = observed.outcomes().map(({ key, error }) => ({ name: key, ok: error === null, message: error ?? '' }));
  const checks = observed.tunnels().flatMap(({ id, probe }) => {
    const message =
      'no probe was answered yet: does the peer have the remote probe address? It fails no tunnel until then';
    return probe === null ? [] : [{ name: `${id} health check`, ok: probe !== 'unknown', message }];
  });
  return [uplinkCondition, ...plans, ...checks.map((check) => (check.ok ? { ...check, message: '' } : check))];
}
