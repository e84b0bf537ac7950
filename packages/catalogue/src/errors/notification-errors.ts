import type { ErrorEntry } from './error-entry.ts';

/** What use cases refuse about who is told what. */
export const notificationErrors = {
  'mute-ends-before': {
    code: 'InvalidParameterValue',
    en: '`Until`: {until} is over already.',
    zh: '`Until`：{until} 已过去。',
  },
  'finding-not-muted': {
    code: 'ResourceNotFound',
    en: '`Code`: the finding `{code}` of `{id}` is not muted.',
    zh: '`Code`：`{id}` 的诊断结果 `{code}` 未被静默。',
  },
  'webhook-url-unusable': {
    code: 'InvalidParameterValue',
    en: '`Url`: {problem}.',
    zh: '`Url`：{problem}。',
  },
  'webhook-address-refused': {
    code: 'InvalidParameterValue',
    en: '`Url`: {address} is an address of the host or of a private network. The operator allows such networks by the setting `webhooks.allowedNetworks`.',
    zh: '`Url`：{address} 属于主机或私有网络。可由管理员通过 `webhooks.allowedNetworks` 放行。',
  },
  'webhooks-too-many': {
    code: 'LimitExceeded',
    en: '`Url`: an account has at most {limit} webhooks. Delete one first.',
    zh: '`Url`：每个账号最多有 {limit} 个 Webhook，请先删除不用的。',
  },
} as const satisfies Record<string, ErrorEntry>;
