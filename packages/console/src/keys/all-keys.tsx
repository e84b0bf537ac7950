import { useState } from 'preact/hooks';
import { useSearchParams } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { TextField } from '../forms/fields.tsx';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { fitsKey, type AccessKey } from './access-key.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteKeyDialog } from './delete-key-dialog.tsx';
import { KeyTable, type KeyAct } from './key-table.tsx';
import { ModifyKeyDialog } from './modify-key-dialog.tsx';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';
import { TemporaryDialog } from './temporary-dialog.tsx';

type Open = { readonly act: 'create' | 'temporary' } | { readonly act: KeyAct; readonly accessKey: AccessKey } | null;

/** Every key of every account, for administrators. Nobody tells of changes to keys, so they are asked for again and again. */
export function AllKeys() {
  const [search, setSearch] = useSearchParams();
  const filter = search.get('filter') ?? '';
  const [open, setOpen] = useState<Open>(null);
  const keys = useLoaded('keys', () => ({
    ...{ kinds: [], everyMs: 5000 },
    load: (isBackground: boolean) => call('DescribeAccessKeys', {}, { isBackground }),
  }));
  const all = keys.value.value?.AccessKeySet;
  return (
    <section class="panel">
      <header class="bar">
        <TextField
          label={say('keys.filter')}
          value={filter}
          onInput={(text) => setSearch(text === '' ? {} : { filter: text }, { replace: true })}
        />
        <ShownAge at={keys.at} />
        <button type="button" class="strong" onClick={() => setOpen({ act: 'create' })}>
          {say('keys.createOpen')}
        </button>
        <button type="button" onClick={() => setOpen({ act: 'temporary' })}>
          {say('keys.temporaryOpen')}
        </button>
      </header>
      <Problem of={keys.problem.value} again={() => void keys.refresh(false)} />
      {all !== undefined && (
        <KeyTable
          keys={all.filter((key) => fitsKey(key, filter))}
          onAct={(act, accessKey) => setOpen({ act, accessKey })}
        />
      )}
      <OpenDialog
        open={open}
        accounts={[...new Set(all?.map(({ AccountName }) => AccountName))]}
        onDone={() => void keys.refresh(false)}
        onClose={() => setOpen(null)}
      />
    </section>
  );
}

interface OpenDialogProps {
  readonly open: Open;
  readonly accounts: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function OpenDialog({ open, accounts, onDone, onClose }: OpenDialogProps) {
  const { session } = useWorld();
  if (open === null) return null;
  if (!('accessKey' in open)) {
    if (open.act === 'temporary') return <TemporaryDialog onClose={onClose} />;
    return <CreateKeyDialog accounts={accounts} onMade={onDone} onClose={onClose} />;
  }
  const { accessKey } = open;
  const about = { accessKey, isOwn: accessKey.SecretId === session.SecretId, onDone, onClose };
  if (open.act === 'modify') return <ModifyKeyDialog {...about} />;
  if (open.act === 'delete') return <DeleteKeyDialog {...about} />;
  return <RotateKeyDialog {...about} secretId={accessKey.SecretId} />;
}
