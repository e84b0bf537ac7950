import type { Selectable } from 'kysely';
import type { SubnetId } from '../domain/resource-id.ts';
import type { SubnetInterface } from '../domain/vpc/subnet.ts';
import type { Database } from './repository.ts';
import type { Tables } from './tables.ts';

type InterfaceName = Pick<SubnetInterface, 'interfaceName' | 'vlanId'>;

export interface SubnetInterfaceRepository {
  insert(attachment: SubnetInterface): Promise<void>;
  remove(name: InterfaceName): Promise<void>;
  listOfSubnet(id: SubnetId): Promise<SubnetInterface[]>;
  /** Over all accounts and regions, by interface and VLAN. */
  all(): Promise<SubnetInterface[]>;
}

export function subnetInterfaceRepository(db: Database): SubnetInterfaceRepository {
  const select = () => db.selectFrom('subnetInterfaces').selectAll().orderBy('interfaceName').orderBy('vlanId');
  return {
    insert: async (attachment) => {
      const row = { ...attachment, vlanId: attachment.vlanId ?? 0 };
      await db.insertInto('subnetInterfaces').values(row).execute();
    },
    remove: async ({ interfaceName, vlanId }) => {
      await db
        .deleteFrom('subnetInterfaces')
        .where('interfaceName', '=', interfaceName)
        .where('vlanId', '=', vlanId ?? 0)
        .execute();
    },
    listOfSubnet: async (id) => (await select().where('subnetId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function fromRow(row: Selectable<Tables['subnetInterfaces']>): SubnetInterface {
  return { ...row, vlanId: row.vlanId === 0 ? null : row.vlanId };
}
