import type { ErrorEntry } from './error-entry.ts';

/** What is refused of secondary ranges of VPCs (docs/spec/actions.md section 2.2). */
export const secondaryRangeErrors = {
  'secondary-range-twice': {
    code: 'InvalidParameterValue.Duplicate',
    en: 'The range {cidr} is named twice for `{vpcId}`.',
    zh: '`{vpcId}` 的网段 {cidr} 重复出现。',
  },
  'secondary-range-exists': {
    code: 'InvalidParameterValue.Duplicate',
    en: '{cidr} is a secondary range of `{vpcId}` already.',
    zh: '{cidr} 已是 `{vpcId}` 的辅助网段。',
  },
  'secondary-range-not-found': {
    code: 'ResourceNotFound',
    en: '{cidr} is no secondary range of `{vpcId}`.',
    zh: '{cidr} 不是 `{vpcId}` 的辅助网段。',
  },
  'secondary-range-in-use': {
    code: 'ResourceInUse',
    en: 'The range {cidr} of `{vpcId}` still holds {blocking}. Delete them first.',
    zh: '`{vpcId}` 的网段 {cidr} 中仍有 {blocking}，请先删除。',
  },
  'secondary-range-overlaps-block': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: '{cidr} overlaps {otherCidr}, the main range of `{vpcId}`.',
    zh: '{cidr} 与 `{vpcId}` 的主网段 {otherCidr} 重叠。',
  },
  'secondary-range-overlaps-other': {
    code: 'InvalidParameterValue.SubnetOverlapAssistCidr',
    en: '{cidr} overlaps {otherCidr}, a secondary range of `{vpcId}`.',
    zh: '{cidr} 与 `{vpcId}` 的辅助网段 {otherCidr} 重叠。',
  },
  'secondary-range-holds-route': {
    code: 'InvalidParameterValue.VpcCidrOverlapRoute',
    en: '{cidr} cannot be local to `{vpcId}`: its route `{other}` leads {otherCidr} elsewhere. Delete that route first.',
    zh: '{cidr} 不能作为 `{vpcId}` 的本地网段：路由 `{other}` 将 {otherCidr} 指向其他下一跳，请先删除该路由。',
  },
  'secondary-range-holds-remote': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: '{cidr} cannot be local to `{vpcId}`: {otherCidr} is a remote range of the tunnel `{other}`.',
    zh: '{cidr} 不能作为 `{vpcId}` 的本地网段：{otherCidr} 是通道 `{other}` 的对端网段。',
  },
  'secondary-range-holds-gateway-route': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: '{cidr} cannot be local to `{vpcId}`: the gateway route `{other}` leads {otherCidr} into a tunnel. Delete that route first.',
    zh: '{cidr} 不能作为 `{vpcId}` 的本地网段：网关路由 `{other}` 将 {otherCidr} 指向通道，请先删除该路由。',
  },
  'secondary-range-holds-probe': {
    code: 'InvalidParameterValue.VpcCidrConflict',
    en: '{cidr} cannot be local to `{vpcId}`: {otherCidr} is an address of the health check of `{other}`.',
    zh: '{cidr} 不能作为 `{vpcId}` 的本地网段：{otherCidr} 是 `{other}` 健康检查使用的地址。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
