import { spawn } from 'node:child_process';
import type { Host } from '../lab/src/host.ts';
import { connectIdc } from '../lab/src/idc-connection.ts';
import type { IdcDevice } from '../lab/src/idc-device.ts';
import { poll } from '@landbridge/testbed/poll';
import { createVpc1, type Vpc1 } from '../lab/src/vpc-1.ts';
import type { World } from '../lab/src/world.ts';

/**
 * Milliseconds from the CreateVpnConnection call to the first answered ping, against strongSwan at the other end, again and again.
 * The tunnel is an SPD one, so that nothing else has to be called in between.
 */
export async function measureFirstPings(
  world: World,
  options: { readonly repetitions: number; readonly onProgress: (line: string) => void },
): Promise<number[]> {
  const [idc, vpc1] = await Promise.all([world.lab.createIdc(3), createVpc1(world)]);
  await world.cloud.createVpcRoute(vpc1.routeTableId, idc.lan, vpc1.gateway.gatewayId);
  const times: number[] = [];
  for (let repetition = 1; repetition <= options.repetitions; repetition++) {
    const time = await measureOnce(world, vpc1, idc);
    options.onProgress(`repetition ${repetition}: first answered ping ${time.toFixed(0)} ms after the call`);
    times.push(time);
  }
  return times;
}

async function measureOnce(world: World, vpc1: Vpc1, idc: IdcDevice): Promise<number> {
  const { gateway, vpcId, hostA } = vpc1;
  const { answered, stop } = startPinging(hostA, idc.host.address);
  try {
    let called = 0;
    const tunnel = await connectIdc(world, {
      gateway,
      vpcId,
      idc,
      policies: { '10.0.0.0/16': [idc.lan] },
      cloudRanges: ['10.0.0.0/16'],
      onCall: () => (called = performance.now()),
    });
    const first = await poll('the first ping is answered', answered, (at) => at !== undefined, {
      within: 60_000,
      every: 10,
    });
    await remove(world, gateway.gatewayId, tunnel);
    return (first ?? 0) - called;
  } finally {
    stop();
  }
}

/** One request every 5 ms, without waiting for answers. */
function startPinging(
  from: Host,
  to: string,
): { readonly answered: () => number | undefined; readonly stop: () => void } {
  const [file = '', ...argv] = from.namespace.enter(['ping', '-n', '-i', '0.005', to]);
  const child = spawn(file, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  let at: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('bytes from') && text.includes('time=')) at ??= performance.now();
  });
  return { answered: () => at, stop: () => child.kill('SIGKILL') };
}

async function remove(
  world: World,
  gatewayId: string,
  tunnel: { readonly connectionId: string; readonly customerGatewayId: string; readonly idc: IdcDevice },
): Promise<void> {
  const { connectionId, customerGatewayId, idc } = tunnel;
  await world.cloud.call('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: connectionId });
  await world.cloud.call('DeleteCustomerGateway', { CustomerGatewayId: customerGatewayId });
  await world.cloud.waitUntilApplied(gatewayId);
  await poll(
    'the peer is told',
    () => idc.charon.installedChildren(),
    (count) => count === 0,
    { within: 20_000 },
  );
}
