import type { RequestOf } from '@landbridge/catalogue/action-definition';
import type { resourceTagActions } from '@landbridge/catalogue/tag/resource-tags';
import type { Tag } from '../../../domain/owned.ts';
import { formatResourceName, isTaggedPrefix, type ResourceName } from '../../../domain/tag/resource-name.ts';
import type { Caller } from '../../../services/caller.ts';
import type { Services } from '../../../services/create-services.ts';
import type { ResourceTagService, TaggedResource } from '../../../services/tag/resource-tags.ts';
import type { Handlers } from '../../action.ts';
import { reject, wireError } from '../../protocol/api-error.ts';
import { pageAfter, readPaginationToken } from '../../wire/pagination-token.ts';
import {
  knownPrefixes,
  readResourceName,
  readTagsToPut,
  wireTag,
  wireTaggedResource,
  wireTagOfResource,
} from './resource-tags-wire.ts';

const usualLimits = { tags: 15, results: 50 };

/** The tag service (docs/spec/actions.md section 1.6). */
export function resourceTagHandlers({ resourceTags }: Services): Handlers<typeof resourceTagActions> {
  return {
    ModifyResourceTags: async (caller, parameters) => {
      const name = readResourceName(parameters.Resource, 'Resource');
      await resourceTags.change(caller, name, readChange(parameters));
      return {};
    },
    TagResources: async (caller, { ResourceList: resources, Tags: tags }) => {
      const change = { put: readTagsToPut(tags), remove: [] };
      return failedResources(await resourceTags.changeEach(caller, readResourceNames(resources), change));
    },
    UnTagResources: async (caller, { ResourceList: resources, TagKeys: remove }) => {
      return failedResources(await resourceTags.changeEach(caller, readResourceNames(resources), { put: [], remove }));
    },
    DescribeResourceTagsByResourceIds: async (caller, parameters) => {
      const { Offset: offset = 0, Limit: limit = usualLimits.tags, Category: category } = parameters;
      const resources = await resourceTags.find(caller, readNames(parameters));
      const tags = category === 'System' ? [] : resources.flatMap(tagsOf);
      return { TotalCount: tags.length, Offset: offset, Limit: limit, Tags: tags.slice(offset, offset + limit) };
    },
    GetResources: async (caller, parameters) => {
      const { ResourceList: names, MaxResults: limit = usualLimits.results } = parameters;
      const after = readPaginationToken(parameters.PaginationToken, 3);
      const resources = (await namedOrAll(resourceTags, caller, names)).filter((one) => fits(one, parameters));
      const { page, next } = pageAfter(resources, after, names === undefined ? limit : Infinity, placeOf);
      return { PaginationToken: next, ResourceTagMappingList: page.map(wireTaggedResource) };
    },
    GetTags: async (caller, parameters) => {
      const { TagKeys: keys, MaxResults: limit = usualLimits.results, Category: category } = parameters;
      const after = readPaginationToken(parameters.PaginationToken, 2);
      const tags = category === 'System' ? [] : distinctTags(await resourceTags.list(caller));
      const asked = keys === undefined ? tags : tags.filter(({ key }) => keys.includes(key));
      const { page, next } = pageAfter(asked, after, limit, ({ key, value }) => [key, value]);
      return { PaginationToken: next, Tags: page.map(wireTag) };
    },
  };
}

function readChange({
  ReplaceTags: given,
  DeleteTags: deleted,
}: RequestOf<typeof resourceTagActions.ModifyResourceTags>) {
  if (given === undefined && deleted === undefined) reject('missing-parameter', { name: 'ReplaceTags' });
  const put = readTagsToPut(given ?? []);
  const remove = (deleted ?? []).map(({ TagKey: key }) => key);
  const both = put.find(({ key }) => remove.includes(key));
  if (both !== undefined) reject('resource-tag-both-ways', { key: both.key });
  return { put, remove };
}

function readResourceNames(names: readonly string[]): ResourceName[] {
  return names.map((name, index) => readResourceName(name, `ResourceList.${index}`));
}

/** Ids that could be none of this kind find nothing, as ids that are not there. */
function readNames(parameters: RequestOf<typeof resourceTagActions.DescribeResourceTagsByResourceIds>): ResourceName[] {
  const {
    ServiceType: type,
    ResourcePrefix: prefix,
    ResourceIds: resourceIds,
    ResourceRegion: region = '',
  } = parameters;
  if (type !== 'vpc') reject('service-type-unknown', { type });
  if (!isTaggedPrefix(prefix)) reject('resource-prefix-unknown', { prefix, prefixes: knownPrefixes });
  return resourceIds.map((id) => ({ region, accountId: '', prefix, id }));
}

const byKey = (a: Tag, b: Tag) => (a.key < b.key ? -1 : 1);

function tagsOf(resource: TaggedResource) {
  return resource.tags.toSorted(byKey).map((tag) => wireTagOfResource(resource, tag));
}

function namedOrAll(service: ResourceTagService, caller: Caller, names: readonly string[] | undefined) {
  return names === undefined ? service.list(caller) : service.find(caller, readResourceNames(names));
}

function fits({ tags }: TaggedResource, parameters: RequestOf<typeof resourceTagActions.GetResources>): boolean {
  return (parameters.TagFilters ?? []).every(({ TagKey, TagValue: values }) =>
    tags.some(({ key, value }) => key === TagKey && (values === undefined || values.includes(value))),
  );
}

/** By kind, the oldest first. */
function placeOf({ prefix, createdAt, id }: TaggedResource) {
  return [prefix, String(createdAt).padStart(16, '0'), id];
}

function distinctTags(resources: readonly TaggedResource[]): Tag[] {
  const tags = new Map(resources.flatMap((one) => one.tags.map((tag) => [JSON.stringify([tag.key, tag.value]), tag])));
  return [...tags.values()];
}

function failedResources(missing: readonly ResourceName[]) {
  return {
    FailedResources: missing.map((name) => {
      return { Resource: formatResourceName(name), ...wireError('not-found', { id: name.id }, 'en-US') };
    }),
  };
}
