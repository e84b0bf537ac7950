import { Dialog } from '../../parts/dialog.tsx';
import { fileName } from '../../parts/file-name.ts';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../words/said.ts';
import type { Tunnel } from '../tunnel.ts';
import { PeerFile, useVendors, type Vendor } from './peer-file.tsx';

interface PeerFileDialogProps {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}

/** The configuration for the device at the other end, gone with the dialog. */
export function PeerFileDialog({ tunnel, onClose }: PeerFileDialogProps) {
  const vendors = useVendors();
  const name = tunnel.VpnConnectionName || tunnel.VpnConnectionId;
  const savedAs = ({ VendorName }: Vendor) => fileName([name, VendorName], 'txt');
  return (
    <Dialog title={say('peer.file')} onClose={onClose}>
      <div class="broad">
        <Problem of={vendors.problem.value} again={() => void vendors.refresh(false)} />
        {vendors.value.value !== null && (
          <PeerFile {...{ tunnel, savedAs }} vendors={vendors.value.value} title={say('peer.file')} />
        )}
      </div>
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
      </form>
    </Dialog>
  );
}
