import { say } from '../words/said.ts';

interface PagerProps {
  readonly offset: number;
  readonly total: number;
  readonly pageSize: number;
  readonly onOffset: (offset: number) => void;
}

/** Leafs through a long list; nothing where one page holds it. */
export function Pager({ offset, total, pageSize, onOffset }: PagerProps) {
  if (total <= pageSize) return null;
  return (
    <nav class="bar" aria-label={say('pager.pages')}>
      <button type="button" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - pageSize))}>
        {say('pager.before')}
      </button>
      <span class="number">
        {say('pager.shown', { from: offset + 1, to: Math.min(total, offset + pageSize), all: total })}
      </span>
      <button type="button" disabled={offset + pageSize >= total} onClick={() => onOffset(offset + pageSize)}>
        {say('pager.after')}
      </button>
    </nav>
  );
}
