import { say } from '../../words/said.ts';
import { Fact } from '../../parts/fact.tsx';
import { Table } from '../../parts/table.tsx';
import { byGravity, type Comparison, type Difference } from './comparison.ts';

/** Field by field what differs, ours beside theirs, and what the file does not tell. */
export function ComparisonTable({ comparison }: { readonly comparison: Comparison }) {
  const { DifferenceSet, Dialect, TunnelName, Key, UnknownSet, NoteSet } = comparison;
  return (
    <>
      {DifferenceSet.length > 0 && (
        <Table
          heads={[say('tunnel.field'), say('peer.severity'), say('tunnel.ours'), say('tunnel.theirs'), say('peer.fix')]}
          label={say('peer.compare')}
          class="differences"
        >
          {byGravity(DifferenceSet).map((difference) => (
            <DifferenceRow key={`${difference.Field} ${difference.Line}`} difference={difference} />
          ))}
        </Table>
      )}
      <dl class="facts">
        <Fact name={say('peer.readAs')}>
          <code>
            {Dialect} {TunnelName}
          </code>
        </Fact>
        <Fact name={say('peer.key')}>{say(`peer.key.${Key}`)}</Fact>
        {UnknownSet.length > 0 && (
          <Fact name={say('peer.unknown')}>{UnknownSet.map((field) => say(`peer.field.${field}`)).join(', ')}</Fact>
        )}
        {NoteSet.length > 0 && (
          <Fact name={say('peer.notes')}>
            {NoteSet.map(({ Line, Text }) => (
              <p key={`${Line} ${Text}`}>
                {Text} <LineNumber line={Line} />
              </p>
            ))}
          </Fact>
        )}
      </dl>
    </>
  );
}

const severityMarks = {
  breaks: { kind: 'bad', shape: '▲' },
  warns: { kind: 'waiting', shape: '◆' },
  notes: { kind: 'unknown', shape: '■' },
} as const;

function DifferenceRow({ difference }: { readonly difference: Difference }) {
  const { Field, Severity, Ours, Theirs, Line, FixHere, FixThere } = difference;
  const { kind, shape } = severityMarks[Severity];
  return (
    <tr>
      <th scope="row">
        {say(`peer.field.${Field}`)} <code class="fine">{Field}</code>
      </th>
      <td class={`mark ${kind}`}>
        <span aria-hidden="true">{shape}</span> {say(`peer.severity.${Severity}`)}
      </td>
      <td>
        <code>{Ours}</code>
      </td>
      <td>
        <code>{Theirs}</code> <LineNumber line={Line} />
      </td>
      <td>
        {FixHere !== '' && <Fix where={say('tunnel.fixHere')} what={FixHere} />}
        {FixThere !== '' && <Fix where={say('tunnel.fixThere')} what={FixThere} />}
      </td>
    </tr>
  );
}

function Fix({ where, what }: { readonly where: string; readonly what: string }) {
  return (
    <p>
      <span class="fine">{where}:</span> <code>{what}</code>
    </p>
  );
}

/** 0: none. */
function LineNumber({ line }: { readonly line: number }) {
  return line === 0 ? null : <span class="fine">{say('peer.line', { line })}</span>;
}
