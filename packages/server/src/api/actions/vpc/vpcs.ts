import type { Static } from 'typebox';
import type { Vpc } from '../../../domain/vpc/vpc.ts';
import { isVpcCidr } from '../../../domain/vpc/vpc-cidr.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  filterList,
  idList,
  idOf,
  list,
  maybe,
  nameInBytes,
  object,
  paging,
  tagList,
  text,
  truthText,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, contains, isAbsent, isTruth, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { Type } from 'typebox';
import { defined, readAddress, readCidr, readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** VPCs (docs/spec/actions.md section 2.1). */

const dnsServerList = () => maybe(list(text(), 4));
const publishing = () => ({
  EnableRouteVpcPublish: maybe(Type.Boolean()),
  EnableRouteVpcPublishIpv6: maybe(Type.Boolean()),
});

const createRequest = object({
  VpcName: nameInBytes(),
  CidrBlock: text(),
  EnableMulticast: maybe(truthText()),
  DnsServers: dnsServerList(),
  DomainName: maybe(text({ maxLength: 60 })),
  Tags: tagList(),
  ...publishing(),
});

const describeRequest = object({ VpcIds: idList('vpc'), Filters: filterList(), ...paging() });

const modifyRequest = object({
  VpcId: idOf('vpc'),
  VpcName: maybe(nameInBytes()),
  EnableMulticast: maybe(truthText()),
  DnsServers: dnsServerList(),
  DomainName: maybe(text({ maxLength: 60 })),
  EnableCdcPublish: maybe(Type.Boolean()),
  ...publishing(),
});

const selection: SelectionRules<Vpc> = {
  idsName: 'VpcIds',
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
};

export function vpcActions({ vpcs }: Services): Action[] {
  return [
    action('CreateVpc', createRequest, async (caller, parameters) => {
      const cidr = readCidr(parameters.CidrBlock, 'CidrBlock');
      if (!isVpcCidr(cidr)) {
        const rule = 'a /12 to /28 in 10.0.0.0/8 or 172.16.0.0/12, or a /16 to /28 in 192.168.0.0/16, is expected';
        reject('invalid-value', { name: 'CidrBlock', rule });
      }
      const vpc = await vpcs.create(caller, {
        name: parameters.VpcName,
        cidr,
        enableMulticast: parameters.EnableMulticast === 'true',
        dnsServers: readDnsServers(parameters) ?? [],
        domainName: parameters.DomainName ?? '',
        publishVpcCidr: parameters.EnableRouteVpcPublish ?? false,
        publishVpcCidrIpv6: parameters.EnableRouteVpcPublishIpv6 ?? false,
        tags: readTags(parameters.Tags),
      });
      return { Vpc: wireVpc(vpc) };
    }),
    action('DescribeVpcs', describeRequest, async (caller, parameters) => {
      const rows = await vpcs.list(caller, parameters.VpcIds);
      const { total, page } = selectRows(rows, { ...parameters, ids: parameters.VpcIds }, selection);
      return { TotalCount: total, VpcSet: page.map(wireVpc) };
    }),
    action('ModifyVpcAttribute', modifyRequest, async (caller, parameters) => {
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
    }),
    action('DeleteVpc', object({ VpcId: idOf('vpc') }), async (caller, { VpcId: id }) => {
      await vpcs.remove(caller, id);
      return {};
    }),
  ];
}

function readDnsServers({ DnsServers: servers }: Pick<Static<typeof createRequest>, 'DnsServers'>) {
  return servers?.map((server, index) => readAddress(server, `DnsServers.${index}`));
}

function wireVpc(vpc: Vpc) {
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
    AssistantCidrSet: [],
    EnableRouteVpcPublish: vpc.publishVpcCidr,
    Ipv6CidrBlockSet: [],
    EnableRouteVpcPublishIpv6: vpc.publishVpcCidrIpv6,
  };
}
