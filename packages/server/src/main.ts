import { watchHost } from './agent/host-watch.ts';
import { createAgent, type Agent } from './agent/agent.ts';
import { buildApi } from './http/build-api.ts';
import type { SystemFacts } from './domain/operator/system-facts.ts';
import { TlsListener } from './http/tls-listener.ts';
import { loadSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import { ObservedState } from './domain/operator/observed-state.ts';
import { RegionNames } from './domain/operator/region-names.ts';
import type { Uplink } from './domain/operator/uplink.ts';
import { asConfigured, chooseDataPlane, probeHost, type ChosenDataPlane } from './drivers/host-capabilities.ts';
import { binaries } from './drivers/installed-binaries.ts';
import { systemHostPorts } from './drivers/host-port.ts';
import { systemKernel } from './drivers/kernel.ts';
import { readUplinkForwarding } from './drivers/uplink-forwarding.ts';
import { conditionsOf } from './conditions/conditions-of.ts';
import { hostNeeds } from './conditions/host-needs.ts';
import { diskCondition } from './conditions/disk-condition.ts';
import { whileHeld } from './hold/while-held.ts';
import { checkStandingGateways } from './hold/check-standing-gateways.ts';
import { keepRecord } from './hold/keep-record.ts';
import { IssuedPlans } from './planning/issued-plans.ts';
import { canonicalPath } from './platform/canonical-path.ts';
import { loopLag, systemClock as clock } from './platform/clock.ts';
import { randomIds as ids } from './platform/ids.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { claimDataDir } from './platform/claim-data-dir.ts';
import { programVersion } from './platform/program-version.ts';
import { networkRecordOf } from './hold/reason-to-hold.ts';
import { Image } from './image/image.ts';
import type { Rows } from './image/rows.ts';
import { createServices, type Services } from './services/create-services.ts';
import { openStore } from './store/open-store.ts';
import { Secrets } from './store/secrets.ts';
import { ImageCheck } from './writer/image-check.ts';
import { Writer } from './writer/writer.ts';
import type { UplinkForwarding } from './plan/facts.ts';
import { sysctlName } from './plan/names.ts';

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
  const readLoopLag = () => loopLag.longest();
  const system = { version: programVersion, startedAt: clock.now(), dataPlane, readLoopLag };
  await whileHeld({ settings, clock, ids, logger, system, signal, onListening });
  if (signal.aborted) return;
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(claimDataDir(settings.dataDir));
  const store = await openStore({ dataDir: settings.dataDir, clock, logger, ids });
  cleanup.defer(() => store.close());
  const { generation, rows: stored } = await store.load();
  const image = new Image(generation, stored);
  const { rows } = image;
  checkStandingGateways(settings, rows);
  const writer = new Writer(store, image, logger);
  const secrets = new Secrets(rows, store.sealer);
  const imageCheck = new ImageCheck({ store, image, writer, clock, logger });
  const observed = new ObservedState();
  const { uplink, quotas, defaults } = settings;
  const regions = new RegionNames(settings.regions);
  // Nothing is taken from a host whose network shall not be touched, nor asked of it.
  const isDry = dataPlane.name === 'none';
  const plans = new IssuedPlans({
    ...{ image, uplink, observed },
    readForwarding: () => (isDry ? Promise.resolve('ours') : readForwarding(rows, uplink)),
    onChanged: (keys) => agent.enqueue(keys),
  });
  writer.onCommit(({ changes }) => plans.committed(changes));
  const services = createServices({
    ...{ observed, uplink, quotas, regions, defaults, clock, ids, logger },
    decide: (decision) => writer.decide(decision),
    read: (question) => writer.read(question),
    logs: store,
    sealing: store.sealer,
    hostPorts: isDry ? { usesOf: () => Promise.resolve([]) } : systemHostPorts(systemKernel()),
    plans,
  });
  const agent: Agent = buildAgent({ settings, plans, secrets, services, observed, dataPlane, logger });
  const kept = isDry
    ? undefined
    : cleanup.use(await keepRecord(networkRecordOf(settings.dataDir), { store, rows, writer }));
  let tls: TlsListener | undefined;
  const readConditions = async () => [
    await diskCondition(settings.dataDir),
    ...(kept === undefined ? [] : [kept.readCondition()]),
    imageCheck.readCondition(),
    ...conditionsOf(settings, observed, loopLag.longest()),
    ...(tls === undefined ? [] : [tls.readCondition()]),
  ];
  const api = buildHttp({ settings, secrets, services, regions, system: { ...system, readConditions }, logger });
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
  await Promise.all([
    agent.run(signal),
    watchOver({ settings, rows, observed, dataPlane, logger }, signal),
    imageCheck.run(signal),
  ]);
  logger.info('service stopped; gateways go on');
}

function readSettings({ config, ...flags }: ServeFlags): Settings {
  // Flags are checked by the settings' schema; here they are only text.
  const sources = { flags: flags as NonNullable<Parameters<typeof loadSettings>[0]['flags']> };
  const settings = loadSettings(config === undefined ? sources : { ...sources, configFile: config });
  return { ...settings, dataDir: canonicalPath(settings.dataDir) };
}

async function pickDataPlane({ dataPlane }: Settings): Promise<ChosenDataPlane> {
  // Nothing is tried on a host whose network shall not be touched.
  if (dataPlane === 'none') return asConfigured('none');
  return chooseDataPlane(await probeHost(binaries), dataPlane);
}

interface Parts {
  readonly settings: Settings;
  readonly plans: IssuedPlans;
  readonly secrets: Secrets;
  readonly services: Services;
  readonly observed: ObservedState;
  readonly dataPlane: ChosenDataPlane;
  readonly logger: Logger;
}

const defaultPathMtu = 1500;

function buildAgent({ settings, plans, secrets, services, observed, dataPlane, logger }: Parts): Agent {
  const { uplink, dataDir, espInUdp } = settings;
  return createAgent({
    source: {
      planFor: (key) => plans.planFor(key),
      listKeys: () => Promise.resolve(plans.keys()),
      preSharedKey: (id) => Promise.resolve(existing(id, secrets.preSharedKey(id))),
      preSharedKeyDigest: (id) => Promise.resolve(existing(id, secrets.preSharedKeyDigest(id))),
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

/** The host's plan alone needs to know. */
async function readForwarding({ vpnGateways }: Rows, uplink: Uplink | null): Promise<UplinkForwarding> {
  if (uplink === null || uplink.mode === 'bridged') return 'ours';
  const gateways = vpnGateways.all().map(({ id }) => id);
  return readUplinkForwarding(systemKernel(), sysctlName(uplink.interface), gateways);
}

/** A VPN connection may be deleted between its plan and its key; the plan is then made anew. */
function existing(id: string, value: string | undefined): string {
  if (value === undefined) throw new Error(`${id} is gone`);
  return value;
}

interface HttpParts extends Pick<Parts, 'settings' | 'secrets' | 'services' | 'logger'> {
  readonly regions: RegionNames;
  readonly system: SystemFacts;
}

function buildHttp({ settings, secrets, services, regions, system, logger }: HttpParts) {
  const { rateLimits, mostJsonBytes } = settings;
  return buildApi({
    services,
    accessKeys: { find: (secretId) => Promise.resolve(secrets.accessKey(secretId)) },
    clock,
    ids,
    logger,
    rateLimits,
    regions,
    mostJsonBytes,
    system,
  });
}

/** Nothing is looked at on a host whose network shall not be touched. */
async function watchOver(
  {
    settings,
    rows,
    observed,
    dataPlane,
    logger,
  }: Omit<Parts, 'services' | 'secrets' | 'plans'> & { readonly rows: Rows },
  signal: AbortSignal,
): Promise<void> {
  if (dataPlane.name === 'none') return;
  const readNeeds = () => Promise.resolve(hostNeeds(settings.uplink, rows));
  await watchHost({ kernel: systemKernel(), readNeeds, observed, clock, logger }, signal);
}
