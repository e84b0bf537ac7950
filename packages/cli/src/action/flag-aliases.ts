import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import { kebabCase } from './kebab-case.ts';

/** Whose parameters they are. */
export interface AliasContext {
  readonly area: string;
  /** The Action's wire name. */
  readonly action: string;
  /** Names that mean something in the whole area: `gateway` is the VPN gateway there, and no other one. */
  readonly reserved: ReadonlySet<string>;
}

/**
 * Other names of parameters, each of which stands for one of them: `--gateway` for VpnGatewayId in the area `vpn`. A nearer
 * name beats a farther one, and one that fits two equally near is nobody's.
 *
 * @returns from alias to wire name
 */
export function flagAliases({ properties = {} }: SchemaParts, context: AliasContext): ReadonlyMap<string, string> {
  const taken = new Set(Object.keys(properties).map(kebabCase));
  const aliases = new Map<string, string>();
  const claim = (namesOf: (name: string, schema: SchemaParts) => readonly string[]) => {
    const claims = Object.entries(properties).flatMap(([name, schema]) =>
      namesOf(name, schema).map((alias) => ({ alias, name })),
    );
    for (const { alias, name } of claims) {
      const hasRival = claims.some((other) => other.alias === alias && other.name !== name);
      if (!hasRival && !taken.has(alias)) aliases.set(alias, name);
    }
    for (const alias of aliases.keys()) taken.add(alias);
  };
  claim((name, schema) => nearNames(name, schema, context.area));
  claim((name) => farNames(name, context.action).filter((alias) => !context.reserved.has(alias)));
  return aliases;
}

/** Words that say too little alone. */
const empty: ReadonlySet<string> = new Set(['', 'id', 'ids', 'secret']);

/** Without what goes without saying: the area, and that an id is one. Of a list, one item. */
export function nearNames(name: string, { type }: SchemaParts, area: string): string[] {
  const flag = kebabCase(name);
  const short = flag.startsWith(`${area}-`) ? flag.slice(area.length + 1) : flag;
  const found = [flag, short].flatMap((each) => {
    const one = type === 'array' ? each.replace(/ies$/, 'y').replace(/([^s])s$/, '$1') : each;
    return [each, one, ...[each, one].map(withoutEnding)];
  });
  return [...new Set(found)].filter((alias) => alias !== flag && !empty.has(alias));
}

/** Of the object that the Action is about `--name`; the last word of what an id stands for. */
function farNames(name: string, action: string): string[] {
  if (name.endsWith('Name')) return action.includes(name.slice(0, -'Name'.length)) ? ['name'] : [];
  const noun = /^(.+)Ids?$/.exec(name)?.[1];
  const word = noun === undefined ? undefined : kebabCase(noun).split('-').at(-1);
  return word === undefined || empty.has(word) ? [] : [word];
}

function withoutEnding(flag: string): string {
  return flag.replace(/-(ids?|cidr-blocks?|specification)$/, '');
}
