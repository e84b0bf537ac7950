import type { FindingEntry } from './finding-entry.ts';
import { differs, esp, policies } from './negotiation-words.ts';

/** About CHILD_SAs: algorithms, networks, renewals. */
export const childSaFindings = {
  'esp-encryption-differs': differs('esp', esp('EncryptAlgorithm'), { en: 'The ESP encryption', zh: ' ESP 加密算法' }),
  'esp-integrity-differs': differs('esp', esp('IntegrityAlgorithm'), {
    en: 'The ESP integrity algorithm',
    zh: ' ESP 认证算法',
  }),
  'pfs-group-differs': differs('esp', esp('PfsDhGroup'), {
    en: 'The group of perfect forward secrecy (PFS)',
    zh: '完全前向保密（PFS）的 DH 组',
  }),
  'esp-proposals-differ': {
    ...{ severity: 'error', layer: 'esp', field: `${esp('EncryptAlgorithm')}, IntegrityAlgorithm, PfsDhGroup` },
    summary: {
      en: 'No ESP proposal of the peer fits ours, in more than one field: {ours} here, {theirs} on the peer.',
      zh: '对端的 ESP 提议与本端有多处不同：本端 {ours}，对端 {theirs}。',
    },
    fixHere: {
      en: 'Set the IPsec algorithms to one of the proposals of the peer.',
      zh: '将 IPsec 算法设为对端提议之一。',
    },
    fixThere: { en: 'Offer {ours} on the peer.', zh: '在对端提议 {ours}。' },
  },
  'esp-proposal-refused': {
    ...{ severity: 'error', layer: 'esp', field: esp('EncryptAlgorithm') },
    causes: [
      {
        field: esp('EncryptAlgorithm'),
        tells: {
          en: 'The log of the peer lists received and configured ESP proposals with different ciphers.',
          zh: '对端日志列出的 ESP 提议中加密算法不同。',
        },
      },
      {
        field: esp('IntegrityAlgorithm'),
        tells: {
          en: 'The ciphers are the same and the HMACs are not; GCM ciphers have none.',
          zh: '加密算法相同而 HMAC 不同；GCM 没有 HMAC。',
        },
      },
      {
        field: esp('PfsDhGroup'),
        tells: {
          en: 'The tunnel has IKEV1, or several policies of which one works: only there is the group asked for at first.',
          zh: '通道为 IKEV1，或多条策略中有一条可用：只有此时首次协商才涉及 DH 组。',
        },
      },
    ],
    summary: {
      en: 'The peer authenticated us, and accepts none of our ESP proposals: {ours}. It does not tell what it has.',
      zh: '对端已通过认证，但未接受本端的 ESP 提议：{ours}，且未告知其配置。',
    },
    fixHere: {
      en: 'Compare the IPsec algorithms and PFS with those of the peer.',
      zh: '将 IPsec 算法和 PFS 与对端比较。',
    },
    fixThere: { en: 'Offer {ours} for ESP on the peer.', zh: '在对端为 ESP 提议 {ours}。' },
  },
  'rekeying-pfs-group-differs': {
    ...{ severity: 'warning', layer: 'esp', field: esp('PfsDhGroup') },
    summary: {
      en: 'The tunnel works until its keys end: renewing them fails, since the groups of perfect forward secrecy differ ({ours} here, {theirs} on the peer).',
      zh: '通道在密钥到期前可用：因两端 PFS 的 DH 组不同（本端 {ours}，对端 {theirs}），密钥更新失败。',
    },
    fixHere: { en: 'Set PfsDhGroup to the group of the peer.', zh: '将 PfsDhGroup 设为对端的组。' },
    fixThere: { en: 'Use PFS with group {ours} for phase 2 (ESP).', zh: '在对端第二阶段（ESP）使用 PFS 组 {ours}。' },
  },
  'reopened-by-peer': {
    ...{ severity: 'warning', layer: 'ike', field: 'peer' },
    summary: {
      en: 'The peer closes the tunnel and opens it again, over and over.',
      zh: '对端反复关闭并重新建立通道。',
    },
    fixThere: {
      en: 'Look for an idle timeout, a lifetime of seconds, a monitor that resets the tunnel, or two devices that both want it.',
      zh: '检查空闲超时、过短的生命周期、会重置通道的监控，或是否有两台设备争用。',
    },
  },
  'selectors-differ': {
    ...{ severity: 'error', layer: 'policy', field: policies },
    summary: {
      en: 'The peer asks for networks that no policy of this tunnel holds: {theirs}; ours are {ours}.',
      zh: '对端请求的网段不在本通道的策略中：{theirs}；本端为 {ours}。',
    },
    fixHere: {
      en: 'Make the SPD policies the mirror image of the peer: {theirs}.',
      zh: '使 SPD 策略与对端互为镜像：{theirs}。',
    },
    fixThere: { en: 'Make the networks of the peer the mirror image of {ours}.', zh: '使对端网段与 {ours} 互为镜像。' },
  },
  'selectors-swapped': {
    ...{ severity: 'error', layer: 'policy', field: policies },
    summary: {
      en: 'Local and remote networks are the wrong way round on one end: the peer asks for {theirs}; ours are {ours}.',
      zh: '某一端的本地与远端网段颠倒：对端请求 {theirs}；本端为 {ours}。',
    },
    fixHere: {
      en: 'If this end is wrong, swap LocalCidrBlock and RemoteCidrBlock of the policies.',
      zh: '若本端有误，请交换策略的 LocalCidrBlock 与 RemoteCidrBlock。',
    },
    fixThere: { en: 'Swap local and remote networks on the peer.', zh: '在对端交换本地与远端网段。' },
  },
  'selectors-refused': {
    ...{ severity: 'error', layer: 'policy', field: policies },
    causes: [
      {
        field: policies,
        tells: {
          en: 'The networks of the peer are others than {ours}, seen from here.',
          zh: '对端的网段与（从本端看的）{ours} 不同。',
        },
      },
      {
        field: `${policies} (swapped)`,
        tells: { en: 'They are the same, with local and remote swapped.', zh: '网段相同，但本地与远端颠倒。' },
      },
    ],
    summary: {
      en: 'The peer refused the networks of this tunnel: {ours}. It does not tell its own.',
      zh: '对端拒绝了本通道的网段：{ours}，且未告知其配置。',
    },
    fixHere: {
      en: 'Make the SPD policies the mirror image of the networks of the peer.',
      zh: '使 SPD 策略与对端网段互为镜像。',
    },
    fixThere: { en: 'Make the networks of the peer the mirror image of {ours}.', zh: '使对端网段与 {ours} 互为镜像。' },
  },
  'selectors-narrowed': {
    ...{ severity: 'warning', layer: 'policy', field: policies },
    summary: {
      en: 'The tunnel works for a part of its networks: agreed on is {theirs}, wanted {ours}.',
      zh: '通道仅对部分网段有效：协商结果 {theirs}，期望 {ours}。',
    },
    fixHere: {
      en: 'If the part is meant, make the policies as narrow: {theirs}.',
      zh: '若仅需该部分，请将策略设为 {theirs}。',
    },
    fixThere: { en: 'Widen the networks of the peer to {ours}.', zh: '将对端网段扩大为 {ours}。' },
  },
  'child-not-opened': {
    ...{ severity: 'error', layer: 'policy', field: policies },
    summary: {
      en: 'The peer has not opened a CHILD_SA for {ours}, though others are there; this end waits for it.',
      zh: '对端未为 {ours} 建立 CHILD_SA（其他已建立）；本端在等待对端。',
    },
    fixHere: {
      en: 'Set NegotiationType to `active`, so that this end opens what is missing.',
      zh: '将 NegotiationType 设为 `active`，由本端建立缺少的 CHILD_SA。',
    },
    fixThere: {
      en: 'Have the peer offer one pair of networks in each CHILD_SA: of several in one only the first is taken.',
      zh: '让对端在每个 CHILD_SA 中只提议一对网段：多对时只取第一对。',
    },
  },
  'sa-not-installed': {
    ...{ severity: 'error', layer: 'host', field: 'data plane' },
    summary: {
      en: 'The data plane of this host refused the SA or its policies.',
      zh: '本主机数据面拒绝了 SA 或其策略。',
    },
    fixHere: {
      en: 'An administrator looks into the conditions and the log of the host.',
      zh: '请管理员查看主机的状态条件和日志。',
    },
  },
  'packets-not-sent': {
    ...{ severity: 'error', layer: 'uplink', field: 'uplink' },
    summary: { en: 'IKE packets cannot leave this host: {ours}.', zh: 'IKE 报文无法从本主机发出：{ours}。' },
    fixHere: {
      en: 'An administrator looks at the uplink, its address and its route.',
      zh: '请管理员检查上行链路的地址和路由。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
