import { normalizeCidr, parseInterfaceName, type IpAddress } from '@landbridge/net';
import type { RequestOf } from '@landbridge/catalogue/action-definition';
import {
  directConnectLineActions,
  type WireDirectConnectLine,
  type WireVxlan,
} from '@landbridge/catalogue/direct-connect/direct-connect-lines';
import {
  vxlanPort,
  type DirectConnectLine,
  type VxlanLine,
} from '../../../domain/direct-connect/direct-connect-line.ts';
import type { Services } from '../../../services/create-services.ts';
import type { NewDirectConnectLine } from '../../../services/direct-connect/direct-connect-lines.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { readSyntax } from '../../wire/read-syntax.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals } from '../../wire/row-selection.ts';
import { readAddress, readDestination, wireTime } from '../../wire/wire-values.ts';

/** Lines of Direct Connect gateways: host interfaces, their VLANs, and VXLANs (service landbridge). */

type InterfaceParameters = RequestOf<typeof directConnectLineActions.AttachDirectConnectInterface>;
type VxlanParameters = RequestOf<typeof directConnectLineActions.AttachDirectConnectVxlan>;

export function directConnectLineHandlers({ directConnectLines }: Services): Handlers<typeof directConnectLineActions> {
  return {
    AttachDirectConnectInterface: async (caller, parameters) => {
      await directConnectLines.attach(caller, readLine(parameters), { forced: parameters.Force === true });
      return {};
    },
    AttachDirectConnectVxlan: async (caller, parameters) => {
      await directConnectLines.attach(caller, readVxlan(parameters), { forced: false });
      return {};
    },
    DetachDirectConnectInterface: async (caller, { DirectConnectGatewayId: id }) => {
      await directConnectLines.detach(caller, id);
      return {};
    },
    DescribeDirectConnectInterfaces: describing(directConnectLineActions.DescribeDirectConnectInterfaces, {
      list: (caller) => directConnectLines.list(caller),
      show: (page) => page.map(wireLine),
      filters: {
        'direct-connect-gateway-id': equals(({ directConnectGatewayId }) => directConnectGatewayId),
        'interface-name': equals((line) => (line.kind === 'interface' ? line.interfaceName : '')),
      },
    }),
  };
}

function readLine(parameters: InterfaceParameters): NewDirectConnectLine {
  return {
    kind: 'interface',
    ...readEnds(parameters),
    interfaceName: readSyntax('InterfaceName', () => parseInterfaceName(parameters.InterfaceName)),
    vlanId: parameters.VlanId ?? null,
  };
}

function readVxlan(parameters: VxlanParameters): NewDirectConnectLine {
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

function readEnds(parameters: InterfaceParameters | VxlanParameters) {
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
  if (length === undefined)
    reject('malformed-value', {
      name: 'LocalAddress',
      rule: { en: 'address/length is expected', zh: '应为“地址/掩码长度”的形式' },
    });
  readSyntax('LocalAddress', () => normalizeCidr(given));
  return given;
}

/** InterfaceName is empty for a VXLAN, Vxlan null for an interface, VlanId null for an untagged one. */
function wireLine(line: DirectConnectLine): WireDirectConnectLine {
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
function wireVxlan(line: VxlanLine): WireVxlan {
  return {
    Vni: line.vni,
    RemoteAddress: line.remoteAddress,
    UnderlayAddress: line.underlayAddress,
    Port: line.port,
    UnderlayMtu: line.underlayMtu,
  };
}
