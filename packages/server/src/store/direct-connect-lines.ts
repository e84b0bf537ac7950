import type { Selectable } from 'kysely';
import type { DirectConnectLine, InterfaceLine, VxlanLine } from '../domain/direct-connect/direct-connect-line.ts';
import type { DirectConnectGatewayId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import type { Tables } from './tables.ts';

/** Lines of two kinds, in a table each. */
export interface DirectConnectLineRepository {
  insert(line: DirectConnectLine): Promise<void>;
  remove(id: DirectConnectGatewayId): Promise<void>;
  find(id: DirectConnectGatewayId): Promise<DirectConnectLine | undefined>;
  /** Over all accounts and regions: by interface and VLAN, then VXLANs by VNI and port. */
  all(): Promise<DirectConnectLine[]>;
}

export function directConnectLineRepository(db: Database): DirectConnectLineRepository {
  const interfaces = () => db.selectFrom('directConnectLines').selectAll().orderBy('interfaceName').orderBy('vlanId');
  const vxlans = () => db.selectFrom('directConnectVxlans').selectAll().orderBy('vni').orderBy('port');
  return {
    insert: async (line) => {
      if (line.kind === 'vxlan') await db.insertInto('directConnectVxlans').values(vxlanRow(line)).execute();
      else await db.insertInto('directConnectLines').values(interfaceRow(line)).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('directConnectLines').where('directConnectGatewayId', '=', id).execute();
      await db.deleteFrom('directConnectVxlans').where('directConnectGatewayId', '=', id).execute();
    },
    find: async (id) => {
      const line = await interfaces().where('directConnectGatewayId', '=', id).executeTakeFirst();
      if (line !== undefined) return interfaceLine(line);
      const vxlan = await vxlans().where('directConnectGatewayId', '=', id).executeTakeFirst();
      return vxlan && vxlanLine(vxlan);
    },
    all: async () => [
      ...(await interfaces().execute()).map(interfaceLine),
      ...(await vxlans().execute()).map(vxlanLine),
    ],
  };
}

function interfaceRow(line: InterfaceLine): Tables['directConnectLines'] {
  const { directConnectGatewayId, accountId, interfaceName, vlanId, localAddress, peerAddress, createdAt } = line;
  return {
    directConnectGatewayId,
    accountId,
    interfaceName,
    vlanId: vlanId ?? 0,
    localAddress,
    peerAddress,
    createdAt,
  };
}

function vxlanRow(line: VxlanLine): Tables['directConnectVxlans'] {
  const { directConnectGatewayId, accountId, localAddress, peerAddress, createdAt } = line;
  const { vni, remoteAddress, underlayAddress, port, underlayMtu } = line;
  const underlay = { vni, remoteAddress, underlayAddress, port, underlayMtu };
  return { directConnectGatewayId, accountId, ...underlay, localAddress, peerAddress, createdAt };
}

function interfaceLine(row: Selectable<Tables['directConnectLines']>): InterfaceLine {
  return { ...row, kind: 'interface', vlanId: row.vlanId === 0 ? null : row.vlanId };
}

function vxlanLine(row: Selectable<Tables['directConnectVxlans']>): VxlanLine {
  return { ...row, kind: 'vxlan' };
}
