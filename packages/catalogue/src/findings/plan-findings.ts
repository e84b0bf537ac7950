import type { FindingEntry } from './finding-entry.ts';

export const planFindings = {
  'both-ends-passive': {
    severity: 'error',
    layer: 'ike',
    field: 'NegotiationType',
    summary: {
      en: 'This end waits for the peer to begin, and the peer has never begun.',
      zh: '本端等待对端发起协商，而对端从未发起。',
    },
    fixHere: { en: 'Set NegotiationType to `active`.', zh: '将 NegotiationType 设为 `active`。' },
    fixThere: { en: 'Have the peer initiate.', zh: '由对端发起协商。' },
  },
} as const satisfies Readonly<Record<string, FindingEntry>>;
