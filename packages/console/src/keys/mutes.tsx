import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { now } from '../live/now.ts';
import { spanOf } from '../live/span.ts';
import { Age } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { Table } from '../parts/table.tsx';
import { language, say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { useMutes, type Mute } from './mute-book.ts';

const columns = ['tunnel', 'finding', 'reason', 'by', 'since', 'until'] as const;
/** Of as many nobody looks at all. */
const mostShown = 200;

export function Mutes() {
  const mutes = useMutes(useWorld().mutes);
  const list = mutes.value.value;
  return (
    <section class="panel">
      <header class="bar">
        <h2>{say('mutes.heading')}</h2>
        <ShownAge at={mutes.at} />
      </header>
      <p class="fine">{say('mutes.what')}</p>
      <Problem of={mutes.problem.value} again={() => void mutes.refresh(false)} />
      {list?.length === 0 && <p class="empty">{say('mutes.none')}</p>}
      {list !== null && list.length > 0 && (
        <Table heads={columns.map((column) => say(`mutes.column.${column}`))} acts={say('keys.column.acts')}>
          {list.slice(0, mostShown).map((mute) => (
            <MuteRow key={`${mute.VpnConnectionId} ${mute.Code}`} mute={mute} />
          ))}
        </Table>
      )}
      {list !== null && list.length > mostShown && (
        <p class="fine">{say('mutes.more', { count: list.length - mostShown })}</p>
      )}
    </section>
  );
}

function MuteRow({ mute }: { readonly mute: Mute }) {
  const { tunnels } = useWorld();
  const { VpnConnectionId, Code, Reason, MutedBy, Since } = mute;
  const name = tunnels.of(VpnConnectionId)?.VpnConnectionName ?? '';
  return (
    <tr>
      <th scope="row">
        <Link href={`/tunnels/${VpnConnectionId}`}>{name === '' ? VpnConnectionId : name}</Link>
      </th>
      <td>
        <code>{Code}</code>
      </td>
      <td class="text">{Reason}</td>
      <td>
        <code class="fine">{MutedBy}</code>
      </td>
      <td>
        <Age since={Since} />
      </td>
      <td>{untilText(mute)}</td>
      <td>
        <UnmuteButton mute={mute} />
      </td>
    </tr>
  );
}

export function untilText({ Until }: Pick<Mute, 'Until'>): string {
  if (Until === null) return say('mutes.untilGone');
  return say('mutes.until', { span: spanOf(Date.parse(Until) - now.value, language.value) });
}

export function UnmuteButton({ mute: { VpnConnectionId, Code } }: { readonly mute: Mute }) {
  const { mutes } = useWorld();
  const [problem, setProblem] = useState<unknown>(null);
  const unmute = async () => {
    setProblem(null);
    try {
      await call('UnmuteFinding', { VpnConnectionId, Code });
      await mutes.refresh(false);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <>
      <button type="button" aria-label={`${say('mutes.unmute')} ${Code}`} onClick={() => void unmute()}>
        {say('mutes.unmute')}
      </button>
      <Problem of={problem} />
    </>
  );
}
