import { readFileSync } from 'node:fs';

/** A time that nobody sets. */
export interface UpTime {
  /** Of this run of the kernel, and of no other. */
  readonly boot: string;
  /** Milliseconds in it so far: whoever reads it, whichever process. */
  readonly ms: number;
}

let boot: string | undefined;

export function readUpTime(): UpTime {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return { boot, ms: Number(process.hrtime.bigint() / 1_000_000n) };
}
