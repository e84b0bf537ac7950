import { normalizeCidr, parseInterfaceName, ValueSyntaxError } from '@landbridge/net';
import type { Static } from 'typebox';
import type { DirectConnectLine } from '../domain/direct-connect-gateway.ts';
import type { Services } from '../services/create-services.ts';
import type { NewDirectConnectLine } from '../services/direct-connect-lines.ts';
import { action, type Action } from './action.ts';
import { reject } from './api-error.ts';
import { filterList, idOf, integer, maybe, object, paging, text } from './parameter-schemas.ts';
import { equals, selectRows, type SelectionRules } from './row-selection.ts';
import { readAddress, wireTime } from './wire-values.ts';

/** Host interfaces of Direct Connect gateways (service landbridge). */

const attachRequest = object({
  DirectConnectGatewayId: idOf('dcg'),
  InterfaceName: text(),
  VlanId: maybe(integer(1, 4094)),
  LocalAddress: text(),
  PeerAddress: text(),
});
const detachRequest = object({ DirectConnectGatewayId: idOf('dcg') });
const describeRequest = object({ Filters: filterList(), ...paging() });

const selection: SelectionRules<DirectConnectLine> = {
  filters: {
    'direct-connect-gateway-id': equals(({ directConnectGatewayId }) => directConnectGatewayId),
    'interface-name': equals(({ interfaceName }) => interfaceName),
  },
};

export function directConnectLineActions({ directConnectLines }: Services): Action[] {
  return [
    action('AttachDirectConnectInterface', attachRequest, async (caller, parameters) => {
      await directConnectLines.attach(caller, readLine(parameters));
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
    directConnectGatewayId: parameters.DirectConnectGatewayId,
    interfaceName: readSyntax('InterfaceName', () => parseInterfaceName(parameters.InterfaceName)),
    vlanId: parameters.VlanId ?? null,
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

/** VlanId is null for the untagged interface. */
function wireLine(line: DirectConnectLine) {
  return {
    DirectConnectGatewayId: line.directConnectGatewayId,
    InterfaceName: line.interfaceName,
    VlanId: line.vlanId,
    LocalAddress: line.localAddress,
    PeerAddress: line.peerAddress,
    CreatedTime: wireTime(line.createdAt),
  };
}
