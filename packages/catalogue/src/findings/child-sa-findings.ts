import type { FindingEntry } from './finding-entry.ts';
import { cipherForm, differs, esp, forwardSecrecy, pfsGroupForm, policies } from './negotiation-words.ts';

/** About CHILD_SAs: algorithms, networks, renewals. */
export const childSaFindings = {
  'esp-encryption-differs': differs('esp', esp('EncryptAlgorithm'), cipherForm),
  'esp-integrity-differs': differs('esp', esp('IntegrityAlgorithm')),
  'pfs-group-differs': differs('esp', esp('PfsDhGroup'), pfsGroupForm, forwardSecrecy),
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
          en: 'The ciphers are the same and the integrity algorithms (HMAC) are not; GCM ciphers need none.',
          zh: '加密算法相同而认证算法（HMAC）不同；GCM 不需要认证算法。',
        },
      },
      {
        field: esp('PfsDhGroup'),
        tells: {
          en: 'The tunnel has IKEv1, or several policies of which one works: only then does the first negotiation have a PFS group.',
          zh: '通道为 IKEv1，或多条策略中有一条可用：只有此时首次协商才涉及 PFS 组。',
        },
      },
    ],
    summary: {
      en: 'The peer authenticated us, and accepts none of our ESP proposals: {ours}. It does not tell what it has.',
      zh: '对端已通过认证，但未接受本端的 ESP 提议：{ours}，且未告知其配置。',
    },
    fixHere: {
      en: 'Compare EncryptAlgorithm, IntegrityAlgorithm and PfsDhGroup with what the peer has.',
      zh: '将 EncryptAlgorithm、IntegrityAlgorithm、PfsDhGroup 与对端比较。',
    },
    fixThere: { en: 'Offer {ours} for ESP on the peer.', zh: '在对端为 ESP 提议 {ours}。' },
  },
  'rekeying-pfs-group-differs': {
    ...{ severity: 'warning', layer: 'esp', field: esp('PfsDhGroup') },
    summary: {
      en: 'The tunnel works until its keys end: renewing them fails, since the PFS groups (perfect forward secrecy) differ: {ours} here, on the peer {theirs}.',
      zh: '通道在密钥到期前可用：因两端的 PFS 组（完全前向保密）不同（本端 {ours}，对端 {theirs}），密钥更新失败。',
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
      en: 'Set SecurityPolicyDatabases to what the peer asks for: {theirs}.',
      zh: '将 SecurityPolicyDatabases 设为对端请求的网段：{theirs}。',
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
      en: 'If this end is wrong, swap LocalCidrBlock and RemoteCidrBlock in SecurityPolicyDatabases.',
      zh: '若本端有误，请交换 SecurityPolicyDatabases 中的 LocalCidrBlock 与 RemoteCidrBlock。',
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
      en: 'Make SecurityPolicyDatabases the mirror image of the networks of the peer.',
      zh: '使 SecurityPolicyDatabases 与对端网段互为镜像。',
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
      en: 'If the part is meant, make SecurityPolicyDatabases as narrow: {theirs}.',
      zh: '若仅需该部分，请将 SecurityPolicyDatabases 设为 {theirs}。',
    },
    fixThere: { en: 'Widen the networks of the peer to {ours}.', zh: '将对端网段扩大为 {ours}。' },
  },
  'child-not-opened': {
    ...{ severity: 'error', layer: 'policy', field: policies },
    summary: {
      en: 'The peer has agreed on no keys (CHILD_SA) for {ours}, though for other networks it has; this end waits for it.',
      zh: '对端未为 {ours} 建立 CHILD_SA（其他网段已建立）；本端在等待对端。',
    },
    fixHere: {
      en: 'Set NegotiationType to `active`, so that this end negotiates what is missing.',
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
      en: 'This host could not install the keys that were agreed on (the SA), or their policies.',
      zh: '本主机无法安装协商得到的密钥（SA）或其策略。',
    },
    fixHere: {
      en: 'Have an administrator look at `landbridge status`, `landbridge doctor` and the log of the service.',
      zh: '请管理员查看 `landbridge status`、`landbridge doctor` 及服务日志。',
    },
  },
  'packets-not-sent': {
    ...{ severity: 'error', layer: 'uplink', field: 'uplink' },
    summary: { en: 'IKE packets cannot leave this host: {ours}.', zh: 'IKE 报文无法从本主机发出：{ours}。' },
    fixHere: {
      en: 'Have an administrator look at the uplink of this host, its address and its route: `landbridge doctor`.',
      zh: '请管理员检查本主机上行链路的地址和路由：`landbridge doctor`。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
