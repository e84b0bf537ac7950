import { call, type Reply } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { Problem } from '../parts/problem.tsx';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import { Fact } from '../parts/fact.tsx';
import type { Tunnel } from './tunnel.ts';

type Connection = Reply<'DescribeVpnConnections'>['VpnConnectionSet'][number];
type Peer = Reply<'DescribeCustomerGateways'>['CustomerGatewaySet'][number];

/** What was asked for. Of another account's tunnel an administrator sees the state alone, and of no gateway of his own the region. */
export function TunnelSettings({ tunnel }: { readonly tunnel: Tunnel }) {
  const { gateways } = useWorld();
  const { VpnConnectionId: id, VpnGatewayId: gatewayId } = tunnel;
  const gateway = gateways.value.value?.get(gatewayId);
  const region = gateway?.Region;
  const settings = useLoaded(`${id} ${region ?? ''}`, () => ({
    ...{ kinds: ['vpnConnections'], id, everyMs: 60_000 },
    load: (isBackground: boolean) => (region === undefined ? Promise.resolve(null) : read(id, region, isBackground)),
  }));
  const shown = settings.value.value;
  return (
    <section class="panel">
      <h2>{say('tunnel.settings')}</h2>
      <Problem of={settings.problem.value} again={() => void settings.refresh(false)} />
      {shown !== null && <SettingFacts {...shown} address={gateway?.PublicIpAddress ?? ''} />}
    </section>
  );
}

async function read(id: Tunnel['VpnConnectionId'], region: string, isBackground: boolean) {
  const options = { region, isBackground };
  const { VpnConnectionSet } = await call('DescribeVpnConnections', { VpnConnectionIds: [id] }, options);
  const [connection] = VpnConnectionSet;
  if (connection === undefined) return null;
  const CustomerGatewayIds = [connection.CustomerGatewayId];
  const { CustomerGatewaySet } = await call('DescribeCustomerGateways', { CustomerGatewayIds }, options);
  return { connection: withoutKey(connection), peer: CustomerGatewaySet[0] };
}

/** Nothing here shows its key, so it is not kept. */
function withoutKey(connection: Connection): Connection {
  return { ...connection, PreShareKey: '' };
}

interface SettingFactsProps {
  readonly connection: Connection;
  readonly peer: Peer | undefined;
  /** Of the gateway. */
  readonly address: string;
}

function SettingFacts({ connection, peer, address }: SettingFactsProps) {
  const ike = connection.IKEOptionsSpecification;
  const esp = connection.IPSECOptionsSpecification;
  const policies = connection.SecurityPolicyDatabaseSet;
  return (
    <dl class="facts">
      <Fact name={say('tunnel.ends')}>
        <code>{address}</code> ↔ <code>{peer?.IpAddress ?? ''}</code>{' '}
        <span class="fine">{peer?.CustomerGatewayName}</span>
      </Fact>
      <Fact name="IKE">
        <code>
          {ike.IKEVersion} {ike.PropoEncryAlgorithm} {ike.PropoAuthenAlgorithm} {ike.DhGroupName}
        </code>
      </Fact>
      <Fact name={say('tunnel.esp')}>
        <code>
          {esp.EncryptAlgorithm} {esp.IntegrityAlgorithm} PFS {esp.PfsDhGroup}
        </code>
      </Fact>
      <Fact name={say('tunnel.mode')}>
        {policies.length === 0 || connection.RouteType === 'StaticRoute'
          ? say('tunnel.byRoutes')
          : policies.map(({ LocalCidrBlock, RemoteCidrBlock }) => (
              <code key={LocalCidrBlock} class="line">
                {LocalCidrBlock} ↔ {RemoteCidrBlock.join(', ')}
              </code>
            ))}
      </Fact>
      <Fact name="DPD">
        <code>{connection.DpdEnable === 1 ? `${connection.DpdTimeout} s, ${connection.DpdAction}` : 'off'}</code>
      </Fact>
    </dl>
  );
}
