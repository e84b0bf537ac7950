import { call, type CallOptions } from '../calls/call.ts';
import { filterOf } from './filter-of.ts';
import { pageSize, type ObjectKind } from './object-kind.ts';
import type { ObjectPageOf } from './readable-kind.ts';

interface Asked {
  /** Empty: all of them. */
  readonly text: string;
  readonly offset: number;
}

/** A page of the objects that fit a text: whole ids and addresses as the kind's list finds them, anything else as a part. */
export async function readMatching(
  kind: ObjectKind,
  { text, offset }: Asked,
  options: CallOptions & { readonly region: string },
): Promise<ObjectPageOf> {
  if (text === '') return kind.read({ offset }, options);
  const filter = filterOf(kind, text);
  if (filter !== null) return kind.read({ filter, offset }, options);
  const asked = { ResourcePrefix: kind.prefix, Text: text, Offset: offset, Limit: pageSize };
  const { ResourceSet, TotalCount: total } = await call('DescribeFoundResources', asked, options);
  if (ResourceSet.length === 0) return { objects: [], total };
  const { objects } = await kind.read({ ids: ResourceSet.map(({ ResourceId }) => ResourceId), offset: 0 }, options);
  return { objects, total };
}
