import type { Static, TObject, TSchema } from 'typebox';
import type { ErrorReason } from './errors/error-registry.ts';
import { withCommonOfChanges, type WithCommonOfChanges } from './schema/common-of-changes.ts';

/** The same in both languages of the API. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What one Action takes, answers and refuses: everything that a client, a page of the reference or a check may ask. */
export interface ActionDefinition<
  Request extends TObject = TObject,
  Response extends TObject = TObject,
  Filter extends string = string,
> {
  /** One sentence in each language. */
  readonly summary: Words;
  readonly effect: 'reads' | 'changes';
  readonly request: Request;
  /** The content of `Response` without RequestId. */
  readonly response: Response;
  /** Names that `Filters` knows, and what each is compared with. */
  readonly filters: Readonly<Record<Filter, string>>;
  /** What it refuses beyond what every Action may answer (errors/error-registry.ts), by reason. */
  readonly errors: readonly ErrorReason[];
  /**
   * `later`: answered before the network has changed. DescribeVpcTaskResult, or the state of the object, tells when it has.
   */
  readonly completes: 'at-once' | 'later';
  readonly forAdministrators: boolean;
}

type Given<Request extends TObject, Response extends TObject, Filter extends string> = Pick<
  ActionDefinition<Request, Response, Filter>,
  'summary' | 'request' | 'response'
> &
  Partial<Pick<ActionDefinition<Request, Response, Filter>, 'filters' | 'errors' | 'completes' | 'forAdministrators'>>;

/** An Action that looks. */
export function reads<Request extends TObject, Response extends TObject, Filter extends string = never>(
  given: Given<Request, Response, Filter>,
): ActionDefinition<Request, Response, Filter> {
  const definition = complete(given);
  return { ...definition, errors: [...definition.errors, ...selectionErrors(given.request)], effect: 'reads' };
}

/** An Action that changes something. It can be tried (`DryRun`), and be repeated without being done twice (`ClientToken`). */
export function changes<Request extends TObject, Response extends TObject>(
  given: Given<Request, Response, never>,
): ActionDefinition<WithCommonOfChanges<Request>, Response, never> {
  const definition = complete(given);
  const unoffered = asksForMore(given.request) ? (['feature-not-built'] as const) : [];
  const named = new Set([...definition.errors, ...unoffered]);
  const errors: readonly ErrorReason[] = [...named, 'dry-run', 'client-token-of-other-call'];
  return { ...definition, errors, request: withCommonOfChanges(given.request), effect: 'changes' };
}

/** An Action that would change something, and is always refused: tried, and with a token, it is refused in the same way. */
export function refuses<Request extends TObject, Response extends TObject>(
  given: Given<Request, Response, never>,
): ActionDefinition<WithCommonOfChanges<Request>, Response, never> {
  return { ...changes(given), errors: given.errors ?? [] };
}

/** Whether a parameter, at any depth, is of a feature that there is not (`notOffered`). */
function asksForMore(schema: TSchema): boolean {
  const {
    notOffered,
    properties = {},
    items,
  } = schema as {
    readonly notOffered?: unknown;
    readonly properties?: Readonly<Record<string, TSchema>>;
    readonly items?: TSchema;
  };
  return (
    notOffered !== undefined ||
    [...Object.values(properties), ...(items === undefined ? [] : [items])].some(asksForMore)
  );
}

function complete<Request extends TObject, Response extends TObject, Filter extends string>(
  given: Given<Request, Response, Filter>,
) {
  const filters = {} as Readonly<Record<Filter, string>>;
  return { filters, completes: 'at-once', forAdministrators: false, ...given, errors: ownErrors(given) } as const;
}

function ownErrors({
  errors = [],
  forAdministrators,
}: Pick<Partial<ActionDefinition>, 'errors' | 'forAdministrators'>) {
  const ofAdministrators: readonly ErrorReason[] = forAdministrators === true ? ['administrator-only'] : [];
  return [...ofAdministrators, ...errors];
}

/** What a call with filters, and with ids beside them, refuses. */
function selectionErrors({ properties }: TObject): readonly ErrorReason[] {
  if (!('Filters' in properties)) return [];
  const hasIds = Object.keys(properties).some((name) => name.endsWith('Ids'));
  const ofFilters = ['filter-unknown', 'filter-not-object', 'filter-values-not-list'] as const;
  return hasIds ? [...ofFilters, 'parameters-exclude-each-other'] : ofFilters;
}

export type RequestOf<Definition extends ActionDefinition> = Static<Definition['request']>;
export type ResponseOf<Definition extends ActionDefinition> = Static<Definition['response']>;
export type FilterOf<Definition extends ActionDefinition> = keyof Definition['filters'] & string;
