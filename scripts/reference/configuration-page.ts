import { fileSchema, uplinkSchemas } from '@landbridge/server/settings-schema';
import type { TSchema } from 'typebox';
import { row } from './area-page.ts';

/** docs/configuration.md: prose, with tables between marks that are generated from the settings' schema. */

/** What the tables need of JSON Schema, with the keywords of settings-schema.ts. */
interface Setting extends TSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly required?: readonly string[];
  readonly items?: Setting;
  readonly additionalProperties?: Setting | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: string | number | boolean | Readonly<Record<string, number>>;
  readonly description?: string;
  readonly unit?: string;
  readonly form?: string;
  readonly defaultWords?: string;
  readonly flag?: string;
}

/** By the name in its mark. */
const tables: Readonly<Record<string, () => string>> = {
  settings: () => table(fileSchema, ''),
  // Each setting that has settings of its own; the kinds of uplinks have a table each.
  ...Object.fromEntries(
    Object.entries<TSchema>(fileSchema.properties)
      .filter(([name, setting]) => (setting as Setting).type === 'object' && name !== 'uplink')
      .map(([name, setting]) => [name, () => table(setting, `${name}.`)]),
  ),
  ...Object.fromEntries(
    Object.entries<TSchema>(uplinkSchemas).map(([mode, schema]) => [`uplink-${mode}`, () => table(schema, 'uplink.')]),
  ),
};

const marked = /(<!-- generated: (\S+) -->\n)[^]*?(<!-- end -->)/g;

/** The page with its tables as the schema has them. Throws where a table has no place in it, or a place no table. */
export function configurationPage(page: string): string {
  const places = [...page.matchAll(marked)].map(([, , name = '']) => name);
  const missing = Object.keys(tables).filter((name) => !places.includes(name));
  if (missing.length > 0) throw new Error(`docs/configuration.md has no place for ${missing.join(', ')}`);
  return page.replaceAll(marked, (_all, begin: string, name: string, end: string) => {
    const make = tables[name];
    if (make === undefined) throw new Error(`docs/configuration.md has a place for ${name}, which is no table`);
    return `${begin}\n${make()}\n\n${end}`;
  });
}

function table(schema: TSchema, prefix: string): string {
  const { properties = {}, required = [] } = schema as Setting;
  const rows = Object.entries(properties).map(([name, setting]) => {
    const { description, flag } = setting;
    if (description === undefined) throw new Error(`the setting ${prefix}${name} has no description`);
    const words = flag === undefined ? description : `${description}. Flag \`${flag}\``;
    return row([`\`${prefix}${name}\``, valueWords(setting), defaultOf(setting, required.includes(name)), words]);
  });
  return [row(['setting', 'value', 'default', 'meaning']), row(['---', '---', '---', '---']), ...rows].join('\n');
}

function valueWords(setting: Setting): string {
  const { type, items, form, additionalProperties } = setting;
  if (setting.enum !== undefined) return setting.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (items !== undefined) return `list of ${between(setting.minItems, setting.maxItems)}: ${valueWords(items)}`;
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'integer') return numberWords(setting);
  if (typeof additionalProperties === 'object') return `object: ${valueWords(additionalProperties)} each`;
  if (type === 'object') return 'object';
  return form ?? 'text';
}

function numberWords({ minimum, maximum, unit }: Setting): string {
  return `${between(minimum, maximum)}${unit === undefined ? '' : ` ${unit}`}`;
}

function between(least = 0, most = Infinity): string {
  return most === Infinity ? `${least} or more` : `${least} to ${most}`;
}

function defaultOf({ defaultWords, default: value }: Setting, isRequired: boolean): string {
  if (isRequired) return 'needed';
  if (defaultWords !== undefined) return defaultWords;
  if (value === undefined) return 'none';
  if (typeof value !== 'object') return `\`${value}\``;
  return Object.entries(value)
    .map(([name, one]) => `\`${name}\` ${one}`)
    .join(', ');
}
