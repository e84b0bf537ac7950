import type { ErrorEntry } from './error-entry.ts';

/** What use cases refuse about packet captures. */
export const captureErrors = {
  'captures-of-account-full': {
    code: 'LimitExceeded',
    en: 'This account runs {limit} packet captures already ({running}), and more cannot run at a time. Wait, or stop one by StopPacketCapture.',
    zh: '当前账号已有 {limit} 个抓包任务在运行（{running}），已达上限。请等待其结束，或使用 StopPacketCapture 停止其中一个。',
  },
  'captures-of-host-full': {
    code: 'ResourceInsufficient',
    en: 'The host runs {limit} packet captures already, and more cannot run at a time. Try again when one has ended: none runs longer than {seconds} seconds.',
    zh: '主机上已有 {limit} 个抓包任务在运行，已达上限。每个任务最长运行 {seconds} 秒，请稍后重试。',
  },
  'captures-away': {
    code: 'ResourceUnavailable',
    en: 'Packet captures are run by the agent, which is away or of an older version. Try again; `landbridge status` tells whether it is back.',
    zh: '抓包由 agent 执行，而 agent 暂不可用或版本过旧。请稍后重试；可用 `landbridge status` 查看其状态。',
  },
  'capture-place-missing': {
    code: 'UnsupportedOperation.InvalidState',
    en: '`ResourceId`: nothing can be captured at `{id}`, which is not in the network (yet), or just leaves it. Wait until it is AVAILABLE.',
    zh: '`ResourceId`：无法在 `{id}` 上抓包，该资源尚未（或不再）存在于网络中。请等待其变为 AVAILABLE。',
  },
  'capture-program-missing': {
    code: 'ResourceUnavailable',
    en: 'The program that captures packets is missing on the host: its operator has to install the package tcpdump.',
    zh: '主机缺少抓包程序：请运维人员安装 tcpdump 软件包。',
  },
  'capture-fits-nothing': {
    code: 'InvalidParameterValue',
    en: '`SourceCidr`, `DestinationCidr`: no packet at `{id}` can fit both; on the uplink of a gateway one end is its public address.',
    zh: '`SourceCidr`、`DestinationCidr`：`{id}` 上没有数据包能同时满足两者；在网关公网侧，其中一端必为网关的公网地址。',
  },
  'capture-keys-forbidden': {
    code: 'UnsupportedOperation',
    en: '`IncludeKeys`: the operator of this service gives no keys of SAs with packet captures (`captures.keys` of the settings).',
    zh: '`IncludeKeys`：本服务的运维人员未允许抓包附带 SA 密钥（设置项 `captures.keys`）。',
  },
  'capture-without-keys': {
    code: 'UnsupportedOperation',
    en: 'The packet capture `{id}` was made without `IncludeKeys`.',
    zh: '抓包任务 `{id}` 创建时未指定 `IncludeKeys`。',
  },
  'capture-hidden': {
    code: 'UnauthorizedOperation',
    en: 'The policy of this access key hides secrets, and packets may hold some: use a key with `ShowsSecrets`.',
    zh: '该访问密钥的策略隐藏敏感信息，而数据包可能包含敏感信息：请使用 `ShowsSecrets` 为 `true` 的密钥。',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
