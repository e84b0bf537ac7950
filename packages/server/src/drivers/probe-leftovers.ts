import { readFile, readdir } from 'node:fs/promises';
import { markVariable } from './daemon-process.ts';

/** In the environment of a gateway's probers. */
export function proberMark(runDirectory: string): string {
  return `${runDirectory}/fping`;
}

/** Ends probers that an earlier control plane left: one whose probes cannot even be sent writes nothing and lives on. */
export async function killLeftoverProbers(runDirectory: string): Promise<void> {
  const wanted = `${markVariable}=${proberMark(runDirectory)}`;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(wanted)) continue;
    try {
      process.kill(Number(entry), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
