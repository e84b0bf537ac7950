import type { CataloguedAction } from '@landbridge/catalogue/services';
import { callAction, type ApiEndpoint, type Language } from '@landbridge/client';
import { Client } from '@landbridge/client/client';
import { adminEndpoint, defaultDataDir, defaultEndpoint } from '../endpoint.ts';
import { checkedQuery, formatReply, outputFormats, type Output } from '../output/output-format.ts';
import { secondsOf } from '../seconds-of.ts';
import {
  parseArguments,
  readParameters,
  type ActionArguments,
  type CommonOption,
  type GivenFlag,
} from './action-arguments.ts';
import { commandOf } from './action-areas.ts';
import { actionHelp } from './action-help.ts';
import { ActionFlags } from './action-flags.ts';
import { kebabCase } from './kebab-case.ts';
import { lookingAt, resolveNames } from './resolve-names.ts';
import { tryCall } from './try-call.ts';
import { waitUntilDone } from './wait-until-done.ts';
import { textSources, type Terminal, type TextSources } from './text-sources.ts';

type Options = ActionArguments['options'];

/** `landbridge <area> <action> --flags`: one call, with names where ids are expected. */
export async function runAction(action: CataloguedAction, words: readonly string[], terminal: Terminal): Promise<void> {
  const flags = new ActionFlags(action);
  const { options, given } = parseArguments(words, flags);
  const write = (text: string) => terminal.output.write(text);
  if (options.help !== undefined) {
    write(linesOf(actionHelp(action, chosen(options, 'language', helpLanguages, 'en'))));
    return;
  }
  const output = outputOf(options, terminal.output.columns);
  const wait = waitOf(options, action);
  const sources = textSources(terminal);
  const asked = neededSecrets(action, flags, given, sources);
  const endpoint = await endpointOf(options);
  const parameters = await readParameters([...given, ...asked], flags.context, sources);
  await resolveNames(parameters, action, lookingAt(endpoint));
  if (parameters['DryRun'] === true) {
    write(linesOf(await tryCall(endpoint, action, parameters)));
    return;
  }
  const reply = await callAction(endpoint, action.service, action.name, parameters);
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const client = new Client(endpoint);
  let final: Readonly<Record<string, unknown>> = reply;
  try {
    if (wait !== null) final = await waitUntilDone(reply, parameters, { client, tell, withinMs: wait.withinMs });
  } finally {
    // The change is made, whatever becomes of the wait: who does not hear its ids cannot undo it.
    write(formatReply(final, action.definition, output));
  }
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const usualWaitSeconds = '300';

/** How long to wait for what the call changes; null: not at all. */
function waitOf(options: Options, { name, definition }: CataloguedAction): { readonly withinMs: number } | null {
  if (options.wait === undefined) return null;
  if (definition.effect === 'reads') throw new Error(`--wait: ${name} changes nothing that could be waited for`);
  return { withinMs: secondsOf('wait-seconds', options['wait-seconds'] ?? usualWaitSeconds) * 1000 };
}

/** Secrets that are needed and were not given are asked for. Throws where something else is missing, or nobody can be asked. */
function neededSecrets(
  action: CataloguedAction,
  flags: ActionFlags,
  given: readonly GivenFlag[],
  { ask }: TextSources,
): GivenFlag[] {
  const absent = flags
    .all()
    .filter(({ name, isRequired }) => isRequired && !given.some(({ path }) => path[0] === name));
  const isAskable = ({ schema }: (typeof absent)[number]) => ask !== undefined && schema.secret === true;
  const missing = absent.filter((flag) => !isAskable(flag)).map(({ name }) => `--${kebabCase(name)}`);
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing (${commandOf(action)} --help)`,
    );
  }
  return absent.map(({ name, schema }) => ({
    path: [name],
    schema,
    typed: kebabCase(name),
    texts: ['-'],
    isNegated: false,
  }));
}

async function endpointOf(options: Options): Promise<ApiEndpoint> {
  const endpoint = await adminEndpoint(
    {
      endpoint: options.endpoint ?? defaultEndpoint,
      dataDir: options['data-dir'] ?? defaultDataDir,
      ...(options['ca-file'] === undefined ? {} : { caFile: options['ca-file'] }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    },
    options.region ?? process.env['TENCENTCLOUD_REGION'],
  );
  const language: Language = chosen(options, 'language', helpLanguages, 'en') === 'zh' ? 'zh-CN' : 'en-US';
  return { ...endpoint, language };
}

const helpLanguages = ['en', 'zh'] as const;

function outputOf(options: Options, columns = 120): Output {
  const format = chosen(options, 'output', outputFormats, options.query === undefined ? 'table' : 'json');
  return { format, columns, ...(options.query === undefined ? {} : { query: checkedQuery(options.query) }) };
}

function chosen<const Word extends string>(
  options: Options,
  name: CommonOption,
  words: readonly Word[],
  usual: Word,
): Word {
  const value = options[name] ?? usual;
  const found = words.find((word) => word === value);
  if (found === undefined) throw new Error(`--${name} is one of ${words.join(', ')}, not ${value}`);
  return found;
}
