import type { FindingEntry } from './finding-entry.ts';
import {
  esp,
  ike,
  localIdentity,
  peerLog,
  policies,
  port4500,
  presharedKey,
  remoteIdentity,
} from './negotiation-words.ts';

/** About who each end is, and how it proves that. */
export const authenticationFindings = {
  'pre-shared-key-differs': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    summary: {
      en: "The peer's pre-shared key is not the one of this tunnel.",
      zh: '对端的预共享密钥与本通道不一致。',
    },
    fixHere: {
      en: 'Set PreShareKey to the key of the peer, by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 将 PreShareKey 设为对端的密钥。',
    },
    fixThere: { en: 'Enter the key of this tunnel.', zh: '在对端填写本通道的密钥。' },
  },
  'authentication-refused': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    causes: [presharedKey, localIdentity, remoteIdentity],
    summary: {
      en: 'The peer refused our authentication as {ours}. It does not tell why.',
      zh: '对端拒绝了本端以 {ours} 进行的认证，且未告知原因。',
    },
    fixHere: {
      en: 'Compare PreShareKey, LocalIdentity and RemoteIdentity with what the peer has.',
      zh: '将 PreShareKey、LocalIdentity、RemoteIdentity 与对端比较。',
    },
    fixThere: {
      en: 'Expect the identity {ours} with the key of this tunnel; the log of the peer names which of them it refused.',
      zh: '在对端以本通道密钥接受标识 {ours}；对端日志会给出被拒绝的是哪一项。',
    },
  },
  'ikev1-authentication-refused': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('LocalIdentity') },
    causes: [
      localIdentity,
      {
        field: ike('ExchangeMode'),
        tells: {
          en: 'The log of the peer says that it allows only the other mode, main or aggressive.',
          zh: '对端日志提示只允许另一种模式（主模式或野蛮模式）。',
        },
      },
      presharedKey,
    ],
    summary: {
      en: 'The peer refused our authentication as {ours}, by IKEv1. It does not tell why.',
      zh: '对端（IKEv1）拒绝了本端以 {ours} 进行的认证，且未告知原因。',
    },
    fixHere: {
      en: 'Compare LocalIdentity, ExchangeMode and the pre-shared key with what the peer has.',
      zh: '将 LocalIdentity、ExchangeMode、预共享密钥与对端比较。',
    },
    fixThere: {
      en: 'Expect the identity {ours} with the key of this tunnel, in the same mode of IKEv1.',
      zh: '在对端以相同的 IKEv1 模式和本通道密钥接受标识 {ours}。',
    },
  },
  'authentication-unanswered': {
    ...{ severity: 'error', layer: 'path', field: 'UDP 4500' },
    causes: [
      port4500,
      {
        field: 'IP fragments',
        tells: {
          en: 'Small packets to port 4500 arrive at the peer, large ones do not: fragments are dropped.',
          zh: '发往 4500 端口的小报文能到达，大报文不能：分片被丢弃。',
        },
      },
    ],
    summary: {
      en: 'The peer answered the first IKE message, and does not answer the second one, which we sent to {ours} on the peer.',
      zh: '对端应答了首个 IKE 报文，但未应答发往对端 {ours} 的第二个报文。',
    },
    fixHere: { en: 'Let UDP port 4500 leave and enter here.', zh: '在本端放行 UDP 4500。' },
    fixThere: { en: 'Let UDP port 4500 in, not port 500 alone.', zh: '在对端放行 UDP 4500，而不仅是 500。' },
  },
  'ikev1-authentication-unanswered': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    causes: [presharedKey, port4500, localIdentity],
    summary: {
      en: 'The peer does not answer the message that authenticates us by IKEv1, the first one that is encrypted; it went to {ours}.',
      zh: '对端未应答 IKEv1 的认证报文，即首个加密报文（发往 {ours}）。',
    },
    fixHere: {
      en: 'Set PreShareKey to the key of the peer, and let UDP port 4500 leave and enter here.',
      zh: '将 PreShareKey 设为对端的密钥，并在本端放行 UDP 4500。',
    },
    fixThere: {
      en: 'Enter the key of this tunnel, and let UDP port 4500 in.',
      zh: '在对端填写本通道密钥并放行 UDP 4500。',
    },
  },
  'authentication-not-received': {
    ...{ severity: 'error', layer: 'path', field: 'UDP 4500' },
    causes: [
      port4500,
      {
        field: 'peer',
        tells: {
          en: 'The peer sends nothing after our answer: its log says what it did not like.',
          zh: '对端收到应答后未再发送：其日志会给出原因。',
        },
      },
    ],
    summary: {
      en: 'The peer began, was answered, and its next message does not arrive.',
      zh: '对端已发起并得到应答，但其下一个报文未到达。',
    },
    fixHere: { en: 'Let UDP port 4500 enter here.', zh: '在本端放行入向 UDP 4500。' },
    fixThere: { en: 'Let UDP port 4500 leave, not port 500 alone.', zh: '在对端放行出向 UDP 4500，而不仅是 500。' },
  },
  'local-identity-differs': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('LocalIdentity') },
    summary: {
      en: 'The peer expects us to be {theirs}; this end is {ours}.',
      zh: '对端期望本端标识为 {theirs}，实际为 {ours}。',
    },
    fixHere: {
      en: 'Set LocalIdentity, with LocalAddress or LocalFqdnName, to {theirs}.',
      zh: '将 LocalIdentity（及 LocalAddress 或 LocalFqdnName）设为 {theirs}。',
    },
    fixThere: { en: 'Expect the remote identity {ours}.', zh: '在对端将远端标识设为 {ours}。' },
  },
  'remote-identity-differs': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('RemoteIdentity') },
    summary: {
      en: 'The peer is {theirs}; this tunnel expects {ours}.',
      zh: '对端标识为 {theirs}，本通道期望 {ours}。',
    },
    fixHere: {
      en: 'Set RemoteIdentity, with RemoteAddress or RemoteFqdnName, to {theirs}.',
      zh: '将 RemoteIdentity（及 RemoteAddress 或 RemoteFqdnName）设为 {theirs}。',
    },
    fixThere: { en: 'Set the own identity of the peer to {ours}.', zh: '在对端将自身标识设为 {ours}。' },
  },
  'private-identity-behind-nat': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('RemoteAddress') },
    summary: {
      en: 'The peer is behind NAT and goes by its private address {theirs}; this tunnel expects {ours}.',
      zh: '对端位于 NAT 之后，并以私网地址 {theirs} 为标识；本通道期望 {ours}。',
    },
    fixHere: { en: 'Set RemoteAddress to {theirs}.', zh: '将 RemoteAddress 设为 {theirs}。' },
    fixThere: {
      en: 'Set the own identity of the peer to its public address {ours}, or to a name that RemoteFqdnName has here.',
      zh: '在对端将自身标识设为其公网地址 {ours}，或与本端 RemoteFqdnName 相同的域名。',
    },
  },
  'closed-before-child': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('LocalIdentity') },
    causes: [
      localIdentity,
      {
        field: policies,
        tells: {
          en: 'The log of the peer speaks of networks (selectors, proxy ids) that it does not find.',
          zh: '对端日志提示找不到匹配的流量选择符、代理 ID 或网段。',
        },
      },
      {
        field: esp('EncryptAlgorithm'),
        tells: {
          en: 'The log of the peer speaks of phase 2, ESP or IPsec proposals.',
          zh: '对端日志提示第二阶段、ESP 或 IPsec 提议的问题。',
        },
      },
    ],
    summary: {
      en: 'The peer closed the IKE connection (IKE_SA) right after we had authenticated as {ours}.',
      zh: '本端以 {ours} 完成认证后，对端立即关闭了 IKE 连接（IKE_SA）。',
    },
    fixHere: {
      en: 'Compare LocalIdentity, SecurityPolicyDatabases and IPSECOptionsSpecification with what the peer has.',
      zh: '将 LocalIdentity、SecurityPolicyDatabases、IPSECOptionsSpecification 与对端比较。',
    },
    fixThere: peerLog,
  },
  'eap-wanted': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    summary: {
      en: 'The peer wants to authenticate by EAP (a name and a password), as clients for remote access do; a tunnel between sites has a pre-shared key.',
      zh: '对端要求 EAP 认证（用户名和密码，远程接入客户端的方式）；站点间通道使用预共享密钥。',
    },
    fixThere: { en: 'Authenticate by pre-shared key, both ways.', zh: '在对端双向使用预共享密钥认证。' },
  },
  'virtual-address-wanted': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'virtual IP' },
    summary: {
      en: 'The peer asks for an address of its own (a virtual IP), as clients for remote access do; a tunnel between sites has none.',
      zh: '对端请求分配虚拟地址（远程接入客户端的方式）；站点间通道不分配地址。',
    },
    fixThere: {
      en: 'Configure a tunnel between sites, without a virtual IP.',
      zh: '在对端配置站点间通道，不使用虚拟 IP。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
