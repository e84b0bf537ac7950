import type { Command } from 'commander';
import { actionAreas, actionWithoutArea, commandOf, findAction, type ActionArea } from './action-areas.ts';
import { areaHelp } from './action-help.ts';
import { runAction } from './run-action.ts';
import type { Terminal } from './text-sources.ts';

const terminal: Terminal = { input: process.stdin, output: process.stdout };

/** `landbridge vpn …`, for each area of the catalogue. */
export function addAreaCommands(program: Command): void {
  for (const area of actionAreas.values()) {
    program
      .command(`${area.name} [action] [flags...]`)
      .description(`${area.title} (${area.actions.length} Actions)`)
      .allowUnknownOption()
      .passThroughOptions()
      .helpOption(false)
      .action(async (typed: string | undefined, flags: readonly string[]) => runArea(area, typed, flags));
  }
}

async function runArea(area: ActionArea, typed = '--help', words: readonly string[]): Promise<void> {
  if (typed === '--help' || typed === '-h' || typed === 'help') {
    terminal.output.write(`${areaHelp(area).join('\n')}\n`);
    return;
  }
  if (typed.startsWith('-'))
    throw new Error(`an Action comes before ${typed}: landbridge ${area.name} --help lists them`);
  await runAction(findAction(area, typed), words, terminal);
}

/** Whoever left out the area is told which it is. */
export function refuseActionWithoutArea(typed: string): void {
  if (typed.startsWith('-') || actionAreas.has(typed)) return;
  const action = actionWithoutArea(typed);
  if (action !== undefined) throw new Error(`there is no command ${typed}; did you mean ${commandOf(action)}?`);
}
