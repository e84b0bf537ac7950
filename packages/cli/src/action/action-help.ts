import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { CataloguedAction } from '@landbridge/catalogue/services';
import { kebabCase } from './kebab-case.ts';
import { commonOptions } from './action-arguments.ts';
import { commandOf, type ActionArea } from './action-areas.ts';
import { ActionFlags } from './action-flags.ts';
import { namedKinds } from './named-kinds.ts';
import { holdsSecret, idPrefixOf, isTruth } from './schema-meaning.ts';

type HelpLanguage = 'en' | 'zh';

/** `landbridge vpn --help`. */
export function areaHelp({ name, title, actions }: ActionArea, language: HelpLanguage = 'en'): string[] {
  const commands = actions.map((action) => [kebabCase(action.name), action.definition.summary[language]] as const);
  const width = Math.max(...commands.map(([command]) => command.length));
  const [example] = actions;
  return [
    `Usage: landbridge ${name} ACTION [--flags]`,
    '',
    title,
    '',
    'Actions:',
    ...commands.map(([command, summary]) => `  ${command.padEnd(width)}  ${summary}`),
    '',
    ...(example === undefined ? [] : [`${commandOf(example)} --help tells what one of them takes, with an example.`]),
  ];
}

/** `landbridge vpn create-vpn-connection --help`. */
export function actionHelp(action: CataloguedAction, language: HelpLanguage = 'en'): string[] {
  const { definition, name } = action;
  const flags = new ActionFlags(action).all();
  const required = flags.filter(({ isRequired }) => isRequired);
  const optional = flags.filter(({ isRequired }) => !isRequired);
  const filters = Object.entries(definition.filters);
  return [
    `Usage: ${commandOf(action)}${flags.length === 0 ? '' : ' [--flags]'}`,
    '',
    `${definition.summary[language]} (${name})`,
    ...(definition.forAdministrators ? ['For administrators.'] : []),
    ...(definition.completes === 'later' ? ['It is in force a moment later: --wait waits for that.'] : []),
    ...section('Needed:', required.flatMap(flagHelp)),
    ...section('Optional:', optional.flatMap(flagHelp)),
    ...section(
      'Filters (--filter NAME=VALUE,VALUE):',
      filters.map(([filter, words]) => `  ${filter}: ${words}`),
    ),
    ...section('Example:', [`  ${exampleOf(action)}`]),
    ...section('Of every Action:', [
      `  ${Object.entries(commonOptions)
        .map(([option, value]) => `--${option}${value === null ? '' : ` ${value}`}`)
        .join('  ')}`,
    ]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

type FlagOfHelp = ReturnType<ActionFlags['all']>[number];

function flagHelp({ name, schema, aliases }: FlagOfHelp): string[] {
  const names = [kebabCase(name), ...aliases.slice(0, 1)].map((each) => `--${each}`);
  const words = [wordsOf(schema), valuesOf(schema)].filter((text) => text !== '').join(' ');
  return [`  ${names.join(', ')} ${placeholder(schema)}`.trimEnd(), ...(words === '' ? [] : [`      ${words}`])];
}

function wordsOf({ description, items }: SchemaParts): string {
  return description ?? items?.description ?? '';
}

function valuesOf(schema: SchemaParts): string {
  const values = schema.enum ?? schema.items?.enum ?? [];
  const { minimum, maximum } = schema;
  const range = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? '' : `${minimum ?? 0} to ${maximum}.`;
  return values.length === 0 || isTruth(schema) ? range : `One of ${values.join(', ')}.`;
}

/** What a value looks like. */
function placeholder(schema: SchemaParts): string {
  if (isTruth(schema)) return '';
  if (holdsSecret(schema)) return '@FILE|-';
  if (schema.type === 'array') {
    const { items = {} } = schema;
    return items.type === 'object' ? `${pairs(items)} …` : `${placeholder(items)},…`;
  }
  if (schema.type === 'object') return pairs(schema);
  const prefix = idPrefixOf(schema);
  if (prefix !== undefined) return prefix in namedKinds ? 'NAME-OR-ID' : 'ID';
  return schema.type === 'integer' || schema.type === 'number' ? 'NUMBER' : 'TEXT';
}

function pairs(schema: SchemaParts): string {
  const names = Object.keys(schema.properties ?? {}).map((name) => `${kebabCase(name)}=…`);
  return names.length === 0 || isDeep(schema) ? 'JSON|@FILE' : names.join(',');
}

/** Too deep for `name=value`. */
function isDeep({ properties = {} }: SchemaParts): boolean {
  return Object.values(properties).some(({ type, items }) => type === 'object' || items?.type === 'object');
}

/** What is needed, with values that could be. */
function exampleOf(action: CataloguedAction): string {
  const flags = new ActionFlags(action).all();
  const needed = flags.filter(({ isRequired }) => isRequired);
  const words = needed.map(({ name, schema, aliases }) => {
    const flag = aliases.find((alias) => alias === 'name') ?? aliases[0] ?? kebabCase(name);
    return isTruth(schema) ? `--${flag}` : `--${flag} ${exampleValue(name, schema)}`;
  });
  const hasFilter = words.length === 0 && 'vpc-id' in action.definition.filters;
  const more = action.definition.completes === 'later' ? ['--wait'] : hasFilter ? ['--filter vpc-id=office'] : [];
  return [commandOf(action), ...words, ...more].join(' ');
}

const exampleNames: Readonly<Record<string, string>> = {
  ...{
    vpc: 'office',
    subnet: 'a',
    rtb: 'default',
    vpngw: 'gw',
    cgw: 'idc',
    vpnx: 'to-idc',
    ccn: 'all',
    ccnrtb: 'default',
  },
  ...{ dcg: 'line', VpcName: 'office', SubnetName: 'a', VpnGatewayName: 'gw', CustomerGatewayName: 'idc' },
  ...{ VpnConnectionName: 'to-idc', CcnName: 'all', VpcId: 'office', InstanceId: 'to-idc', GatewayId: 'gw' },
  ...{ CidrBlock: '10.0.0.0/16', CidrBlocks: '172.20.0.0/16', DestinationCidrBlock: '192.168.1.0/24' },
  ...{ IpAddress: '198.51.100.7', Zone: 'local-1', InterfaceName: 'eth1', InternetMaxBandwidthOut: '100' },
  ...{ LocalAddress: '198.18.9.1/30', PeerAddress: '198.18.9.2', RemoteAddress: '198.51.100.9', GatewayType: 'VPN' },
};

function exampleValue(name: string, schema: SchemaParts): string {
  if (holdsSecret(schema)) return '@FILE';
  if (schema.type === 'array') return exampleNames[name] ?? exampleValue(name, schema.items ?? {});
  if (schema.type === 'object') return exampleObject(schema);
  const known = exampleNames[idPrefixOf(schema) ?? name] ?? schema.enum?.[0];
  return String(known ?? (schema.type === 'integer' ? Math.max(schema.minimum ?? 1, 1) : 'TEXT'));
}

/** What is needed of it, or one member. */
function exampleObject(schema: SchemaParts): string {
  if (isDeep(schema)) return '@FILE';
  const { properties = {}, required = [] } = schema;
  const shown = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
  return shown.map((member) => `${kebabCase(member)}=${exampleValue(member, properties[member] ?? {})}`).join(',');
}
