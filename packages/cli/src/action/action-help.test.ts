import { allActions } from '@landbridge/catalogue/services';
import { describe, expect, it } from 'vitest';
import { parseArguments, readParameters } from './action-arguments.ts';
import { actionAreas, commandOf } from './action-areas.ts';
import { ActionFlags } from './action-flags.ts';
import { actionHelp, areaHelp } from './action-help.ts';
import { kebabCase } from './kebab-case.ts';

const sources = { file: () => Promise.resolve('{}'), standardInput: () => Promise.resolve(''), ask: undefined };

describe.each(allActions)('$name', (action) => {
  const help = actionHelp(action);

  it('names every parameter and says what it does, in both languages', () => {
    for (const name of Object.keys(action.definition.request.properties)) {
      expect(help.some((line) => line.startsWith(`  --${kebabCase(name)}`))).toBe(true);
    }
    expect(help.join('\n')).toContain(action.definition.summary.en);
    expect(actionHelp(action, 'zh').join('\n')).toContain(action.definition.summary.zh);
  });

  it('has an example that is understood, and gives what is needed', async () => {
    const example = help[help.indexOf('Example:') + 1]!.trim();
    expect(example.startsWith(commandOf(action))).toBe(true);
    const flags = new ActionFlags(action);
    const words = example
      .slice(commandOf(action).length)
      .split(' ')
      .filter((word) => word !== '');
    const parameters = await readParameters(parseArguments(words, flags).given, flags.context, sources);
    const required = flags.all().filter(({ isRequired }) => isRequired);
    expect(Object.keys(parameters)).toEqual(expect.arrayContaining(required.map(({ name }) => name)));
  });
});

it('an area lists its Actions with what they do', () => {
  const help = areaHelp(actionAreas.get('vpn')!).join('\n');
  expect(help).toMatch(/ {2}create-vpn-connection +Creates a tunnel between/);
  expect(help).toContain('modify-vpn-gateway-source-check');
});
