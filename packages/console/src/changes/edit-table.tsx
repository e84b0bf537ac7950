import { NamedText } from '../names/named-text.tsx';
import { idsIn } from '../names/text-parts.ts';
import { useNames } from '../names/use-names.ts';
import { Table } from '../parts/table.tsx';
import { say } from '../words/said.ts';

/** What a form changes of an object. */
export interface Edit {
  readonly label: string;
  /** Null: it is not shown. */
  readonly values: { readonly before: string; readonly after: string } | null;
}

interface EditTableProps {
  readonly edits: readonly Edit[];
  readonly region: string;
}

/** The change itself, before what comes of it; nothing where there is none to tell. */
export function EditTable({ edits, region }: EditTableProps) {
  useNames(idsIn(edits.flatMap(({ values }) => (values === null ? [] : [values.before, values.after]))), region);
  if (edits.length === 0) return null;
  return (
    <Table heads={[say('tunnel.field'), say('edit.before'), say('edit.after')]} label={say('edit.what')}>
      {edits.map(({ label, values }) => (
        <tr key={label}>
          <th scope="row">{label}</th>
          <td>
            <Value of={values?.before} />
          </td>
          <td>
            <Value of={values?.after} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Undefined: it is not shown. */
function Value({ of }: { readonly of: string | undefined }) {
  return <code>{of === undefined ? '•••' : <NamedText of={of || '–'} />}</code>;
}
