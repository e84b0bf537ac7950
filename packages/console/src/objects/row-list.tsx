import { useState } from 'preact/hooks';
import { ChangeDialog } from '../changes/change-dialog.tsx';
import type { Change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import type { WordKey } from '../words/words.ts';
import type { Field } from './field.ts';
import { FormFields } from './form-fields.tsx';
import { pageSize } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import { Pager } from './pager.tsx';
import { rowClashes, type ListedRow } from './row-clashes.ts';

export interface RowPage {
  readonly rows: readonly ListedRow[];
  readonly total: number;
}

interface RowAction {
  readonly word: WordKey;
  readonly changes: (rows: readonly ListedRow[]) => readonly Change[];
}

interface RowListProps {
  readonly heading: WordKey;
  /** The object that they belong to. */
  readonly object: ShownObject;
  /** What the event stream calls them. */
  readonly kinds: readonly string[];
  readonly columns: readonly string[];
  readonly load: (offset: number, isBackground: boolean) => Promise<RowPage>;
  /** What can be done with those that are chosen. */
  readonly actions: readonly RowAction[];
  readonly fields: readonly Field[];
  readonly blank: Form;
  readonly add: (form: Form) => Change;
  readonly addWord: WordKey;
  /** What objects that can be chosen are a part of; the object itself unless given. */
  readonly within?: string;
}

interface Asked {
  readonly title: string;
  readonly changes: readonly Change[];
  readonly chosen: readonly ListedRow[];
}

/** Small things that belong to an object and are many: chosen, changed and added with the preview of what that does. */
export function RowList(props: RowListProps) {
  const { heading, object, kinds, columns, load, actions, fields, blank, add, addWord, within = object.id } = props;
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState<readonly ListedRow[]>([]);
  const [draft, setDraft] = useState(blank);
  const [asked, setAsked] = useState<Asked | null>(null);
  const loaded = useLoaded(`${object.id} ${offset}`, () => ({
    ...{ kinds, everyMs: 60_000 },
    load: (isBackground: boolean) => load(offset, isBackground),
  }));
  const { rows = [], total = 0 } = loaded.value.value ?? {};
  const leaf = (to: number) => {
    setOffset(to);
    setChosen([]);
  };
  /** Whoever looks again looks at what is there now. */
  const close = () => {
    setAsked(null);
    setChosen(rows.filter(({ id }) => chosen.some((row) => row.id === id)));
  };
  const done = () => {
    setAsked(null);
    setChosen([]);
    setDraft(blank);
    void loaded.refresh(false);
  };
  return (
    <section class="panel wide">
      <h2>{say(heading)}</h2>
      <Problem of={loaded.problem.value} again={() => void loaded.refresh(false)} />
      {loaded.value.value !== null && rows.length === 0 && <p class="empty">{say('objects.none')}</p>}
      {rows.length > 0 && <RowTable {...{ columns, rows, chosen, onChoose: setChosen }} label={say(heading)} />}
      <Pager {...{ offset, total, pageSize, onOffset: leaf }} />
      {rows.some(({ isOwn }) => isOwn) && (
        <div class="bar">
          {actions.map(({ word, changes }) => (
            <button
              key={word}
              type="button"
              disabled={chosen.length === 0}
              onClick={() => setAsked({ title: say(word), changes: changes(chosen), chosen })}
            >
              {say(word)}
            </button>
          ))}
          <span class="fine number">{say('rows.chosen', { count: chosen.length })}</span>
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ title: say(addWord), changes: [add(draft)], chosen: [] });
        }}
      >
        <FormFields {...{ fields, form: draft, onChange: setDraft }} region={object.region} within={within} />
        <button type="submit">{say(addWord)}</button>
      </form>
      {asked !== null && (
        <ChangeDialog
          {...{ title: asked.title, changes: asked.changes, region: object.region }}
          clashes={rowClashes(asked.chosen, rows)}
          recheck={async () => {
            const page = await load(offset, false);
            loaded.value.value = page;
            return rowClashes(asked.chosen, page.rows);
          }}
          labelOf={(id) => id}
          onClose={close}
          onDone={done}
        />
      )}
    </section>
  );
}

interface RowTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly ListedRow[];
  readonly chosen: readonly ListedRow[];
  readonly onChoose: (rows: readonly ListedRow[]) => void;
}

function RowTable({ label, columns, rows, chosen, onChoose }: RowTableProps) {
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <input
                  type="checkbox"
                  aria-label={`${row.cells[0] ?? ''} ${row.id}`}
                  checked={chosen.some(({ id }) => id === row.id)}
                  disabled={!row.isOwn}
                  onChange={({ currentTarget: { checked } }) => {
                    const others = chosen.filter(({ id }) => id !== row.id);
                    onChoose(checked ? [...others, row] : others);
                  }}
                />
              </td>
              {row.cells.map((cell, index) => (
                <td key={index}>
                  <code>{cell}</code>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
