/** What the rows alone tell, without a packet. */
export const planFindings = ['both-ends-passive'] as const;
