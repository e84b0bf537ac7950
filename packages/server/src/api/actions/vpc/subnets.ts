import { addressCount } from '@landbridge/net';
import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { subnetActions, type WireSubnet } from '@landbridge/catalogue/vpc/subnets';
import type { RouteTableId } from '../../../domain/resource-id.ts';
import type { Subnet } from '../../../domain/vpc/subnet.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handler, Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals, isAbsent, isTruth } from '../../wire/row-selection.ts';
import { defined, readCidr, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Subnets (docs/spec/actions.md section 2.3). */

export function subnetHandlers({ subnets }: Services): Handlers<typeof subnetActions> {
  return {
    CreateSubnet: async (caller, parameters) => {
      const input = newSubnet(parameters, 'CidrBlock', undefined);
      const [subnet] = await subnets.create(caller, parameters.VpcId, [{ ...input, tags: readTags(parameters.Tags) }]);
      if (subnet === undefined) throw new Error('one subnet was asked for, and none was made');
      return { Subnet: wireSubnet(subnet) };
    },
    CreateSubnets: async (caller, parameters) => {
      const tags = readTags(parameters.Tags);
      const inputs = parameters.Subnets.map((subnet, index) => ({
        ...newSubnet(subnet, `Subnets.${index}.CidrBlock`, subnet.RouteTableId),
        tags,
      }));
      const created = await subnets.create(caller, parameters.VpcId, inputs);
      return { SubnetSet: created.map(wireSubnet) };
    },
    DescribeSubnets: withTokens(
      describing(subnetActions.DescribeSubnets, {
        list: (caller, ids) => subnets.list(caller, ids),
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
        show: (page) => page.map(wireSubnet),
      }),
    ),
    ModifySubnetAttribute: async (caller, parameters) => {
      const { SubnetId: id, SubnetName: name, EnableBroadcast: broadcast } = parameters;
      const enableBroadcast = broadcast === undefined ? undefined : broadcast === 'true';
      await subnets.modify(caller, id, defined({ name, enableBroadcast }));
      return {};
    },
    DeleteSubnet: async (caller, { SubnetId: id }) => {
      await subnets.remove(caller, id);
      return {};
    },
  };
}

type DescribeSubnets = typeof subnetActions.DescribeSubnets;

/** Pages by `MaxResults` and `NextToken` as well; either of them takes the place of `Offset` and `Limit`. */
function withTokens(describe: Handler<DescribeSubnets>): Handler<DescribeSubnets> {
  return async (caller, parameters) => {
    const { MaxResults: maxResults, NextToken: token } = parameters;
    if (maxResults === undefined && token === undefined) {
      return { ...(await describe(caller, parameters)), NextToken: '' };
    }
    const place = tokenPlace(token, maxResults);
    const reply = await describe(caller, { ...parameters, ...place });
    const next = place.Offset + reply.SubnetSet.length;
    return { ...reply, NextToken: next < reply.TotalCount ? tokenAt(next) : '' };
  };
}

type NewSubnetParameters = Pick<RequestOf<typeof subnetActions.CreateSubnet>, 'SubnetName' | 'CidrBlock' | 'Zone'>;

function newSubnet(
  { SubnetName: name, CidrBlock, Zone: zoneName }: NewSubnetParameters,
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
  if (match === null)
    reject('malformed-value', {
      name: 'NextToken',
      rule: { en: 'it is not a token of an earlier page', zh: '不是前一页返回的标记' },
    });
  return { Offset: Number(match[1]), Limit: limit };
}

/** Network address, gateway and broadcast are not for hosts. */
const reservedAddresses = 3;

export function wireSubnet(subnet: Subnet): WireSubnet {
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
