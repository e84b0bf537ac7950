import { serviceProcess } from '../lab/src/service-processes.ts';
import type { World } from '../lab/src/world.ts';

/**
 * Launcher, controller and agent are killed at once, and started again; the gateways go on. Returns when it was started, as
 * performance.now() counts.
 */
export async function killAndStartService({ server }: World): Promise<number> {
  const sides = await Promise.all((['controller', 'agent'] as const).map((side) => serviceProcess(server.pid, side)));
  // First who would start the others again.
  const isOver = server.stop('SIGKILL');
  for (const pid of sides) if (pid !== undefined) killIfThere(pid);
  await isOver;
  const started = performance.now();
  await server.startAgain();
  return started;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its launcher.
  }
}
