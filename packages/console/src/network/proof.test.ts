import { expect, it } from 'vitest';
import { kindOfProof, provenHops, subnetOf, type Proof } from './proof.ts';

const hop = (ResourceId: string): Proof['Forward']['Ways'][number]['Hops'][number] => ({
  ...{ ResourceId, Name: '', OtherAccount: false, Decision: null, Rivals: [], RivalCount: 0 },
});
const End: Proof['Forward']['Ways'][number]['End'] = {
  ...{ Kind: 'tunnel', ResourceId: 'vpnx-1', Name: '', Reason: '', PeerAddress: '', CustomerGatewayId: '' },
  ...{ CustomerGatewayName: '', State: 'up', Findings: [] },
};
const Forward: Proof['Forward'] = {
  ...{ SourceAddress: '10.0.1.7', DestinationAddress: '192.168.1.6', FromKind: 'subnet', FromId: 'subnet-1' },
  ...{ Ways: [{ Hops: [hop('vpc-1'), hop('vpngw-1')], End }], WayCount: 1 },
};
const router = (Address: string) => ({ Address, ResourceId: '', Name: '' });
const told = (routers: readonly string[], counts: Pick<Proof, 'Arrived' | 'Answered'>) =>
  provenHops({ Forward, Routers: routers.map(router), ...counts }).map((one) => {
    return [one.hop?.ResourceId ?? null, one.address, one.isReached];
  });

it('a hop is reached when it, or anybody behind it, said something', () => {
  const silent = { Arrived: null, Answered: 0 };
  expect(told([], silent)).toEqual([['vpc-1', '', false], ['vpngw-1', '', false]]); // prettier-ignore
  expect(told(['10.0.1.1'], silent)).toEqual([['vpc-1', '10.0.1.1', true], ['vpngw-1', '', false]]); // prettier-ignore
  expect(told(['', '10.0.1.2'], silent)).toEqual([['vpc-1', '', true], ['vpngw-1', '10.0.1.2', true]]); // prettier-ignore
  expect(told([], { Arrived: 3, Answered: 0 }).every(([, , isReached]) => isReached)).toBe(true);
  expect(told([], { Arrived: 0, Answered: 0 }).some(([, , isReached]) => isReached)).toBe(false);
});

it('who answers behind the last hop is told as well', () => {
  expect(told(['', '', '192.168.1.1'], { Arrived: null, Answered: 0 }).at(-1)).toEqual([null, '192.168.1.1', true]);
});

it('silence is a fault only where a host of the service stood and heard nothing', () => {
  expect(kindOfProof({ Verdict: 'silent', Arrived: null })).toBe('unknown');
  expect(kindOfProof({ Verdict: 'silent', Arrived: 0 })).toBe('bad');
  expect(kindOfProof({ Verdict: 'answered', Arrived: null })).toBe('good');
});

it('packets are sent from subnets alone', () => {
  expect(subnetOf({ kind: 'subnet', places: ['subnet-1'] })).toBe('subnet-1');
  expect(subnetOf({ kind: 'idc', places: ['vpnx-1'] })).toBeNull();
});
