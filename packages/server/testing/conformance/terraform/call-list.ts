import type { VendorService } from '../vendor-clients.ts';
import { resolve, type Scope, type Template } from './references.ts';

/**
 * For tests only: what the terraform provider calls, as data. After its source
 * (github.com/tencentcloudstack/terraform-provider-tencentcloud, commit f6970a9 of 2026-08-21); `from` names the file below
 * `tencentcloud/services` and the function. Names with underscores are attributes of a resource, as its schema has them.
 */

/** Attributes as a configuration has them. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface Call {
  readonly from: string;
  readonly service?: VendorService;
  readonly action: string;
  readonly arguments: Template;
  /** What is remembered under which name, by its place in the reply. */
  readonly keeps?: Readonly<Record<string, Reading>>;
  /** The provider fails unless each of these places has this value. */
  readonly expects?: Readonly<Record<string, unknown>>;
  /** Only when this is there and not the type's zero (the provider's GetOk). */
  readonly when?: Template;
  /** The provider asks again until each of these places has this value. */
  readonly until?: Readonly<Record<string, unknown>>;
}

/** Makes an attribute of what was read: a place in the object, or a conversion. */
export type Reading = string | ((object: Readonly<Record<string, unknown>>, scope: Scope) => unknown);

export interface Read extends Call {
  /** The list of the reply in which the object is; without it, the reply is the object. */
  readonly set?: string;
  /** Which of the list it is; it must be the only one. */
  readonly where?: Readonly<Record<string, Template>>;
  readonly attributes: Readonly<Record<string, Reading>>;
  /** What the provider crashes on when it is null. */
  readonly dereferences?: readonly string[];
  /** The resource lives on without it. */
  readonly mayLack?: boolean;
}

export interface Update extends Call {
  /** Sent when one of these attributes changed. */
  readonly changed: readonly string[];
}

/** A resource that has to be there, by its type, with a configuration that differs. */
export interface Need {
  readonly resource: string;
  readonly configuration?: Readonly<Record<string, Template>>;
}

export interface Resource {
  /** Without `tencentcloud_`. */
  readonly type: string;
  /** In this order. */
  readonly needs?: Readonly<Record<string, string | Need>>;
  readonly configuration: Readonly<Record<string, Template>>;
  /** Configurations that follow, by what they change. */
  readonly changes?: readonly Readonly<Record<string, Template>>[];
  /** Attributes that have a value when they are not configured. */
  readonly defaults?: Attributes;
  /** Attributes that the service may choose when they are not configured. */
  readonly computed?: readonly string[];
  /** Attributes that are sets: order does not matter. */
  readonly sets?: readonly string[];
  /** Tags are written, and read unless a read has them, through service `tag`. */
  readonly tags?: {
    /** The resource's word in six-segment names. */
    readonly prefix: string;
    /** Create sends them itself. */
    readonly areSentByCreate?: true;
  };
  /** Calls that find what the configuration refers to: somebody looked it up before. */
  readonly looks?: readonly Call[];
  readonly create: readonly Call[];
  readonly read: readonly Read[];
  readonly update?: readonly Update[];
  readonly delete: readonly Call[];
  /** What it is about is there after its deletion: it belongs to another resource, or the provider only forgets it. */
  readonly remains?: true;
  /** The service does not do it, and answers this: Landbridge's own decision, in the behaviour reference. */
  readonly isRefusedWith?: string;
  /** Other configurations to live through. */
  readonly variants?: Readonly<Record<string, Pick<Resource, 'configuration' | 'changes'>>>;
}

export interface DataSource {
  readonly type: string;
  readonly needs: Readonly<Record<string, string | Need>>;
  readonly read: readonly Search[];
}

export interface Search extends Omit<Read, 'attributes' | 'where'> {
  /** Fields of exactly one object of the list. */
  readonly finds: Readonly<Record<string, Template>>;
}

/** As the provider's `GetOk`: what is the type's zero is not sent. */
export const given =
  (name: string) =>
  (scope: Scope): unknown =>
    isZero(scope[name]) ? undefined : scope[name];

/** A number as text. */
export const text =
  (name: string) =>
  (scope: Scope): unknown => {
    const value = scope[name];
    return typeof value === 'number' ? String(value) : value;
  };

/** A boolean that is false unless configured. */
export const orFalse =
  (name: string) =>
  (scope: Scope): unknown =>
    scope[name] ?? false;

/** A boolean as the text that the vendor takes. */
export const textOrFalse =
  (name: string) =>
  (scope: Scope): unknown =>
    String(Boolean(scope[name]));

/** A filter of one value. */
export const filter = (Name: string, value: Template): Template => ({ Name, Values: [value] });

/** Tags as the vendor's Create calls take them. */
export const requestTags = (scope: Scope): unknown =>
  Object.entries((scope['tags'] ?? {}) as Readonly<Record<string, string>>).map(([Key, Value]) => ({ Key, Value }));

/** As the provider's `HasChange`: only when one of the attributes changed. */
export const ifChanged =
  (names: readonly string[], template: Template) =>
  (scope: Scope): unknown =>
    names.some((name) => name in (scope['changes'] as Attributes)) ? resolve(template, scope) : undefined;

/** Objects of a list, field by field. */
export const listOf =
  (list: string, fields: Readonly<Record<string, string>>): Reading =>
  (object) =>
    ((object[list] ?? []) as readonly Readonly<Record<string, unknown>>[]).map((item) => renamed(item, fields));

/** As listOf, for arguments: of an attribute that is a list of blocks. */
export const blocks =
  (name: string, fields: Readonly<Record<string, string>>) =>
  (scope: Scope): unknown =>
    isZero(scope[name])
      ? undefined
      : (scope[name] as readonly Readonly<Record<string, unknown>>[]).map((item) => renamed(item, fields));

/** An attribute that is a list of one block, of an object of the reply. */
export const blockOf =
  (name: string, fields: Readonly<Record<string, string>>): Reading =>
  (object) => [renamed(object[name] as Readonly<Record<string, unknown>>, fields)];

function renamed(item: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(Object.entries(fields).map(([to, from]) => [to, item[from]]));
}

/** Null, and the zero of each type: what a configuration that says nothing equals. */
export function isZero(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
