import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@landbridge/client/client';

export interface WaitOptions {
  readonly client: Pick<Client, 'call'>;
  readonly withinMs: number;
  /** Hears what is waited for, and how tunnels stand in the end. */
  readonly tell: (line: string) => void;
}

/** Between two looks. */
const pauseMs = 500;
/** What a peer that answers needs. */
const negotiationMs = 10_000;

type Reply = Readonly<Record<string, unknown>>;

/**
 * Waits until what a call changed is in force, and its gateway or tunnel in a final state.
 *
 * @returns the reply, with its objects as they are now
 * Throws where something of it could not be made, or the time is up.
 */
export async function waitUntilDone(reply: Reply, parameters: Reply, options: WaitOptions): Promise<Reply> {
  const { client, withinMs } = options;
  const deadline = performance.now() + withinMs;
  const TaskId = String(reply['RequestId']);
  await until(deadline, async () => {
    const { Status, Output } = await client.call('DescribeVpcTaskResult', { TaskId });
    if (Status === 'FAILED') throw new Error(`done but for this, which is tried again by itself: ${Output}`);
    return {
      value: Status === 'SUCCESS' ? true : undefined,
      missing: Output === '' ? 'it is not in force yet' : Output,
    };
  });
  const ids = new Set(idsIn({ ...parameters, ...reply }));
  const fresh: Record<string, unknown> = { ...reply };
  for (const id of ids) {
    if (id.startsWith('vpngw-')) replaceIn(fresh, 'VpnGateway', await availableGateway(id, deadline, options));
    if (id.startsWith('vpnx-')) replaceIn(fresh, 'VpnConnection', await settledTunnel(id, deadline, options));
  }
  return fresh;
}

/** Of the object that the call made or is about; not of all that it names. */
function idsIn(object: Reply): string[] {
  const own = [object['VpnConnection'], object['VpnGateway'], object].find(
    (each) => typeof each === 'object' && each !== null,
  );
  const { VpnConnectionId, VpnGatewayId } = own as Reply;
  const id = VpnConnectionId ?? VpnGatewayId;
  return typeof id === 'string' ? [id] : [];
}

function replaceIn(reply: Record<string, unknown>, member: string, object: object | undefined): void {
  if (member in reply && object !== undefined) reply[member] = object;
}

async function availableGateway(id: string, deadline: number, { client }: WaitOptions) {
  return until(deadline, async () => {
    const { VpnGatewaySet } = await client.call('DescribeVpnGateways', { VpnGatewayIds: [id as `vpngw-${string}`] });
    const [gateway] = VpnGatewaySet;
    // One that was deleted is in its final state.
    return {
      value: gateway === undefined ? null : gateway.State === 'AVAILABLE' ? gateway : undefined,
      missing: `${id} is being made`,
    };
  }).then((gateway) => gateway ?? undefined);
}

/** A tunnel is given the time that its negotiation takes, and how it stands is said. */
async function settledTunnel(id: string, deadline: number, { client, tell }: WaitOptions) {
  const look = async () => {
    const { VpnConnectionSet } = await client.call('DescribeVpnConnections', {
      VpnConnectionIds: [id as `vpnx-${string}`],
    });
    return VpnConnectionSet[0];
  };
  const isPatient = Math.min(deadline, performance.now() + negotiationMs);
  let tunnel = await look();
  while (tunnel !== undefined && tunnel.NetStatus !== 'AVAILABLE' && performance.now() < isPatient) {
    await delay(pauseMs);
    tunnel = await look();
  }
  if (tunnel === undefined) return undefined;
  if (tunnel.NetStatus === 'AVAILABLE') {
    const probes = tunnel.HealthCheckStatus === 'UNAVAILABLE' ? ', and its probes are not answered' : '';
    tell(`${id} is negotiated with its peer${probes}`);
    return tunnel;
  }
  const { EventSet } = await client.call('DescribeEvents', { ResourceId: id, Limit: 1 });
  const [last] = EventSet;
  tell(
    `${id} is not negotiated with its peer${last === undefined ? '' : `: ${last.Message}`} (landbridge status tells more)`,
  );
  return tunnel;
}

/** Looks until there is something. */
async function until<T>(
  deadline: number,
  look: () => Promise<{ readonly value: T | undefined; readonly missing: string }>,
): Promise<T> {
  for (;;) {
    const { value, missing } = await look();
    if (value !== undefined) return value;
    if (performance.now() + pauseMs > deadline)
      throw new Error(`the time to wait (--wait-seconds) is over: ${missing}`);
    await delay(pauseMs);
  }
}
