import type { Static } from 'typebox';
import type { DirectConnectRange } from '../../../domain/direct-connect/direct-connect-gateway.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { fullList, idOf, list, maybe, object, oneOf, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { selectRows } from '../../wire/row-selection.ts';
import { readDestination, wireTime } from '../../wire/wire-values.ts';

/** Ranges of data centres behind Direct Connect gateways (docs/spec/actions.md section 2.10). */

const range = object({
  RouteId: maybe(text()),
  DestinationCidrBlock: text(),
  ASPath: maybe(list(text(), 30)),
  Description: maybe(text({ maxLength: 255 })),
  UpdateTime: maybe(text()),
});
const gatewayId = () => idOf('dcg');
const addressType = () => maybe(oneOf('IPv4', 'IPv6'));
const createRequest = object({ DirectConnectGatewayId: gatewayId(), Routes: fullList(range, 100) });
const replaceRequest = object({ ...createRequest.properties, AddressType: addressType() });
const deleteRequest = object({
  DirectConnectGatewayId: gatewayId(),
  RouteIds: fullList(text(), 100),
  AddressType: addressType(),
});
const describeRequest = object({
  DirectConnectGatewayId: gatewayId(),
  CcnRouteType: maybe(oneOf('STATIC', 'BGP')),
  AddressType: addressType(),
  ...paging(),
});

export function directConnectRangeActions({ directConnectRanges }: Services): Action[] {
  return [
    action('CreateDirectConnectGatewayCcnRoutes', createRequest, async (caller, parameters) => {
      await directConnectRanges.create(caller, parameters.DirectConnectGatewayId, parameters.Routes.map(readRange));
      return {};
    }),
    action('DescribeDirectConnectGatewayCcnRoutes', describeRequest, async (caller, parameters) => {
      const all = await directConnectRanges.list(caller, parameters.DirectConnectGatewayId);
      const isStatic = parameters.CcnRouteType !== 'BGP' && parameters.AddressType !== 'IPv6';
      const { total, page } = selectRows(isStatic ? all : [], parameters, { filters: {}, defaultLimit: 100 });
      return { TotalCount: total, RouteSet: page.map(wireRange) };
    }),
    action('DeleteDirectConnectGatewayCcnRoutes', deleteRequest, async (caller, parameters) => {
      await directConnectRanges.remove(caller, parameters.DirectConnectGatewayId, parameters.RouteIds);
      return {};
    }),
    action('ReplaceDirectConnectGatewayCcnRoutes', replaceRequest, async (caller, parameters) => {
      const inputs = parameters.Routes.map((route, index) => {
        const { RouteId: id } = route;
        if (id === undefined) return reject('missing-parameter', { name: `Routes.${index}.RouteId` });
        return { ...readRange(route, index), id };
      });
      await directConnectRanges.replace(caller, parameters.DirectConnectGatewayId, inputs);
      return {};
    }),
  ];
}

function readRange({ DestinationCidrBlock, Description }: Static<typeof range>, index: number) {
  const destination = readDestination(DestinationCidrBlock, `Routes.${index}.DestinationCidrBlock`);
  return { destination, description: Description ?? '' };
}

function wireRange({ id, destination, description, updatedAt }: DirectConnectRange) {
  return {
    RouteId: id,
    DestinationCidrBlock: destination,
    ASPath: [],
    Description: description,
    UpdateTime: wireTime(updatedAt),
  };
}
