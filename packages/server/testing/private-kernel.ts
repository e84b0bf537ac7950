import type { PrivateNetnsFolder } from '@landbridge/testbed/private-netns-folder';
import { netnsdBinary } from '../src/drivers/installed-binaries.ts';
import type { Kernel } from '../src/drivers/kernel.ts';
import { NetnsdProcess } from '../src/drivers/netnsd.ts';
import { systemCommands } from '../src/platform/commands.ts';

/** The machine's kernel, with the named namespaces of this folder and no others. */
export function privateKernel(folder: PrivateNetnsFolder, hostNetns: string): Kernel {
  return {
    commands: {
      run: (argv, options) => systemCommands.run(folder.enter(argv), options),
      start: (argv, options) => systemCommands.start(folder.enter(argv), options),
    },
    netnsd: new NetnsdProcess(folder.enter([netnsdBinary])),
    hostNetns,
    listNetns: () => Promise.resolve(folder.list()),
  };
}
