import { call } from '../../calls/call.ts';
import { useLoaded } from '../../live/loaded.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Table } from '../../parts/table.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { CaptureFields } from './capture-fields.tsx';
import type { Capture } from './capture-order.ts';
import { CaptureRow } from './capture-row.tsx';

interface CapturesDialogProps {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}

/** Nothing tells that a capture goes on but asking. */
const everyMs = 2000;

/** Writes down packets of the tunnel, or of its gateway's uplink, and gives their files. */
export function CapturesDialog({ tunnel, onClose }: CapturesDialogProps) {
  const { VpnConnectionId, VpnGatewayId } = tunnel;
  const captures = useLoaded(VpnConnectionId, () => ({
    ...{ kinds: [], everyMs },
    load: (isBackground: boolean) => readAll([VpnConnectionId, VpnGatewayId], isBackground),
  }));
  const again = () => void captures.refresh(false);
  const list = captures.value.value;
  return (
    <Dialog title={say('capture.title')} onClose={onClose}>
      <div class="broad">
        <CaptureFields tunnel={tunnel} onStarted={again} />
        <Problem of={captures.problem.value} again={again} />
        {list?.length === 0 && <p class="empty">{say('capture.none')}</p>}
        {list !== null && list.length > 0 && (
          <CaptureTable captures={list} isInner={(id) => id === VpnConnectionId} onChanged={again} />
        )}
      </div>
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
      </form>
    </Dialog>
  );
}

interface CaptureTableProps {
  readonly captures: readonly Capture[];
  readonly isInner: (resourceId: string) => boolean;
  readonly onChanged: () => void;
}

const columns = ['since', 'where', 'filter', 'state', 'amount', 'bytes', 'do'] as const;

function CaptureTable({ captures, isInner, onChanged }: CaptureTableProps) {
  return (
    <Table heads={columns.map((column) => say(`capture.${column}`))} label={say('capture.list')}>
      {captures.map((capture) => (
        <CaptureRow
          key={capture.PacketCaptureId}
          capture={capture}
          where={say(isInner(capture.ResourceId) ? 'capture.inner' : 'capture.outer')}
          onChanged={onChanged}
        />
      ))}
    </Table>
  );
}

/** An account has few at a time: one page is all of them. */
async function readAll(resourceIds: readonly string[], isBackground: boolean): Promise<readonly Capture[]> {
  const { PacketCaptureSet } = await call('DescribePacketCaptures', { Limit: 100 }, { isBackground });
  return PacketCaptureSet.filter(({ ResourceId }) => resourceIds.includes(ResourceId));
}
