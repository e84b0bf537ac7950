import { canonicalPath } from '@landbridge/server/canonical-path';
import { drainHost, undoDrain, type DrainedGateway } from '@landbridge/server/drain-host';
import { printLines } from './output/print.ts';

interface DrainFlags {
  readonly dataDir: string;
  readonly yes?: boolean;
  readonly undo?: boolean;
}

/** `landbridge drain`: says which tunnels would go down, with `--yes` takes them down, and with `--undo` lets them come up again. */
export async function drain({ yes = false, undo = false, ...flags }: DrainFlags): Promise<void> {
  const dataDir = canonicalPath(flags.dataDir);
  if (yes && undo) throw new Error('--yes drains this host, --undo ends that: one of them');
  if (undo) printLines(undoneLines(undoDrain(dataDir)));
  else printLines(drainedLines(await drainHost({ dataDir, confirmed: yes }), yes));
}

function undoneLines({ wasDrained }: { readonly wasDrained: boolean }): string[] {
  if (!wasDrained) return ['This host was not drained.'];
  return ['Undone: tunnels come up as soon as the agent runs. How they are: landbridge status'];
}

function describe(tunnels: DrainedGateway['tunnels']): string {
  if (tunnels === null) return 'its charon does not answer';
  return tunnels.length === 0 ? 'none' : tunnels.join(' ');
}

function drainedLines(gateways: readonly DrainedGateway[], isDone: boolean): string[] {
  const lines = gateways.map(({ key, tunnels }) => `  ${key}  ${describe(tunnels)}`);
  return [
    isDone ? 'Drained. These tunnels were up, and their peers were told:' : 'These tunnels are up and would go down:',
    ...(lines.length === 0 ? ['  none'] : lines),
    isDone
      ? 'None comes up on this host, also after a restart, until: landbridge drain --undo'
      : 'Nothing was done. To do it: the same command with --yes.',
  ];
}
