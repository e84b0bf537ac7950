import { listAll, type Call } from '../list-all.ts';

/** What requests need and no object of a site has. Each list is read once, however many objects there are. */
export class Lookups {
  readonly #call: Call;
  /** By VPC. */
  readonly #mainTables = new Map<string, string>();
  /** By gateway: its announcements by range. */
  readonly #announcements = new Map<string, ReadonlyMap<string, string>>();
  #region: string | undefined;

  /** @param region of the site; undefined: that of calls that name none. */
  constructor(call: Call, region: string | undefined) {
    this.#call = call;
    this.#region = region;
  }

  /** Of the instances of the site, of which this is one: that of calls that name none is the service's to choose. */
  async regionOf(instanceId: string): Promise<string> {
    return (this.#region ??= await this.#readRegion(instanceId));
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

  async #readRegion(instanceId: string): Promise<string> {
    const [prefix] = instanceId.split('-');
    const reply = await this.#call('GetResources', { ResourceList: [`qcs::vpc::uin/:${prefix}/${instanceId}`] });
    const [found] = reply['ResourceTagMappingList'] as readonly { readonly Resource: string }[];
    const region = found?.Resource.split(':')[3];
    if (region === undefined) throw new Error(`no region is known of ${instanceId}: \`region\` in the file names it`);
    return region;
  }

  async #readAnnouncements(VpnGatewayId: string): Promise<ReadonlyMap<string, string>> {
    const routes = await listAll(this.#call, 'DescribeVpnGatewayCcnRoutes', 'RouteSet', { VpnGatewayId });
    const ids = new Map(routes.map((one) => [String(one['DestinationCidrBlock']), String(one['RouteId'])]));
    this.#announcements.set(VpnGatewayId, ids);
    return ids;
  }
}
