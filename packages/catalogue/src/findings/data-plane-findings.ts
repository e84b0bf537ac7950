import type { FindingEntry } from './finding-entry.ts';

export const dataPlaneFindings = {
  'esp-not-received': {
    severity: 'error',
    layer: 'path',
    field: 'ESP',
    summary: {
      en: 'The CHILD_SA is installed and packets go out, but no ESP packet of the peer arrives.',
      zh: 'CHILD_SA 已建立且有报文发出，但未收到对端的 ESP 报文。',
    },
    fixThere: {
      en: 'Let IP protocol 50 pass between both public addresses, or UDP port 4500 where there is NAT.',
      zh: '放行两端公网地址之间的 IP 协议 50；存在 NAT 时放行 UDP 4500。',
    },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
