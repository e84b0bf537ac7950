import { listAll, type Call } from './call.ts';

/** Ids that requests about routes need and no object of a site has. Each list is read once, however many routes there are. */
export class RouteLookups {
  readonly #call: Call;
  /** By VPC. */
  readonly #mainTables = new Map<string, string>();
  /** By gateway: its announcements by range. */
  readonly #announcements = new Map<string, ReadonlyMap<string, string>>();

  constructor(call: Call) {
    this.#call = call;
  }

  /** The default route table; undefined: there is no such VPC. */
  async mainTableOf(vpcId: string): Promise<string | undefined> {
    const known = this.#mainTables.get(vpcId);
    if (known !== undefined) return known;
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'association.main', Values: ['true'] },
    ];
    const list = { Filters, NeedRouterInfo: false };
    const [main] = await listAll(this.#call, 'DescribeRouteTables', 'RouteTableSet', list);
    if (main === undefined) return undefined;
    const id = String(main['RouteTableId']);
    this.#mainTables.set(vpcId, id);
    return id;
  }

  /** The route of the gateway to its CCN; undefined: the gateway does not know the range. It may have come to know it since. */
  async announcementOf(gatewayId: string, range: string): Promise<string | undefined> {
    const known = this.#announcements.get(gatewayId)?.get(range);
    return known ?? (await this.#readAnnouncements(gatewayId)).get(range);
  }

  async #readAnnouncements(VpnGatewayId: string): Promise<ReadonlyMap<string, string>> {
    const routes = await listAll(this.#call, 'DescribeVpnGatewayCcnRoutes', 'RouteSet', { VpnGatewayId });
    const ids = new Map(routes.map((one) => [String(one['DestinationCidrBlock']), String(one['RouteId'])]));
    this.#announcements.set(VpnGatewayId, ids);
    return ids;
  }
}
