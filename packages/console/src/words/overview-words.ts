/** Of the page Overview. */
export const overviewWords = {
  'overview.attention': { en: 'Needs attention', zh: '需要处理' },
  'overview.nothing': { en: 'Nothing is known to be wrong.', zh: '未发现问题。' },
  'overview.more': { en: '{count} more: look through the tunnels', zh: '另有 {count} 项，请查看通道列表' },
  'overview.gateways': { en: 'VPN gateways', zh: 'VPN 网关' },
  'overview.noGateways': { en: 'There is no VPN gateway yet.', zh: '还没有 VPN 网关。' },
  'overview.gateway': { en: 'Gateway', zh: '网关' },
  'overview.address': { en: 'Address', zh: '公网地址' },
  'overview.tunnelsUp': { en: 'Tunnels up', zh: '正常通道' },
  'overview.plan': { en: 'Changes', zh: '变更' },
  'overview.applied': { en: 'applied', zh: '已生效' },
  'overview.pending': { en: 'waiting', zh: '等待生效' },
  'overview.traffic': { en: 'Last hour, in and out', zh: '最近一小时入/出流量' },
  'overview.tunnels': { en: 'Tunnels', zh: '通道' },
} as const;
