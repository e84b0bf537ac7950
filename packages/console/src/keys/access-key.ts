import type { Reply } from '../calls/call.ts';

export type AccessKey = Reply<'DescribeAccessKeys'>['AccessKeySet'][number];

/** What can be found: each word stands somewhere in the key, its account or its policy. */
export function fitsKey({ SecretId, AccountName, Policy }: AccessKey, filter: string): boolean {
  const text = `${SecretId} ${AccountName} ${JSON.stringify(Policy)}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A time of the API as an instant. */
export function instantOf(time: string): string {
  return `${time.replace(' ', 'T')}Z`;
}
