import { useState } from 'preact/hooks';
import { ChangeDialog } from '../changes/change-dialog.tsx';
import type { Change } from '../changes/change.ts';
import { ClashTable } from '../changes/clash-table.tsx';
import { changedFields, clashesOf, type Clash, type Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { hrefOf } from './addresses.ts';
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
  const [changes, setChanges] = useState<readonly Change[] | null>(null);
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
    setChanges(null);
    setDone(true);
    begin((await reread())?.form ?? now);
  };
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setChanges(object.save(changed, draft));
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
          {...{ clashes, labelOf }}
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
      {changes !== null && (
        <ChangeDialog
          {...{ changes, clashes, labelOf, hrefOf, region: object.region }}
          title={object.name || object.id}
          recheck={async () => clashesOf(base, (await reread())?.form ?? {}, draft)}
          onClose={() => setChanges(null)}
          onDone={() => void done()}
        />
      )}
    </>
  );
}
