import { Link } from 'wouter-preact';
import { say } from '../words/said.ts';

interface BackInTimeProps {
  readonly page: '/events' | '/events/audit';
  readonly search: URLSearchParams;
  /** Where what is older goes on; null: nothing is. */
  readonly before: number | null;
}

/** Older ones are an address of their own: what happens meanwhile moves nothing, and the back button leads back. */
export function BackInTime({ page, search, before }: BackInTimeProps) {
  const at = (change: (params: URLSearchParams) => void) => {
    const params = new URLSearchParams(search);
    change(params);
    return params.size === 0 ? page : `${page}?${params.toString()}`;
  };
  return (
    <p class="back-in-time">
      {search.has('before') && <Link href={at((params) => params.delete('before'))}>{say('events.newest')}</Link>}
      {before !== null && (
        <Link href={at((params) => params.set('before', String(before)))}>{say('events.earlier')}</Link>
      )}
    </p>
  );
}
