import type { SchemaParts } from '@landbridge/catalogue/schema/schema-parts';
import type { TSchema } from 'typebox';
import { resourcePrefixes } from '../../domain/resource-id.ts';
import type { WireObject } from '../action.ts';

/** Ids as they stand alone or inside other text, such as the six-segment names of the vendor's tag service. */
const idPattern = new RegExp(`(?<![a-z0-9])(?:${resourcePrefixes.join('|')})-[0-9a-z]{8}(?![0-9a-z])`, 'g');

/** Whatever stands in them is a secret. */
const secretNames: ReadonlySet<string> = new Set(['PreShareKey', 'SecretKey', 'Configuration']);

export interface NamedResources {
  /** Every id that stands in the parameters, in whatever place. */
  readonly ids: readonly string[];
  /** One of them stands where an id is expected, and not only in a name or a filter. */
  readonly isAboutResources: boolean;
}

/** The resources that a call names. */
export function namedResources(request: TSchema, parameters: WireObject): NamedResources {
  const ids = new Set<string>();
  let isAboutResources = false;
  const walk = (value: unknown, schema: SchemaParts | undefined): void => {
    if (typeof value === 'string') {
      for (const [id] of value.matchAll(idPattern)) ids.add(id);
      if (schema?.pattern?.endsWith('-[0-9a-z]{8}$') === true) isAboutResources = true;
    } else if (Array.isArray(value)) {
      for (const item of value) walk(item, schema?.items);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value))
        if (!secretNames.has(name)) walk(member, schema?.properties?.[name]);
    }
  };
  walk(parameters, request);
  return { ids: [...ids], isAboutResources };
}
