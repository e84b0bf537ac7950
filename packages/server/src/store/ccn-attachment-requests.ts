import type { Selectable } from 'kysely';
import type { CcnInstance } from '../domain/ccn/ccn.ts';
import type { CcnAttachmentRequest } from '../domain/ccn/ccn-attachment-request.ts';
import type { Database } from './repository.ts';
import { flag, type Tables } from './tables.ts';

/** An instance has one request at most. */
export interface CcnAttachmentRequestRepository {
  insert(request: CcnAttachmentRequest): Promise<void>;
  remove(instanceId: CcnInstance['id']): Promise<void>;
  find(instanceId: CcnInstance['id']): Promise<CcnAttachmentRequest | undefined>;
  /** Over all accounts, the oldest first. */
  all(): Promise<CcnAttachmentRequest[]>;
}

export function ccnAttachmentRequestRepository(db: Database): CcnAttachmentRequestRepository {
  const select = () => db.selectFrom('ccnAttachmentRequests').selectAll().orderBy('createdAt').orderBy('instanceId');
  return {
    insert: async ({ instance, isRejected, ...request }) => {
      const row = { ...request, instanceKind: instance.kind, instanceId: instance.id, isRejected: flag(isRejected) };
      await db.insertInto('ccnAttachmentRequests').values(row).execute();
    },
    remove: async (instanceId) => {
      await db.deleteFrom('ccnAttachmentRequests').where('instanceId', '=', instanceId).execute();
    },
    find: async (instanceId) => {
      const row = await select().where('instanceId', '=', instanceId).executeTakeFirst();
      return row && fromRow(row);
    },
    all: async () => (await select().execute()).map(fromRow),
  };
}

function fromRow(row: Selectable<Tables['ccnAttachmentRequests']>): CcnAttachmentRequest {
  const { instanceKind, instanceId, isRejected, ...request } = row;
  const instance = { kind: instanceKind, id: instanceId } as CcnInstance;
  return { ...request, instance, isRejected: isRejected === 1 };
}
