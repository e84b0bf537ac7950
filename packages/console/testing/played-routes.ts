import type { Page } from 'playwright-core';

interface CallBody {
  readonly Action: string;
  readonly Region?: string;
  readonly Parameters: { readonly Offset?: number; readonly Limit?: number };
}

const routesPerTable = 100;

function playedTable(table: number) {
  const RouteTableId = `rtb-${String(table).padStart(8, '0')}`;
  const RouteSet = Array.from({ length: routesPerTable }, (__, index) => {
    const place = table * routesPerTable + index;
    return {
      ...{ DestinationCidrBlock: `20.${place >> 8}.${place & 255}.0/24`, GatewayType: 'VPN' },
      ...{ GatewayId: 'vpngw-00000000', RouteItemId: `rti-${String(place).padStart(8, '0')}`, RouteTableId },
      ...{ RouteType: 'USER', Enabled: true, RouteDescription: `site ${place}` },
    };
  });
  return { RouteTableId, RouteTableName: `table ${table}`, VpcId: 'vpc-00000000', AssociationSet: [{}], RouteSet };
}

/** The page asks for route tables and gets this many of a hundred routes each, from 20.0.0.0/24 on; of `region` alone. */
export async function playRoutes(page: Page, tables: number, region: string): Promise<void> {
  const all = Array.from({ length: tables }, (_, table) => playedTable(table));
  await page.route('**/console/call', async (route) => {
    const { Action, Parameters, Region } = route.request().postDataJSON() as CallBody;
    if (Action !== 'DescribeRouteTables') return route.continue();
    const { Offset = 0, Limit = 20 } = Parameters;
    const played = Region === region ? all : [];
    const RouteTableSet = played.slice(Offset, Offset + Limit);
    await route.fulfill({ json: { Response: { TotalCount: played.length, RouteTableSet, RequestId: 'r' } } });
  });
}
