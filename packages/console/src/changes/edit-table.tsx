import { Table } from '../parts/table.tsx';
import { say } from '../words/said.ts';

/** What a form changes of an object. */
export interface Edit {
  readonly label: string;
  /** Null: it is not shown. */
  readonly values: { readonly before: string; readonly after: string } | null;
}

/** The change itself, before what comes of it; nothing where there is none to tell. */
export function EditTable({ edits }: { readonly edits: readonly Edit[] }) {
  if (edits.length === 0) return null;
  return (
    <Table heads={[say('tunnel.field'), say('edit.before'), say('edit.after')]} label={say('edit.what')}>
      {edits.map(({ label, values }) => (
        <tr key={label}>
          <th scope="row">{label}</th>
          <td>
            <code>{values === null ? '•••' : values.before || '–'}</code>
          </td>
          <td>
            <code>{values === null ? '•••' : values.after || '–'}</code>
          </td>
        </tr>
      ))}
    </Table>
  );
}
