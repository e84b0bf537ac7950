import { useState } from 'preact/hooks';
import { ChangeDialog } from '../changes/change-dialog.tsx';
import type { Change } from '../changes/change.ts';
import { ClashTable } from '../changes/clash-table.tsx';
import type { Edit } from '../changes/edit-table.tsx';
import { changedFields, clashesOf, type Clash, type Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { FormFields, labelOf } from './form-fields.tsx';
import type { ObjectKind } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';

interface ObjectFormProps {
  readonly kind: ObjectKind;
  /** As it is now; another one when somebody changes it. */
  readonly object: ShownObject;
  readonly reread: () => Promise<ShownObject | null>;
}

/** Changes an object: what differs alone is sent, once its effect was shown and nobody else's change would be lost unseen. */
export function ObjectForm({ kind, object, reread }: ObjectFormProps) {
  const { fields } = kind;
  const now = object.form;
  /** What the fields were filled from; where theirs was overwritten on purpose, theirs. */
  const [base, setBase] = useState(now);
  const [draft, setDraft] = useState(now);
  const [asked, setAsked] = useState<{ readonly changes: readonly Change[]; readonly edits: readonly Edit[] } | null>(
    null,
  );
  const [isDone, setDone] = useState(false);
  const clashes = clashesOf(base, now, draft);
  const changed = changedFields(now, draft);

  const begin = (form: Form) => {
    setBase(form);
    setDraft(form);
  };
  const take = (field: string, theirs: string) => {
    setBase({ ...base, [field]: theirs });
    setDraft({ ...draft, [field]: theirs });
  };
  const done = async () => {
    setAsked(null);
    setDone(true);
    begin((await reread())?.form ?? now);
  };
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ changes: object.save(changed, draft), edits: editsOf(kind, now, draft) });
        }}
      >
        <FormFields
          {...{ fields, form: draft, region: object.region, within: object.within }}
          onChange={(form) => {
            setDone(false);
            setDraft(form);
          }}
        />
        <ClashTable
          {...{ clashes, labelOf, region: object.region }}
          choose={({ field, theirs }: Clash) => (
            <>
              <button type="button" onClick={() => take(field, theirs)}>
                {say('clash.take')}
              </button>{' '}
              <button type="button" onClick={() => setBase({ ...base, [field]: theirs })}>
                {say('clash.overwrite')}
              </button>
            </>
          )}
        />
        <div class="buttons">
          <span role="status">{isDone && say('change.done')}</span>
          <button type="button" disabled={changed.length === 0} onClick={() => begin(now)}>
            {say('change.discard')}
          </button>
          <button type="submit" class="strong" disabled={changed.length === 0 || clashes.length > 0}>
            {say('change.preview')}
          </button>
        </div>
      </form>
      {asked !== null && (
        <ChangeDialog
          {...asked}
          {...{ clashes, labelOf, region: object.region }}
          title={object.name || object.id}
          recheck={async () => clashesOf(base, (await reread())?.form ?? {}, draft)}
          onClose={() => setAsked(null)}
          onDone={() => void done()}
        />
      )}
    </>
  );
}

function editsOf({ fields }: ObjectKind, now: Form, draft: Form): readonly Edit[] {
  return changedFields(now, draft).map((path) => {
    const isSecret = fields.find((field) => field.path === path)?.type === 'secret';
    const values = isSecret ? null : { before: now[path] ?? '', after: draft[path] ?? '' };
    return { label: labelOf(path), values };
  });
}
