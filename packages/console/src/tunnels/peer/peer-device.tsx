import { useState } from 'preact/hooks';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { ComparisonDialog } from './comparison-dialog.tsx';
import { PeerFileDialog } from './peer-file-dialog.tsx';

/** What can be done for the device at the other end. */
export function PeerDevice({ tunnel }: { readonly tunnel: Tunnel }) {
  const [opened, setOpened] = useState<'file' | 'comparison' | null>(null);
  const close = () => setOpened(null);
  return (
    <section class="panel">
      <h2>{say('peer.device')}</h2>
      <p>{say('peer.deviceWhat')}</p>
      <p class="bar">
        <button type="button" onClick={() => setOpened('file')}>
          {say('peer.write')}
        </button>
        <button type="button" onClick={() => setOpened('comparison')}>
          {say('peer.compare')}
        </button>
      </p>
      {opened === 'file' && <PeerFileDialog tunnel={tunnel} onClose={close} />}
      {opened === 'comparison' && <ComparisonDialog tunnel={tunnel} onClose={close} />}
    </section>
  );
}
