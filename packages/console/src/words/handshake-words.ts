/** Of the last negotiation of a tunnel. */
export const handshakeWords = {
  'handshake.title': { en: 'Last negotiation', zh: '最近一次协商' },
  'handshake.none': { en: 'None is known of.', zh: '没有记录。' },
  'handshake.older': {
    en: 'How the peer was set up is further back than what is kept here.',
    zh: '建立连接时的报文早于此处保留的记录。',
  },
  'handshake.set-up': { en: 'Set-up', zh: '建立' },
  'handshake.child-renewed': { en: 'CHILD_SA renewed', zh: '更新 CHILD_SA' },
  'handshake.child-added': { en: 'One more CHILD_SA', zh: '新增 CHILD_SA' },
  'handshake.ike-renewed': { en: 'IKE_SA renewed', zh: '更新 IKE_SA' },
  'handshake.between': { en: '{count} more in between', zh: '中间另有 {count} 次' },
  'handshake.sent': { en: 'sent', zh: '发送' },
  'handshake.received': { en: 'received', zh: '接收' },
  'handshake.stopped': { en: 'It stopped here:', zh: '在此中断：' },
} as const;
