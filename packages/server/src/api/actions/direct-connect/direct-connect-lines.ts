import { normalizeCidr, parseInterfaceName, ValueSyntaxError, type IpAddress } from '@landbridge/net';
import { Type, type Static } from 'typebox';
import {
  vxlanPort,
  type DirectConnectLine,
  type VxlanLine,
} from '../../../domain/direct-connect/direct-connect-line.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewDirectConnectLine } from '../../../services/direct-connect/direct-connect-lines.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { filterList, idOf, integer, maybe, object, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { readAddress, readDestination, wireTime } from '../../wire/wire-values.ts';

/** Lines of Direct Connect gateways: host interfaces, their VLANs, and VXLANs (service landbridge). */

const attachRequest = object({
  DirectConnectGatewayId: idOf('dcg'),
  InterfaceName: text(),
  VlanId: maybe(integer(1, 4094)),
  LocalAddress: text(),
  PeerAddress: text(),
  Force: maybe(Type.Boolean()),
});
const attachVxlanRequest = object({
  DirectConnectGatewayId: idOf('dcg'),
  Vni: integer(0, 16_777_215),
  RemoteAddress: text(),
  UnderlayAddress: maybe(text()),
  Port: maybe(integer(1, 65_535)),
  UnderlayMtu: maybe(integer(626, 65_535)),
  LocalAddress: text(),
  PeerAddress: text(),
});
const detachRequest = object({ DirectConnectGatewayId: idOf('dcg') });
const describeRequest = object({ Filters: filterList(), ...paging() });

const selection: SelectionRules<DirectConnectLine> = {
  filters: {
    'direct-connect-gateway-id': equals(({ directConnectGatewayId }) => directConnectGatewayId),
    'interface-name': equals((line) => (line.kind === 'interface' ? line.interfaceName : '')),
  },
};

export function directConnectLineActions({ directConnectLines }: Services): Action[] {
  return [
    action('AttachDirectConnectInterface', attachRequest, async (caller, parameters) => {
      await directConnectLines.attach(caller, readLine(parameters), { forced: parameters.Force === true });
      return {};
    }),
    action('AttachDirectConnectVxlan', attachVxlanRequest, async (caller, parameters) => {
      await directConnectLines.attach(caller, readVxlan(parameters), { forced: false });
      return {};
    }),
    action('DetachDirectConnectInterface', detachRequest, async (caller, { DirectConnectGatewayId: id }) => {
      await directConnectLines.detach(caller, id);
      return {};
    }),
    action('DescribeDirectConnectInterfaces', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await directConnectLines.list(caller), parameters, selection);
      return { TotalCount: total, DirectConnectInterfaceSet: page.map(wireLine) };
    }),
  ];
}

function readLine(parameters: Static<typeof attachRequest>): NewDirectConnectLine {
  return {
    kind: 'interface',
    ...readEnds(parameters),
    interfaceName: readSyntax('InterfaceName', () => parseInterfaceName(parameters.InterfaceName)),
    vlanId: parameters.VlanId ?? null,
  };
}

function readVxlan(parameters: Static<typeof attachVxlanRequest>): NewDirectConnectLine {
  const { UnderlayAddress: underlay } = parameters;
  return {
    kind: 'vxlan',
    ...readEnds(parameters),
    vni: parameters.Vni,
    remoteAddress: readUnicast(parameters.RemoteAddress, 'RemoteAddress'),
    underlayAddress: underlay === undefined ? null : readUnicast(underlay, 'UnderlayAddress'),
    port: parameters.Port ?? vxlanPort,
    underlayMtu: parameters.UnderlayMtu ?? usualMtu,
  };
}

const usualMtu = 1500;

function readUnicast(given: string, name: string): IpAddress {
  const address = readAddress(given, name);
  readDestination(`${address}/32`, name);
  return address;
}

function readEnds(parameters: Static<typeof attachRequest> | Static<typeof attachVxlanRequest>) {
  return {
    directConnectGatewayId: parameters.DirectConnectGatewayId,
    localAddress: readLocalAddress(parameters.LocalAddress),
    peerAddress: readAddress(parameters.PeerAddress, 'PeerAddress'),
  };
}

/** An address with its prefix length. */
function readLocalAddress(given: string): string {
  const [address = '', length] = given.split('/');
  readAddress(address, 'LocalAddress');
  if (length === undefined) reject('malformed-value', { name: 'LocalAddress', rule: 'address/length is expected' });
  readSyntax('LocalAddress', () => normalizeCidr(given));
  return given;
}

function readSyntax<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ValueSyntaxError)) throw error;
    return reject('malformed-value', { name, rule: error.message });
  }
}

/** InterfaceName is empty for a VXLAN, Vxlan null for an interface, VlanId null for an untagged one. */
function wireLine(line: DirectConnectLine) {
  return {
    DirectConnectGatewayId: line.directConnectGatewayId,
    InterfaceName: line.kind === 'interface' ? line.interfaceName : '',
    VlanId: line.kind === 'interface' ? line.vlanId : null,
    Vxlan: line.kind === 'vxlan' ? wireVxlan(line) : null,
    LocalAddress: line.localAddress,
    PeerAddress: line.peerAddress,
    CreatedTime: wireTime(line.createdAt),
  };
}

/** UnderlayAddress is null when the kernel chooses. */
function wireVxlan(line: VxlanLine) {
  return {
    Vni: line.vni,
    RemoteAddress: line.remoteAddress,
    UnderlayAddress: line.underlayAddress,
    Port: line.port,
    UnderlayMtu: line.underlayMtu,
  };
}
