import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { pathProofActions, WireProofVerdict } from '@landbridge/catalogue/operator/path-proofs';
import { directionLines } from './trace-lines.ts';

/** What ProvePath answers. */
export type ProofReply = ResponseOf<typeof pathProofActions.ProvePath>;

const verdicts: Readonly<Record<WireProofVerdict, string>> = {
  answered: 'proven: every packet was answered',
  'some-answered': 'packets come through, and some were lost',
  arrived: 'packets arrive, and no answer comes back',
  refused: 'no packet was answered: it was said that they go no further',
  silent: 'no packet arrives',
};

/** What packets did, then how far those came that may pass few routers, then what was to be expected. */
export function proofLines(proof: ProofReply): string[] {
  const { Verdict, SourceAddress, DestinationAddress, Sent, Arrived, Answered, Delay, Refusals, Routers } = proof;
  const isUnknown = Verdict === 'silent' && Arrived === null;
  const counts = [`${Sent} sent`, ...(Arrived === null ? [] : [`${Arrived} arrived`]), `${Answered} answered`];
  return [
    `${SourceAddress} -> ${DestinationAddress}: ${isUnknown ? 'no answer: packets are lost, or nobody answers pings there' : verdicts[Verdict]}`,
    `  ${counts.join(', ')}`,
    ...(Delay === null ? [] : [`  after ${Delay.LeastMs} to ${Delay.MostMs} ms, ${Delay.MeanMs} ms on average`]),
    ...Refusals.map(({ From, Message, Packets }) => `  ${From} says to ${Packets} of them: ${Message}`),
    ...Routers.map(({ Address, ResourceId, Name }, passed) => {
      const hop = ResourceId === '' ? '' : `, where ${Name === '' ? ResourceId : `${ResourceId} (${Name})`} is`;
      return `  hop ${passed + 1}${hop}: ${Address === '' ? 'nothing heard' : `${Address} sends packets back`}`;
    }),
    '',
    ...directionLines(proof.Forward, 'as computed'),
    ...(proof.Return === null ? [] : ['', ...directionLines(proof.Return, 'the answer')]),
  ];
}
