import type { FindingEntry } from './finding-entry.ts';

export const negotiationFindings = {
  'pre-shared-key-differs': {
    severity: 'error',
    layer: 'ike-auth',
    field: 'PreShareKey',
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
} as const satisfies Readonly<Record<string, FindingEntry>>;
