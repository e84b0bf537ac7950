import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idOf, integer, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { nothing, orNull, page, time } from '../schema/response-schemas.ts';

/** Lines of Direct Connect gateways: host interfaces, their VLANs, and VXLANs (service landbridge). */

const vlanId = () => integer(1, 4094);
const vni = () => integer(0, 16_777_215);
const port = () => integer(1, 65_535);
/** IPv4 needs 576 bytes inside (RFC 791), and VXLAN adds 50 (RFC 7348). */
const underlayMtu = () => integer(626, 65_535);

const ends = () => ({
  LocalAddress: about(text(), 'The address of the gateway on the line with its prefix length, `198.18.0.1/30`.'),
  PeerAddress: about(text(), "The address of the data centre's router, in the same network."),
});

const interfaceLine = object({
  DirectConnectGatewayId: idOf('dcg'),
  InterfaceName: about(text(), 'Its name on the host.'),
  VlanId: maybe(about(vlanId(), 'One VLAN (802.1Q) of it; the untagged interface unless given.')),
  ...ends(),
  Force: maybe(about(Type.Boolean(), 'True: also one that the host itself uses, which may cut it off.')),
});

const vxlanLine = object({
  DirectConnectGatewayId: idOf('dcg'),
  Vni: about(vni(), 'The VXLAN network identifier; with the port it is of this line alone.'),
  RemoteAddress: about(text(), 'The IPv4 address of the other end in the underlay.'),
  UnderlayAddress: maybe(about(text(), 'An IPv4 address of the host; chosen by its routes unless given.')),
  Port: maybe(about(port(), 'The UDP port of both ends; 4789 unless given.')),
  UnderlayMtu: maybe(about(underlayMtu(), 'Bytes that an IP packet between the two may have; 1500 unless given.')),
  ...ends(),
});

const vxlan = object({
  Vni: vni(),
  RemoteAddress: Type.String({ format: 'ipv4' }),
  UnderlayAddress: about(orNull(Type.String({ format: 'ipv4' })), 'Null: the kernel chooses.'),
  Port: port(),
  UnderlayMtu: underlayMtu(),
});
/** The VXLAN of a line as replies show it. */
export type WireVxlan = Static<typeof vxlan>;

const line = object({
  DirectConnectGatewayId: idOf('dcg'),
  InterfaceName: about(Type.String(), 'Empty for a VXLAN.'),
  VlanId: about(orNull(vlanId()), 'Null for the untagged interface, and for a VXLAN.'),
  Vxlan: about(orNull(vxlan), 'Null for an interface.'),
  LocalAddress: about(Type.String(), 'The address of the gateway on the line, with its prefix length.'),
  PeerAddress: about(Type.String({ format: 'ipv4' }), "The address of the data centre's router."),
  CreatedTime: time(),
});
/** A line as replies show it. */
export type WireDirectConnectLine = Static<typeof line>;

export const directConnectLineActions = {
  AttachDirectConnectInterface: changes({
    summary: {
      en: 'Makes an interface of the host, or one VLAN of it, the line of a Direct Connect gateway of any account.',
      zh: '将主机网卡（或其某个 VLAN）作为线路绑定到任意账号的专线网关。',
    },
    forAdministrators: true,
    request: interfaceLine,
    response: nothing(),
    errors: [
      'not-found',
      'direct-connect-line-attached',
      'line-addresses',
      'interface-reserved',
      'interface-in-use',
      'interface-attached',
      'agent-away',
    ],
  }),
  AttachDirectConnectVxlan: changes({
    summary: {
      en: 'Makes a VXLAN to another host the line of a Direct Connect gateway of any account.',
      zh: '将到另一台主机的 VXLAN 作为线路绑定到任意账号的专线网关。',
    },
    forAdministrators: true,
    request: vxlanLine,
    response: nothing(),
    errors: ['not-found', 'direct-connect-line-attached', 'line-addresses', 'vxlan-to-itself', 'vxlan-taken'],
  }),
  DetachDirectConnectInterface: changes({
    summary: {
      en: 'Takes the line from a Direct Connect gateway, whatever its kind.',
      zh: '解绑专线网关的线路（网卡或 VXLAN）。',
    },
    forAdministrators: true,
    request: object({ DirectConnectGatewayId: idOf('dcg') }),
    response: nothing(),
    errors: ['not-found', 'direct-connect-line-missing'],
  }),
  DescribeDirectConnectInterfaces: reads({
    summary: {
      en: 'Lists the lines of Direct Connect gateways: all for an administrator, otherwise those of the own account.',
      zh: '查询专线网关的线路：管理员可查看全部，其他账号仅可查看自己专线网关的线路。',
    },
    request: object({ Filters: filterList(), ...paging() }),
    response: page('DirectConnectInterfaceSet', line),
    filters: {
      'direct-connect-gateway-id': 'the gateway',
      'interface-name': 'the name on the host; empty for a VXLAN',
    },
  }),
};
