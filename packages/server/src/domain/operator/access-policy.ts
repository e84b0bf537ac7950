import type { Tag } from '../owned.ts';

/** What one statement of a policy lets a key do. Each of its conditions has to hold; one that is left out always does. */
export interface AccessStatement {
  /** `read`: only Actions that change nothing. */
  readonly access: 'read' | 'write';
  /** `CreateVpc`, `vpc:*`, `landbridge:Describe*`: a service may stand in front, a `*` at the end. Absent: every Action. */
  readonly actions?: readonly string[];
  /** Ids. A resource counts as allowed as well when what it belongs to is among them, as a tunnel belongs to its gateway. */
  readonly resources?: readonly string[];
  /** A resource has to have all of them. */
  readonly tags?: readonly Tag[];
}

/** What a key may do: what one of the statements allows, and nothing else. Without a policy a key may do what its account may. */
export interface AccessPolicy {
  readonly statements: readonly AccessStatement[];
  /** Pre-shared keys stand in clear in what the key is answered. */
  readonly showsSecrets: boolean;
}

/** What a call asks for. */
export interface AccessRequest {
  readonly service: string;
  readonly action: string;
  readonly effect: 'reads' | 'changes';
  /** Every resource that the call names. */
  readonly resources: readonly NamedResource[];
}

export interface NamedResource {
  /** Its own id, then those of what it belongs to. */
  readonly ids: readonly string[];
  readonly tags: readonly Tag[];
}

/**
 * Nothing is allowed that no statement allows. A statement about some resources allows only calls that name resources, all of
 * which it is about: neither lists of everything nor new objects that belong to nothing.
 */
export function allows(policy: AccessPolicy, request: AccessRequest): boolean {
  return policy.statements.some((statement) => allowsByStatement(statement, request));
}

function allowsByStatement({ access, actions, resources, tags }: AccessStatement, request: AccessRequest): boolean {
  if (access === 'read' && request.effect !== 'reads') return false;
  if (actions !== undefined && !actions.some((pattern) => fitsAction(pattern, request))) return false;
  if (resources === undefined && tags === undefined) return true;
  return (
    request.resources.length > 0 &&
    request.resources.every(
      (resource) =>
        (resources === undefined || resource.ids.some((id) => resources.includes(id))) &&
        (tags === undefined || tags.every((tag) => hasTag(resource, tag))),
    )
  );
}

function fitsAction(pattern: string, { service, action }: AccessRequest): boolean {
  const colon = pattern.indexOf(':');
  if (colon >= 0 && pattern.slice(0, colon) !== service) return false;
  const name = pattern.slice(colon + 1);
  return name.endsWith('*') ? action.startsWith(name.slice(0, -1)) : name === action;
}

function hasTag({ tags }: NamedResource, { key, value }: Tag): boolean {
  return tags.some((tag) => tag.key === key && tag.value === value);
}
