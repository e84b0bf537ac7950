/** What keeps IKE from coming to an agreement, or will. */
export const negotiationFindings = ['pre-shared-key-differs'] as const;
