import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { vpcActions, type WireVpc } from '@landbridge/catalogue/vpc/vpcs';
import type { Services } from '../../../services/create-services.ts';
import type { VpcView } from '../../../services/vpc/vpcs.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { contains, equals, isAbsent, isTruth } from '../../wire/row-selection.ts';
import { defined, readAddress, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';
import { wireSecondaryRange } from './secondary-ranges.ts';
import { readVpcRange } from './vpc-range.ts';

/** VPCs (docs/spec/actions.md section 2.1). */

export function vpcHandlers({ vpcs }: Services): Handlers<typeof vpcActions> {
  return {
    CreateVpc: async (caller, parameters) => {
      const vpc = await vpcs.create(caller, {
        name: parameters.VpcName,
        cidr: readVpcRange(parameters.CidrBlock, 'CidrBlock'),
        enableMulticast: parameters.EnableMulticast === 'true',
        dnsServers: readDnsServers(parameters) ?? [],
        domainName: parameters.DomainName ?? '',
        publishVpcCidr: parameters.EnableRouteVpcPublish ?? false,
        publishVpcCidrIpv6: parameters.EnableRouteVpcPublishIpv6 ?? false,
        tags: readTags(parameters.Tags),
      });
      return { Vpc: wireVpc(vpc) };
    },
    DescribeVpcs: describing(vpcActions.DescribeVpcs, {
      list: (caller, ids) => vpcs.list(caller, ids),
      idOf: ({ id }) => id,
      tagsOf: ({ tags }) => tags,
      filters: {
        'vpc-name': contains(({ name }) => name),
        'is-default': isTruth(({ isDefault }) => isDefault),
        'vpc-id': equals(({ id }) => id),
        'cidr-block': equals(({ cidr }) => cidr),
        'ipv6-cidr-block': isAbsent(),
        'isp-type': isAbsent(),
        'address-type': isAbsent(),
      },
      show: (page) => page.map(wireVpc),
    }),
    ModifyVpcAttribute: async (caller, parameters) => {
      const { VpcId: id, EnableMulticast: multicast } = parameters;
      const changes = defined({
        name: parameters.VpcName,
        enableMulticast: multicast === undefined ? undefined : multicast === 'true',
        dnsServers: readDnsServers(parameters),
        domainName: parameters.DomainName,
        publishVpcCidr: parameters.EnableRouteVpcPublish,
        publishVpcCidrIpv6: parameters.EnableRouteVpcPublishIpv6,
      });
      await vpcs.modify(caller, id, changes);
      return {};
    },
    DeleteVpc: async (caller, { VpcId: id }) => {
      await vpcs.remove(caller, id);
      return {};
    },
  };
}

function readDnsServers({ DnsServers: servers }: Pick<RequestOf<typeof vpcActions.CreateVpc>, 'DnsServers'>) {
  return servers?.map((server, index) => readAddress(server, `DnsServers.${index}`));
}

function wireVpc(vpc: VpcView): WireVpc {
  return {
    VpcName: vpc.name,
    VpcId: vpc.id,
    CidrBlock: vpc.cidr,
    IsDefault: vpc.isDefault,
    EnableMulticast: vpc.enableMulticast,
    CreatedTime: wireTime(vpc.createdAt),
    DnsServerSet: vpc.dnsServers,
    DomainName: vpc.domainName,
    DhcpOptionsId: '',
    EnableDhcp: false,
    Ipv6CidrBlock: '',
    TagSet: wireTags(vpc.tags),
    AssistantCidrSet: vpc.secondaryRanges.map(wireSecondaryRange),
    EnableRouteVpcPublish: vpc.publishVpcCidr,
    Ipv6CidrBlockSet: [],
    EnableRouteVpcPublishIpv6: vpc.publishVpcCidrIpv6,
  };
}
