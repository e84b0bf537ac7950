import { now } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { Age } from '../parts/age.tsx';
import { Table } from '../parts/table.tsx';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { instantOf, type AccessKey } from './access-key.ts';
import { PolicyText } from './policy-text.tsx';

export type KeyAct = 'modify' | 'rotate' | 'delete';

interface KeyTableProps {
  readonly keys: readonly AccessKey[];
  readonly onAct: (act: KeyAct, accessKey: AccessKey) => void;
}

const columns = ['id', 'account', 'may', 'rate', 'created', 'expires'] as const;
const acts: readonly KeyAct[] = ['modify', 'rotate', 'delete'];
/** More are found by the filter. */
const mostShown = 200;

export function KeyTable({ keys, onAct }: KeyTableProps) {
  if (keys.length === 0) return <p class="empty">{say('keys.none')}</p>;
  return (
    <>
      <Table heads={columns.map((column) => say(`keys.column.${column}`))} acts={say('keys.column.acts')} class="keys">
        {keys.slice(0, mostShown).map((key) => (
          <KeyRow key={key.SecretId} accessKey={key} onAct={(act) => onAct(act, key)} />
        ))}
      </Table>
      {keys.length > mostShown && <p class="fine">{say('keys.more', { count: keys.length - mostShown })}</p>}
    </>
  );
}

function KeyRow({ accessKey, onAct }: { readonly accessKey: AccessKey; readonly onAct: (act: KeyAct) => void }) {
  const { session } = useWorld();
  const { SecretId, AccountName, IsAdministrator, CreatedTime, ExpiredTime, CallsPerSecond, Policy } = accessKey;
  return (
    <tr>
      <th scope="row">
        <code>{SecretId}</code>
        {SecretId === session.SecretId && <span class="mark good"> {say('keys.thisSession')}</span>}
      </th>
      <td>
        {AccountName}
        {IsAdministrator && <span class="fine"> {say('keys.administrator')}</span>}
      </td>
      <td class="may">
        <PolicyText policy={Policy} />
      </td>
      <td class="number">{CallsPerSecond === 0 ? <span class="fine">–</span> : CallsPerSecond}</td>
      <td>
        <Age since={instantOf(CreatedTime)} />
      </td>
      <td>{ExpiredTime === null ? <span class="fine">{say('keys.never')}</span> : <Until time={ExpiredTime} />}</td>
      <td class="acts">
        {acts.map((act) => (
          <button
            key={act}
            type="button"
            aria-label={`${say(`keys.act.${act}`)} ${SecretId}`}
            onClick={() => onAct(act)}
          >
            {say(`keys.act.${act}`)}
          </button>
        ))}
      </td>
    </tr>
  );
}

function Until({ time }: { readonly time: string }) {
  const instant = instantOf(time);
  const leftMs = Date.parse(instant) - now.value;
  const text = leftMs <= 0 ? say('keys.expired') : say('keys.expiresIn', { span: spanOf(leftMs, language.value) });
  return (
    <time dateTime={instant} title={instant} class="mark waiting">
      {text}
    </time>
  );
}
