import { readFile } from 'node:fs/promises';
import { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';

/** The processes that do a gateway's work, found from outside by what runs in its namespace. */
export type GatewayProgram = 'charon' | 'uxfrm' | 'uxprobe';

/** Process id of a gateway's charon or uxfrm; undefined when it does not run. */
export async function gatewayProcess(gatewayId: string, program: GatewayProgram): Promise<number | undefined> {
  return (await gatewayProcesses(gatewayId, program))[0];
}

export async function gatewayProcesses(gatewayId: string, program: GatewayProgram): Promise<number[]> {
  const pids = await new Namespace(`lb-${gatewayId}`).pids();
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => names[index]?.trim() === program);
}

/** Waits for its successor. */
export async function anotherGatewayProcess(
  gatewayId: string,
  program: GatewayProgram,
  former: number | undefined,
): Promise<void> {
  await poll(
    `another ${program}`,
    () => gatewayProcess(gatewayId, program),
    (pid) => pid !== undefined && pid !== former,
    { within: 60_000, every: 200 },
  );
}

/** Ends it with SIGKILL and waits until it is gone. */
export async function killGatewayProcess(gatewayId: string, program: GatewayProgram): Promise<void> {
  const pid = await gatewayProcess(gatewayId, program);
  if (pid === undefined) throw new Error(`no ${program} runs in ${gatewayId}`);
  process.kill(pid, 'SIGKILL');
  await poll(
    `${program} ${pid} ends`,
    () => gatewayProcess(gatewayId, program),
    (now) => now !== pid,
    { within: 10_000, every: 10 },
  );
}
