import type { ErrorEntry } from './error-entry.ts';

/** What ProvePath refuses. */
export const pathProofErrors = {
  'proofs-away': {
    code: 'ResourceUnavailable',
    en: 'Packets are sent by the agent, which is away or of an older version. Try again; `landbridge status` tells whether it is back.',
    zh: '验证报文由 agent 发送，而 agent 暂不可用或版本过旧。请稍后重试；可用 `landbridge status` 查看其状态。',
  },
  'proof-not-there': {
    code: 'UnsupportedOperation.InvalidState',
    en: 'Of `{id}` something is not in the network (yet), or just leaves it. Try again once its VPC is applied.',
    zh: '`{id}` 尚未（或不再）存在于网络中。请待其 VPC 生效后重试。',
  },
  'proof-no-free-address': {
    code: 'ResourceInsufficient',
    en: 'In `{id}` no address was found that nobody has, and a host that proves a path needs one there. Free an address, or prove it from another subnet.',
    zh: '`{id}` 中未找到空闲地址，而验证路径的主机需要一个。请释放地址，或从其他子网验证。',
  },
  'proof-under-way': {
    code: 'UnsupportedOperation.InvalidState',
    en: 'A path from or to the VPC of `{id}` is being proven, or a failover drilled. Try again in half a minute.',
    zh: '`{id}` 所属 VPC 正在进行路径验证或切换演练。请半分钟后重试。',
  },
  'proofs-of-host': {
    code: 'ResourceInsufficient',
    en: 'The host proves paths or drills failovers {limit} at a time, and the last place is for an account that has none. Try again in half a minute.',
    zh: '主机最多同时进行 {limit} 项路径验证或切换演练，最后一项留给尚无任务的账号。请半分钟后重试。',
  },
  'proofs-of-account': {
    code: 'LimitExceeded',
    en: 'This account has paths proven and failovers drilled {limit} times a minute at most. Try again in a minute.',
    zh: '当前账号每分钟最多进行 {limit} 次路径验证或切换演练。请一分钟后重试。',
  },
  'proof-failed': {
    code: 'ResourceUnavailable',
    en: 'No host could be made in `{id}` that proves the path, or it could not send. The log of the agent says why.',
    zh: '无法在 `{id}` 中建立验证主机，或其无法发送报文，原因见 agent 日志。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
