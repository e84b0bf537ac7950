import type { Cidr } from '@landbridge/net';
import { announcedToVpc } from '../../derive/ccn-announcement.ts';
import { attachmentOf } from '../../derive/ccn-routes.ts';
import { digestId, digestNumber } from '../../domain/digest-id.ts';
import type { CcnId, VpcId } from '../../domain/resource-id.ts';
import type { RouteTable, VpcCcnRoute } from '../../domain/vpc/route-table.ts';
import type { IsUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../../image/rows.ts';

/** What a CCN announces to a VPC. */
interface Announcement {
  readonly ccnId: CcnId;
  readonly destination: Cidr;
  readonly createdAt: number;
}

export function ccnRoutesOfVpc(vpcId: VpcId, rows: Rows, isUsable: IsUsable): Announcement[] {
  const attachment = attachmentOf(vpcId, rows);
  const vpc = rows.vpcs.get(vpcId);
  if (attachment === undefined || vpc === undefined) return [];
  const { ccnId, createdAt } = attachment;
  const destinations = announcedToVpc(attachment, vpc, rows, isUsable);
  return destinations.map((destination) => ({ ccnId, destination, createdAt }));
}

/** The CCN routes in these tables. Their ids are made of what they are, so that they stay the same. */
export function ccnRoutesOfTables(rows: Rows, tables: readonly RouteTable[], isUsable: IsUsable): VpcCcnRoute[] {
  return tables.flatMap(({ id: routeTableId, vpcId }) =>
    ccnRoutesOfVpc(vpcId, rows, isUsable).map(({ ccnId, destination, createdAt }) => ({
      ...{ routeTableId, vpcId, destination, ccnId, createdAt },
      id: digestId('rti', routeTableId, destination),
      routeId: digestNumber(routeTableId, destination),
    })),
  );
}
