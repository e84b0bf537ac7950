import type { ComponentChildren } from 'preact';
import { NamedText } from '../names/named-text.tsx';
import { idsIn } from '../names/text-parts.ts';
import { useNames } from '../names/use-names.ts';
import { say } from '../words/said.ts';
import { Table } from '../parts/table.tsx';
import type { Clash } from './difference.ts';

interface ClashTableProps {
  readonly clashes: readonly Clash[];
  readonly labelOf: (field: string) => string;
  readonly region: string;
  /** What can be done about one of them. */
  readonly choose?: (clash: Clash) => ComponentChildren;
}

/** What somebody else changed while this was open; nothing unless there is some of it. */
export function ClashTable({ clashes, labelOf, region, choose }: ClashTableProps) {
  useNames(idsIn(clashes.flatMap(({ theirs, yours }) => [theirs, yours])), region);
  if (clashes.length === 0) return null;
  const heads = ['tunnel.field', 'clash.theirs', 'clash.yours'] as const;
  const chosen = choose === undefined ? [] : [say('clash.choice')];
  return (
    <div class="problem" role="alert">
      <p>{say(choose === undefined ? 'clash.lookAgain' : 'clash.what')}</p>
      <Table heads={[...heads.map((head) => say(head)), ...chosen]}>
        {clashes.map((clash) => (
          <tr key={clash.field}>
            <th scope="row">{labelOf(clash.field)}</th>
            <td>
              <code>
                <NamedText of={clash.theirs || '–'} />
              </code>
            </td>
            <td>
              <code>
                <NamedText of={clash.yours || '–'} />
              </code>
            </td>
            {choose !== undefined && <td>{choose(clash)}</td>}
          </tr>
        ))}
      </Table>
    </div>
  );
}
