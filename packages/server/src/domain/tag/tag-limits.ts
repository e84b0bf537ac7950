/** The vendor's published limits for tags, in characters and in tags. */
export const tagLimits = {
  key: 127,
  value: 255,
  perResource: 50,
  /** Keys that begin so are the vendor's own. */
  reservedPrefix: 'qcs:',
} as const;
