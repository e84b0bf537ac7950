import { readFile } from 'node:fs/promises';

/** Ticks of /proc/stat a second (USER_HZ). */
const ticksPerSecond = 100;

/** Seconds that all processors of the machine were busy since it started, whoever was (proc(5), /proc/stat). */
export async function busyCpuSeconds(): Promise<number> {
  const text = await readFile('/proc/stat', 'utf8');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}
