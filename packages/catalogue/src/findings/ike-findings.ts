import type { FindingCause, FindingEntry } from './finding-entry.ts';
import {
  cipherForm,
  dhGroupForm,
  differs,
  diffieHellman,
  ike,
  peerAddress,
  peerLog,
  presharedKey,
} from './negotiation-words.ts';

const otherVersion: FindingCause = {
  field: `${ike('IKEVersion')}, ExchangeMode`,
  tells: {
    en: 'The log of the peer says that it has no configuration for this version of IKE, or for this mode of IKEV1.',
    zh: '对端日志提示没有该 IKE 版本或 IKEV1 模式的配置。',
  },
};
const unknownHere: FindingCause = {
  field: peerAddress,
  tells: {
    en: 'The device at that address does not know our public address: it is the wrong device, or its remote address is wrong.',
    zh: '该地址上的设备不认识本端公网地址：设备不对，或其远端地址有误。',
  },
};

/** About the IKE_SA, until the ends know each other. */
export const ikeFindings = {
  'ike-encryption-differs': differs('ike', ike('PropoEncryAlgorithm'), cipherForm),
  'ike-integrity-differs': differs('ike', ike('PropoAuthenAlgorithm')),
  'ike-prf-differs': {
    ...{ severity: 'error', layer: 'ike', field: `${ike('PropoAuthenAlgorithm')} (PRF)` },
    summary: {
      en: 'The pseudo-random function of IKE (PRF, by which keys are derived) differs between the two ends: {ours} here, {theirs} on the peer.',
      zh: '两端的 IKE 伪随机函数（PRF，用于派生密钥）不同：本端 {ours}，对端 {theirs}。',
    },
    fixHere: {
      en: 'The PRF here is always that of PropoAuthenAlgorithm: set this to {theirs}, and on the peer the integrity algorithm of IKE as well.',
      zh: '本端 PRF 始终与 PropoAuthenAlgorithm 相同：将其设为 {theirs}，并在对端将 IKE 认证算法也设为该值。',
    },
    fixThere: { en: 'Set the PRF of IKE to {ours} on the peer.', zh: '在对端将 IKE 的 PRF 设为 {ours}。' },
  },
  'ike-dh-group-differs': differs('ike', ike('DhGroupName'), dhGroupForm, diffieHellman),
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
          en: 'The log of the peer lists received and configured proposals: in one field they have nothing in common.',
          zh: '对端日志列出了收到的和配置的提议：其中有一种算法没有交集。',
        },
      },
      otherVersion,
      unknownHere,
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
    asked: {
      settable: {
        summary: {
          en: 'The peer chose none of our IKE proposals: {ours}. Asked, it named what it accepts.',
          zh: '对端未选择本端的任何 IKE 提议：{ours}。经询问，对端告知了其接受的提议。',
        },
        fixHere: { en: 'Set {settings}: the peer accepts that.', zh: '设置 {settings}：对端接受该提议。' },
        fixThere: { en: 'Or accept {ours} on the peer.', zh: '或在对端接受 {ours}。' },
      },
      unsettable: {
        summary: {
          en: 'The peer chose none of our IKE proposals: {ours}. Asked, it named what it accepts, which no parameters of ours make.',
          zh: '对端未选择本端的任何 IKE 提议：{ours}。经询问，对端告知了其接受的提议，但本端参数无法组成该提议。',
        },
        fixHere: {
          en: 'No value of ours does: PropoAuthenAlgorithm sets integrity and PRF alike, and the peer wants others.',
          zh: '本端无可用的取值：PropoAuthenAlgorithm 同时决定认证算法与 PRF，而对端要求的与之不同。',
        },
        fixThere: { en: 'Accept {ours} on the peer.', zh: '在对端接受 {ours}。' },
      },
      ours: {
        summary: {
          en: 'The peer chose none of our IKE proposals, but accepted {ours} when it was asked.',
          zh: '对端未选择本端的任何 IKE 提议，但询问时接受了 {ours}。',
        },
        fixHere: {
          en: 'Nothing has to be set: it was changed meanwhile, or the peer does not always answer alike. Reset the tunnel if it stays down.',
          zh: '无需修改：对端配置已变更，或其应答不一致。若通道仍未建立，请重置通道。',
        },
      },
      nothing: {
        causes: [otherVersion, unknownHere],
        summary: {
          en: 'The peer chose none of our IKE proposals: {ours}. Asked, it accepts nothing that this service can offer: algorithms are not the reason.',
          zh: '对端未选择本端的任何 IKE 提议：{ours}。经询问，对端不接受本服务的任何提议，原因不在算法。',
        },
        fixHere: {
          en: 'Compare the version of IKE with that of the peer, and its address with that of the customer gateway.',
          zh: '请与对端比较 IKE 版本，并核对对端网关的地址。',
        },
        fixThere: {
          en: 'Let it know our public address as that of its remote end, with the same version of IKE.',
          zh: '在对端将本端公网地址配置为远端地址，并使用相同的 IKE 版本。',
        },
      },
      silent: {
        summary: {
          en: 'The peer chose none of our IKE proposals: {ours}. It did not answer when it was asked what it accepts.',
          zh: '对端未选择本端的任何 IKE 提议：{ours}。询问其接受哪些提议时，对端未应答。',
        },
        fixHere: {
          en: 'Compare IKE version, algorithms and DH group with those of the peer. It is asked from UDP port 50500: a firewall may let port 500 alone through.',
          zh: '将 IKE 版本、算法、DH 组与对端比较。询问使用 UDP 源端口 50500：防火墙可能只放行 500 端口。',
        },
        fixThere: {
          en: 'Offer {ours} for our public address; the log of the peer names what it refused.',
          zh: '在对端为本端公网地址提议 {ours}；对端日志会给出被拒绝的原因。',
        },
      },
    },
  },
  'ike-version-differs': {
    ...{ severity: 'error', layer: 'ike', field: ike('IKEVersion') },
    summary: {
      en: 'The IKE version differs between the two ends: {ours} here, {theirs} on the peer.',
      zh: '两端的 IKE 版本不同：本端 {ours}，对端 {theirs}。',
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
      zh: '对端此前有应答，现已不再应答（DPD 检测）。',
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
    summary: { en: 'The peer closed the tunnel, and did not say why.', zh: '对端关闭了通道，且未说明原因。' },
    fixThere: peerLog,
  },
  'message-not-understood': {
    ...{ severity: 'error', layer: 'ike', field: 'PreShareKey' },
    causes: [
      presharedKey,
      {
        field: 'peer',
        tells: {
          en: 'The key is the same on both ends: the peer refuses a part of the message (a payload) that its IKE does not know.',
          zh: '两端密钥相同：对端拒绝了其 IKE 不支持的载荷。',
        },
      },
    ],
    summary: {
      en: 'The peer could not read our message (INVALID_SYNTAX).',
      zh: '对端无法解析本端的报文（INVALID_SYNTAX）。',
    },
    fixHere: {
      en: 'Set PreShareKey to the key of the peer, by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 将 PreShareKey 设为对端的密钥。',
    },
    fixThere: peerLog,
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
