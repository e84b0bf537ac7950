/** Of the last negotiation of a tunnel. */
export const handshakeWords = {
  'handshake.title': { en: 'Last negotiation', zh: '最近一次协商' },
  'handshake.none': { en: 'None is known of.', zh: '没有记录。' },
  'handshake.sent': { en: 'sent', zh: '发送' },
  'handshake.received': { en: 'received', zh: '接收' },
} as const;
