import { useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { ChangeDialog } from '../changes/change-dialog.tsx';
import type { Change } from '../changes/change.ts';
import { clashesOf, type Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { labelOf } from './form-fields.tsx';
import type { ObjectKind } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';

interface RemoveButtonProps {
  readonly kind: ObjectKind;
  readonly object: ShownObject;
  readonly removal: Change;
  readonly reread: () => Promise<ShownObject | null>;
}

/** Deletes an object, once it was shown what goes with it or what is in the way. */
export function RemoveButton({ kind, object, removal, reread }: RemoveButtonProps) {
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<{ readonly changes: readonly Change[]; readonly form: Form } | null>(null);
  const { id, name, region, form } = object;
  return (
    <>
      <button type="button" onClick={() => setAsked({ changes: [removal], form })}>
        {say('change.delete')}
      </button>
      {asked !== null && (
        <ChangeDialog
          {...{ changes: asked.changes, labelOf, region }}
          applyWord="change.deleteNow"
          title={say('change.deleteWhat', { name: name || id })}
          clashes={clashesOf(asked.form, form, asked.form)}
          recheck={async () => clashesOf(asked.form, (await reread())?.form ?? {}, asked.form)}
          onClose={() => setAsked(null)}
          onDone={() => navigate(`/objects/${kind.slug}`, { replace: true })}
        />
      )}
    </>
  );
}
