import { randomUUID } from 'node:crypto';
import { createAgent, type Agent } from '../agent/agent.ts';
import { capacityQuestion } from '../agent/capacity-question.ts';
import { DrainableSource } from '../agent/drainable-source.ts';
import { HostDrain } from '../agent/host-drain.ts';
import { hostNeeds } from '../agent/host-needs.ts';
import { watchHost } from '../agent/host-watch.ts';
import { PlanCheck } from '../agent/plan-check.ts';
import type { DataPlane } from '../domain/operator/observation.ts';
import type { Settings } from '../config/settings.ts';
import { logCondition } from '../conditions/log-condition.ts';
import type { Condition } from '../domain/operator/condition.ts';
import { systemHostFiles } from '../drivers/capacity/host-files.ts';
import { readHostCapacity } from '../drivers/capacity/read-host-capacity.ts';
import { chooseDataPlane, probeHost } from '../drivers/host-capabilities.ts';
import { systemHostPorts } from '../drivers/host-port.ts';
import { rememberingKernel } from '../drivers/host-settings.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { History, type HistoryOptions } from '../history/history.ts';
import { readUpTime } from '../history/up-time.ts';
import { readUplinkForwarding } from '../drivers/uplink-forwarding.ts';
import { networkRecordOf, standingNetwork, type StandingNetwork } from '../hold/reason-to-hold.ts';
import { DrainMark } from '../platform/drain-mark.ts';
import { heldKeysFile } from './held-keys-file.ts';
import { hostSettingsFile } from './host-settings-file.ts';
import type { NetworkRecord, StorePosition } from '../platform/network-record.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { SasAnswer } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import { sysctlName } from '../plan/names.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { loopLag, systemClock as clock } from '../platform/clock.ts';
import type { Log, Logger } from '../platform/logger.ts';
import { OwnFolder } from '../platform/own-folder.ts';
import { programVersion } from '../platform/program-version.ts';
import { PacketCaptures } from '../captures/packet-captures.ts';
import { gatewaySaKeys } from '../captures/gateway-sa-keys.ts';
import { startTcpdump } from '../captures/capture-process.ts';
import { AgentEnd } from '../seam/agent-end.ts';
import { PeerQuestions, type PeerQuestionsOptions, type PlannedTunnel } from '../peer-questions/peer-questions.ts';
import { findFreeBy } from '../path-proofs/free-address.ts';
import { FailoverDrills, type FailoverDrillsOptions } from '../path-proofs/failover-drills.ts';
import { PathProver } from '../path-proofs/path-prover.ts';
import { ProofLimits } from '../path-proofs/proof-limits.ts';
import { standHostBy } from '../path-proofs/standing-host.ts';
import { PlannedConnections } from './planned-connections.ts';
import { startSeriesBy } from '../peer-questions/start-series.ts';
import { FlightRecording } from './flight-recording.ts';
import { listenForController, seamFolder, seamPath } from '../seam/seam-socket.ts';

export interface RunAgentOptions {
  readonly settings: Settings;
  /** Who may speak to it, beside root. */
  readonly groupId: number;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Once it acts on the plans that it has. */
  readonly onReady: () => void;
}

const defaultPathMtu = 1500;
/** As long as a switch may take that nobody complains of. */
const longestLagMs = 1000;

/** Builds and wires what acts, and runs it until the signal aborts. It hears nobody but the controller, and gateways go on without it. */
export async function runAgent({ settings, groupId, log, signal, onReady }: RunAgentOptions): Promise<void> {
  const { dataDir, uplink } = settings;
  const { service, network, tunnels, records } = log.of;
  const dataPlane = chooseDataPlane(await probeHost(binaries), settings.dataPlane);
  const folder = seamFolder(installationOf(dataDir));
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(claimDataDir(folder));
  const kernel = systemKernel();
  const record = networkRecordOf(dataDir);
  const standing = standingNetwork({ dataDir, kernel, record });
  const planCheck = new PlanCheck({ uplink, hostInterfaces: settings.hostInterfaces });
  const [runFiles, ownFolder] = [new OwnFolder(dataDir, 'run'), new OwnFolder(dataDir, 'agent')];
  runFiles.find();
  const recording = new FlightRecording({
    ...{ folder: ownFolder, bounds: settings.recorder, logger: records },
    gatewayOf: (tunnel) => end.gatewayOf(tunnel),
  });
  const { recorder, noteLine, noteApplied: onApplied } = recording;
  cleanup.defer(() => recorder.close());
  const onDrain = () => agent.enqueue(gatewayKeys());
  const drain = new HostDrain({ mark: new DrainMark(ownFolder), onChange: onDrain, clock, logger: service });
  const gatewayKeys = (): PlanKey[] => end.keys().filter((key) => key.startsWith('vpngw-'));
  const history = historyIn(ownFolder, settings, () => tunnelsByGateway(end), records);
  const readConditions = () => [
    ...ownConditions(record.problem, log),
    drain.readCondition(),
    historyCondition(history.problem),
    ...recorder.readConditions(),
  ];
  const plans = () => end.issues().map(({ plan }) => plan);
  const captures = packetCaptures(settings, dataPlane.name, { folder: ownFolder, plans, kernel, logger: records });
  await captures.clear();
  cleanup.defer(() => captures.close());
  const connections = new PlannedConnections((tunnel) => end.planOf(tunnel));
  const peerQuestions = questionsToPeers(kernel, (tunnel) => plannedTunnel(end, connections, tunnel), tunnels);
  const end: AgentEnd = new AgentEnd({
    folder: ownFolder,
    ...{ captures, peerQuestions, keyFile: heldKeysFile(folder), program: programVersion, dataPlane, standing },
    ...sendersOf({ kernel, plans, log, drillsOf: (tunnel) => agent.drillsOf(end.gatewayOf(tunnel) ?? 'host') }),
    ...{ readConditions, keepNoted: () => record.flush(), check: planCheck.check, series: randomUUID() },
    readForwarding: () => readForwarding(settings, gatewayKeys()),
    usesOf: (name) => systemHostPorts(kernel).usesOf(name),
    history: (question) => history.ask(question),
    recorded: (selection) => recorder.page(selection),
    sas: (tunnel) => sasIn(end, agent, tunnel),
    note: (position) => {
      runFiles.make();
      record.note(position);
    },
    checkPosition: (position) => checkPosition(position, record, standing),
    onChanged: (keys) => agent.enqueue(keys),
    ...{ clock, logger: service },
  });
  const agent: Agent = createAgent({
    ...settingsOfAgent(settings, dataPlane.name),
    ...{ source: new DrainableSource(end, drain.isOn), observed: end.observed },
    kernel: rememberingKernel(kernel, hostSettingsFile(installationOf(dataDir)), network),
    ...{ record: recording.beside(end.record), askedPeers: peerQuestions },
    ...{ noteLine, onApplied, clock, logger: network, tunnelLogger: tunnels },
  });
  recording.followTunnels(end.observed, connections);
  await agent.recall();
  const server = await listenForController(seamPath(folder), groupId, (stream) => void end.serve(stream));
  cleanup.defer(() => {
    server.close();
    noteEnd(record, end);
  });
  signal.addEventListener('abort', () => end.close());
  service.info({ dataPlane, plans: end.keys().length, drained: drain.isOn() }, 'agent started');
  onReady();
  await Promise.all([
    agent.run(signal),
    drain.follow(signal),
    history.run(signal),
    watchHost({ kernel, ...hostReaders(settings, plans), observed: end.observed, clock, logger: network }, signal),
    recording.followConditions(() => [...end.observed.hostFindings(), ...readConditions()], signal),
  ]);
  service.info('agent stopped; gateways go on');
}

function settingsOfAgent(settings: Settings, dataPlane: DataPlane) {
  const { dataDir, uplink, holdDown } = settings;
  const espAlwaysInUdp = isAlwaysInUdp(settings, dataPlane);
  return { dataDir, dataPlane, espAlwaysInUdp, binaries, pathMtu: uplink?.pathMtu ?? defaultPathMtu, holdDown };
}

/** What is made from it is noted; of no network nothing is. */
function noteEnd(record: NetworkRecord, end: AgentEnd): void {
  record.flush();
  const hasNetwork = end.keys().some((key) => key !== 'host');
  if (!hasNetwork) record.remove();
}

interface SendersOptions extends Pick<FailoverDrillsOptions, 'plans' | 'drillsOf'> {
  readonly kernel: Kernel;
  readonly log: Log;
}

/** Who sends packets of a host that stands for some seconds. */
function sendersOf({ kernel, plans, log: { of }, drillsOf }: SendersOptions) {
  const hosts = { findFree: findFreeBy(kernel, clock), stand: standHostBy(kernel, of.network) };
  const sending = { ...hosts, plans, limits: new ProofLimits(clock), clock, logger: of.tunnels };
  return { pathProving: new PathProver(sending), drilling: new FailoverDrills({ ...sending, drillsOf }) };
}

/** What the host needs, and what it carries. */
function hostReaders({ dataDir, uplink, capacity }: Settings, plans: () => readonly NetnsPlan[]) {
  const keptBytes = capacity.memoryKeptMebibytes * 1024 * 1024;
  const readCapacity = () => {
    const own = { keptBytes, leastNeighbours: 0, agentPid: process.pid, now: clock.now() };
    return readHostCapacity(systemHostFiles, { ...capacityQuestion(dataDir, plans()), ...own });
  };
  return { readCapacity, readNeeds: () => Promise.resolve(hostNeeds(uplink, plans())) };
}

function questionsToPeers(kernel: Kernel, find: PeerQuestionsOptions['find'], logger: Logger): PeerQuestions {
  return new PeerQuestions({ find, start: startSeriesBy(kernel), clock, logger });
}

/** By the plans that are held here. */
function plannedTunnel(end: AgentEnd, connections: PlannedConnections, tunnel: string): PlannedTunnel | undefined {
  const [gateway, plan] = [end.gatewayOf(tunnel), connections.of(tunnel as VpnConnectionId)];
  return gateway === undefined || plan === undefined ? undefined : { gateway, plan };
}

function sasIn(end: AgentEnd, agent: Agent, tunnel: VpnConnectionId): Promise<SasAnswer> {
  const gateway = end.gatewayOf(tunnel);
  return gateway === undefined ? Promise.resolve({ problem: 'no plan has it yet' }) : agent.sasOf(gateway, tunnel);
}

function isAlwaysInUdp({ espInUdp }: Settings, dataPlane: DataPlane): boolean {
  return espInUdp === 'auto' ? dataPlane === 'uxfrm' : espInUdp === 'always';
}

interface CapturesHere {
  readonly folder: OwnFolder;
  readonly plans: () => readonly NetnsPlan[];
  readonly kernel: Kernel;
  readonly logger: Logger;
}

function packetCaptures({ dataDir, captures }: Settings, dataPlane: DataPlane, here: CapturesHere): PacketCaptures {
  const { folder, plans, kernel, logger } = here;
  return new PacketCaptures({
    ...{ folder: folder.inner('captures'), plans, clock, logger },
    start: startTcpdump(kernel),
    readKeys: gatewaySaKeys({ kernel, dataDir, dataPlane }),
    givesKeys: captures.keys,
    application: `Landbridge ${programVersion}`,
  });
}

/** The host's plan alone needs to know. */
async function readForwarding({ uplink }: Settings, gateways: readonly PlanKey[]): Promise<UplinkForwarding> {
  if (uplink === null || uplink.mode === 'bridged') return 'ours';
  return readUplinkForwarding(systemKernel(), sysctlName(uplink.interface), gateways);
}

function historyIn(
  folder: OwnFolder,
  settings: Settings,
  readTunnels: HistoryOptions['readTunnels'],
  logger: Logger,
): History {
  const mostBytes = settings.history.mostMebibytes * 1024 * 1024;
  return new History({ folder, mostBytes, readTunnels, readUpTime, clock, logger });
}

/** As they are known now. */
function* tunnelsByGateway(end: AgentEnd): Generator<readonly [VpnGatewayId, readonly TunnelObservation[]]> {
  for (const { plan, keys } of end.issues()) {
    const ids = Object.keys(keys) as VpnConnectionId[];
    if (ids.length > 0) yield [plan.key as VpnGatewayId, ids.map((id) => end.observed.tunnel(id))];
  }
}

function historyCondition(problem: string) {
  const message = `what passes tunnels is not kept: ${problem}`;
  return { name: 'history', ok: problem === '', message: problem === '' ? '' : message };
}

/** Why the network is not that store's; null when it is, or there is none. */
async function checkPosition(
  { storeId, serial }: StorePosition,
  record: Pick<NetworkRecord, 'read'>,
  standing: Pick<StandingNetwork, 'netns'>,
): Promise<string | null> {
  const madeFrom = record.read();
  if (madeFrom === null || (madeFrom.storeId === storeId && madeFrom.serial <= serial)) return null;
  if ((await standing.netns()).length === 0) return null;
  return `the network was made from ${madeFrom.storeId === storeId ? `change ${madeFrom.serial}, and the database has ${serial}` : 'another database'}`;
}

function ownConditions(recordProblem: string, log: Log): Condition[] {
  return [lagCondition(loopLag.longest()), recordCondition(recordProblem), logCondition('agent log', log)];
}

function lagCondition(lagMs: number) {
  const message = `the agent was held up for ${lagMs} ms in the last minute: every failover waits for it that long`;
  const ok = lagMs <= longestLagMs;
  return { name: 'agent event loop', ok, message: ok ? '' : message };
}

function recordCondition(problem: string) {
  const message = `a later start could not tell an old backup from the database that the network was made from: ${problem}`;
  return { name: 'network record', ok: problem === '', message: problem === '' ? '' : message };
}
