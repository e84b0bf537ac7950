/** Of a failover that is drilled. */
export const drillWords = {
  'drill.open': { en: 'Drill …', zh: '切换演练……' },
  'drill.title': { en: 'Drill a failover of {name}', zh: '演练 {name} 的故障切换' },
  'drill.what': {
    en: 'The routes of this tunnel are taken out for some seconds, another tunnel serves in its place, and a host of this service in a subnet of yours counts what is lost. The routes come back by themselves, and at once should the other tunnel fail.',
    zh: '该通道的路由将撤下数秒，由其他通道承载，同时由您子网中的临时主机统计丢包。路由会自动恢复；若其他通道失效则立即恢复。',
  },
  'drill.from': { en: 'Subnet that is sent from', zh: '发送报文的子网' },
  'drill.to': { en: 'Address behind the tunnel that answers pings', zh: '通道对端应答 ping 的地址' },
  'drill.toWrong': { en: 'This is no IPv4 address.', zh: '不是有效的 IPv4 地址。' },
  'drill.seconds': { en: 'Seconds, 3 to 20', zh: '时长（秒，3 到 20）' },
  'drill.noSubnet': { en: 'There is no subnet to send from.', zh: '没有可用于发送的子网。' },
  'drill.now': { en: 'Drill now', zh: '开始演练' },
  'drill.running': {
    en: 'A free address is looked for, then the drill runs: about {seconds} seconds.',
    zh: '正在查找空闲地址并演练，约需 {seconds} 秒。',
  },
  'drill.lost': {
    en: '{lost} of {sent} packets were lost; the longest silence was {longest} ms.',
    zh: '共 {sent} 个报文，丢失 {lost} 个；最长中断 {longest} 毫秒。',
  },
  'drill.whole': { en: 'The other tunnel served all the time.', zh: '其他通道全程承载。' },
  'drill.early': {
    en: 'The drill ended early: nothing served in its place any more, or the tunnel failed itself.',
    zh: '演练提前结束：备用通道失效，或该通道自身故障。',
  },
  'drill.ends': { en: 'Sent', zh: '收发地址' },
} as const;
