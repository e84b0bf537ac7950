import { useMemo, useState } from 'preact/hooks';
import { call, type Reply } from '../calls/call.ts';
import { TextField } from '../forms/fields.tsx';
import { useLoaded } from '../live/loaded.ts';
import { Age } from '../parts/age.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { Table } from '../parts/table.tsx';
import { say } from '../words/said.ts';
import { instantOf } from './access-key.ts';
import { CallForm } from './call-form.tsx';
import { Repeatable } from './repeatable.ts';
import { SecretOnce } from './secret-once.tsx';
import { ShownSecret } from './shown-secret.ts';

type Webhook = Reply<'DescribeWebhooks'>['WebhookSet'][number];

/** Who is told of what happens to the account's tunnels, and whether it reaches him. */
export function Webhooks() {
  const webhooks = useLoaded('webhooks', () => ({
    ...{ kinds: ['webhooks'], everyMs: 5000 },
    // An account has fewer than a page.
    load: (isBackground: boolean) => call('DescribeWebhooks', { Limit: 100 }, { isBackground }),
  }));
  const [open, setOpen] = useState<'create' | Webhook | null>(null);
  const list = webhooks.value.value?.WebhookSet;
  const about = { onDone: () => void webhooks.refresh(false), onClose: () => setOpen(null) };
  return (
    <section class="panel">
      <header class="bar">
        <h2>{say('webhooks.heading')}</h2>
        <ShownAge at={webhooks.at} />
        <button type="button" class="strong" onClick={() => setOpen('create')}>
          {say('webhooks.createOpen')}
        </button>
      </header>
      <p class="fine">{say('webhooks.what')}</p>
      <Problem of={webhooks.problem.value} again={() => void webhooks.refresh(false)} />
      {list?.length === 0 && <p class="empty">{say('webhooks.none')}</p>}
      {list !== undefined && list.length > 0 && <WebhookTable list={list} onDelete={setOpen} />}
      {open === 'create' && <CreateWebhookDialog {...about} />}
      {open !== null && open !== 'create' && <DeleteWebhookDialog {...about} webhook={open} />}
    </section>
  );
}

const columns = ['url', 'delivered', 'error', 'next', 'created'] as const;

interface WebhookTableProps {
  readonly list: readonly Webhook[];
  readonly onDelete: (webhook: Webhook) => void;
}

function WebhookTable({ list, onDelete }: WebhookTableProps) {
  return (
    <Table heads={columns.map((column) => say(`webhooks.column.${column}`))} acts={say('keys.column.acts')}>
      {list.map((webhook) => (
        <tr key={webhook.WebhookId}>
          <th scope="row">
            <code>{webhook.Url}</code> <code class="fine">{webhook.WebhookId}</code>
          </th>
          <td>{timeOr(webhook.LastDeliveredTime)}</td>
          <td>{webhook.LastError !== '' && <span class="mark bad">{webhook.LastError}</span>}</td>
          <td>{webhook.NextTryTime ?? <span class="fine">–</span>}</td>
          <td>
            <Age since={instantOf(webhook.CreatedTime)} />
          </td>
          <td>
            <button
              type="button"
              aria-label={`${say('keys.act.delete')} ${webhook.WebhookId}`}
              onClick={() => onDelete(webhook)}
            >
              {say('keys.act.delete')}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function timeOr(time: string | null) {
  return time === null ? <span class="fine">–</span> : <Age since={instantOf(time)} />;
}

interface WebhookDialogProps {
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function CreateWebhookDialog({ onDone, onClose }: WebhookDialogProps) {
  const repeatable = useMemo(() => new Repeatable(), []);
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState<ShownSecret | null>(null);
  const create = async () => {
    const asked = { Url: url.trim() };
    const { WebhookId, Secret } = await call('CreateWebhook', { ...asked, ClientToken: repeatable.tokenFor(asked) });
    setSecret(
      new ShownSecret([
        { name: 'WebhookId', key: 'webhookId', value: WebhookId },
        { name: 'Secret', key: 'secret', value: Secret },
      ]),
    );
    onDone();
  };
  return (
    <Dialog title={say('webhooks.create')} onClose={onClose}>
      {secret !== null ? (
        <SecretOnce secret={secret} file={`${secret.valueOf('WebhookId')}.json`} />
      ) : (
        <CallForm act={say('webhooks.createNow')} go={create} fields={['Url']}>
          {(wrongWith) => (
            <TextField
              label={say('webhooks.column.url')}
              hint={say('webhooks.urlHint')}
              value={url}
              onInput={setUrl}
              required
              wrong={wrongWith('Url')}
            />
          )}
        </CallForm>
      )}
    </Dialog>
  );
}

function DeleteWebhookDialog({ webhook, onDone, onClose }: WebhookDialogProps & { readonly webhook: Webhook }) {
  const { WebhookId, Url } = webhook;
  const remove = async () => {
    await call('DeleteWebhook', { WebhookId });
    onDone();
    onClose();
  };
  return (
    <Dialog title={say('webhooks.delete')} onClose={onClose}>
      <p>{say('webhooks.deleteWhat', { url: Url })}</p>
      <CallForm act={say('webhooks.deleteNow')} go={remove}>
        {() => null}
      </CallForm>
    </Dialog>
  );
}
