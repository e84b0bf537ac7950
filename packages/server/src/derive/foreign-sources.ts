import {
  aggregateCidrs,
  cidrContains,
  CidrIndex,
  cidrsOverlap,
  everything,
  subtractCidr,
  type Cidr,
} from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { wholeRangeOf } from './ccn-announcement.ts';
import { attachmentOf, ccnRoutesInAllTables, type CcnRoute } from './ccn-routes.ts';
import { derivation } from './derivation.ts';
import { rangesAt, routesAt } from './kept-index.ts';
import type { Rows } from '../image/rows.ts';
import type { DirectConnectGatewayId, VpnGatewayId } from '../domain/resource-id.ts';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import { rangesOfVpc, type Vpc } from '../domain/vpc/vpc.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import { isTunnelRoute } from '../domain/vpn/vpn-gateway-route.ts';

type GatewayId = VpnGatewayId | DirectConnectGatewayId;

/**
 * Where nothing behind this gateway of a CCN has its address: what comes out of a tunnel or a line from there is forged
 * (docs/adr/0006). A failover changes nothing here, so that no packet is lost to a filter while ranges come and go.
 */
export function foreignSources(gatewayId: GatewayId, rows: Rows): readonly Cidr[] {
  return foreignToGateway(gatewayId, rows, assumeUsable);
}

const foreignToGateway = derivation(
  'foreign to a gateway',
  (id: GatewayId) => id,
  (gatewayId, rows): readonly Cidr[] => {
    const attachment = attachmentOf(gatewayId, rows);
    if (attachment === undefined) return [];
    const { blocks, ofVpcs } = takenOnCcn(attachment, rows, assumeUsable);
    const own = ownRanges(gatewayId, rows);
    const ownIndex = indexOf(own);
    // What it announces itself is among its own ranges: of what all have, the rest is the others'.
    const met = new Set(own.flatMap((range) => rangesAt(blocks).overlapping(range)));
    const rest = blocks.flatMap((block) =>
      met.has(block) ? subtractCidr(block, ownIndex.overlapping(block)) : [block],
    );
    const ofVpcsHere = new Set(own.flatMap((range) => rangesAt(ofVpcs).overlapping(range)));
    const alone = [...ofVpcsHere].flatMap((range) => subtractWithin(range, ownIndex));
    return alone.length === 0 ? rest : aggregateCidrs([...rest, ...alone]);
  },
);

/** What the routes of a CCN say of who has which address. */
interface Taken {
  /** Without overlap, the fewest, in order. A VPC's range is whole where a destination is in it. */
  readonly blocks: readonly Cidr[];
  /**
   * Destinations in VPCs. A subnet inside a wider range of a gateway: its addresses are the VPC's all the same. Not so with
   * another gateway's range: the same sites may be behind both.
   */
  readonly ofVpcs: readonly Cidr[];
}

/** The same for everybody on the CCN, and of the most ranges: made once. */
const takenOnCcn = derivation('taken on a CCN', ccnOf, (ccn, rows): Taken => {
  const routes = enabledRoutes(ccn, rows, assumeUsable);
  const inVpcs = routes.filter(({ instance }) => instance.kind === 'vpc').map(({ destination }) => destination);
  const ofVpcs = [...new Set(inVpcs)];
  const ranges = new Set([...routes.map((route) => wholeRangeOf(route, rows)), ...ofVpcs]);
  return { blocks: aggregateCidrs([...ranges]), ofVpcs };
});

/**
 * Where in this VPC's ranges no machine of it has its address, as far as its CCN knows: others' ranges there, but for its own
 * longer ones. Empty unless ranges overlap.
 */
export function foreignSourcesOfVpc(vpc: Vpc, rows: Rows): readonly Cidr[] {
  return foreignToVpc(vpc, rows, assumeUsable);
}

const foreignToVpc = derivation(
  'foreign to a VPC',
  (vpc: Vpc) => ({ id: vpc.id, local: rangesOfVpc(vpc) }),
  ({ id, local }, rows): readonly Cidr[] => {
    const attachment = attachmentOf(id, rows);
    if (attachment === undefined) return [];
    const known = routesAt(enabledRoutes(attachment, rows, assumeUsable));
    const routes = [...new Set(local.flatMap((range) => known.overlapping(range)))];
    const own = indexOf(routes.filter(({ instance }) => instance.id === id).map(({ destination }) => destination));
    const others = routes.filter(({ instance }) => instance.id !== id);
    const foreign = others.flatMap(({ destination }) => subtractWithin(destination, own));
    return aggregateCidrs(local.flatMap((own) => foreign.flatMap((range) => intersection(own, range))));
  },
);

/** Of two ranges that overlap one contains the other. */
function intersection(a: Cidr, b: Cidr): Cidr[] {
  if (!cidrsOverlap(a, b)) return [];
  return [cidrContains(a, b) ? b : a];
}

function ccnOf({ ccnId }: Pick<CcnAttachment, 'ccnId'>): Pick<CcnAttachment, 'ccnId'> {
  return { ccnId };
}

/** Of all tables. A default route says nothing about who has which address. */
const enabledRoutes = derivation('enabled routes of a CCN', ccnOf, ({ ccnId }, rows): readonly CcnRoute[] =>
  ccnRoutesInAllTables(ccnId, rows, assumeUsable).filter(
    ({ enabled, destination }) => enabled && destination !== everything,
  ),
);

/** Whatever the gateway was told to lie behind it: also ranges that are disabled, withdrawn or in conflict. */
function ownRanges(gatewayId: GatewayId, { vpnGatewayRoutes, vpnConnections, directConnectRanges }: Rows): Cidr[] {
  return [
    ...directConnectRanges.of('directConnectGateway', gatewayId).map(({ destination }) => destination),
    ...vpnGatewayRoutes
      .of('vpnGateway', gatewayId)
      .filter(isTunnelRoute)
      .map(({ destination }) => destination),
    ...vpnConnections
      .of('vpnGateway', gatewayId)
      .filter(({ mode }) => mode === 'spd')
      .flatMap((connection) => mappingsOf(connection).map(({ remote }) => remote)),
  ];
}

/** Less what the own ranges name as precisely or more so. */
function subtractWithin(range: Cidr, own: CidrIndex<Cidr>): Cidr[] {
  return subtractCidr(range, own.within(range));
}

function indexOf(ranges: readonly Cidr[]): CidrIndex<Cidr> {
  return new CidrIndex(ranges.map((range) => [range, range]));
}
