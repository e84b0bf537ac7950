import type { CataloguedAction } from '@landbridge/catalogue/services';
import type { IdPrefix } from '@landbridge/catalogue/schema/request-schemas';
import type { ApiEndpoint } from '@landbridge/client';
import { guessName } from '@landbridge/server/domain/guess-name';
import { callsOf } from '../calls.ts';
import { listAll } from '../list-all.ts';
import { looksLikeId, namedKinds, type NamedKind } from './named-kinds.ts';
import { namedPlaces, type NamedPlace } from './named-places.ts';

/** Calls an Action that looks, in the region of the command or another one. */
export type Look = (
  action: string,
  parameters: Record<string, unknown>,
  region?: string,
) => Promise<Readonly<Record<string, unknown>>>;

interface Found {
  readonly id: string;
  readonly name: string;
  readonly kind: NamedKind;
}

const page = 100;

/**
 * Puts ids where names stand, each looked up by one filtered call. A name that several objects have may be told apart by what they
 * belong to: `office/default`. Throws an error that names the candidates.
 */
export async function resolveNames(
  parameters: Record<string, unknown>,
  action: Pick<CataloguedAction, 'area' | 'definition'>,
  look: Look,
): Promise<void> {
  const ids = new Map<string, Promise<string>>();
  const places = namedPlaces(parameters, action);
  const found = places.map((place) => {
    const key = JSON.stringify([place.name, place.kinds, place.region]);
    const id = ids.get(key) ?? idOf(place, look);
    ids.set(key, id);
    return id;
  });
  for (const [index, id] of (await Promise.all(found)).entries()) places[index]?.replace(id);
}

/**
 * The id of what is called so and is of one of these kinds, or the id that was typed. Throws where nothing is called so, or several are.
 * @param place where it was typed, for people
 */
export async function idNamed(place: string, name: string, kinds: readonly IdPrefix[], look: Look): Promise<string> {
  return looksLikeId(name) ? name : idOf({ place, name, kinds, region: undefined }, look);
}

/** Asks this endpoint, in its region unless another one is told. */
export function lookingAt(endpoint: ApiEndpoint): Look {
  return (action, parameters, region) =>
    callsOf(region === undefined ? endpoint : { ...endpoint, region })(action, parameters);
}

/** A name, and what it may be the name of. */
type Wanted = Omit<NamedPlace, 'replace'>;

async function idOf(place: Wanted, look: Look): Promise<string> {
  const found = await lookUp(place.name, place, look);
  const all = found.length > 0 ? found : await lookUpWithin(place, look);
  const [only, ...more] = all;
  if (only === undefined) throw new Error(await notFound(place, look));
  if (more.length === 0) return only.id;
  const candidates = all.map(({ id, kind }) => `${id} (${kind.noun})`).join(', ');
  throw new Error(`${place.place}: ${place.name} is the name of ${all.length}: ${candidates}. Give an id.`);
}

async function lookUp(
  name: string,
  { kinds, region }: Pick<Wanted, 'kinds' | 'region'>,
  look: Look,
  within: readonly { readonly Name: string; readonly Values: readonly string[] }[] = [],
): Promise<Found[]> {
  const lists = kinds.map(async (prefix) => {
    const kind = kindOf(prefix);
    const Filters = [{ Name: kind.filter, Values: [name] }, ...within];
    // The filter may let through more than the very name, and that one last.
    const all = await listAll((action, asked = {}) => look(action, asked, region), kind.action, kind.set, { Filters });
    return objectsOf({ [kind.set]: all }, kind).filter((found) => found.name === name);
  });
  return (await Promise.all(lists)).flat();
}

/** `office/default`: the route table `default` of the VPC `office`. */
async function lookUpWithin({ name, kinds, region }: Wanted, look: Look): Promise<Found[]> {
  const [, outer, inner] = /^(.+)\/([^/]+)$/s.exec(name) ?? [];
  if (outer === undefined || inner === undefined) return [];
  const lists = kinds.map(async (kind) => {
    const { within } = kindOf(kind);
    if (within === undefined) return [];
    const owners = looksLikeId(outer)
      ? [outer]
      : (await lookUp(outer, { kinds: [within.kind], region }, look)).map(({ id }) => id);
    if (owners.length === 0) return [];
    return lookUp(inner, { kinds: [kind], region }, look, [{ Name: within.filter, Values: owners }]);
  });
  return (await Promise.all(lists)).flat();
}

/** Says what there is instead, as far as one page tells. */
async function notFound({ name, kinds, place, region }: Wanted, look: Look): Promise<string> {
  const pages = kinds.map(async (prefix) => {
    const kind = kindOf(prefix);
    const reply = await look(kind.action, { Limit: page }, region);
    return { found: objectsOf(reply, kind), total: Number(reply['TotalCount'] ?? 0), noun: kind.noun };
  });
  const all = await Promise.all(pages);
  const names = all.flatMap(({ found }) => found.map((each) => each.name));
  const nouns = all.map(({ noun }) => noun).join(', ');
  const guess = guessName(name, names);
  if (guess !== undefined) return `${place}: nothing is called ${name} (${nouns}); did you mean ${guess}?`;
  const total = all.reduce((sum, one) => sum + one.total, 0);
  if (total === 0) return `${place}: nothing is called ${name}: there are no ${nouns}`;
  const shown = [...new Set(names)].slice(0, 5);
  const more = total > shown.length ? `, … (${total} in all)` : '';
  return `${place}: nothing is called ${name} (${nouns}); there are ${shown.join(', ')}${more}`;
}

function kindOf(prefix: IdPrefix): NamedKind {
  const kind = namedKinds[prefix];
  if (kind === undefined) throw new Error(`objects ${prefix}-… have no names`);
  return kind;
}

function objectsOf(reply: Readonly<Record<string, unknown>>, kind: NamedKind): Found[] {
  const objects = (reply[kind.set] ?? []) as readonly Readonly<Record<string, unknown>>[];
  return objects.map((object) => ({ id: String(object[kind.id]), name: String(object[kind.name]), kind }));
}
