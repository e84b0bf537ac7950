import {
  directConnectRangeActions,
  type givenRange,
  type WireDirectConnectRange,
} from '@landbridge/catalogue/direct-connect/direct-connect-ranges';
import type { Static } from 'typebox';
import type { DirectConnectRange } from '../../../domain/direct-connect/direct-connect-gateway.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { readDestination, wireTime } from '../../wire/wire-values.ts';

/** Ranges of data centres behind Direct Connect gateways (docs/spec/actions.md section 2.10). */
export function directConnectRangeHandlers({
  directConnectRanges,
}: Services): Handlers<typeof directConnectRangeActions> {
  return {
    CreateDirectConnectGatewayCcnRoutes: async (caller, parameters) => {
      await directConnectRanges.create(caller, parameters.DirectConnectGatewayId, parameters.Routes.map(readRange));
      return {};
    },
    DescribeDirectConnectGatewayCcnRoutes: describing(directConnectRangeActions.DescribeDirectConnectGatewayCcnRoutes, {
      list: async (caller, _ids, { DirectConnectGatewayId: id, CcnRouteType: type, AddressType: family }) => {
        const all = await directConnectRanges.list(caller, id);
        return type === 'BGP' || family === 'IPv6' ? [] : all;
      },
      show: (page) => page.map(wireRange),
      filters: {},
      defaultLimit: 100,
    }),
    DeleteDirectConnectGatewayCcnRoutes: async (caller, parameters) => {
      await directConnectRanges.remove(caller, parameters.DirectConnectGatewayId, parameters.RouteIds);
      return {};
    },
    ReplaceDirectConnectGatewayCcnRoutes: async (caller, parameters) => {
      const inputs = parameters.Routes.map((route, index) => {
        const { RouteId: id } = route;
        if (id === undefined) return reject('missing-parameter', { name: `Routes.${index}.RouteId` });
        return { ...readRange(route, index), id };
      });
      await directConnectRanges.replace(caller, parameters.DirectConnectGatewayId, inputs);
      return {};
    },
  };
}

function readRange({ DestinationCidrBlock, Description }: Static<typeof givenRange>, index: number) {
  const destination = readDestination(DestinationCidrBlock, `Routes.${index}.DestinationCidrBlock`);
  return { destination, description: Description ?? '' };
}

function wireRange({ id, destination, description, updatedAt }: DirectConnectRange): WireDirectConnectRange {
  return {
    RouteId: id,
    DestinationCidrBlock: destination,
    ASPath: [],
    Description: description,
    UpdateTime: wireTime(updatedAt),
  };
}
