import type { Netnsd } from '../src/drivers/netnsd.ts';

/** Says what it is told to; everything else is refused. */
export function fakeNetnsd(says: Partial<Netnsd> = {}): Netnsd {
  const refuse = () => Promise.reject(new Error('nothing is said to the kernel here'));
  return {
    ...{
      show: refuse,
      look: refuse,
      change: refuse,
      listNft: refuse,
      runNft: refuse,
      readSysctls: refuse,
      writeSysctls: refuse,
      add: refuse,
      remove: refuse,
    },
    watch: () => Promise.resolve(),
    expect: () => Promise.resolve(),
    ...says,
  };
}
