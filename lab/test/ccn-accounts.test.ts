import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../src/host.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import type { Tenant } from '../src/tenant.ts';
import { secondTenant } from '../src/tenant-marks.ts';
import { World } from '../src/world.ts';

// A VPC of one account on the CCN of another: packets flow while the owner of the CCN has agreed, and at no other time.

let world: World;
let guest: Tenant;
let ccnId: string;
let own: Host;
let invited: Host;
/** In the guest's second VPC, which nobody asked to attach. */
let uninvited: Host;
let instance: { InstanceType: string; InstanceId: string; InstanceRegion: string };

beforeAll(async () => {
  world = await World.start();
  guest = await world.addTenant('guest', secondTenant);
  ccnId = await world.cloud.createCcn('ccn');
  const vpc = await createVpc(world, 'own', '10.1');
  own = vpc.host;
  await world.cloud.attachToCcn(ccnId, [{ InstanceType: 'VPC', InstanceId: vpc.vpcId }]);
  await world.cloud.waitUntilAttached(ccnId, 1);
  const guestVpc = await createVpc(guest, 'invited', '10.2');
  invited = guestVpc.host;
  uninvited = (await createVpc(guest, 'private', '10.3')).host;
  instance = { InstanceType: 'VPC', InstanceId: guestVpc.vpcId, InstanceRegion: guest.cloud.region };
});

afterAll(() => world.stop());

async function createVpc(
  { cloud, lab }: Tenant,
  label: string,
  prefix: string,
): Promise<{ vpcId: string; host: Host }> {
  const host = await lab.createVpcHost({ name: `VPC ${label}`, label, subnetPrefix: `${prefix}.1` });
  const { vpcId } = await cloud.createVpc(label, `${prefix}.0.0/16`);
  await cloud.createSubnet(vpcId, 'A', `${prefix}.1.0/24`, lab.cable(label));
  return { vpcId, host };
}

/** The account of the CCN, as its own instances name it. */
async function ownerOfCcn(): Promise<unknown> {
  const { InstanceSet } = await world.cloud.call('DescribeCcnAttachedInstances', { CcnId: ccnId });
  return (InstanceSet as { CcnUin?: string }[])[0]?.CcnUin;
}

async function waitForState(state: string): Promise<void> {
  await poll(
    `the guest's VPC is ${state}`,
    async () => {
      const { InstanceSet } = await guest.cloud.call('DescribeCcnAttachedInstances', { CcnId: ccnId });
      return (InstanceSet as { State?: string }[])[0]?.State;
    },
    (now) => now === state,
    { within: 30_000 },
  );
}

const request = () => ({ CcnId: ccnId, Instances: [instance] });

describe('the VPC of another account', () => {
  it('is not reached while the owner of the CCN has not agreed', async () => {
    await guest.cloud.call('AttachCcnInstances', { ...request(), CcnUin: await ownerOfCcn() });
    guest.cloud.deleteLater('DetachCcnInstances', request());
    await waitForState('PENDING');
    await using atGuest = await PacketWatch.start(invited.namespace, 'eth0', 'icmp');
    expect(await ping(own, invited.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(await ping(invited, own.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(atGuest.packets.filter((line) => line.includes('echo'))).toEqual([]);
  });

  it('is reached once the owner accepts, and reaches the other', async () => {
    await world.cloud.call('AcceptAttachCcnInstances', request());
    await waitForState('ACTIVE');
    await waitForReply(own, invited);
    await waitForReply(invited, own);
  });

  it('brings nothing else of its account with it', async () => {
    expect(await ping(own, uninvited.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(await ping(uninvited, own.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(await ping(invited, uninvited.address, { count: 3 })).toMatchObject({ received: 0 });
  });

  it('is cut off when its account detaches it', async () => {
    await guest.cloud.call('DetachCcnInstances', request());
    await waitForSilence(own, invited);
    await waitForSilence(invited, own);
  });
});
