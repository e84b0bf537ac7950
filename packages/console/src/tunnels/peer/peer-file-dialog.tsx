import { useState } from 'preact/hooks';
import { call, type Reply } from '../../calls/call.ts';
import { SelectField, TextField } from '../../forms/fields.tsx';
import { useLoaded } from '../../live/loaded.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { fileName } from '../../parts/file-name.ts';
import { Problem } from '../../parts/problem.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { say } from '../../words/said.ts';
import { useWorld } from '../../world.ts';
import type { Tunnel } from '../tunnel.ts';

type Vendor = Reply<'DescribeCustomerGatewayVendors'>['CustomerGatewayVendorSet'][number];

interface PeerFileDialogProps {
  readonly tunnel: Tunnel;
  readonly onClose: () => void;
}

/** The configuration for the device at the other end. It holds the key: it is gone with the dialog. */
export function PeerFileDialog({ tunnel, onClose }: PeerFileDialogProps) {
  const vendors = useLoaded('', () => ({
    ...{ kinds: [], everyMs: 3_600_000 },
    load: async (isBackground: boolean) =>
      (await call('DescribeCustomerGatewayVendors', {}, { isBackground })).CustomerGatewayVendorSet,
  }));
  return (
    <Dialog title={say('peer.file')} onClose={onClose}>
      <div class="broad">
        <Problem of={vendors.problem.value} again={() => void vendors.refresh(false)} />
        {vendors.value.value !== null && <PeerFile tunnel={tunnel} vendors={vendors.value.value} />}
      </div>
      <form method="dialog" class="buttons">
        <button type="submit">{say('close')}</button>
      </form>
    </Dialog>
  );
}

interface Written {
  readonly vendor: Vendor;
  readonly interfaceName: string;
  readonly text: string;
}

function PeerFile({ tunnel, vendors }: { readonly tunnel: Tunnel; readonly vendors: readonly Vendor[] }) {
  const { gateways } = useWorld();
  const [chosen, setChosen] = useState('');
  const [interfaceName, setInterfaceName] = useState('eth0');
  const [written, setWritten] = useState<Written | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { VpnGatewayId, VpnConnectionId, VpnConnectionName } = tunnel;
  const vendor = vendors.find((one) => nameOf(one) === chosen) ?? vendors[0];
  const write = async (CustomerGatewayVendor: Vendor) => {
    setAsking(true);
    setProblem(null);
    setWritten(null);
    const region = gateways.value.value?.get(VpnGatewayId)?.Region;
    const asked = { VpnGatewayId, VpnConnectionId, CustomerGatewayVendor, InterfaceName: interfaceName.trim() };
    try {
      const reply = await call('DownloadCustomerGatewayConfiguration', asked, region === undefined ? {} : { region });
      setWritten({ vendor: CustomerGatewayVendor, interfaceName, text: reply.CustomerGatewayConfiguration });
    } catch (error) {
      setProblem(error);
    }
    setAsking(false);
  };
  const isOfNow = written !== null && written.vendor === vendor && written.interfaceName === interfaceName;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (vendor !== undefined) void write(vendor);
        }}
      >
        <div class="fields">
          <SelectField
            label={say('peer.vendor')}
            value={vendor === undefined ? '' : nameOf(vendor)}
            choices={vendors.map((one) => ({ value: nameOf(one) }))}
            onChange={setChosen}
          />
          <TextField
            label={say('peer.interface')}
            hint={say('peer.interfaceHint')}
            value={interfaceName}
            onInput={setInterfaceName}
            required
          />
        </div>
        <button type="submit" class="strong" disabled={isAsking}>
          {say('peer.show')}
        </button>
      </form>
      <Problem of={problem} />
      {isOfNow && (
        <WrittenFile
          text={written.text}
          name={fileName([VpnConnectionName || VpnConnectionId, written.vendor.VendorName], 'txt')}
        />
      )}
    </>
  );
}

function WrittenFile({ text, name }: { readonly text: string; readonly name: string }) {
  return (
    <>
      <p class="bar">
        <span class="fine">{say('peer.secret')}</span>
        <button type="button" onClick={() => saveFile(name, [text], 'text/plain')}>
          {say('peer.download')}
        </button>
      </p>
      <pre class="configuration" role="region" tabIndex={0} aria-label={say('peer.file')}>
        {text}
      </pre>
    </>
  );
}

function nameOf({ VendorName, Platform, SoftwareVersion }: Vendor): string {
  return `${VendorName} ${Platform} ${SoftwareVersion}`;
}
