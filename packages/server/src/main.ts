import { watchHost } from './agent/host-watch.ts';
import { createAgent, type Agent } from './agent/agent.ts';
import { buildApi } from './http/build-api.ts';
import type { SystemFacts } from './api/actions/operator/system-status.ts';
import { TlsListener } from './http/tls-listener.ts';
import { loadSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings.ts';
import { ObservedState } from './domain/operator/observed-state.ts';
import { RegionNames } from './domain/operator/region-names.ts';
import { holdsAddress, type Uplink } from './domain/operator/uplink.ts';
import { asConfigured, chooseDataPlane, probeHost, type ChosenDataPlane } from './drivers/host-capabilities.ts';
import { binaries } from './drivers/installed-binaries.ts';
import { systemHostPorts } from './drivers/host-port.ts';
import { systemKernel } from './drivers/kernel.ts';
import { readUplinkForwarding } from './drivers/uplink-forwarding.ts';
import { conditionsOf } from './conditions.ts';
import { diskCondition } from './disk-condition.ts';
import { whileHeld } from './hold.ts';
import { keepRecord } from './keep-record.ts';
import { IssuedPlans } from './planning/issued-plans.ts';
import { canonicalPath } from './platform/canonical-path.ts';
import { loopLag, systemClock as clock } from './platform/clock.ts';
import { randomIds as ids } from './platform/ids.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { claimDataDir } from './platform/claim-data-dir.ts';
import { programVersion } from './platform/program-version.ts';
import { networkRecordOf } from './reason-to-hold.ts';
import { Image } from './image/image.ts';
import type { Rows } from './image/rows.ts';
import { createServices, type Services } from './services/create-services.ts';
import { openStore } from './store/open-store.ts';
import { Secrets } from './store/secrets.ts';
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
  await Promise.all([agent.run(signal), watchOver({ settings, rows, observed, dataPlane, logger }, signal)]);
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

/** Gateways that stand keep their addresses; with another uplink nobody would reach them, and nothing would say so. */
function checkStandingGateways({ uplink, uplinkSource }: Settings, { vpnGateways }: Rows): void {
  const misfits = vpnGateways
    .all()
    .filter(({ publicAddress }) => uplink === null || !holdsAddress(uplink, publicAddress));
  if (misfits.length === 0) return;
  const names = misfits
    .slice(0, 5)
    .map(({ id, publicAddress }) => `${id} (${publicAddress})`)
    .join(', ');
  const more = misfits.length > 5 ? ` and ${misfits.length - 5} more` : '';
  throw new Error(
    `the uplink of ${uplinkSource} does not have the addresses of gateways that stand: ${names}${more}. ` +
      'Start with the former uplink, or with one that has these addresses as well; to leave them, delete those gateways first',
  );
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
  const readNeeds = () => {
    const { subnetInterfaces, directConnectLines, vpnConnections } = rows;
    const lines = directConnectLines.all().filter((line) => line.kind === 'interface');
    return Promise.resolve({
      uplink: settings.uplink,
      vlans: [...subnetInterfaces.all(), ...lines].some(({ vlanId }) => vlanId !== null),
      healthChecks: vpnConnections.all().some(({ healthCheck }) => healthCheck.enabled),
    });
  };
  await watchHost({ kernel: systemKernel(), readNeeds, observed, clock, logger }, signal);
}
