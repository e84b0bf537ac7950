import type { Reply } from '../../api-harness.ts';
import { testRegion, type SdkError, type VendorClients } from '../vendor-clients.ts';
import {
  isZero,
  type Attributes,
  type Call,
  type DataSource,
  type Need,
  type Read,
  type Reading,
  type Resource,
  type Search,
} from './call-list.ts';
import { place, resolve, type Scope, type Template } from './references.ts';

/** For tests only: does what terraform does with a resource, call by call. */

/** A resource that exists. */
export interface Applied {
  readonly resource: Resource;
  readonly configuration: Attributes;
  readonly scope: Scope;
  readonly needed: readonly Applied[];
}

const resourceId = /^[a-z]+-[a-z0-9]{8}$/;
/** The agent that tests play answers at once. */
const mostPolls = 5;

export class Replay {
  readonly #clients: VendorClients;
  readonly #resources: ReadonlyMap<string, Resource>;
  /** What replies told: arguments that name an object have to be among them. */
  readonly #told: Set<string>;

  constructor(clients: VendorClients, resources: readonly Resource[], told = new Set<string>()) {
    this.#clients = clients;
    this.#resources = new Map(resources.map((resource) => [resource.type, resource]));
    this.#told = told;
  }

  /** Makes what it needs, then itself; `configuration` changes the one that the list has. */
  async create(
    resource: Resource,
    changed: Readonly<Record<string, Template>> = {},
    outer: Scope = {},
  ): Promise<Applied> {
    const { scope: needs, needed } = await this.need(resource.needs ?? {}, outer);
    const found = await this.#doAll(resource.looks ?? [], needs);
    const configuration = resolve({ ...resource.configuration, ...changed }, found) as Attributes;
    const scope = await this.#doAll(resource.create, { ...found, ...resource.defaults, ...configuration });
    if (resource.tags?.areSentByCreate !== true) {
      await this.#changeTags(resource, scope, {}, configuration['tags'] as Tags | undefined);
    }
    return { resource, configuration, scope, needed };
  }

  /** What terraform would change: nothing, if what is read is what is configured. `name: configured, not read`. */
  async plan({ resource, configuration, scope }: Applied): Promise<string[]> {
    const state = await this.read(resource, scope);
    if (state === undefined) return [`${resource.type} is gone`];
    return Object.entries(state).flatMap(([name, value]) => {
      if (name.startsWith('_')) return [];
      const wanted = configuration[name] ?? resource.defaults?.[name];
      if (wanted === undefined && (resource.computed ?? []).includes(name)) return [];
      const isSet = (resource.sets ?? []).includes(name);
      if (isZero(wanted) && isZero(value)) return [];
      const [left, right] = [wanted, value].map((side) => JSON.stringify(sorted(side, isSet)));
      return left === right ? [] : [`${name}: ${left}, not ${right}`];
    });
  }

  /** Attributes as the provider reads them; undefined when it takes the resource for gone. */
  async read(resource: Resource, scope: Scope): Promise<Attributes | undefined> {
    const state: Record<string, unknown> = {};
    for (const read of resource.read) {
      const object = await this.#find(read, { ...scope, ...state });
      if (object === undefined && read.mayLack !== true) return undefined;
      if (object === undefined) continue;
      for (const [name, reading] of Object.entries(read.attributes)) {
        state[name] = typeof reading === 'string' ? place(object, reading) : reading(object, { ...scope, ...state });
      }
    }
    const { tags } = resource;
    if (tags !== undefined) state['tags'] ??= await this.#readTags(tags.prefix, scope['id'] as string);
    return state;
  }

  async update(applied: Applied, change: Readonly<Record<string, Template>>): Promise<Applied> {
    const { resource } = applied;
    const before: Scope = { ...(await this.read(resource, applied.scope)), ...applied.scope };
    const changes = resolve(change, before) as Attributes;
    const calls = (resource.update ?? []).filter(({ changed }) => changed.some((name) => name in changes));
    const scope = await this.#doAll(calls, { ...before, ...changes, before, changes });
    await this.#changeTags(resource, scope, (before['tags'] ?? {}) as Tags, changes['tags'] as Tags | undefined);
    return {
      ...applied,
      configuration: { ...applied.configuration, ...changes },
      scope: { ...applied.scope, ...changes },
    };
  }

  /** Itself alone. */
  async delete({ resource, scope }: Applied): Promise<void> {
    await this.#doAll(resource.delete, scope);
  }

  /** What it needed, last made first. */
  async release(needed: readonly Applied[]): Promise<void> {
    for (const applied of needed.toReversed()) {
      await this.delete(applied);
      await this.release(applied.needed);
    }
  }

  async need(
    needs: Readonly<Record<string, string | Need>>,
    outer: Scope = {},
  ): Promise<{ readonly scope: Scope; readonly needed: readonly Applied[] }> {
    const needed: Applied[] = [];
    let scope: Scope = { region: testRegion, ...outer };
    for (const [name, need] of Object.entries(needs)) {
      if (name in outer) continue;
      const { resource: type, configuration = {} } = typeof need === 'string' ? { resource: need } : need;
      const resource = this.#resources.get(type);
      if (resource === undefined) throw new Error(`no list of calls for ${type}`);
      const changed = resolve(configuration, scope) as Readonly<Record<string, Template>>;
      const applied = await this.create(resource, changed, sharedOf(resource, scope));
      needed.push(applied);
      // What the service chose can be referred to as well.
      scope = { ...scope, [name]: { ...(await this.read(resource, applied.scope)), ...applied.scope } };
    }
    return { scope, needed };
  }

  /** What a data source finds for each of its reads: exactly one each, or it throws. */
  async find(source: DataSource, scope: Scope): Promise<void> {
    for (const search of source.read) await this.#search(source, search, scope);
  }

  async #search({ type }: DataSource, { finds, ...read }: Search, scope: Scope): Promise<void> {
    const object = await this.#find({ ...read, where: finds }, scope);
    if (object === undefined) throw new Error(`${type}: nothing that has ${JSON.stringify(resolve(finds, scope))}`);
  }

  async #find(read: Omit<Read, 'attributes'>, scope: Scope): Promise<Readonly<Record<string, unknown>> | undefined> {
    const reply = await this.#send(read, scope).catch((thrown: unknown) => {
      if ((thrown as SdkError).code === 'ResourceNotFound') return undefined;
      throw thrown;
    });
    if (reply === undefined || read.set === undefined) return reply;
    const list = place(reply, read.set);
    if (list === undefined && read.set.includes('.')) return undefined;
    if (!Array.isArray(list)) throw new Error(`${read.action}: ${read.set} is no list`);
    const where = Object.entries(resolve(read.where ?? {}, scope) as Attributes);
    const found = (list as Readonly<Record<string, unknown>>[]).filter((object) =>
      where.every(([name, value]) => JSON.stringify(place(object, name)) === JSON.stringify(value)),
    );
    if (found.length > 1) throw new Error(`${read.action}: ${found.length} objects, not one`);
    const [object] = found;
    for (const name of read.dereferences ?? []) {
      if (object !== undefined && (place(object, name) ?? null) === null) {
        throw new Error(`${read.action}: ${name} is null, which the provider crashes on`);
      }
    }
    return object;
  }

  async #doAll(calls: readonly Call[], before: Scope): Promise<Scope> {
    let scope = before;
    for (const call of calls) scope = { ...scope, ...(await this.#do(call, scope)) };
    return scope;
  }

  async #do(call: Call, scope: Scope): Promise<Attributes> {
    if (call.when !== undefined && isZero(resolve(call.when, scope))) return {};
    for (let polls = 0; polls < mostPolls; polls++) {
      const reply = await this.#send(call, scope);
      const isThere = Object.entries(call.until ?? {}).every(([name, value]) => place(reply, name) === value);
      if (!isThere) continue;
      for (const [name, value] of Object.entries(call.expects ?? {})) {
        if (place(reply, name) !== value) throw new Error(`${call.action}: ${name} is not ${JSON.stringify(value)}`);
      }
      return Object.fromEntries(
        Object.entries(call.keeps ?? {}).map(([name, from]) => [name, kept(call, reply, from, scope)]),
      );
    }
    throw new Error(`${call.action}: never ${JSON.stringify(call.until)}`);
  }

  async #send({ service = 'vpc', action, arguments: template }: Call, scope: Scope): Promise<Reply> {
    const request = resolve(template, scope) ?? {};
    for (const text of textsOf(request)) {
      if (resourceId.test(text) && !this.#told.has(text)) throw new Error(`${action}: no reply told ${text}`);
    }
    const reply = await this.#clients.call(service, action, request);
    for (const text of textsOf(reply)) this.#told.add(text);
    return reply;
  }

  /** As tag/service_tencentcloud_tag.go ModifyTags, with what DiffTags makes of two maps. */
  async #changeTags(resource: Resource, scope: Scope, before: Tags, wanted: Tags | undefined): Promise<void> {
    if (resource.tags === undefined || wanted === undefined) return;
    const replaced = Object.entries(wanted).filter(([key, value]) => before[key] !== value);
    const deleted = Object.keys(before).filter((key) => !(key in wanted));
    if (replaced.length + deleted.length === 0) return;
    await this.#send(
      {
        from: 'tag/service_tencentcloud_tag.go ModifyTags',
        service: 'tag',
        action: 'ModifyResourceTags',
        arguments: {
          Resource: `qcs::vpc:${testRegion}:uin/:${resource.tags.prefix}/${String(scope['id'])}`,
          ReplaceTags: replaced.map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
          DeleteTags: deleted.map((TagKey) => ({ TagKey })),
        },
      },
      scope,
    );
  }

  async #readTags(prefix: string, id: string): Promise<Tags> {
    const reply = await this.#send(
      {
        from: 'tag/service_tencentcloud_tag.go DescribeResourceTags',
        service: 'tag',
        action: 'DescribeResourceTagsByResourceIds',
        arguments: {
          ...{ ServiceType: 'vpc', ResourcePrefix: prefix, ResourceRegion: testRegion, ResourceIds: [id] },
          ...{ Offset: 0, Limit: 20 },
        },
      },
      {},
    );
    const tags = reply['Tags'] as readonly { readonly TagKey: string; readonly TagValue: string }[];
    return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  }
}

type Tags = Readonly<Record<string, string>>;

/** What is there already under the name that a resource needs it by. */
function sharedOf({ needs = {} }: Resource, scope: Scope): Scope {
  return Object.fromEntries(Object.entries(scope).filter(([name]) => name in needs));
}

function kept({ action }: Call, reply: Reply, from: Reading, scope: Scope): unknown {
  const value = typeof from === 'string' ? place(reply, from) : from(reply, scope);
  if (isZero(value)) throw new Error(`${action}: ${String(from)} is empty`);
  return value;
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsOf(part);
}

/** Maps by their keys; sets by their members. */
function sorted(value: unknown, isSet: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item, isSet));
    return isSet ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, sorted(part, isSet)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
