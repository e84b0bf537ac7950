import { useState } from 'preact/hooks';
import { call, type Reply } from '../../calls/call.ts';
import { SelectField, TextField, type Choice } from '../../forms/fields.tsx';
import { useLoaded, type Loaded } from '../../live/loaded.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { say } from '../../words/said.ts';
import { useWorld } from '../../world.ts';
import type { Tunnel } from '../tunnel.ts';

export type Vendor = Reply<'DescribeCustomerGatewayVendors'>['CustomerGatewayVendorSet'][number];

/** Devices that a configuration can be written for. */
export function useVendors(): Loaded<readonly Vendor[]> {
  return useLoaded('vendors', () => ({
    ...{ kinds: [], everyMs: 3_600_000 },
    load: async (isBackground: boolean) =>
      (await call('DescribeCustomerGatewayVendors', {}, { isBackground })).CustomerGatewayVendorSet,
  }));
}

interface PeerFileProps {
  readonly tunnel: Tunnel;
  readonly vendors: readonly Vendor[];
  readonly title: string;
  readonly savedAs: (vendor: Vendor) => string;
}

interface Written {
  readonly vendor: Vendor;
  readonly interfaceName: string;
  /** Empty: none. */
  readonly standby: string;
  readonly text: string;
}

/** The configuration of the device at the other end. It holds the key: it is asked for when it is wanted, and forgotten with this. */
export function PeerFile({ tunnel, vendors, title, savedAs }: PeerFileProps) {
  const { gateways, tunnels } = useWorld();
  const [chosen, setChosen] = useState('');
  const [interfaceName, setInterfaceName] = useState('eth0');
  const [standby, setStandby] = useState('');
  const [written, setWritten] = useState<Written | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { VpnGatewayId, VpnConnectionId } = tunnel;
  const vendor = vendors.find((one) => nameOf(one) === chosen) ?? vendors[0];
  const write = async (CustomerGatewayVendor: Vendor) => {
    setAsking(true);
    setProblem(null);
    setWritten(null);
    const asked = {
      ...{ VpnGatewayId, VpnConnectionId, CustomerGatewayVendor, InterfaceName: interfaceName.trim() },
      ...(standby === '' ? {} : { StandbyVpnConnectionId: standby as Tunnel['VpnConnectionId'] }),
    };
    try {
      const reply = await call('DownloadCustomerGatewayConfiguration', asked, gateways.placeOf(VpnGatewayId));
      setWritten({ vendor: CustomerGatewayVendor, interfaceName, standby, text: reply.CustomerGatewayConfiguration });
    } catch (error) {
      setProblem(error);
    }
    setAsking(false);
  };
  // What is shown is what is chosen.
  const isOfNow =
    written !== null &&
    written.vendor === vendor &&
    written.interfaceName === interfaceName &&
    written.standby === standby;
  // The tunnels of a pair begin at two gateways; whether they end at one device the service says.
  const others = (tunnels.tunnels.value ?? []).filter((other) => other.VpnGatewayId !== VpnGatewayId);
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
          {others.length > 0 && (
            <SelectField
              label={say('peer.standby')}
              hint={say('peer.standbyHint')}
              value={standby}
              choices={[{ value: '', name: say('peer.noStandby') }, ...others.map(choiceOf)]}
              onChange={setStandby}
            />
          )}
        </div>
        <button type="submit" class="strong" disabled={isAsking}>
          {say('peer.show')}
        </button>
      </form>
      <Problem of={problem} />
      {isOfNow && <WrittenFile text={written.text} title={title} name={savedAs(written.vendor)} />}
    </>
  );
}

interface WrittenFileProps {
  readonly text: string;
  readonly title: string;
  readonly name: string;
}

function WrittenFile({ text, title, name }: WrittenFileProps) {
  return (
    <>
      <p class="bar">
        <span class="fine">{say('peer.secret')}</span>
        <CopyButton of={title} text={() => text} />
        <button type="button" onClick={() => saveFile(name, [text], 'text/plain')}>
          {say('peer.download')}
        </button>
      </p>
      <pre class="configuration" role="region" tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </>
  );
}

function choiceOf({ VpnConnectionId: value, VpnConnectionName }: Tunnel): Choice {
  return { value, name: VpnConnectionName === '' ? value : `${VpnConnectionName} (${value})` };
}

function nameOf({ VendorName, Platform, SoftwareVersion }: Vendor): string {
  return `${VendorName} ${Platform} ${SoftwareVersion}`;
}
