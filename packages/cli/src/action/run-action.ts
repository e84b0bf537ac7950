import type { CataloguedAction } from '@landbridge/catalogue/services';
import { callAction, type ApiEndpoint, type Language } from '@landbridge/client';
import { adminEndpoint, defaultDataDir, defaultEndpoint } from '../endpoint.ts';
import { formatReply, outputFormats, type Output, type OutputFormat } from '../output/output-format.ts';
import {
  parseArguments,
  readParameters,
  type ActionArguments,
  type CommonOption,
  type GivenFlag,
} from './action-arguments.ts';
import { commandOf } from './action-areas.ts';
import { ActionFlags } from './action-flags.ts';
import { kebabCase } from './kebab-case.ts';
import { resolveNames, type Look } from './resolve-names.ts';
import { textSources, type Terminal, type TextSources } from './text-sources.ts';

type Options = ActionArguments['options'];

/** `landbridge <area> <action> --flags`: one call, with names where ids are expected. */
export async function runAction(action: CataloguedAction, words: readonly string[], terminal: Terminal): Promise<void> {
  const flags = new ActionFlags(action);
  const { options, given } = parseArguments(words, flags);
  const output = outputOf(options, terminal.output.columns);
  const sources = textSources(terminal);
  const asked = neededSecrets(action, flags, given, sources);
  const endpoint = await endpointOf(options);
  const parameters = await readParameters([...given, ...asked], flags.context, sources);
  await resolveNames(parameters, action.definition.request, lookingAt(endpoint));
  const reply = await callAction(endpoint, action.service, action.name, parameters);
  terminal.output.write(formatReply(reply, action.definition, output));
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

function lookingAt(endpoint: ApiEndpoint): Look {
  return (name, parameters, region) =>
    callAction(region === undefined ? endpoint : { ...endpoint, region }, 'vpc', name, parameters);
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
  return { ...endpoint, language: languages[chosen(options, 'language', Object.keys(languages), 'en')] ?? 'en-US' };
}

const languages: Readonly<Record<string, Language>> = { en: 'en-US', zh: 'zh-CN' };

function outputOf(options: Options, columns = 120): Output {
  const format = chosen(options, 'output', outputFormats, 'table') as OutputFormat;
  return { format, columns, ...(options.query === undefined ? {} : { query: options.query }) };
}

function chosen(options: Options, name: CommonOption, known: readonly string[], usual: string): string {
  const value = options[name] ?? usual;
  if (!known.includes(value)) throw new Error(`--${name} is one of ${known.join(', ')}, not ${value}`);
  return value;
}
