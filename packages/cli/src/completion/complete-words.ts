import type { Command } from 'commander';
import { actionAreas, type ActionArea } from '../action/action-areas.ts';
import { commonOptions } from '../action/action-arguments.ts';
import { ActionFlags } from '../action/action-flags.ts';
import { kebabCase } from '../action/kebab-case.ts';
import { isTruth } from '../action/schema-meaning.ts';
import { outputFormats } from '../output/output-format.ts';

/**
 * What the last word may become.
 *
 * @param words what stands behind `landbridge`, the last one unfinished. bash takes `=` for a word of its own.
 */
export function completeWords(program: Command, words: readonly string[]): string[] {
  const typed = words.at(-1) === '=' ? '' : (words.at(-1) ?? '');
  const [name, ...rest] = (typed === '' && words.at(-1) === '=' ? words : words.slice(0, -1)).filter(
    (word) => word !== '=',
  );
  return [...new Set(candidates(program, name, rest))].filter((candidate) => candidate.startsWith(typed)).sort();
}

function candidates(program: Command, name: string | undefined, rest: readonly string[]): string[] {
  if (name === undefined)
    return [
      ...program.commands.map((command) => command.name()).filter((each) => each !== 'complete'),
      ...actionAreas.keys(),
      '--help',
    ];
  const area = actionAreas.get(name);
  if (area !== undefined) return ofArea(area, rest);
  const command = program.commands.find((each) => each.name() === name);
  return command === undefined ? [] : ofCommand(command, rest);
}

function ofArea(area: ActionArea, [typed, ...words]: readonly string[]): string[] {
  if (typed === undefined) return [...area.actions.map((action) => kebabCase(action.name)), '--help'];
  const action = area.actions.find((each) => kebabCase(each.name) === kebabCase(typed));
  if (action === undefined) return [];
  const flags = new ActionFlags(action);
  const last = words.at(-1);
  const values = last?.startsWith('--') === true ? valuesOf(last.slice(2), flags) : undefined;
  if (values !== undefined) return values;
  const own = flags.all().flatMap(({ name, aliases }) => [kebabCase(name), ...aliases.slice(0, 1)]);
  return [...own, ...Object.keys(commonOptions)].map((flag) => `--${flag}`);
}

/** Values that a flag may have; undefined: it takes none. */
function valuesOf(typed: string, flags: ActionFlags): string[] | undefined {
  if (typed === 'output') return [...outputFormats];
  if (typed === 'language') return ['en', 'zh'];
  if (typed in commonOptions) return commonOptions[typed as keyof typeof commonOptions] === null ? undefined : [];
  const schema = findSchema(typed, flags);
  if (schema === undefined || isTruth(schema)) return undefined;
  return (schema.enum ?? schema.items?.enum ?? []).map(String);
}

function findSchema(typed: string, flags: ActionFlags) {
  try {
    return flags.find(typed)?.schema;
  } catch {
    return undefined;
  }
}

function ofCommand(command: Command, [typed]: readonly string[]): string[] {
  const inner = command.commands.find((each) => each.name() === typed);
  const { commands, options } = inner ?? command;
  return [
    ...(inner === undefined ? commands.map((each) => each.name()) : []),
    ...options.flatMap(({ long }) => long ?? []),
  ];
}
