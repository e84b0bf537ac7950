import { expect, it } from 'vitest';
import { proofLines, type ProofReply } from './proof-lines.ts';

const Forward: ProofReply['Forward'] = {
  ...{ SourceAddress: '10.0.1.77', DestinationAddress: '192.168.1.6', FromKind: 'subnet', FromId: 'subnet-00000001' },
  ...{ Ways: [], WayCount: 0 },
};
const proof: ProofReply = {
  ...{ Verdict: 'answered', SourceAddress: '10.0.1.77', DestinationAddress: '192.168.1.6' },
  ...{ Sent: 10, Arrived: null, Answered: 10, Delay: { LeastMs: 0.4, MeanMs: 0.6, MostMs: 1.9 }, Refusals: [] },
  Routers: [
    { Address: '10.0.1.1', ResourceId: 'vpc-00000001', Name: 'shop' },
    { Address: '', ResourceId: '', Name: '' },
  ],
  ...{ Forward, Return: null, ProvenTime: '2026-01-01 00:00:00' },
};

it('a proof is told with what was counted, how far packets came, and what was computed', () => {
  expect(proofLines(proof)).toEqual([
    '10.0.1.77 -> 192.168.1.6: proven: every packet was answered',
    '  10 sent, 10 answered',
    '  after 0.4 to 1.9 ms, 0.6 ms on average',
    '  hop 1, where vpc-00000001 (shop) is: 10.0.1.1 sends packets back',
    '  hop 2: nothing heard',
    '',
    '10.0.1.77 (subnet-00000001) -> 192.168.1.6, as computed',
  ]);
});

it('silence is told as what it is: nothing arrived, or nobody knows', () => {
  const silent = { ...proof, Verdict: 'silent', Answered: 0, Delay: null, Routers: [] } as const;
  expect(proofLines(silent)[0]).toMatch(/: no answer: packets are lost, or nobody answers pings there$/);
  expect(proofLines({ ...silent, Arrived: 0 }).slice(0, 2)).toEqual([
    '10.0.1.77 -> 192.168.1.6: no packet arrives',
    '  10 sent, 0 arrived, 0 answered',
  ]);
  const Refusals = [{ From: '10.0.1.1', Message: 'Destination Net Unreachable', Packets: 10 }];
  expect(proofLines({ ...silent, Verdict: 'refused', Refusals })).toContain(
    '  10.0.1.1 says to 10 of them: Destination Net Unreachable',
  );
});
