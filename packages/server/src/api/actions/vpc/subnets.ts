import { addressCount } from '@landbridge/net';
import type { RouteTableId } from '../../../domain/resource-id.ts';
import type { Subnet } from '../../../domain/vpc/subnet.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  filterList,
  fullList,
  idList,
  idOf,
  integer,
  maybe,
  nameInBytes,
  object,
  paging,
  tagList,
  text,
  truthText,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, isAbsent, isTruth, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { defined, readCidr, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Subnets (docs/spec/actions.md section 2.3). */

const zone = () => text({ minLength: 1, maxLength: 60 });

const createRequest = object({
  VpcId: idOf('vpc'),
  SubnetName: nameInBytes(),
  CidrBlock: text(),
  Zone: zone(),
  Tags: tagList(),
  CdcId: maybe(text()),
});

const createManyRequest = object({
  VpcId: idOf('vpc'),
  Subnets: fullList(
    object({ CidrBlock: text(), SubnetName: nameInBytes(), Zone: zone(), RouteTableId: maybe(idOf('rtb')) }),
    100,
  ),
  Tags: tagList(),
  CdcId: maybe(text()),
});

const describeRequest = object({
  SubnetIds: idList('subnet'),
  Filters: filterList(),
  ...paging(),
  MaxResults: maybe(integer(1, 100)),
  NextToken: maybe(text()),
});

const modifyRequest = object({
  SubnetId: idOf('subnet'),
  SubnetName: maybe(nameInBytes()),
  EnableBroadcast: maybe(truthText()),
});

const selection: SelectionRules<Subnet> = {
  idsName: 'SubnetIds',
  idOf: ({ id }) => id,
  tagsOf: ({ tags }) => tags,
  filters: {
    'subnet-id': equals(({ id }) => id),
    'vpc-id': equals(({ vpcId }) => vpcId),
    'cidr-block': equals(({ cidr }) => cidr),
    'is-default': isTruth(() => false),
    'is-remote-vpc-snat': isTruth(() => false),
    'subnet-name': equals(({ name }) => name),
    zone: equals((subnet) => subnet.zone),
    'cdc-id': isAbsent(),
    'is-cdc-subnet': equals(() => '0'),
    'ipv6-cidr-block': isAbsent(),
    'isp-type': isAbsent(),
    'address-type': isAbsent(),
  },
};

export function subnetActions({ subnets }: Services): Action[] {
  return [
    action('CreateSubnet', createRequest, async (caller, parameters) => {
      const input = newSubnet(parameters, 'CidrBlock', undefined);
      const [subnet] = await subnets.create(caller, parameters.VpcId, [{ ...input, tags: readTags(parameters.Tags) }]);
      return { Subnet: subnet && wireSubnet(subnet) };
    }),
    action('CreateSubnets', createManyRequest, async (caller, parameters) => {
      const tags = readTags(parameters.Tags);
      const inputs = parameters.Subnets.map((subnet, index) => ({
        ...newSubnet(subnet, `Subnets.${index}.CidrBlock`, subnet.RouteTableId),
        tags,
      }));
      const created = await subnets.create(caller, parameters.VpcId, inputs);
      return { SubnetSet: created.map(wireSubnet) };
    }),
    action('DescribeSubnets', describeRequest, async (caller, parameters) => {
      const rows = await subnets.list(caller, parameters.SubnetIds);
      const usesToken = parameters.MaxResults !== undefined || parameters.NextToken !== undefined;
      const place = usesToken ? tokenPlace(parameters.NextToken, parameters.MaxResults) : defined(parameters);
      const { SubnetIds: ids, Filters } = parameters;
      const query = { ...defined({ Offset: place.Offset, Limit: place.Limit, Filters }), ids };
      const { total, page } = selectRows(rows, query, selection);
      const next = (place.Offset ?? 0) + page.length;
      const token = usesToken && next < total ? tokenAt(next) : '';
      return { TotalCount: total, SubnetSet: page.map(wireSubnet), NextToken: token };
    }),
    action('ModifySubnetAttribute', modifyRequest, async (caller, parameters) => {
      const { SubnetId: id, SubnetName: name, EnableBroadcast: broadcast } = parameters;
      const enableBroadcast = broadcast === undefined ? undefined : broadcast === 'true';
      await subnets.modify(caller, id, defined({ name, enableBroadcast }));
      return {};
    }),
    action('DeleteSubnet', object({ SubnetId: idOf('subnet') }), async (caller, { SubnetId: id }) => {
      await subnets.remove(caller, id);
      return {};
    }),
  ];
}

interface SubnetParameters {
  readonly SubnetName: string;
  readonly CidrBlock: string;
  readonly Zone: string;
}

function newSubnet(
  { SubnetName: name, CidrBlock, Zone: zoneName }: SubnetParameters,
  cidrName: string,
  routeTableId: RouteTableId | undefined,
) {
  return { name, cidr: readCidr(CidrBlock, cidrName), zone: zoneName, routeTableId };
}

/** Tokens hold the offset of the next page; rows do not move while they are only added at the end. */
function tokenAt(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function tokenPlace(token: string | undefined, maxResults: number | undefined) {
  const limit = maxResults ?? 20;
  if (token === undefined || token === '') return { Offset: 0, Limit: limit };
  const match = /^offset:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null) reject('malformed-value', { name: 'NextToken', rule: 'it is not a token of an earlier page' });
  return { Offset: Number(match[1]), Limit: limit };
}

/** Network address, gateway and broadcast are not for hosts. */
const reservedAddresses = 3;

function wireSubnet(subnet: Subnet) {
  const addresses = Number(addressCount(subnet.cidr)) - reservedAddresses;
  return {
    VpcId: subnet.vpcId,
    SubnetId: subnet.id,
    SubnetName: subnet.name,
    CidrBlock: subnet.cidr,
    IsDefault: false,
    EnableBroadcast: subnet.enableBroadcast,
    Zone: subnet.zone,
    RouteTableId: subnet.routeTableId,
    CreatedTime: wireTime(subnet.createdAt),
    AvailableIpAddressCount: addresses,
    Ipv6CidrBlock: '',
    NetworkAclId: '',
    IsRemoteVpcSnat: false,
    TotalIpAddressCount: addresses,
    TagSet: wireTags(subnet.tags),
    CdcId: '',
    IsCdcSubnet: 0,
  };
}
