import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ageOf } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { ShownAge } from '../parts/shown-age.tsx';
import { useTitle } from '../parts/use-title.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { CapturesDialog } from './captures/captures-dialog.tsx';
import { FindingCard } from './finding-card.tsx';
import { NegotiationPanel } from './negotiation/negotiation-panel.tsx';
import { PeerDevice } from './peer/peer-device.tsx';
import { DrillDialog } from './drill-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { SasPanel } from './sas/sas-panel.tsx';
import { StateMark } from './state-mark.tsx';
import { TimelinePanel } from './timeline/timeline-panel.tsx';
import { TunnelNegotiation } from './tunnel-negotiation.tsx';
import { TunnelSettings } from './tunnel-settings.tsx';
import type { Tunnel } from './tunnel.ts';

/** One tunnel: how it is and what proves it, what is wrong and how it is mended, what it is made of, what happened. */
export function TunnelPage({ id }: { readonly id: string }) {
  const { tunnels } = useWorld();
  const tunnel = tunnels.tunnels.value === null ? null : tunnels.of(id);
  useTitle(tunnel?.VpnConnectionName ?? id);
  if (tunnel === null)
    return (
      <section>
        <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
        <ShownAge at={tunnels.at} />
      </section>
    );
  if (tunnel === undefined) return <p class="empty">{say('tunnel.gone', { id })}</p>;
  return (
    <section key={id}>
      <TunnelHead tunnel={tunnel} />
      <Problem of={tunnels.problem.value} again={() => void tunnels.readAll(false)} />
      <div class="panels">
        <section class="panel wide">
          <h2>{say('tunnel.findings')}</h2>
          {tunnel.FindingSet.length === 0 ? (
            <p class="empty">{say('tunnel.noFindings')}</p>
          ) : (
            tunnel.FindingSet.map((finding) => <FindingCard key={finding.Code} finding={finding} />)
          )}
        </section>
        <TunnelNegotiation tunnel={tunnel} />
        <TunnelSettings tunnel={tunnel} />
        <SasPanel id={tunnel.VpnConnectionId} />
        <NegotiationPanel tunnel={tunnel} />
        <PeerDevice tunnel={tunnel} />
        <TimelinePanel id={tunnel.VpnConnectionId} />
      </div>
    </section>
  );
}

function TunnelHead({ tunnel }: { readonly tunnel: Tunnel }) {
  const { tunnels, gateways } = useWorld();
  const [isResetting, setResetting] = useState(false);
  const [isCapturing, setCapturing] = useState(false);
  const [isDrilling, setDrilling] = useState(false);
  const { VpnConnectionName, VpnConnectionId, VpnGatewayId, Proof, ProvenAt, Since, Reason } = tunnel;
  return (
    <header class="tunnel-head">
      <div class="bar">
        <h1>{VpnConnectionName || VpnConnectionId}</h1>
        <code class="fine">{VpnConnectionId}</code>
        <span class="fine">{gateways.nameOf(VpnGatewayId)}</span>
        <ShownAge at={tunnels.at} />
        <Link href={`/objects/tunnels/${VpnConnectionId}`}>{say('objects.edit')}</Link>
        <button type="button" onClick={() => setCapturing(true)}>
          {say('capture.open')}
        </button>
        <button type="button" onClick={() => setDrilling(true)}>
          {say('drill.open')}
        </button>
        <button type="button" onClick={() => setResetting(true)}>
          {say('tunnel.reset')}
        </button>
      </div>
      <p class="state-line">
        <StateMark tunnel={tunnel} /> <span class="number">{say('state.since', { age: ageOf(Since) })}</span>
        <span class="fine">
          {ProvenAt === '' ? say('proof.none') : say('proof.at', { proof: Proof, age: ageOf(ProvenAt) })}
        </span>
      </p>
      {Reason !== '' && <p>{Reason}</p>}
      {isCapturing && <CapturesDialog tunnel={tunnel} onClose={() => setCapturing(false)} />}
      {isDrilling && <DrillDialog tunnel={tunnel} onClose={() => setDrilling(false)} />}
      {isResetting && <ResetDialog tunnel={tunnel} onClose={() => setResetting(false)} />}
    </header>
  );
}
