import { useState } from 'preact/hooks';
import { call, type Reply } from '../calls/call.ts';
import { SelectField, TextField } from '../forms/fields.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Tunnel } from '../tunnels/tunnel.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { CopyButton } from './copy-button.tsx';

export type Vendor = Reply<'DescribeCustomerGatewayVendors'>['CustomerGatewayVendorSet'][number];

interface PeerFileProps {
  readonly tunnel: Tunnel;
  readonly vendors: readonly Vendor[];
}

/** The configuration of the device at the other end. It holds the key: it is asked for when it is wanted, and forgotten with the page. */
export function PeerFile({ tunnel, vendors }: PeerFileProps) {
  const { gateways } = useWorld();
  const { VpnGatewayId, VpnConnectionId, VpnConnectionName } = tunnel;
  const [chosen, setChosen] = useState('');
  const [InterfaceName, setInterfaceName] = useState('eth0');
  const [file, setFile] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const vendor = vendors.find((one) => nameOf(one) === chosen) ?? vendors[0];
  const forget = () => {
    setFile(null);
    setProblem(null);
  };
  const show = async (CustomerGatewayVendor: Vendor) => {
    forget();
    const region = gateways.value.value?.get(VpnGatewayId)?.Region;
    try {
      const asked = { VpnGatewayId, VpnConnectionId, CustomerGatewayVendor, InterfaceName: InterfaceName.trim() };
      const reply = await call('DownloadCustomerGatewayConfiguration', asked, region === undefined ? {} : { region });
      setFile(reply.CustomerGatewayConfiguration);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (vendor !== undefined) void show(vendor);
      }}
    >
      <h3>{say('create.peers.file')}</h3>
      <div class="fields">
        <SelectField
          label={say('create.peers.vendor')}
          value={vendor === undefined ? '' : nameOf(vendor)}
          choices={vendors.map((one) => ({ value: nameOf(one) }))}
          onChange={(value) => {
            setChosen(value);
            forget();
          }}
        />
        <TextField
          label={say('create.peers.interface')}
          hint={say('create.peers.interface.hint')}
          value={InterfaceName}
          onInput={(text) => {
            setInterfaceName(text);
            forget();
          }}
          required
        />
      </div>
      <button type="submit">{say('create.peers.show')}</button>
      <Problem of={problem} />
      {file !== null && <ShownFile {...{ file }} name={VpnConnectionName || VpnConnectionId} />}
    </form>
  );
}

function nameOf({ VendorName, Platform, SoftwareVersion }: Vendor): string {
  return `${VendorName} ${Platform} ${SoftwareVersion}`;
}

function ShownFile({ file, name }: { readonly file: string; readonly name: string }) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([file], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-')}.txt`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <p class="fine">{say('create.peers.secret')}</p>
      <p class="buttons">
        <CopyButton of={say('create.peers.file')} text={() => file} />
        <button type="button" onClick={download}>
          {say('create.peers.download')}
        </button>
      </p>
      <pre class="file" role="region" tabIndex={0} aria-label={say('create.peers.file')}>
        {file}
      </pre>
    </>
  );
}
