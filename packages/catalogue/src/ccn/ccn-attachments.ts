import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idOf, maybe, object, oneOf, paging, text } from '../schema/request-schemas.ts';
import { anyOf, nothing, page, range, time } from '../schema/response-schemas.ts';
import {
  ownerOfInstance,
  attachmentState,
  instanceList,
  noAlias,
  shownInstanceId,
  shownInstanceType,
} from './ccn-instances.ts';

/** Instances of CCNs (docs/spec/actions.md section 2.6). */

const attachment = object({
  CcnId: idOf('ccn'),
  InstanceType: shownInstanceType(),
  InstanceId: shownInstanceId(),
  InstanceName: Type.String(),
  InstanceRegion: Type.String(),
  InstanceUin: ownerOfInstance(),
  CidrBlock: about(anyOf(range()), 'The range of a VPC, or those that a gateway announces.'),
  State: attachmentState(),
  AttachedTime: about(time(), 'Since when it is attached, or asked for. UTC, `YYYY-MM-DD HH:MM:SS`.'),
  CcnUin: about(Type.String(), 'The account of the CCN.'),
  InstanceArea: about(Type.String(), 'Always empty.'),
  Description: Type.String(),
  RouteTableId: about(Type.String(), 'The route table that it is bound to; empty while it is only asked for.'),
  RouteTableName: about(Type.String(), 'Its name; empty while it is only asked for.'),
  ...noAlias(),
});
/** An attachment, or a request for one, as replies show it. */
export type WireCcnAttachment = Static<typeof attachment>;

const instancesOfCcn = () => object({ CcnId: idOf('ccn'), Instances: instanceList() });

export const ccnAttachmentActions = {
  AttachCcnInstances: changes({
    summary: {
      en: 'Attaches instances to a CCN, or asks the owner of another account’s CCN to.',
      zh: '将实例关联到云联网；云联网属于其他账号时提交关联申请。',
    },
    request: object({
      CcnId: idOf('ccn'),
      Instances: instanceList(),
      CcnUin: maybe(about(text(), 'The account of the CCN; your own unless given.')),
    }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-attached',
      'ccn-gateway-of-vpc',
      'ccn-route-table-unknown',
      'ccn-route-table-of-other-ccn',
      'quota-reached',
      'feature-not-built',
    ],
  }),
  DetachCcnInstances: changes({
    summary: {
      en: 'Detaches instances from a CCN, or takes back what was asked for.',
      zh: '从云联网解关联实例，或撤回关联申请。',
    },
    request: instancesOfCcn(),
    response: nothing(),
    errors: ['not-found', 'ccn-not-attached', 'feature-not-built'],
  }),
  ModifyCcnAttachedInstancesAttribute: changes({
    summary: { en: 'Changes the descriptions of attached instances.', zh: '修改云联网关联实例的描述。' },
    request: instancesOfCcn(),
    response: nothing(),
    errors: ['not-found', 'ccn-not-attached', 'feature-not-built'],
  }),
  AcceptAttachCcnInstances: changes({
    summary: {
      en: 'Attaches instances of other accounts that ask to be, by the owner of the CCN.',
      zh: '云联网所有者接受其他账号实例的关联申请。',
    },
    request: instancesOfCcn(),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-not-attached',
      'ccn-request-not-pending',
      'ccn-route-table-unknown',
      'ccn-route-table-of-other-ccn',
      'quota-reached',
      'feature-not-built',
    ],
  }),
  RejectAttachCcnInstances: changes({
    summary: {
      en: 'Rejects instances of other accounts that ask to be attached, by the owner of the CCN.',
      zh: '云联网所有者拒绝其他账号实例的关联申请。',
    },
    request: instancesOfCcn(),
    response: nothing(),
    errors: ['not-found', 'ccn-not-attached', 'ccn-request-not-pending', 'feature-not-built'],
  }),
  ResetAttachCcnInstances: changes({
    summary: {
      en: 'Asks again for instances whose request was rejected or has expired.',
      zh: '为申请被拒绝或已过期的实例重新申请关联云联网。',
    },
    request: object({
      CcnId: idOf('ccn'),
      Instances: instanceList(),
      CcnUin: about(text({ minLength: 1 }), 'The account of the CCN.'),
    }),
    response: nothing(),
    errors: ['not-found', 'feature-not-built'],
  }),
  DescribeCcnAttachedInstances: reads({
    summary: {
      en: 'Lists the instances of your CCNs, and where your own instances are attached or asked for.',
      zh: '查询云联网的关联实例，以及本账号实例的关联与申请情况。',
    },
    request: object({
      ...paging(),
      Filters: filterList(),
      CcnId: maybe(about(idOf('ccn'), 'Only those of this CCN.')),
      OrderField: maybe(
        about(
          oneOf('CcnId', 'InstanceType', 'InstanceId', 'InstanceName', 'InstanceRegion', 'AttachedTime', 'State'),
          'What they are sorted by; by age, what is asked for last, unless given.',
        ),
      ),
      OrderDirection: maybe(about(oneOf('ASC', 'DESC'), 'ASC unless given.')),
    }),
    response: page('InstanceSet', attachment),
    filters: {
      'ccn-id': 'the CCN',
      'instance-type': '`VPC`, `VPNGW` or `DIRECTCONNECT`',
      'instance-region': 'the region of the instance',
      'instance-id': 'the instance',
    },
  }),
};
