import type { Command } from 'commander';
import { actionAreas, findAction } from './action-areas.ts';
import { runAction } from './run-action.ts';

/** `landbridge vpn …`, for each area of the catalogue. */
export function addAreaCommands(program: Command): void {
  for (const area of actionAreas.values()) {
    program
      .command(`${area.name} [action] [flags...]`)
      .description(`${area.title} (${area.actions.length} Actions)`)
      .allowUnknownOption()
      .passThroughOptions()
      .helpOption(false)
      .action(async (typed: string | undefined, flags: readonly string[]) => {
        if (typed === undefined) throw new Error('name an Action');
        await runAction(findAction(area, typed), flags, { input: process.stdin, output: process.stdout });
      });
  }
}
