import type { Owned, Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import { changedTags, type TagChange } from '../../domain/tag/changed-tags.ts';
import { taggedPrefixes, type ResourceName, type TaggedPrefix } from '../../domain/tag/resource-name.ts';
import { tagLimits } from '../../domain/tag/tag-limits.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { tablesByPrefix } from '../tables-by-prefix.ts';

/** A resource with its tags. */
export interface TaggedResource extends Owned {
  readonly id: string;
  readonly prefix: TaggedPrefix;
  readonly tags: readonly Tag[];
}

export type ResourceTagService = ReturnType<typeof resourceTagService>;

/**
 * The tag service (docs/spec/actions.md section 1.6). Tags are the resources' own, so that what is set here stands in the
 * TagSet of their Describe calls, and the other way about. No plan reads them.
 */
export function resourceTagService({ decide, read }: ServiceDependencies) {
  return {
    /** All or none. */
    change: (caller: Caller, name: ResourceName, change: TagChange): Promise<void> =>
      decide(caller, (rows) => {
        const resource = findNamed(rows, caller, name) ?? refuse('not-found', { id: name.id });
        write(rows, resource, change);
      }),

    /** Each for itself. Answers the names of those that are not there. */
    changeEach: (caller: Caller, names: readonly ResourceName[], change: TagChange): Promise<readonly ResourceName[]> =>
      decide(caller, (rows) =>
        names.filter((name) => {
          const resource = findNamed(rows, caller, name);
          if (resource !== undefined) write(rows, resource, change);
          return resource === undefined;
        }),
      ),

    /** Those of these that are there. */
    find: (caller: Caller, names: readonly ResourceName[]): Promise<readonly TaggedResource[]> =>
      read((rows) => names.flatMap((name) => findNamed(rows, caller, name) ?? [])),

    /** Every resource of the account, in all regions: by kind, the oldest first. */
    list: (caller: Caller): Promise<readonly TaggedResource[]> =>
      read((rows) =>
        taggedPrefixes.flatMap((prefix) =>
          rows[tablesByPrefix[prefix]].of('account', caller.accountId).map((row) => ({ ...row, prefix })),
        ),
      ),
  };
}

/** A CCN is of no region: whoever names one names any. */
function findNamed(rows: Rows, caller: Caller, name: ResourceName): TaggedResource | undefined {
  const { prefix, id, region, accountId } = name;
  const row = rows[tablesByPrefix[prefix]].get(id);
  if (row?.accountId !== caller.accountId) return undefined;
  if (accountId !== '' && accountId !== caller.accountId) return undefined;
  const isThere = region === '' || prefix === 'ccn' || row.region === region;
  return isThere ? { ...row, prefix } : undefined;
}

/** Any of the tables. */
interface TaggedTable {
  get(id: string): TaggedRow | undefined;
  update(row: TaggedRow): void;
}
type TaggedRow = Pick<TaggedResource, 'tags'>;

function write(rows: DraftRows, { prefix, id }: TaggedResource, change: TagChange): void {
  const table = rows[tablesByPrefix[prefix]] as unknown as TaggedTable;
  const row = table.get(id);
  if (row === undefined) return;
  const tags = changedTags(row.tags, change);
  if (tags.length > tagLimits.perResource) refuse('resource-tags-too-many', { id, limit: tagLimits.perResource });
  table.update({ ...row, tags });
}
