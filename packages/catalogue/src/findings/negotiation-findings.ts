import type { Words } from '../action-definition.ts';
import type { FindingCause, FindingEntry } from './finding-entry.ts';

const ike = (name: string) => `IKEOptionsSpecification.${name}`;
const esp = (name: string) => `IPSECOptionsSpecification.${name}`;
const policies = 'SecurityPolicyDatabases';
const peerAddress = 'CustomerGateway.IpAddress';

const peerLog: Words = {
  en: 'Look into the log of the peer: it knows what it refused.',
  zh: '请查看对端日志，其中记录了被拒绝的原因。',
};

/** Where both ends have to have the same. */
function differs(layer: 'ike' | 'esp', field: string, what: Words): FindingEntry {
  return {
    ...{ severity: 'error', layer, field },
    summary: {
      en: `${what.en} of the two ends has nothing in common: {ours} here, {theirs} on the peer.`,
      zh: `两端的${what.zh}没有交集：本端 {ours}，对端 {theirs}。`,
    },
    fixHere: { en: `Set ${field} to what the peer has: {theirs}.`, zh: `将 ${field} 设为对端的值：{theirs}。` },
    fixThere: { en: `Set it to {ours} on the peer.`, zh: `在对端设为 {ours}。` },
  };
}

const presharedKey: FindingCause = {
  field: 'PreShareKey',
  tells: {
    en: 'The log of the peer speaks of a wrong key, a MAC or a hash that does not match; enter the key anew on both ends.',
    zh: '对端日志提示密钥错误，或 MAC、HASH 不匹配；请在两端重新填写密钥。',
  },
};
const localIdentity: FindingCause = {
  field: ike('LocalIdentity'),
  tells: {
    en: 'The log of the peer says that no connection matches, and names the identity that we sent: {ours}.',
    zh: '对端日志提示没有匹配的连接，并给出本端发送的身份：{ours}。',
  },
};
const remoteIdentity: FindingCause = {
  field: ike('RemoteIdentity'),
  tells: {
    en: 'The peer goes by another identity than the one that we ask for: compare its own identity with RemoteIdentity.',
    zh: '对端自身的身份与本端要求的不同：请将其与 RemoteIdentity 比较。',
  },
};
const port4500: FindingCause = {
  field: 'UDP 4500',
  tells: {
    en: 'A capture on the peer shows no packet to port 4500: a firewall between the ends drops it.',
    zh: '在对端抓包看不到发往 4500 端口的报文：中间的防火墙将其丢弃。',
  },
};

export const negotiationFindings = {
  'ike-encryption-differs': differs('ike', ike('PropoEncryAlgorithm'), {
    en: 'The IKE encryption',
    zh: ' IKE 加密算法',
  }),
  'ike-integrity-differs': differs('ike', ike('PropoAuthenAlgorithm'), {
    en: 'The IKE integrity algorithm',
    zh: ' IKE 认证算法',
  }),
  'ike-prf-differs': differs('ike', `${ike('PropoAuthenAlgorithm')} (PRF)`, {
    en: 'The pseudo-random function (PRF) of IKE',
    zh: ' IKE 伪随机函数（PRF）',
  }),
  'ike-dh-group-differs': differs('ike', ike('DhGroupName'), { en: 'The DH group of IKE', zh: ' IKE DH 组' }),
  'ike-proposals-differ': {
    ...{ severity: 'error', layer: 'ike', field: `${ike('PropoEncryAlgorithm')}, PropoAuthenAlgorithm, DhGroupName` },
    summary: {
      en: 'No IKE proposal of the peer fits ours, in more than one field: {ours} here, {theirs} on the peer.',
      zh: '对端的 IKE 提议与本端有多处不同：本端 {ours}，对端 {theirs}。',
    },
    fixHere: { en: 'Set the IKE algorithms to one of the proposals of the peer.', zh: '将 IKE 算法设为对端提议之一。' },
    fixThere: { en: 'Offer {ours} on the peer.', zh: '在对端提议 {ours}。' },
  },
  'ike-proposal-refused': {
    ...{ severity: 'error', layer: 'ike', field: `${ike('PropoEncryAlgorithm')}, PropoAuthenAlgorithm, DhGroupName` },
    causes: [
      {
        field: `${ike('PropoEncryAlgorithm')}, PropoAuthenAlgorithm, DhGroupName`,
        tells: {
          en: 'The log of the peer lists received and configured proposals: one algorithm is in neither of them.',
          zh: '对端日志列出了收到的和配置的提议：其中有一种算法没有交集。',
        },
      },
      {
        field: `${ike('IKEVersion')}, ExchangeMode`,
        tells: {
          en: 'The log of the peer says that it has no configuration for this version of IKE, or for this mode of IKEV1.',
          zh: '对端日志提示没有该 IKE 版本或 IKEV1 模式的配置。',
        },
      },
      {
        field: peerAddress,
        tells: {
          en: 'The device at that address does not know our public address: it is the wrong device, or its remote address is wrong.',
          zh: '该地址上的设备不认识本端公网地址：设备不对，或其远端地址有误。',
        },
      },
    ],
    summary: {
      en: 'The peer chose none of our IKE proposals: {ours}. It does not tell what it has.',
      zh: '对端未选择本端的任何 IKE 提议：{ours}，且未告知其配置。',
    },
    fixHere: {
      en: 'Compare IKE version, algorithms and DH group with those of the peer, and its address with that of the customer gateway.',
      zh: '将 IKE 版本、算法、DH 组与对端比较，并核对对端网关的地址。',
    },
    fixThere: {
      en: 'Offer {ours} for our public address; the log of the peer names what it refused.',
      zh: '在对端为本端公网地址提议 {ours}；对端日志会给出被拒绝的原因。',
    },
  },
  'ike-version-differs': {
    ...{ severity: 'error', layer: 'ike', field: ike('IKEVersion') },
    summary: {
      en: 'The peer speaks another version of IKE: {ours} here, {theirs} on the peer.',
      zh: '两端 IKE 版本不同：本端 {ours}，对端 {theirs}。',
    },
    fixHere: { en: 'Set IKEVersion to {theirs}.', zh: '将 IKEVersion 设为 {theirs}。' },
    fixThere: { en: 'Set the version of IKE to {ours}.', zh: '在对端将 IKE 版本设为 {ours}。' },
  },
  'exchange-mode-differs': {
    ...{ severity: 'error', layer: 'ike', field: ike('ExchangeMode') },
    summary: {
      en: 'The two ends use different modes of IKEv1: {ours} here, {theirs} on the peer.',
      zh: '两端 IKEv1 协商模式不同：本端 {ours}，对端 {theirs}。',
    },
    fixHere: { en: 'Set ExchangeMode to {theirs}.', zh: '将 ExchangeMode 设为 {theirs}。' },
    fixThere: { en: 'Set the exchange mode to {ours}.', zh: '在对端将协商模式设为 {ours}。' },
  },
  'peer-silent': {
    ...{ severity: 'error', layer: 'path', field: 'UDP 500' },
    causes: [
      {
        field: 'UDP 500',
        tells: {
          en: 'A capture at the peer shows no packet of ours to port 500, or answers that do not arrive here: a firewall drops them.',
          zh: '在对端抓包看不到发往 500 端口的报文，或应答未到达本端：被防火墙丢弃。',
        },
      },
      {
        field: peerAddress,
        tells: {
          en: 'No device of yours has the address {ours}: nothing of ours arrives where the peer is.',
          zh: '您的设备均没有地址 {ours}：报文未到达对端。',
        },
      },
      {
        field: 'peer',
        tells: {
          en: 'The peer answers nobody: it, or its IKE, is down.',
          zh: '对端不应答任何人：设备或其 IKE 服务已停止。',
        },
      },
    ],
    summary: {
      en: 'The peer at {ours} does not answer the first IKE message.',
      zh: '位于 {ours} 的对端未应答首个 IKE 报文。',
    },
    fixHere: {
      en: 'Check the address of the customer gateway, and that UDP port 500 may leave and enter here.',
      zh: '核对对端网关地址，并确认本端放行 UDP 500。',
    },
    fixThere: {
      en: 'Start IKE on the peer, and let UDP ports 500 and 4500 in.',
      zh: '启动对端 IKE 并放行 UDP 500 和 4500。',
    },
  },
  'peer-stopped-answering': {
    ...{ severity: 'error', layer: 'path', field: 'peer' },
    summary: {
      en: 'The peer answered until now, and does not any more (dead peer detection).',
      zh: '对端此前有应答，现已不再应答（失效对端检测）。',
    },
    fixThere: { en: 'Look whether the peer and its line are up.', zh: '检查对端设备及其线路是否正常。' },
  },
  'peer-never-began': {
    ...{ severity: 'warning', layer: 'ike', field: 'NegotiationType' },
    summary: {
      en: 'This end waits for the peer to begin, and nothing has come from {ours} yet.',
      zh: '本端等待对端发起协商，但尚未收到来自 {ours} 的报文。',
    },
    fixHere: { en: 'Set NegotiationType to `active`.', zh: '将 NegotiationType 设为 `active`。' },
    fixThere: {
      en: 'Have the peer initiate, from the address of the customer gateway.',
      zh: '由对端使用对端网关的地址发起协商。',
    },
  },
  'caller-from-other-address': {
    ...{ severity: 'warning', layer: 'ike', field: peerAddress },
    causes: [
      {
        field: peerAddress,
        tells: { en: 'The address {theirs} is the one of your device.', zh: '地址 {theirs} 是您设备的地址。' },
      },
      {
        field: 'stranger',
        tells: {
          en: 'Nobody whom you know has the address {theirs}: somebody tries, and is refused.',
          zh: '您不认识地址 {theirs}：有他人尝试连接并被拒绝。',
        },
      },
    ],
    summary: {
      en: 'Nothing works with the peer at {ours}, and somebody at {theirs} asks for a tunnel.',
      zh: '与 {ours} 的对端协商不成功，而 {theirs} 在请求建立通道。',
    },
    fixHere: {
      en: 'If {theirs} is the peer, create a customer gateway with that address and use it for the tunnel.',
      zh: '若 {theirs} 为对端，请以该地址创建对端网关并用于本通道。',
    },
    fixThere: { en: 'Have the peer send from {ours}.', zh: '让对端使用 {ours} 发送。' },
  },
  'closed-by-peer': {
    ...{ severity: 'error', layer: 'ike', field: 'peer' },
    summary: { en: 'The peer closed the tunnel.', zh: '对端关闭了通道。' },
    fixThere: peerLog,
  },
  'message-not-understood': {
    ...{ severity: 'error', layer: 'ike', field: 'PreShareKey' },
    causes: [
      presharedKey,
      {
        field: 'peer',
        tells: {
          en: 'The key is the same on both ends: the peer refuses a payload that its IKE does not know.',
          zh: '两端密钥相同：对端拒绝了其 IKE 不支持的载荷。',
        },
      },
    ],
    summary: { en: 'The peer could not read our message.', zh: '对端无法解析本端的报文。' },
    fixHere: {
      en: 'Set the key of the peer by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 设置对端的密钥。',
    },
    fixThere: peerLog,
  },

  'pre-shared-key-differs': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    summary: {
      en: "The peer's pre-shared key is not the one of this tunnel.",
      zh: '对端的预共享密钥与本通道不一致。',
    },
    fixHere: {
      en: 'Set the same key by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 设置相同的密钥。',
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
      en: 'Compare pre-shared key, LocalIdentity and RemoteIdentity with what the peer has.',
      zh: '将预共享密钥、LocalIdentity、RemoteIdentity 与对端比较。',
    },
    fixThere: {
      en: 'Expect the identity {ours} with the key of this tunnel; the log of the peer names which of them it refused.',
      zh: '在对端以本通道密钥接受身份 {ours}；对端日志会给出被拒绝的是哪一项。',
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
      zh: '在对端以相同的 IKEv1 模式和本通道密钥接受身份 {ours}。',
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
      en: 'The peer answered the first IKE message, and does not answer the second one, which went to its {ours}.',
      zh: '对端应答了首个 IKE 报文，但未应答发往其 {ours} 的第二个报文。',
    },
    fixHere: { en: 'Let UDP port 4500 leave and enter here.', zh: '在本端放行 UDP 4500。' },
    fixThere: { en: 'Let UDP port 4500 in, not port 500 alone.', zh: '在对端放行 UDP 4500，而不仅是 500。' },
  },
  'ikev1-authentication-unanswered': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    causes: [presharedKey, port4500, localIdentity],
    summary: {
      en: 'The peer does not answer the message that authenticates us by IKEv1, the first one that is encrypted ({ours}).',
      zh: '对端未应答 IKEv1 的认证报文，即首个加密报文（{ours}）。',
    },
    fixHere: {
      en: 'Set the key of the peer, and let UDP port 4500 leave and enter here.',
      zh: '设置与对端相同的密钥，并在本端放行 UDP 4500。',
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
      zh: '对端期望本端身份为 {theirs}，实际为 {ours}。',
    },
    fixHere: {
      en: 'Set LocalIdentity, with LocalAddress or LocalFqdnName, to {theirs}.',
      zh: '将 LocalIdentity（及 LocalAddress 或 LocalFqdnName）设为 {theirs}。',
    },
    fixThere: { en: 'Expect the remote identity {ours}.', zh: '在对端将远端身份设为 {ours}。' },
  },
  'remote-identity-differs': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('RemoteIdentity') },
    summary: {
      en: 'The peer is {theirs}; this tunnel expects {ours}.',
      zh: '对端身份为 {theirs}，本通道期望 {ours}。',
    },
    fixHere: {
      en: 'Set RemoteIdentity, with RemoteAddress or RemoteFqdnName, to {theirs}.',
      zh: '将 RemoteIdentity（及 RemoteAddress 或 RemoteFqdnName）设为 {theirs}。',
    },
    fixThere: { en: 'Set the own identity of the peer to {ours}.', zh: '在对端将自身身份设为 {ours}。' },
  },
  'private-identity-behind-nat': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('RemoteAddress') },
    summary: {
      en: 'The peer is behind NAT and goes by its private address {theirs}; this tunnel expects {ours}.',
      zh: '对端位于 NAT 之后，并以私网地址 {theirs} 为身份；本通道期望 {ours}。',
    },
    fixHere: { en: 'Set RemoteAddress to {theirs}.', zh: '将 RemoteAddress 设为 {theirs}。' },
    fixThere: {
      en: 'Set the own identity of the peer to its public address {ours}, or to a name.',
      zh: '在对端将自身身份设为其公网地址 {ours} 或域名。',
    },
  },
  'closed-before-child': {
    ...{ severity: 'error', layer: 'ike-auth', field: ike('LocalIdentity') },
    causes: [
      localIdentity,
      {
        field: policies,
        tells: {
          en: 'The log of the peer speaks of selectors, proxy ids or networks that it does not find.',
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
      en: 'The peer closed the IKE_SA right after both had authenticated, we as {ours}.',
      zh: '双方认证（本端身份 {ours}）后，对端立即关闭了 IKE_SA。',
    },
    fixHere: {
      en: 'Compare LocalIdentity, the SPD policies and the IPsec algorithms with those of the peer.',
      zh: '将 LocalIdentity、SPD 策略、IPsec 算法与对端比较。',
    },
    fixThere: peerLog,
  },
  'eap-wanted': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'PreShareKey' },
    summary: {
      en: 'The peer wants to authenticate by EAP, as clients for remote access do; a tunnel between sites has a pre-shared key.',
      zh: '对端要求 EAP 认证（远程接入客户端的方式）；站点间通道使用预共享密钥。',
    },
    fixThere: { en: 'Authenticate by pre-shared key, both ways.', zh: '在对端双向使用预共享密钥认证。' },
  },
  'virtual-address-wanted': {
    ...{ severity: 'error', layer: 'ike-auth', field: 'virtual IP' },
    summary: {
      en: 'The peer asks for an address of its own, as clients for remote access do; a tunnel between sites has none.',
      zh: '对端请求分配虚拟地址（远程接入客户端的方式）；站点间通道不分配地址。',
    },
    fixThere: {
      en: 'Configure a tunnel between sites, without a virtual IP.',
      zh: '在对端配置站点间通道，不使用虚拟 IP。',
    },
  },

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
