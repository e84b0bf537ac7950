import { createHash } from 'node:crypto';
import type { RequestOf } from '@landbridge/catalogue/action-definition';
import type {
  resourceTagActions,
  WireTag,
  WireTaggedResource,
  WireTagOfResource,
} from '@landbridge/catalogue/tag/resource-tags';
import type { Tag } from '../../../domain/owned.ts';
import {
  formatResourceName,
  parseResourceName,
  taggedPrefixes,
  type ResourceName,
} from '../../../domain/tag/resource-name.ts';
import { tagLimits } from '../../../domain/tag/tag-limits.ts';
import type { TaggedResource } from '../../../services/tag/resource-tags.ts';
import { reject } from '../../protocol/api-error.ts';

/** Tags and resources as the tag service writes them, and back. */

export function readResourceName(text: string, name: string): ResourceName {
  return parseResourceName(text) ?? reject('resource-name-malformed', { name, value: text, prefixes: knownPrefixes });
}

export const knownPrefixes = taggedPrefixes.join(', ');

type TagsToPut = RequestOf<typeof resourceTagActions.TagResources>['Tags'];

export function readTagsToPut(tags: TagsToPut): Tag[] {
  const seen = new Set<string>();
  return tags.map(({ TagKey: key, TagValue: value = '' }) => {
    if (key === '') reject('resource-tag-key-empty');
    if (key.length > tagLimits.key) reject('resource-tag-key-too-long', { key, limit: tagLimits.key });
    if (value.length > tagLimits.value) reject('resource-tag-value-too-long', { key, limit: tagLimits.value });
    if (key.startsWith(tagLimits.reservedPrefix)) {
      reject('resource-tag-key-reserved', { key, prefix: tagLimits.reservedPrefix });
    }
    if (seen.has(key)) reject('resource-tag-given-twice', { key });
    seen.add(key);
    return { key, value };
  });
}

export function wireTag({ key, value }: Tag): WireTag {
  return { TagKey: key, TagValue: value, Category: 'Custom' };
}

export function wireTagOfResource({ id }: TaggedResource, { key, value }: Tag): WireTagOfResource {
  return {
    TagKey: key,
    TagValue: value,
    ResourceId: id,
    TagKeyMd5: md5Hex(key),
    TagValueMd5: md5Hex(value),
    ServiceType: 'vpc',
    Category: 'Custom',
  };
}

export function wireTaggedResource(resource: TaggedResource): WireTaggedResource {
  return { Resource: formatResourceName(resource), Tags: resource.tags.map(wireTag) };
}

function md5Hex(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
