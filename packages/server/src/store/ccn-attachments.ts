import type { Selectable } from 'kysely';
import type { CcnAttachment, CcnInstance } from '../domain/ccn/ccn.ts';
import type { CcnId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import type { Tables } from './tables.ts';

export interface CcnAttachmentRepository {
  insert(attachment: CcnAttachment): Promise<void>;
  /** Replaces the whole row. */
  update(attachment: CcnAttachment): Promise<void>;
  remove(instanceId: CcnInstance['id']): Promise<void>;
  /** The attachment of an instance, to whatever CCN. */
  find(instanceId: CcnInstance['id']): Promise<CcnAttachment | undefined>;
  /** Oldest first. */
  listOfCcn(id: CcnId): Promise<CcnAttachment[]>;
  /** Over all accounts. */
  all(): Promise<CcnAttachment[]>;
}

export function ccnAttachmentRepository(db: Database): CcnAttachmentRepository {
  const select = () => db.selectFrom('ccnAttachments').selectAll().orderBy('number');
  return {
    insert: async (attachment) => {
      await db.insertInto('ccnAttachments').values(toRow(attachment)).execute();
    },
    update: async (attachment) => {
      const { id } = attachment.instance;
      await db.updateTable('ccnAttachments').set(toRow(attachment)).where('instanceId', '=', id).execute();
    },
    remove: async (instanceId) => {
      await db.deleteFrom('ccnAttachments').where('instanceId', '=', instanceId).execute();
    },
    find: async (instanceId) => {
      const row = await select().where('instanceId', '=', instanceId).executeTakeFirst();
      return row && fromRow(row);
    },
    listOfCcn: async (id) => (await select().where('ccnId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ instance, ...attachment }: CcnAttachment): Tables['ccnAttachments'] {
  return { ...attachment, instanceKind: instance.kind, instanceId: instance.id };
}

function fromRow({ instanceKind, instanceId, ...row }: Selectable<Tables['ccnAttachments']>): CcnAttachment {
  return { ...row, instance: { kind: instanceKind, id: instanceId } as CcnInstance };
}
