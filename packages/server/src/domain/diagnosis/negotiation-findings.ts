/** What keeps IKE from coming to an agreement, or will. */
export const negotiationFindings = [
  ...(['ike-encryption-differs', 'ike-integrity-differs', 'ike-prf-differs', 'ike-dh-group-differs'] as const),
  ...(['ike-proposals-differ', 'ike-proposal-refused', 'ike-version-differs', 'exchange-mode-differs'] as const),
  ...(['peer-silent', 'peer-stopped-answering', 'peer-never-began', 'caller-from-other-address'] as const),
  ...(['closed-by-peer', 'message-not-understood'] as const),
  ...(['pre-shared-key-differs', 'authentication-refused', 'ikev1-authentication-refused'] as const),
  ...(['authentication-unanswered', 'ikev1-authentication-unanswered', 'authentication-not-received'] as const),
  ...(['local-identity-differs', 'remote-identity-differs', 'private-identity-behind-nat'] as const),
  ...(['closed-before-child', 'eap-wanted', 'virtual-address-wanted'] as const),
  ...(['esp-encryption-differs', 'esp-integrity-differs', 'pfs-group-differs', 'esp-proposals-differ'] as const),
  ...(['esp-proposal-refused', 'rekeying-pfs-group-differs', 'reopened-by-peer'] as const),
  ...([
    'selectors-differ',
    'selectors-swapped',
    'selectors-refused',
    'selectors-narrowed',
    'child-not-opened',
  ] as const),
  ...(['sa-not-installed', 'packets-not-sent'] as const),
] as const;

export type NegotiationFindingCode = (typeof negotiationFindings)[number];
