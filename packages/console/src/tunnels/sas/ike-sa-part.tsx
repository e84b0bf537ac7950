import { useState } from 'preact/hooks';
import type { Reply } from '../../calls/call.ts';
import { Age } from '../../parts/age.tsx';
import { Due } from '../../parts/due.tsx';
import { Fact } from '../../parts/fact.tsx';
import { say } from '../../words/said.ts';
import { ChildSaPart } from './child-sa-part.tsx';
import { SaState } from './sa-state.tsx';

export type IkeSa = Reply<'DescribeTunnelSas'>['IkeSaSet'][number];

/** A tunnel with many policies has as many CHILD_SAs: these are shown at first. */
const fewChildren = 8;

/** One IKE_SA: who speaks to whom, by what, until when; and its CHILD_SAs. */
export function IkeSaPart({ ikeSa }: { readonly ikeSa: IkeSa }) {
  const { UniqueId, Version, State, Role, ChildSaSet } = ikeSa;
  const [isWhole, setWhole] = useState(false);
  const children = isWhole ? ChildSaSet : ChildSaSet.slice(0, fewChildren);
  return (
    <article class="ike-sa" aria-label={`IKE_SA #${UniqueId}`}>
      <h3>
        IKE_SA #{UniqueId} <SaState state={State} />{' '}
        <span class="fine">
          {Version}, {say(`sas.${Role}`)}
        </span>
      </h3>
      <IkeFacts ikeSa={ikeSa} />
      {children.map((childSa) => (
        <ChildSaPart key={childSa.UniqueId} childSa={childSa} />
      ))}
      {children.length < ChildSaSet.length && (
        <button type="button" onClick={() => setWhole(true)}>
          {say('sas.all', { count: ChildSaSet.length })}
        </button>
      )}
    </article>
  );
}

function IkeFacts({ ikeSa }: { readonly ikeSa: IkeSa }) {
  const { LocalAddress, LocalPort, LocalIdentity, RemoteAddress, RemotePort, RemoteIdentity } = ikeSa;
  const { Encryption, Integrity, Prf, DhGroup, InitiatorSpi, ResponderSpi } = ikeSa;
  const { EstablishedAt, RekeyAt, ReauthAt } = ikeSa;
  return (
    <dl class="facts">
      <Fact name={say('tunnel.ours')}>
        <code>
          {LocalAddress}:{LocalPort}
        </code>{' '}
        <span class="fine">{LocalIdentity}</span>
      </Fact>
      <Fact name={say('tunnel.theirs')}>
        <code>
          {RemoteAddress}:{RemotePort}
        </code>{' '}
        <span class="fine">{RemoteIdentity}</span>
      </Fact>
      {Encryption !== null && (
        <Fact name={say('sas.algorithms')}>
          <code>{[Encryption, Integrity, Prf, DhGroup].filter(Boolean).join(' / ')}</code>
        </Fact>
      )}
      <Fact name={say('sas.spis')}>
        <code>{InitiatorSpi}</code> <span class="fine">{say('sas.ofInitiator')}</span> <code>{ResponderSpi}</code>{' '}
        <span class="fine">{say('sas.ofResponder')}</span>
      </Fact>
      {EstablishedAt !== null && (
        <Fact name={say('sas.age')}>
          <Age since={EstablishedAt} />
        </Fact>
      )}
      {RekeyAt !== null && (
        <Fact name={say('sas.rekey')}>
          <Due at={RekeyAt} />
        </Fact>
      )}
      {ReauthAt !== null && (
        <Fact name={say('sas.reauth')}>
          <Due at={ReauthAt} />
        </Fact>
      )}
    </dl>
  );
}
