import type { Host } from './host.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import type { World } from './world.ts';

/** A CCN with two VPCs in the caller's region, and a third VPC in the region `remote` that is not attached yet. */
export interface CcnOfTwoRegions {
  readonly ccnId: string;
  /** In the caller's region. */
  readonly near: readonly [Host, Host];
  readonly far: Host;
  readonly attachFar: () => Promise<void>;
  readonly detachFar: () => Promise<void>;
}

export const farRegion = 'remote';

export async function createCcnOfTwoRegions({ cloud, lab }: World): Promise<CcnOfTwoRegions> {
  const hosts = await Promise.all(
    [1, 2, 3].map((n) => lab.createVpcHost({ name: `VPC-${n}`, label: `vpc${n}-a`, subnetPrefix: `10.${n}.1` })),
  );
  const [one, two, far] = hosts;
  if (one === undefined || two === undefined || far === undefined) throw new Error('three hosts are expected');
  const ccnId = await cloud.createCcn('ccn');
  const makeVpc = async (n: number) => {
    const there = n === 3 ? cloud.inRegion(farRegion) : cloud;
    const { vpcId } = await there.createVpc(`vpc${n}`, `10.${n}.0.0/16`);
    await there.createSubnet(vpcId, 'a', `10.${n}.1.0/24`, `vpc${n}-a`);
    return { InstanceType: 'VPC', InstanceId: vpcId };
  };
  await cloud.attachToCcn(ccnId, [await makeVpc(1), await makeVpc(2)]);
  const third = await makeVpc(3);
  await cloud.waitUntilAttached(ccnId, 2);
  return {
    ccnId,
    near: [one, two],
    far,
    attachFar: async () => {
      await cloud.inRegion(farRegion).attachToCcn(ccnId, [third]);
      await cloud.waitUntilAttached(ccnId, 3);
    },
    detachFar: async () => {
      const Instances = [{ ...third, InstanceRegion: farRegion }];
      await cloud.call('DetachCcnInstances', { CcnId: ccnId, Instances });
    },
  };
}

/** Everything that traffic control has in the namespace of a CCN, one line each: devices, qdiscs, classes with their rates. */
export async function trafficControlOf(ccnId: string): Promise<string[]> {
  const namespace = new Namespace(`lb-${ccnId}`);
  const [links, qdiscs] = await Promise.all([
    namespace.ipJson('link', 'show', 'type', 'ifb'),
    namespace.runChecked(['tc', '-json', 'qdisc', 'show']),
  ]);
  const classes = await Promise.all(
    links.map(({ ifname }) => namespace.runChecked(['tc', 'class', 'show', 'dev', String(ifname)])),
  );
  return [
    ...links.map(({ ifindex, ifname }) => `device ${String(ifindex)} ${String(ifname)}`),
    ...(JSON.parse(qdiscs) as readonly Qdisc[])
      .filter(({ kind }) => kind !== 'noqueue')
      .map(({ kind, dev, handle }) => `${kind} ${handle} on ${dev}`),
    ...[...classes.join('').matchAll(/class htb (\S+) .*rate (\S+) ceil/g)].map(
      ([, id = '', rate = '']) => `class ${id} at ${rate}`,
    ),
  ].sort();
}

interface Qdisc {
  readonly kind: string;
  readonly dev: string;
  readonly handle: string;
}
