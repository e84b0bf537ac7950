/** For tests only: what `$name` in a list of calls stands for. */

/**
 * What names stand for while a resource lives: its configuration, what its calls kept, and the resources that it needs.
 * `$name` and `$gateway.vpc_id` in data refer to it.
 */
export type Scope = Readonly<Record<string, unknown>>;

/** JSON with references: a text that starts with `$`, or a function for what the provider converts. Undefined is left out. */
export type Template =
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly [name: string]: Template }
  | ((scope: Scope) => unknown);

/** JSON without references; what is undefined is left out of objects, and out of lists. */
export function resolve(template: Template | undefined, scope: Scope): unknown {
  if (typeof template === 'function') return template(scope);
  if (typeof template === 'string') return template.startsWith('$') ? place(scope, template.slice(1)) : template;
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    return (template as readonly Template[]).map((item) => resolve(item, scope)).filter((item) => item !== undefined);
  }
  return Object.fromEntries(
    Object.entries(template)
      .map(([name, value]) => [name, resolve(value, scope)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

/** `A.0.B`: the field A, its first item, that one's field B. */
export function place(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, name) => {
    return typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[name] : undefined;
  }, value);
}
