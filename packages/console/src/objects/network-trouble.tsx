import { Link } from 'wouter-preact';
import { call } from '../calls/call.ts';
import { useLoaded } from '../live/loaded.ts';
import { resting } from '../live/resting.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import type { ShownObject } from './readable-kind.ts';

/** Nobody tells when a plan is in force. */
const statusMs = 10_000;
const rows = ['subnetInterfaces', 'directConnectLines', 'vpnGateways', 'subnets', 'vpcs'];

/** What keeps an object from being in the network, such as an interface that the host does not have: administrators alone know the host. */
export function NetworkTrouble({ object }: { readonly object: ShownObject }) {
  const { IsAdministrator } = useWorld().session;
  const id = networkOf(object);
  return IsAdministrator && id !== null ? <Trouble id={id} /> : null;
}

/** A subnet is in that of its VPC; null: it is in none. */
function networkOf({ id, within }: ShownObject): string | null {
  if (id.startsWith('subnet-')) return within;
  return /^(?:vpc|vpngw|ccn|dcg)-/.test(id) ? id : null;
}

function Trouble({ id }: { readonly id: string }) {
  const loaded = useLoaded(id, () => ({
    ...{ kinds: rows, everyMs: statusMs },
    load: resting(async (isBackground) => {
      const { Conditions } = await call('DescribeSystemStatus', {}, { isBackground });
      return { trouble: Conditions.find(({ Name, Ok }) => Name === id && !Ok)?.Message ?? '' };
    }),
  }));
  const trouble = loaded.value.value?.trouble ?? '';
  if (trouble === '') return null;
  return (
    <p class="panel" role="alert">
      <span class="mark bad">▲ {say('host.failed')}</span> {trouble}{' '}
      <Link href={`/host/plans/${id}`}>{say('objects.plan')}</Link>
    </p>
  );
}
