import type { FindingEntry } from './finding-entry.ts';

export const dataPlaneFindings = {
  'esp-not-received': {
    severity: 'error',
    layer: 'path',
    field: 'ESP',
    causes: [
      {
        field: 'ESP',
        tells: {
          en: "Nothing of ours arrives at the peer, or nothing that it sends arrives here: compare both ends' ESP counters.",
          zh: '对端收不到本端的 ESP，或其发出的 ESP 未到达本端：请对比两端的 ESP 计数。',
        },
      },
      {
        field: 'return route',
        tells: {
          en: "The peer decrypts our packets and encrypts none: no route there leads back to this end's ranges, or nobody has the address that is probed.",
          zh: '对端能解密本端报文却不加密任何回程报文：缺少指向本端网段的回程路由，或被探测的地址不存在。',
        },
      },
      {
        field: 'firewall',
        tells: {
          en: 'The peer decrypts our packets, and a firewall there drops them or the answers.',
          zh: '对端能解密本端报文，但其防火墙丢弃了这些报文或应答。',
        },
      },
    ],
    summary: {
      en: 'Keys are agreed on (CHILD_SA) and packets go out, but no encrypted packet (ESP) of the peer arrives.',
      zh: 'CHILD_SA 已建立且有报文发出，但未收到对端的加密报文（ESP）。',
    },
    fixHere: {
      en: 'Let IP protocol 50 from the peer enter this host, or UDP port 4500 where there is NAT.',
      zh: '放行来自对端的 IP 协议 50（存在 NAT 时为 UDP 4500）。',
    },
    fixThere: {
      en: 'Let IP protocol 50 pass between both public addresses, or UDP port 4500 where there is NAT; route the ranges of this end into the tunnel.',
      zh: '放行两端公网地址之间的 IP 协议 50（存在 NAT 时为 UDP 4500）；并将本端网段的路由指向隧道。',
    },
  },
  'esp-not-delivered': {
    severity: 'error',
    layer: 'path',
    field: 'ESP',
    causes: [
      {
        field: 'ESP',
        tells: {
          en: "The peer's counter of received ESP packets stands still: they are lost on the way.",
          zh: '对端的 ESP 接收计数不变：报文在途中丢失。',
        },
      },
      {
        field: 'firewall',
        tells: {
          en: 'The peer decrypts our packets, and drops them afterwards.',
          zh: '对端已解密本端报文，但随后将其丢弃。',
        },
      },
    ],
    summary: {
      en: 'Packets of the peer arrive and are answered, but the answers do not get there.',
      zh: '对端报文已到达并得到应答，但应答未能送达对端。',
    },
    fixHere: {
      en: 'Let IP protocol 50, or UDP port 4500 where there is NAT, leave this host for the peer.',
      zh: '放行本机发往对端的 IP 协议 50（存在 NAT 时为 UDP 4500）。',
    },
    fixThere: {
      en: 'Let the same in, and let the ranges of this end pass the firewall.',
      zh: '在对端放行上述报文，并在防火墙上放行本端网段。',
    },
  },
  'peer-network-silent': {
    severity: 'error',
    layer: 'routing',
    field: 'return route',
    causes: [
      {
        field: 'return route',
        tells: {
          en: "Our packets arrive at the hosts behind the peer, and their answers do not come to it: no route leads this end's ranges there.",
          zh: '本端报文已到达对端内网主机，但其应答未回到对端网关：缺少指向本端网段的回程路由。',
        },
      },
      {
        field: 'firewall',
        tells: {
          en: 'Our packets do not arrive at the hosts behind the peer, or their answers are dropped: a firewall there.',
          zh: '本端报文未到达对端内网主机，或应答被丢弃：对端防火墙所致。',
        },
      },
      {
        field: 'destination',
        tells: { en: 'The hosts that are asked do not exist, or are off.', zh: '被访问的主机不存在或已关机。' },
      },
    ],
    summary: {
      en: 'The peer itself answers through the tunnel, but nothing behind it does.',
      zh: '对端网关可经隧道应答，但其后的网络无任何应答。',
    },
    fixThere: {
      en: 'Route the ranges of this end to the peer, and let them pass the firewall.',
      zh: '在对端内网添加指向本端网段的路由，并在防火墙上放行。',
    },
  },
  'probe-never-answered': {
    severity: 'warning',
    layer: 'health-check',
    field: 'HealthCheckRemoteIp',
    summary: {
      en: 'The health check asks {ours}, which has never answered: it does not tell whether the tunnel works, and takes none of its routes out.',
      zh: '健康检查的目标 {ours} 从未应答：无法判断通道是否可用，也不会撤下其路由。',
    },
    fixHere: {
      en: 'Set HealthCheckRemoteIp to an address that answers echo requests through the tunnel, by ModifyVpnConnectionAttribute.',
      zh: '通过 ModifyVpnConnectionAttribute 将 HealthCheckRemoteIp 设为可经隧道应答 ICMP 请求的地址。',
    },
    fixThere: {
      en: 'Give the peer the address {ours} in the tunnel, and let it answer echo requests.',
      zh: '在对端隧道接口上配置地址 {ours}，并允许其应答 ICMP 请求。',
    },
  },
  'probe-no-longer-answered': {
    severity: 'error',
    layer: 'health-check',
    field: 'HealthCheckRemoteIp',
    summary: {
      en: 'The health check asks {ours}, which does not answer any more: the routes of the tunnel are taken out.',
      zh: '健康检查的目标 {ours} 不再应答：该通道的路由已被撤下。',
    },
    fixHere: {
      en: 'Where the tunnel carries packets all the same, set HealthCheckRemoteIp to another address.',
      zh: '若通道实际可用，请将 HealthCheckRemoteIp 设为其他地址。',
    },
    fixThere: {
      en: 'See that {ours} is there, answers echo requests, and has its way back through the tunnel.',
      zh: '确认 {ours} 在线、可应答 ICMP 请求，且回程经由隧道。',
    },
  },
  'traffic-outside-mappings': {
    severity: 'error',
    layer: 'policy',
    field: 'SecurityPolicyDatabases',
    summary: {
      en: 'Packets are sent for which no policy of the tunnel, {ours}, names source and destination: they are dropped.',
      zh: '存在源和目的地址不在任何 SPD 策略（{ours}）内的报文，已被丢弃。',
    },
    fixHere: {
      en: 'Add a policy that covers them, or route them elsewhere; DescribeDroppedPackets counts them.',
      zh: '添加可覆盖这些报文的 SPD 策略，或为其指定其他路由；DescribeDroppedPackets 可查看计数。',
    },
    fixThere: { en: 'Add the mirrored policy.', zh: '在对端添加对应的镜像策略。' },
  },
  'sources-dropped': {
    severity: 'warning',
    layer: 'policy',
    field: 'source',
    summary: {
      en: 'Packets out of the tunnel are dropped: no route leads their sources back into it.',
      zh: '来自隧道的报文被丢弃：没有路由将其源地址指回该隧道。',
    },
    fixHere: {
      en: 'Add a gateway route for their sources where they belong behind the peer; DescribeDroppedPackets counts them.',
      zh: '若这些源地址属于对端，请添加相应的网关路由；DescribeDroppedPackets 可查看计数。',
    },
    fixThere: { en: 'Send packets of the agreed ranges only.', zh: '仅发送约定网段内的报文。' },
  },
  'path-mtu-hole': {
    severity: 'error',
    layer: 'path',
    field: 'MTU',
    causes: [
      {
        field: 'MTU',
        tells: {
          en: 'A large download through the tunnel stands still, and a capture shows the same segment again and again: the path does not carry it.',
          zh: '经隧道的大文件下载停滞，抓包可见同一报文段反复重传：路径无法承载该长度的报文。',
        },
      },
      {
        field: 'firewall',
        tells: {
          en: 'A large download goes on: only echo requests of that size are dropped, by a firewall that limits ICMP.',
          zh: '大文件下载正常：仅该长度的 ICMP 请求被限制 ICMP 长度的防火墙丢弃。',
        },
      },
    ],
    summary: {
      en: 'Packets of the MTU of the tunnel, {ours}, vanish without a word, smaller ones are answered: {theirs}.',
      zh: '长度为隧道 MTU（{ours}）的报文被静默丢弃，较小的报文可得到应答：{theirs}。',
    },
    fixHere: {
      en: 'Have the operator lower `pathMtu` of the uplink to what the evidence says: MTU and TCP MSS of the tunnels follow it. Until then let hosts announce a smaller MSS.',
      zh: '请运维人员将上联的 `pathMtu` 调低至证据中给出的值：隧道的 MTU 与 TCP MSS 会随之调整。在此之前，可在主机侧使用更小的 MSS。',
    },
    fixThere: {
      en: 'Let ICMP "fragmentation needed" (type 3, code 4) pass to both public addresses, and give the interface towards the tunnel the MTU that passes.',
      zh: '放行发往两端公网地址的 ICMP“需要分片”报文（类型 3 代码 4），并将隧道接口的 MTU 设为可通过的值。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
