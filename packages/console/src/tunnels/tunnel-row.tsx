import { Link } from 'wouter-preact';
import { Age } from '../parts/age.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { SeverityMark, StateMark } from './state-mark.tsx';
import type { Tunnel } from './tunnel.ts';

export interface TunnelRowProps {
  readonly tunnel: Tunnel;
  /** Of all that fit, from 0. */
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly height: number;
}

/** One tunnel in the list: all that one has to know in order to go on or to open it. */
export function TunnelRow({ tunnel, index, start, height }: TunnelRowProps) {
  const { gateways } = useWorld();
  const [finding, ...others] = tunnel.FindingSet;
  return (
    <div
      class="row"
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)`, height: `${height}px` }}
    >
      <span role="cell" class="state">
        <StateMark tunnel={tunnel} />
      </span>
      <span role="cell" class="name">
        <Link href={`/tunnels/${tunnel.VpnConnectionId}`} data-index={index}>
          {tunnel.VpnConnectionName || tunnel.VpnConnectionId}
        </Link>{' '}
        <code class="fine">{tunnel.VpnConnectionId}</code>
      </span>
      <span role="cell" class="for">
        <Age since={tunnel.Since} />
      </span>
      <span role="cell" class="proven">
        {tunnel.ProvenAt === '' ? <span class="fine">–</span> : <Age since={tunnel.ProvenAt} />}
      </span>
      <span role="cell" class="gateway">
        {gateways.nameOf(tunnel.VpnGatewayId)}
      </span>
      <span role="cell" class="finding" title={finding?.Summary ?? tunnel.Reason}>
        {finding === undefined ? (
          <span class="fine">{tunnel.Reason}</span>
        ) : (
          <>
            <SeverityMark severity={finding.Severity} /> {finding.Summary}
            {others.length > 0 && <span class="fine"> +{others.length}</span>}
          </>
        )}
      </span>
    </div>
  );
}

export function TunnelRowHeads() {
  return (
    <div class="row heads" role="row" aria-rowindex={1}>
      {(['state', 'name', 'for', 'proven', 'gateway', 'finding'] as const).map((column) => (
        <span key={column} role="columnheader" class={column}>
          {say(`tunnels.${column}`)}
        </span>
      ))}
    </div>
  );
}
