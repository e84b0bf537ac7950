import {
  aggregateCidrs,
  cidrContains,
  cidrsOverlap,
  compareCidr,
  everything,
  subtractCidr,
  type Cidr,
} from '@landbridge/net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { isAnnounced } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnAttachment, CcnInstance } from '../domain/ccn/ccn.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import { rangesOfVpc } from '../domain/vpc/vpc.ts';
import type { Rows } from '../image/rows.ts';
import { announcedAround, announcedToGateway, announcedToVpc, wholeRangeOf } from './ccn-announcement.ts';
import { ccnRoutesInAllTables, ccnRoutesOf, type CcnRoute } from './ccn-routes.ts';
import { foreignSources, foreignSourcesOfVpc } from './foreign-sources.ts';
import { policiesInForce } from './policies-in-force.ts';

/*
 * What is made once for everybody on a CCN says of each of them what a look at all of its routes says.
 */

const networkArbitrary = fc.oneof(worldArbitrary, ccnWorldArbitrary).map(({ desired }) => rowsOf(desired));
/** Any tunnel may be down. */
const usableArbitrary = fc.func(fc.boolean()).map(
  (answer): IsUsable =>
    (id) =>
      answer(id),
);

function enabledRoutes({ ccnId }: CcnAttachment, rows: Rows): CcnRoute[] {
  return ccnRoutesInAllTables(ccnId, rows, assumeUsable).filter(
    ({ enabled, destination }) => enabled && destination !== everything,
  );
}

function ownRanges(id: CcnInstance['id'], rows: Rows): Cidr[] {
  const routes = rows.vpnGatewayRoutes.of('vpnGateway', id).filter(({ nextHop }) => nextHop.kind === 'vpn-connection');
  const tunnels = rows.vpnConnections.of('vpnGateway', id).filter(({ mode }) => mode === 'spd');
  return [
    ...rows.directConnectRanges.of('directConnectGateway', id).map(({ destination }) => destination),
    ...routes.map(({ destination }) => destination),
    ...tunnels.flatMap(mappingsOf).map(({ remote }) => remote),
  ];
}

/** Others' ranges less its own, and others' subnets less those of its own that are in them. */
function foreignToGateway(attachment: CcnAttachment, rows: Rows): Cidr[] {
  const own = ownRanges(attachment.instance.id, rows);
  const others = enabledRoutes(attachment, rows).filter(({ instance }) => instance.id !== attachment.instance.id);
  const subnets = others.filter(({ instance }) => instance.kind === 'vpc');
  return aggregateCidrs([
    ...others.flatMap((route) => subtractCidr(wholeRangeOf(route, rows), own)),
    ...subnets.flatMap(({ destination }) => {
      const within = own.filter((range) => cidrContains(destination, range));
      return subtractCidr(destination, within);
    }),
  ]);
}

/** Others' ranges in the VPC's less those of its own that are in them. */
function foreignToVpc(attachment: CcnAttachment, local: readonly Cidr[], rows: Rows): Cidr[] {
  const routes = enabledRoutes(attachment, rows);
  const isOwn = ({ instance }: CcnRoute) => instance.id === attachment.instance.id;
  const own = routes.filter(isOwn).map(({ destination }) => destination);
  const foreign = routes
    .filter((route) => !isOwn(route) && local.some((range) => cidrsOverlap(route.destination, range)))
    .flatMap(({ destination }) => {
      const within = own.filter((range) => cidrContains(destination, range));
      return subtractCidr(destination, within);
    });
  const within = (own: Cidr) =>
    foreign.filter((range) => cidrsOverlap(range, own)).map((range) => (cidrContains(own, range) ? range : own));
  return aggregateCidrs(local.flatMap(within));
}

/** Every other's enabled route in the table that the policies let out. */
function heard(attachment: CcnAttachment, rows: Rows, isUsable: IsUsable): CcnRoute[] {
  const policies = policiesInForce(attachment.routeTableId, 'broadcast', rows);
  return ccnRoutesOf(attachment, rows, isUsable).filter(
    (route) =>
      route.enabled && route.instance.id !== attachment.instance.id && isAnnounced(route, attachment, policies),
  );
}

test('sources that are foreign to each instance', { timeout: 60_000 }, () => {
  let found = 0;
  fc.assert(
    fc.property(networkArbitrary, (rows) => {
      for (const attachment of rows.ccnAttachments.all()) {
        const { instance } = attachment;
        const vpc = rows.vpcs.get(instance.id);
        const [said, expected] =
          instance.kind === 'vpc'
            ? [foreignSourcesOfVpc(vpc!, rows), foreignToVpc(attachment, rangesOfVpc(vpc!), rows)]
            : [foreignSources(instance.id, rows), foreignToGateway(attachment, rows)];
        expect(said).toEqual(expected);
        if (expected.length > 0) found++;
      }
    }),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(50);
});

test('ranges that each instance hears of, whichever tunnels are down', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(networkArbitrary, usableArbitrary, (rows, isUsable) => {
      for (const attachment of rows.ccnAttachments.all()) {
        const routes = heard(attachment, rows, isUsable);
        const vpc = rows.vpcs.get(attachment.instance.id);
        const ranges = routes.map((route) => (vpc === undefined ? wholeRangeOf(route, rows) : route.destination));
        const expected = [...new Set(ranges)]
          .sort(compareCidr)
          .filter((range) => !vpc || !rangesOfVpc(vpc).some((own) => cidrContains(own, range)));
        const said =
          vpc === undefined
            ? announcedToGateway(attachment, rows, isUsable)
            : announcedToVpc(attachment, vpc, rows, isUsable);
        expect(said).toEqual(expected);
        if (vpc !== undefined) continue;
        for (const range of ownRanges(attachment.instance.id, rows)) {
          const isAround = expected.some((other) => cidrContains(other, range));
          expect(announcedAround(attachment, range, rows, isUsable).length > 0).toBe(isAround);
        }
      }
    }),
    { numRuns: 300 },
  );
});
