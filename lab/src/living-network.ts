import { Asking } from './asking.ts';
import type { Host } from './host.ts';
import { fourRoute, type Four } from './scenarios/4-route.ts';
import { fiveVpc, type FiveVpc } from './scenarios/5-vpc.ts';
import { secondTenant } from './tenant-marks.ts';
import { World } from './world.ts';

/** Scenarios 4-route and 5-vpc side by side in one account: five tunnels on two gateways, two of them active and standby. */
export interface LivingNetwork {
  readonly world: World;
  readonly four: Four;
  readonly five: FiveVpc;
}

export async function startLivingNetwork(onProgress: (line: string) => void): Promise<LivingNetwork> {
  const world = await World.start({ onProgress, settings: fiveVpc.settings ?? {} });
  const four = await fourRoute.build(world);
  const five = await fiveVpc.build(world.addPlace(secondTenant));
  return { world, four, five };
}

/** A little of it, steadily, from every host of the cloud into every tunnel that carries packets. */
export function beginTraffic({ four, five }: LivingNetwork): readonly Asking[] {
  const [one, two, three] = four.tunnels;
  const [vpc1, vpc2, dc] = four.ccn.hosts;
  const { hostA, hostB } = five.vpc1;
  const ways: readonly (readonly [Host, Host])[] = [
    [vpc1, one.idc.host],
    [vpc2, two.idc.host],
    [dc, three.idc.host],
    [hostA, five.pair.host],
    [hostB, five.pair.host],
  ];
  return ways.map(([from, to]) => Asking.byEcho(from, to.address));
}
