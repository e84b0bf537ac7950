import { randomUUID } from 'node:crypto';
import { createAgent, type Agent } from '../agent/agent.ts';
import { hostNeeds } from '../agent/host-needs.ts';
import { watchHost } from '../agent/host-watch.ts';
import { PlanCheck } from '../agent/plan-check.ts';
import type { Settings } from '../config/settings.ts';
import type { Condition } from '../domain/operator/condition.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import { chooseDataPlane, probeHost } from '../drivers/host-capabilities.ts';
import { systemHostPorts } from '../drivers/host-port.ts';
import { binaries } from '../drivers/installed-binaries.ts';
import { systemKernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { History } from '../history/history.ts';
import { readUpTime } from '../history/up-time.ts';
import { readUplinkForwarding } from '../drivers/uplink-forwarding.ts';
import { networkRecordOf, standingNetwork } from '../hold/reason-to-hold.ts';
import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import { sysctlName } from '../plan/names.ts';
import type { PlanKey } from '../plan/plan.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { loopLag, systemClock as clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { OwnFolder } from '../platform/own-folder.ts';
import { programVersion } from '../platform/program-version.ts';
import { ConditionLines } from '../recorder/condition-lines.ts';
import { planLine } from '../recorder/plan-line.ts';
import { Recorder } from '../recorder/recorder.ts';
import { TunnelLines } from '../recorder/tunnel-lines.ts';
import { AgentEnd } from '../seam/agent-end.ts';
import { listenForController, seamFolder, seamPath } from '../seam/seam-socket.ts';

export interface RunAgentOptions {
  readonly settings: Settings;
  /** Who may speak to it, beside root. */
  readonly groupId: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Once it acts on the plans that it has. */
  readonly onReady: () => void;
}

const defaultPathMtu = 1500;
/** As long as a switch may take that nobody complains of. */
const longestLagMs = 1000;
const conditionsMs = 5000;

/** Builds and wires what acts, and runs it until the signal aborts. It hears nobody but the controller, and gateways go on without it. */
export async function runAgent({ settings, groupId, logger, signal, onReady }: RunAgentOptions): Promise<void> {
  const { dataDir, uplink, espInUdp } = settings;
  const dataPlane = chooseDataPlane(await probeHost(binaries), settings.dataPlane);
  const installation = installationOf(dataDir);
  const folder = seamFolder(installation);
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(claimDataDir(folder));
  const kernel = systemKernel();
  const record = networkRecordOf(dataDir);
  const standing = standingNetwork({ dataDir, kernel, record });
  const planCheck = new PlanCheck({ uplink, hostInterfaces: settings.hostInterfaces });
  const runFiles = new OwnFolder(dataDir, 'run');
  runFiles.find();
  const agentFolder = new OwnFolder(dataDir, 'agent');
  const recorder = new Recorder({
    folder: agentFolder,
    bounds: settings.recorder,
    gatewayOf: (tunnel) => end.gatewayOf(tunnel),
    ...{ clock, logger },
  });
  cleanup.defer(() => recorder.close());
  const noteLine = (line: NewLine) => recorder.note(line);
  const gatewayKeys = (): PlanKey[] => end.keys().filter((key) => key.startsWith('vpngw-'));
  const history = new History({
    folder: agentFolder,
    mostBytes: settings.history.mostMebibytes * 1024 * 1024,
    readTunnels: () => tunnelsByGateway(end),
    ...{ readUpTime, clock, logger },
  });
  const readConditions = () => [
    lagCondition(loopLag.longest()),
    recordCondition(record.problem),
    historyCondition(history.problem),
    ...recorder.readConditions(),
  ];
  const end: AgentEnd = new AgentEnd({
    folder: agentFolder,
    keyFile: `${folder}/keys.json`,
    program: programVersion,
    dataPlane,
    readForwarding: () => readForwarding(settings, gatewayKeys()),
    usesOf: (name) => systemHostPorts(kernel).usesOf(name),
    history: (question) => history.ask(question),
    standing,
    recorded: (selection) => recorder.page(selection),
    note: (position) => {
      runFiles.make();
      record.note(position);
    },
    keepNoted: () => record.flush(),
    checkPosition: async ({ storeId, serial }) => {
      const madeFrom = record.read();
      if (madeFrom === null || (madeFrom.storeId === storeId && madeFrom.serial <= serial)) return null;
      if ((await standing.netns()).length === 0) return null;
      return `the network was made from ${madeFrom.storeId === storeId ? `change ${madeFrom.serial}, and the database has ${serial}` : 'another database'}`;
    },
    readConditions,
    check: planCheck.check,
    onChanged: (keys) => agent.enqueue(keys),
    series: randomUUID(),
    ...{ clock, logger },
  });
  const agent: Agent = createAgent({
    source: end,
    observed: end.observed,
    dataDir,
    dataPlane: dataPlane.name,
    espAlwaysInUdp: espInUdp === 'auto' ? dataPlane.name === 'uxfrm' : espInUdp === 'always',
    binaries,
    pathMtu: uplink?.pathMtu ?? defaultPathMtu,
    holdDown: settings.holdDown,
    record: (event) => {
      end.record(event);
      const { resourceId, kind, message } = event;
      noteLine({ subject: resourceId, kind: 'event', text: `${kind}: ${message}` });
    },
    noteLine,
    onApplied: (key, generation, lines) => {
      const line = planLine(key, generation, lines);
      if (line !== null) noteLine(line);
    },
    ...{ clock, logger },
  });
  const tunnelLines = new TunnelLines(noteLine, clock);
  end.observed.onTunnel((now) => tunnelLines.observe(now));
  noteLine({ subject: 'host', kind: 'condition', text: `the agent ${programVersion} starts` });
  await agent.recall();
  const server = await listenForController(seamPath(folder), groupId, (stream) => void end.serve(stream));
  cleanup.defer(async () => {
    server.close();
    record.flush();
    const hasNetwork = end.keys().some((key) => key !== 'host');
    if (!hasNetwork) record.remove();
  });
  signal.addEventListener('abort', () => end.close());
  logger.info({ dataPlane: dataPlane.name, why: dataPlane.reason, plans: end.keys().length }, 'agent started');
  onReady();
  const readNeeds = () =>
    Promise.resolve(
      hostNeeds(
        uplink,
        end.issues().map(({ plan }) => plan),
      ),
    );
  await Promise.all([
    agent.run(signal),
    history.run(signal),
    watchHost({ kernel, readNeeds, observed: end.observed, clock, logger }, signal),
    watchConditions(noteLine, () => [...end.observed.hostFindings(), ...readConditions()], signal),
  ]);
  logger.info('agent stopped; gateways go on');
}

async function watchConditions(
  noteLine: (line: NewLine) => void,
  readConditions: () => readonly Condition[],
  signal: AbortSignal,
): Promise<void> {
  const lines = new ConditionLines(noteLine);
  while (!signal.aborted) {
    lines.observe(readConditions());
    await clock.delay(conditionsMs, signal).catch(() => undefined);
  }
}

/** The host's plan alone needs to know. */
async function readForwarding({ uplink }: Settings, gateways: readonly PlanKey[]): Promise<UplinkForwarding> {
  if (uplink === null || uplink.mode === 'bridged') return 'ours';
  return readUplinkForwarding(systemKernel(), sysctlName(uplink.interface), gateways);
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

function lagCondition(lagMs: number) {
  const message = `the agent was held up for ${lagMs} ms in the last minute: every failover waits for it that long`;
  const ok = lagMs <= longestLagMs;
  return { name: 'agent event loop', ok, message: ok ? '' : message };
}

function recordCondition(problem: string) {
  const message = `a later start could not tell an old backup from the database that the network was made from: ${problem}`;
  return { name: 'network record', ok: problem === '', message: problem === '' ? '' : message };
}
