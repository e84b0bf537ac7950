import type { ComponentChildren } from 'preact';
import { say } from '../words/said.ts';
import type { Clash } from './difference.ts';

interface ClashTableProps {
  readonly clashes: readonly Clash[];
  readonly labelOf: (field: string) => string;
  /** What can be done about one of them. */
  readonly choose?: (clash: Clash) => ComponentChildren;
}

/** What somebody else changed while this was open; nothing unless there is some of it. */
export function ClashTable({ clashes, labelOf, choose }: ClashTableProps) {
  if (clashes.length === 0) return null;
  return (
    <div class="problem" role="alert">
      <p>{say(choose === undefined ? 'clash.lookAgain' : 'clash.what')}</p>
      <div class="table-box">
        <table>
          <thead>
            <tr>
              <th scope="col">{say('tunnel.field')}</th>
              <th scope="col">{say('clash.theirs')}</th>
              <th scope="col">{say('clash.yours')}</th>
              {choose !== undefined && <th scope="col">{say('clash.choice')}</th>}
            </tr>
          </thead>
          <tbody>
            {clashes.map((clash) => (
              <tr key={clash.field}>
                <th scope="row">{labelOf(clash.field)}</th>
                <td>
                  <code>{clash.theirs || '–'}</code>
                </td>
                <td>
                  <code>{clash.yours || '–'}</code>
                </td>
                {choose !== undefined && <td>{choose(clash)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
