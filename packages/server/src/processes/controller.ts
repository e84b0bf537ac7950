import type { ConsoleFiles } from '../console/console-files.ts';
import { News } from '../console/news.ts';
import { buildApp } from '../http/build-app.ts';
import type { PublicCondition } from '../http/health-routes.ts';
import { CallMetrics } from '../http/metrics/call-metrics.ts';
import { processMetrics } from '../http/metrics/process-metrics.ts';
import { serviceMetrics, type ServiceNumbers } from '../http/metrics/service-metrics.ts';
import type { MeasuredTunnel } from '../http/metrics/tunnel-families.ts';
import { TunnelMetrics } from '../http/metrics/tunnel-metrics.ts';
import type { Doors } from '../http/doors.ts';
import type { Settings } from '../config/settings.ts';
import { conditionsOf } from '../conditions/conditions-of.ts';
import { capacityCondition } from '../conditions/capacity-condition.ts';
import { diskCondition } from '../conditions/disk-condition.ts';
import { logCondition } from '../conditions/log-condition.ts';
import { PlanAges } from '../conditions/plan-ages.ts';
import type { Condition } from '../domain/operator/condition.ts';
import type { HistorySource } from '../domain/operator/history.ts';
import type { DataPlane } from '../domain/operator/observation.ts';
import type { PeerAsking } from '../domain/diagnosis/peer-proposals.ts';
import type { FailoverDrilling } from '../domain/operator/failover-drill.ts';
import type { PathProving } from '../domain/operator/path-proof.ts';
import type { PacketCapturing } from '../domain/operator/packet-capture.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { HostRoom } from '../domain/operator/room-on-host.ts';
import type { AskRecorder } from '../domain/operator/timeline.ts';
import type { AskSas } from '../domain/operator/tunnel-sas.ts';
import { RegionNames } from '../domain/operator/region-names.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { checkStandingGateways } from '../hold/check-standing-gateways.ts';
import type { StandingNetwork } from '../hold/reason-to-hold.ts';
import { whileHeld } from '../hold/while-held.ts';
import { Image } from '../image/image.ts';
import { tableNames } from '../image/tables.ts';
import { IssuedPlans } from '../planning/issued-plans.ts';
import { createWebhooks } from '../notify/create-webhooks.ts';
import type { TunnelStates } from '../services/operator/tunnel-states.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import type { PlanKey } from '../plan/plan.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { loopLag, systemClock as clock } from '../platform/clock.ts';
import { randomIds as ids } from '../platform/ids.ts';
import type { Log } from '../platform/logger.ts';
import { programVersion } from '../platform/program-version.ts';
import type { Handed } from '../seam/controller-end.ts';
import { decisionsOf } from '../services/decisions.ts';
import { RefusedCalls } from '../services/operator/refused-calls.ts';
import { readHostRoom } from '../services/operator/host-room.ts';
import { createServices, type Services } from '../services/create-services.ts';
import type { HostPorts } from '../services/operator/host-interfaces.ts';
import { openStore } from '../store/open-store.ts';
import { Secrets } from '../store/secrets.ts';
import { ImageCheck } from '../writer/image-check.ts';
import { Writer } from '../writer/writer.ts';
import { callDoors, type CallDoorsOptions } from './call-doors.ts';
import { Listeners } from './listeners.ts';
import { watchedTunnels } from './watched-tunnels.ts';

/** What acts on the plans: another process, or nobody where the network shall not be touched. */
export interface ActingSide {
  readonly dataPlane: { readonly name: DataPlane; readonly reason: string };
  /** Plans reach it, and what it knows comes from there. */
  readonly isHeard: boolean;
  /** What it has in the network; by this process itself when absent. */
  readonly standing?: StandingNetwork;
  readonly hostPorts: HostPorts;
  readonly history: HistorySource;
  readonly recorded: AskRecorder;
  readonly sas: AskSas;
  readonly capturing: PacketCapturing;
  readonly peerAsking: PeerAsking;
  readonly pathProving: PathProving;
  readonly drilling: FailoverDrilling;
  /** Whose will it is that the host forwards. */
  readonly forwarding: () => UplinkForwarding;
  /** From now on there is something to hand down. */
  hand(handed: Handed): void;
  changed(keys: readonly PlanKey[]): void;
  readConditions(): readonly Condition[];
  run(signal: AbortSignal): Promise<void>;
}

export interface ControllerOptions {
  readonly settings: Settings;
  readonly acting: ActingSide;
  readonly observed: ObservedState;
  readonly doors: Doors;
  /** Null: there is no web console. */
  readonly consoleFiles: ConsoleFiles | null;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** For each listener. */
  readonly onListening: (url: string) => void;
}

/** Builds and wires what hears tenants and decides, and runs it until the signal aborts. Gateways go on without it. */
export async function runController(options: ControllerOptions): Promise<void> {
  const { settings, acting, observed, doors, log, signal, onListening } = options;
  const system = ownFacts(acting);
  const { standing } = acting;
  const held = { settings, clock, ids, logger: log.of.service, system, signal, onListening, doors };
  await whileHeld(standing === undefined ? held : { ...held, standing });
  if (signal.aborted) return;
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(claimDataDir(settings.dataDir));
  const store = await openStore({ dataDir: settings.dataDir, clock, logger: log.of.store, ids });
  cleanup.defer(() => store.close());
  const refusedCalls = new RefusedCalls(store.audit, log.of.store);
  // Once nothing more is heard: what is refused on the way there is audited as well.
  cleanup.defer(() => refusedCalls.flush());
  const { generation, rows: stored } = await store.load();
  const image = new Image(generation, stored);
  const { rows } = image;
  checkStandingGateways(settings, rows);
  const writer = new Writer(store, image, log.of.store);
  const secrets = new Secrets(rows, store.sealer);
  const imageCheck = new ImageCheck({ store, image, writer, clock, logger: log.of.store });
  const { uplink, quotas, defaults, rateLimits, mostJsonBytes } = settings;
  const regions = new RegionNames(settings.regions);
  const plans = new IssuedPlans({
    ...{ image, uplink, observed },
    readForwarding: () => Promise.resolve(acting.forwarding()),
    onChanged: (keys) => {
      ages.changed(keys);
      acting.changed(keys);
    },
  });
  const ages = new PlanAges(plans, clock);
  writer.onCommit(({ changes }) => plans.committed(changes));
  const news = newsOf(rows, writer);
  const logged = { clock, logger: log.of.webhooks };
  const webhooks = createWebhooks({ rows, secrets, store, uplink, ...settings.webhooks, ...logged });
  cleanup.defer(() => webhooks.stop());
  const told = await store.events.toldFindings();
  const tunnels = watchedTunnels({
    ...{ rows, observed, told, plans, series: ids.token(16), clock, logger: log.of.tunnels },
    decide: (decision) => writer.decide(decision),
    onLook: (id, look) => news.looked(id, look),
  });
  const services = createServices({
    ...{ observed, tunnelStates: tunnels.states, uplink, quotas, regions, defaults, clock, ids, logger: log.of.store },
    ...decisionsOf(writer, store.sealer, clock),
    read: (question) => writer.read(question),
    ...{ logs: store, sealing: store.sealer, plans, webhooks, hostPorts: acting.hostPorts },
    ...{ history: acting.history, recorded: acting.recorded, sas: acting.sas },
    ...{ peerAsking: acting.peerAsking, pathProving: acting.pathProving, drilling: acting.drilling },
    ...{ capturing: acting.capturing, givesCaptureKeys: settings.captures.keys },
  });
  acting.hand(handedFrom({ plans, secrets, image, services, storeId: (await store.position()).storeId }));
  const listeners = cleanup.use(new Listeners());
  const readRoom = () => readHostRoom({ observed, clock }, rows);
  const readConditions = conditionsReader({ settings, acting, observed, log, readRoom, imageCheck, ages, listeners });
  const registry = processMetrics(programVersion);
  serviceMetrics(registry, numbersOf({ image, writer, observed, acting, readRoom }));
  const calls = callDoors({
    ...{ services, credentials: secrets, refusedCalls, clock, ids, rateLimits, regions, mostJsonBytes },
    ...{ metrics: new CallMetrics(registry), logger: log.of.api },
    system: Object.assign(system, { readConditions }),
    console: consoleParts(options, { rows, news, audit: store.audit }),
  });
  const health = { readConditions: () => readinessOf(settings, writer, acting), clock };
  log.of.service.info({ dataPlane: acting.dataPlane, dataDir: settings.dataDir }, 'service starts');
  await listeners.open({
    ...{ doors, clock, logger: log.of.api, onListening },
    app: buildApp({ api: calls.api, health, console: calls.console?.plugin ?? null, ids }),
    monitoring: { health, metrics: { registry, tunnels: tunnelMetricsOf(image, observed, tunnels.states), clock } },
  });
  await webhooks.begin();
  await Promise.all([
    acting.run(signal),
    imageCheck.run(signal),
    refusedCalls.run(clock, signal),
    calls.console?.run(signal),
    tunnels.run((events) => services.events.keep(events), signal),
  ]);
  log.of.service.info('service stopped; gateways go on');
}

type ConsoleParts = NonNullable<CallDoorsOptions['console']>;

function consoleParts(
  { consoleFiles: files, settings, acting }: ControllerOptions,
  given: Pick<ConsoleParts, 'rows' | 'news' | 'audit'>,
): CallDoorsOptions['console'] {
  if (files === null) return null;
  const isProxied = settings.plainHttpBeyondLoopback;
  return { ...given, files, version: programVersion, isProxied, isAgentHeard: () => acting.isHeard };
}

function newsOf(rows: Image['rows'], writer: Writer): News {
  const news = new News(rows);
  writer.onCommit(({ changes }) => news.committed(changes));
  return news;
}

interface HandedFrom {
  readonly plans: Handed['plans'];
  readonly secrets: Secrets;
  readonly image: Image;
  readonly services: Services;
  readonly storeId: string;
}

/** What the acting side may ask for, and whom it tells. */
function handedFrom({ plans, secrets, image, services, storeId }: HandedFrom): Handed {
  return {
    plans,
    preSharedKey: (id) => secrets.preSharedKey(id),
    digestOfKey: (id) => secrets.preSharedKeyDigest(id),
    position: () => ({ storeId, generation: image.generation }),
    keep: (events) => services.events.keep(events),
  };
}

interface Examined extends Pick<ControllerOptions, 'settings' | 'acting' | 'observed' | 'log'> {
  readonly readRoom: () => HostRoom | null;
  readonly imageCheck: ImageCheck;
  readonly ages: PlanAges;
  readonly listeners: Listeners;
}

/** Everything that an operator has to know of. */
function conditionsReader({ settings, acting, observed, log, readRoom, imageCheck, ages, listeners }: Examined) {
  return async (): Promise<Condition[]> => [
    await diskCondition(settings.dataDir),
    imageCheck.readCondition(),
    ...acting.readConditions(),
    ages.readCondition(),
    capacityCondition(readRoom()),
    ...conditionsOf(settings, observed, loopLag.longest()),
    ...listeners.readConditions(),
    logCondition('log', log),
  ];
}

/** What has to be true before calls are sent here. */
async function readinessOf({ dataDir }: Settings, writer: Writer, acting: ActingSide): Promise<PublicCondition[]> {
  return [
    { name: 'image', ok: writer.isSettled },
    { name: 'store', ok: (await diskCondition(dataDir)).ok },
    { name: 'agent', ok: acting.isHeard },
  ];
}

interface Counted {
  readonly image: Image;
  readonly writer: Writer;
  readonly observed: ObservedState;
  readonly acting: ActingSide;
  readonly readRoom: () => HostRoom | null;
}

function numbersOf({ image, writer, observed, acting, readRoom }: Counted): ServiceNumbers {
  return {
    generation: () => image.generation,
    rowCounts: () => tableNames.map((name) => [name, image.table(name).size]),
    waitingDecisions: () => writer.waiting,
    isAgentHeard: () => acting.isHeard,
    tunnelCount: () => image.table('vpnConnections').size,
    tunnels: () => observed.tunnels(),
    room: readRoom,
    failedPlans: () => observed.outcomes().filter(({ error }) => error !== null).length,
  };
}

function tunnelMetricsOf({ rows }: Image, observed: ObservedState, states: TunnelStates): TunnelMetrics {
  const measured = (connection: VpnConnection): MeasuredTunnel => {
    const observation = observed.tunnel(connection.id);
    const { state, provenAt, findings } = states.of(connection);
    return {
      connection,
      gateway: rows.vpnGateways.get(connection.vpnGatewayId),
      peer: rows.customerGateways.get(connection.customerGatewayId),
      observation,
      state,
      proofAgeMs: provenAt === null ? null : clock.now() - provenAt,
      findings,
    };
  };
  return new TunnelMetrics({
    connections: () => rows.vpnConnections.all(),
    gateways: () => rows.vpnGateways.all(),
    measure: (connections) => connections.map(measured),
    drops: () => observed.drops(),
    now: () => clock.now(),
  });
}

function ownFacts(acting: ActingSide) {
  return {
    ...{ version: programVersion, startedAt: clock.now(), readLoopLag: () => loopLag.longest() },
    // Another acting side may come, and carry packets by other means.
    get dataPlane() {
      return acting.dataPlane;
    },
  };
}
