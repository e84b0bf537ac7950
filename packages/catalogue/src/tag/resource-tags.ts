import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import type { ErrorReason } from '../errors/error-registry.ts';
import { about } from '../schema/about.ts';
import { fullList, integer, lenientInteger, list, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, count, nothing } from '../schema/response-schemas.ts';

/** The tag service (docs/spec/actions.md section 1.6). */

const resourceName = () =>
  about(
    text({ maxLength: 200 }),
    'The resource, `qcs::vpc:REGION:uin/ACCOUNT:PREFIX/ID`; REGION and ACCOUNT may be empty.',
  );
const tagToPut = object({
  TagKey: about(text(), 'The key of the tag.'),
  TagValue: maybe(about(text(), 'Its value; empty if absent.')),
});
const tagsToPut = (most: number) =>
  about(fullList(tagToPut, most), 'Tags to add; those with the same key are replaced.');
const keys = (most: number) => fullList(about(text(), 'The key of a tag.'), most);

const shownTag = object({
  TagKey: Type.String(),
  TagValue: Type.String(),
  Category: about(oneOf('Custom'), 'There are no tags but those that callers set.'),
});
const tagOfResource = object({
  TagKey: Type.String(),
  TagValue: Type.String(),
  ResourceId: Type.String(),
  TagKeyMd5: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  TagValueMd5: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  ServiceType: oneOf('vpc'),
  Category: oneOf('Custom'),
});
const taggedResource = object({ Resource: about(Type.String(), 'Its name in six segments.'), Tags: anyOf(shownTag) });
const failedResources = object({
  FailedResources: about(
    anyOf(object({ Resource: Type.String(), Code: Type.String(), Message: Type.String() })),
    'Those that are not there; the others are changed.',
  ),
});
export type WireTag = Static<typeof shownTag>;
export type WireTagOfResource = Static<typeof tagOfResource>;
export type WireTaggedResource = Static<typeof taggedResource>;

const category = () => maybe(about(oneOf('Custom', 'System', 'All'), 'All unless given.'));
const pages = (most: number) => ({
  PaginationToken: maybe(about(text({ maxLength: 1000 }), 'From the page before; none, or empty, for the first.')),
  MaxResults: maybe(about(integer(1, most), 'How many at most; 50 unless given.')),
});
const nextPage = () => about(Type.String(), 'For the next page; empty after the last.');

const tagErrors: readonly ErrorReason[] = [
  'resource-name-malformed',
  'resource-tag-key-empty',
  'resource-tag-key-too-long',
  'resource-tag-value-too-long',
  'resource-tag-key-reserved',
  'resource-tag-given-twice',
  'resource-tags-too-many',
];

export const resourceTagActions = {
  ModifyResourceTags: changes({
    summary: {
      en: 'Adds, replaces and removes tags of one resource.',
      zh: '为一个资源添加、覆盖或移除标签。',
    },
    request: object({
      Resource: resourceName(),
      ReplaceTags: maybe(tagsToPut(50)),
      DeleteTags: maybe(
        about(
          list(object({ TagKey: about(text(), 'The key of a tag.') }), 50),
          'Tags to remove. One of the two is needed.',
        ),
      ),
    }),
    response: nothing(),
    errors: ['not-found', 'resource-tag-both-ways', ...tagErrors],
  }),
  TagResources: changes({
    summary: { en: 'Adds tags to up to ten resources.', zh: '为最多十个资源绑定标签。' },
    request: object({ ResourceList: fullList(resourceName(), 10), Tags: tagsToPut(10) }),
    response: failedResources,
    errors: tagErrors,
  }),
  UnTagResources: changes({
    summary: { en: 'Removes tags from up to ten resources.', zh: '从最多十个资源解绑标签。' },
    request: object({ ResourceList: fullList(resourceName(), 10), TagKeys: keys(10) }),
    response: failedResources,
    errors: ['resource-name-malformed'],
  }),
  DescribeResourceTagsByResourceIds: reads({
    summary: { en: 'Lists the tags of resources of one kind.', zh: '按资源 ID 查询一类资源的标签。' },
    request: object({
      ServiceType: about(text({ maxLength: 60 }), '`vpc`.'),
      ResourcePrefix: about(text({ maxLength: 60 }), 'What the ids begin with, such as `vpngw`.'),
      ResourceIds: about(fullList(text({ maxLength: 60 }), 50), 'The ids.'),
      ResourceRegion: maybe(about(text({ maxLength: 40 }), 'Only what is in this region; a CCN is in every one.')),
      Offset: maybe(about(lenientInteger(0, Number.MAX_SAFE_INTEGER), 'How many to leave out at the beginning.')),
      Limit: maybe(about(lenientInteger(1, 1000), 'How many at most; 15 unless given.')),
      Category: category(),
    }),
    response: object({
      TotalCount: about(count(), 'How many there are before paging.'),
      Offset: count(),
      Limit: count(),
      Tags: anyOf(tagOfResource),
    }),
    errors: ['resource-prefix-unknown', 'service-type-unknown'],
  }),
  GetResources: reads({
    summary: { en: 'Lists resources with their tags, by name or by tag.', zh: '按资源名称或标签查询资源及其标签。' },
    request: object({
      ResourceList: maybe(about(list(resourceName(), 10), 'Only these; paging does not matter then.')),
      TagFilters: maybe(
        about(
          list(
            object({
              TagKey: about(text(), 'The key of a tag.'),
              TagValue: maybe(about(list(text(), 10), 'Any of these values; every value unless given.')),
            }),
            5,
          ),
          'All of these have to fit.',
        ),
      ),
      ...pages(200),
    }),
    response: object({ PaginationToken: nextPage(), ResourceTagMappingList: anyOf(taggedResource) }),
    errors: ['resource-name-malformed', 'pagination-token-malformed'],
  }),
  GetTags: reads({
    summary: { en: 'Lists the tags that the resources of the account have.', zh: '查询账号下资源使用的标签。' },
    request: object({
      ...pages(1000),
      TagKeys: maybe(about(list(text(), 20), 'Only tags with these keys.')),
      Category: category(),
    }),
    response: object({ PaginationToken: nextPage(), Tags: anyOf(shownTag) }),
    errors: ['pagination-token-malformed'],
  }),
};
