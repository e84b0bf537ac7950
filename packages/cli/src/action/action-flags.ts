import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { CataloguedAction } from '@landbridge/catalogue/services';
import { guessName } from '@landbridge/server/domain/guess-name';
import { actionAreas } from './action-areas.ts';
import { flagAliases, nearNames, type AliasContext } from './flag-aliases.ts';
import { kebabCase } from './kebab-case.ts';
import { isTruth } from './schema-meaning.ts';

/** A place in the parameters: names of members, and numbers of items. */
export type ParameterPath = readonly (string | number)[];

export interface Flag {
  readonly path: ParameterPath;
  readonly schema: SchemaParts;
  /** Written `--no-…`. */
  readonly isNegated: boolean;
}

/** What `--flags` an Action takes: `--vpn-gateway-id`, `--security-policy-databases.0.local-cidr-block`, and shorter names. */
export class ActionFlags {
  readonly #request: SchemaParts;
  readonly context: AliasContext;

  constructor({ area, name, definition }: CataloguedAction) {
    this.#request = definition.request;
    this.context = { area, action: name, reserved: reservedIn(area) };
  }

  /** Every parameter with its schema and its aliases, the shortest first. */
  all(): {
    readonly name: string;
    readonly schema: SchemaParts;
    readonly isRequired: boolean;
    readonly aliases: string[];
  }[] {
    const { properties = {}, required = [] } = this.#request;
    const aliases = [...flagAliases(this.#request, this.context)];
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      schema,
      isRequired: required.includes(name),
      aliases: aliases
        .filter(([, of]) => of === name)
        .map(([alias]) => alias)
        .sort((a, b) => a.length - b.length),
    }));
  }

  /** Undefined: the Action has no such parameter. Throws where there is one, but not like that. */
  find(typed: string): Flag | undefined {
    const found = this.#walk(typed);
    if (found !== undefined) return { ...found, isNegated: false };
    const negated = typed.startsWith('no-') ? this.#walk(typed.slice('no-'.length)) : undefined;
    return negated !== undefined && isTruth(negated.schema) ? { ...negated, isNegated: true } : undefined;
  }

  /** What a mistyped name most likely stands for, as it is typed. */
  guess(typed: string): string | undefined {
    const known = this.all().flatMap(({ name, aliases }) => [kebabCase(name), ...aliases]);
    const wanted = kebabCase(typed);
    const words = wanted.split('-');
    return guessName(wanted, known) ?? known.find((name) => words.every((word) => name.split('-').includes(word)));
  }

  #walk(typed: string): { readonly path: ParameterPath; readonly schema: SchemaParts } | undefined {
    const path: (string | number)[] = [];
    let schema: SchemaParts = this.#request;
    for (const segment of typed.split('.')) {
      if (schema.items !== undefined) {
        if (!/^\d{1,4}$/.test(segment)) {
          const known = path.map((part) => (typeof part === 'number' ? part : kebabCase(part))).join('.');
          throw new Error(`--${known} is a list: --${known}.0.${segment} is that of its first item`);
        }
        path.push(Number(segment));
        schema = schema.items;
        continue;
      }
      const name = this.#member(schema, segment);
      const member = name === undefined ? undefined : schema.properties?.[name];
      if (name === undefined || member === undefined) return undefined;
      path.push(name);
      schema = member;
    }
    return { path, schema };
  }

  #member(schema: SchemaParts, segment: string): string | undefined {
    return memberNamed(schema, segment, this.context);
  }
}

/** The wire name of a member that somebody typed in one form or another. */
export function memberNamed(schema: SchemaParts, typed: string, context: AliasContext): string | undefined {
  const wanted = kebabCase(typed);
  const exact = Object.keys(schema.properties ?? {}).find((name) => kebabCase(name) === wanted);
  return exact ?? flagAliases(schema, context).get(wanted);
}

/** Short names by the area alone: they mean the same in all of its Actions. `name` is that of whatever an Action is about. */
function reservedIn(area: string): ReadonlySet<string> {
  const actions = actionAreas.get(area)?.actions ?? [];
  const members = actions.flatMap(({ definition }) => Object.entries<SchemaParts>(definition.request.properties));
  const names = members.flatMap(([name, schema]) => nearNames(name, schema, area));
  return new Set(names.filter((name) => name !== 'name'));
}
