import type { InterfaceLine, VxlanLine } from '../../domain/direct-connect/direct-connect-line.ts';
import { parseJson, type RowMapping } from './row-mapping.ts';

export const directConnectGateways: RowMapping<'directConnectGateways'> = {
  key: ['id'],
  toColumns: ({ tags, ...gateway }) => ({ ...gateway, tagsJson: JSON.stringify(tags) }),
  fromColumns: ({ tagsJson, ...columns }) => ({ ...columns, tags: parseJson(tagsJson) }),
};

export const directConnectRanges: RowMapping<'directConnectRanges'> = {
  key: ['id'],
  unique: ['directConnectGatewayId', 'destination'],
  toColumns: (range) => range,
  fromColumns: (columns) => columns,
};

const noInterface = { interfaceName: null, vlanId: null } as const;
const noVxlan = { vni: null, remoteAddress: null, underlayAddress: null, port: null, underlayMtu: null } as const;

export const directConnectLines: RowMapping<'directConnectLines'> = {
  key: ['directConnectGatewayId'],
  unique: ['interfaceName', 'vlanId', 'vni', 'port'],
  toColumns: (line) =>
    line.kind === 'vxlan' ? { ...noInterface, ...line } : { ...noVxlan, ...line, vlanId: line.vlanId ?? 0 },
  fromColumns: ({ kind, interfaceName, vlanId, vni, remoteAddress, underlayAddress, port, underlayMtu, ...common }) =>
    kind === 'vxlan'
      ? ({ ...common, kind, vni, remoteAddress, underlayAddress, port, underlayMtu } as VxlanLine)
      : ({ ...common, kind, interfaceName, vlanId: vlanId === 0 ? null : vlanId } as InterfaceLine),
};
