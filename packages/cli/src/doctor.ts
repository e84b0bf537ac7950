import { binaries } from '@landbridge/server/binaries';
import { carriedWords, describeEnd } from '@landbridge/server/domain/operator/capacity-words';
import { carriedKinds, type CarriedKind } from '@landbridge/server/domain/operator/host-capacity';
import { hostRoom, type HostRoom } from '@landbridge/server/domain/operator/room-on-host';
import { readHostCapacityNow } from '@landbridge/server/host-capacity-now';
import type { Condition } from '@landbridge/server/domain/operator/condition';
import { describeNeighbourTable, readHostFindings } from '@landbridge/server/host-findings';
import { systemKernel } from '@landbridge/server/kernel';
import { loadSettings } from '@landbridge/server/settings';
import {
  chooseDataPlane,
  probeHost,
  type ChosenDataPlane,
  type HostCapabilities,
} from '@landbridge/server/host-capabilities';
import { findHold } from './find-hold.ts';
import { printJson, printLines } from './output/print.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly dataDir: string;
  /** Of the service. */
  readonly config?: string;
}

/** `landbridge doctor`: what this host can do and what it lacks; exit code 1 when no data plane can run, or all is held. */
export async function doctor({ json, dataDir, config }: DoctorOptions): Promise<void> {
  const settings = loadSettings(config === undefined ? {} : { configFile: config });
  const { uplink } = settings;
  const capabilities = await probeHost(binaries);
  const host = await readHostFindings(systemKernel(), { uplink, vlans: true, healthChecks: true });
  const neighbours = await describeNeighbourTable(systemKernel());
  const capacity = await readHostCapacityNow({
    ...{ kernel: systemKernel(), dataDir, now: Date.now() },
    keptBytes: settings.capacity.memoryKeptMebibytes * 1024 * 1024,
  });
  const room = hostRoom(capacity, capacity.measured);
  const dataPlane = tryChoice(capabilities);
  const held = await findHold(dataDir);
  if (json === true) printJson({ ...capabilities, host, room, dataPlane, held });
  else {
    printLines([
      ...findings(capabilities),
      line(true, `neighbour table: ${neighbours}`),
      ...host.map(describeFinding),
      ...carriedKinds.map((kind) => describeRoom(kind, room)),
      ...(held === null ? [] : ['', held]),
      '',
      verdict(dataPlane),
    ]);
  }
  if ('error' in dataPlane || held !== null) process.exitCode = 1;
}

function describeRoom(kind: CarriedKind, { load, [kind]: room }: HostRoom): string {
  if (room === null) return line(true, `${load[kind]} ${carriedWords[kind].en}, and nothing is known to end`);
  const text = `${load[kind]} ${carriedWords[kind].en} run, and ${room.more} more would: ${describeEnd(kind, room).en}`;
  return line(room.more > 0, text);
}

function describeFinding({ name, ok, message }: Condition): string {
  return line(ok, ok ? name : `${name}: ${message}`);
}

function line(ok: boolean, text: string): string {
  return `${ok ? ' ok ' : ' -- '} ${text}`;
}

type Choice = ChosenDataPlane | { readonly error: string };

function tryChoice(capabilities: HostCapabilities): Choice {
  try {
    return chooseDataPlane(capabilities, 'auto');
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function findings(found: HostCapabilities): string[] {
  return [
    line(found.root, 'runs as root'),
    line(true, `Linux ${found.kernelRelease}`),
    line(found.kernelEsp, 'ESP in the kernel (CONFIG_XFRM_USER, CONFIG_INET_ESP): needed by the data plane kernel'),
    line(found.xfrmInterface, 'xfrm interfaces (CONFIG_XFRM_INTERFACE): needed by the data plane kernel'),
    line(found.tun, '/dev/net/tun (CONFIG_TUN): needed by the data plane uxfrm'),
    line(found.tunUdpSegmentation, 'UDP segmentation on TUN (Linux 6.2): faster UDP with uxfrm'),
    line(found.uxfrm, 'uxfrm is built (make setup)'),
    ...found.missingPrograms.map((missing) =>
      line(false, `${missing.program} is missing: apt-get install ${missing.package}`),
    ),
  ];
}

function verdict(choice: Choice): string {
  return 'name' in choice
    ? `This host can carry packets; --data-plane auto takes ${choice.name}: ${choice.reason}`
    : `This host cannot carry packets: ${choice.error}`;
}
