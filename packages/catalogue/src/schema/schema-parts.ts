import type { TSchema } from 'typebox';

/** What a schema of the catalogue may say, for those who walk it (request-schemas.ts, response-schemas.ts, about.ts). */
export interface SchemaParts extends TSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaParts>>;
  readonly patternProperties?: Readonly<Record<string, SchemaParts>>;
  readonly required?: readonly string[];
  readonly items?: SchemaParts;
  readonly anyOf?: readonly SchemaParts[];
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number | boolean;
  readonly pattern?: string;
  readonly means?: Words;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly secret?: boolean;
  readonly notOffered?: Words;
}

interface Words {
  readonly en: string;
  readonly zh: string;
}
