import { cutText } from '../domain/cut-text.ts';
import type { NewLine } from '../domain/operator/timeline.ts';

/** One thing that the kernel was told, as drivers tell it. */
interface ToldLine {
  readonly by: string;
  readonly line: string;
  /** Null: it is done. */
  readonly problem: string | null;
}

const mostLines = 20;
const longestLine = 200;

/** What applying a plan has changed; null where that is nothing. */
export function planLine(key: string, generation: number, lines: readonly ToldLine[]): NewLine | null {
  if (lines.length === 0) return null;
  const failed = lines.filter(({ problem }) => problem !== null);
  const rest = lines.filter(({ problem }) => problem === null);
  // A transaction fails as a whole, with one reason.
  const shown = [...failed, ...rest].slice(0, mostLines);
  const more = lines.length - shown.length;
  const counts = failed.length === 0 ? `${lines.length} done` : `${failed.length} of ${lines.length} failed`;
  return {
    subject: key,
    kind: 'plan',
    text: [
      `plan of change ${generation}: ${counts}`,
      ...shown.map(({ by, line, problem }) =>
        cutText(`${by} ${line}${problem === null ? '' : `: ${problem}`}`, longestLine),
      ),
      ...(more > 0 ? [`and ${more} more`] : []),
    ].join('\n'),
  };
}
