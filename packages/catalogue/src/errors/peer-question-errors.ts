import type { ErrorEntry } from './error-entry.ts';

/** What AskPeerProposals refuses. */
export const peerQuestionErrors = {
  'peer-questions-away': {
    code: 'ResourceUnavailable',
    en: 'Peers are asked by the agent, which is away or of an older version. Try again; `landbridge status` tells whether it is back.',
    zh: '对端询问由 agent 执行，而 agent 暂不可用或版本过旧。请稍后重试；可用 `landbridge status` 查看其状态。',
  },
  'peer-question-not-ikev2': {
    code: 'UnsupportedOperation',
    en: '`VpnConnectionId`: `{id}` is a tunnel of IKEV1, and only peers of IKEV2 can be asked what they accept.',
    zh: '`VpnConnectionId`：`{id}` 使用 IKEV1，仅支持询问 IKEV2 对端。',
  },
  'peer-question-not-there': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`VpnConnectionId`: `{id}` is not in the network (yet), or just leaves it. Wait until it is AVAILABLE.',
    zh: '`VpnConnectionId`：`{id}` 尚未（或不再）存在于网络中。请等待其变为 AVAILABLE。',
  },
  'peer-asked-now': {
    code: 'UnsupportedOperation.InvalidState',
    en: 'The peer at `{address}` is being asked, or was {seconds} seconds ago at most: what was begun there has to end first. Try again in {seconds} seconds.',
    zh: '对端 `{address}` 正在被询问，或在 {seconds} 秒内刚被询问过：须等待其上未完成的协商结束。请在 {seconds} 秒后重试。',
  },
  'peer-questions-of-account': {
    code: 'LimitExceeded',
    en: 'This account has peers asked {limit} times a minute at most. Try again in a minute.',
    zh: '当前账号每分钟最多询问对端 {limit} 次。请一分钟后重试。',
  },
  'peer-questions-of-host': {
    code: 'ResourceInsufficient',
    en: 'The host asks {limit} peers already, and more cannot be asked at a time. Try again in {seconds} seconds.',
    zh: '主机正在询问 {limit} 个对端，已达上限。请在 {seconds} 秒后重试。',
  },
  'peer-question-failed': {
    code: 'ResourceUnavailable',
    en: 'The peer of `{id}` could not be asked: no process could be started for it, or it ended. The log of the agent says why.',
    zh: '无法询问 `{id}` 的对端：询问进程未能启动或已退出，原因见 agent 日志。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
