import { Fact } from '../parts/fact.tsx';
import { Table } from '../parts/table.tsx';
import { shapes } from '../tunnels/state-mark.tsx';
import { say } from '../words/said.ts';
import { CandidateText, endSaid } from './path-view.tsx';
import { kindOfProof, provenHops, type Proof, type ProvenHop } from './proof.ts';
import { namedEnd } from './reach.ts';

/** What packets did, and hop by hop beside it what was computed. */
export function ProofResult({ proof }: { readonly proof: Proof }) {
  const { Verdict, SourceAddress, DestinationAddress, Sent, Arrived, Answered, Delay, Refusals } = proof;
  const kind = kindOfProof(proof);
  return (
    <>
      <p class={`mark ${kind}`}>
        <span aria-hidden="true">{shapes[kind]}</span>{' '}
        {say(Verdict === 'silent' && Arrived === null ? 'proof.silentThere' : `proof.verdict.${Verdict}`)}
      </p>
      <dl class="facts">
        <Fact name={say('proof.ends')}>
          <code>{SourceAddress}</code> → <code>{DestinationAddress}</code>
        </Fact>
        <Fact name={say('proof.packets')}>
          {Arrived === null
            ? say('proof.counted', { sent: Sent, answered: Answered })
            : say('proof.countedThere', { sent: Sent, arrived: Arrived, answered: Answered })}
        </Fact>
        {Delay !== null && (
          <Fact name={say('proof.delay')}>
            {say('proof.delays', { least: Delay.LeastMs, mean: Delay.MeanMs, most: Delay.MostMs })}
          </Fact>
        )}
        {Refusals.map(({ From, Message, Packets }) => (
          <Fact key={`${From} ${Message}`} name={say('proof.refusedBy', { address: From })}>
            {say('proof.refusal', { message: Message, count: Packets })}
          </Fact>
        ))}
      </dl>
      <Hops proof={proof} />
    </>
  );
}

function Hops({ proof }: { readonly proof: Proof }) {
  const [way] = proof.Forward.Ways;
  const heads = [say('proof.hop'), say('proof.computed'), say('proof.seen')];
  return (
    <Table heads={heads} label={say('proof.hops')}>
      {provenHops(proof).map((one, index) => (
        <tr key={index}>
          <td>{one.hop === null ? say('proof.behind') : one.hop.Name || one.hop.ResourceId}</td>
          <td>{one.hop?.Decision && <CandidateText of={one.hop.Decision} />}</td>
          <td>{seenSaid(one)}</td>
        </tr>
      ))}
      {way !== undefined && (
        <tr>
          <td>{say('proof.end')}</td>
          <td>{endSaid(namedEnd(way))}</td>
          <td>{say(proof.Answered > 0 ? 'proof.heard' : (proof.Arrived ?? 0) > 0 ? 'proof.came' : 'proof.unheard')}</td>
        </tr>
      )}
    </Table>
  );
}

function seenSaid({ address, isReached }: ProvenHop): string {
  if (address !== '') return say('proof.sentBack', { address });
  return say(isReached ? 'proof.passed' : 'proof.unheard');
}
