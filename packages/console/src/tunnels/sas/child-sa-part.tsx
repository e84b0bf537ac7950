import type { Reply } from '../../calls/call.ts';
import { Age } from '../../parts/age.tsx';
import { sizeOf } from '../../parts/byte-size.ts';
import { Due } from '../../parts/due.tsx';
import { Fact } from '../../parts/fact.tsx';
import { Table } from '../../parts/table.tsx';
import { say } from '../../words/said.ts';
import { SaState } from './sa-state.tsx';

type ChildSa = Reply<'DescribeTunnelSas'>['IkeSaSet'][number]['ChildSaSet'][number];

/** One CHILD_SA: a pair of SAs, and what passed in each direction. */
export function ChildSaPart({ childSa }: { readonly childSa: ChildSa }) {
  const { UniqueId, Name, State, InSpi } = childSa;
  return (
    <section class="child-sa" aria-label={`CHILD_SA #${UniqueId}`}>
      <h4>
        CHILD_SA #{UniqueId} <SaState state={State} /> <code class="fine">{Name}</code>
      </h4>
      <Table heads={heads.map((head) => say(`sas.${head}`))} label={say('sas.counters', { id: UniqueId })}>
        <Direction childSa={childSa} way="In" />
        <Direction childSa={childSa} way="Out" />
      </Table>
      {InSpi !== null && <ChildFacts childSa={childSa} />}
    </section>
  );
}

const heads = ['direction', 'from', 'to', 'spi', 'packets', 'bytes', 'last'] as const;

function Direction({ childSa, way }: { readonly childSa: ChildSa; readonly way: 'In' | 'Out' }) {
  const { LocalSelectors, RemoteSelectors } = childSa;
  const [from, to] = way === 'In' ? [RemoteSelectors, LocalSelectors] : [LocalSelectors, RemoteSelectors];
  const { spi, packets, bytes, last } = passedOf(childSa, way);
  return (
    <tr>
      <th scope="row">{say(way === 'In' ? 'tunnel.in' : 'tunnel.out')}</th>
      <td>
        <Selectors of={from} />
      </td>
      <td>
        <Selectors of={to} />
      </td>
      <td>
        <code>{spi}</code>
      </td>
      <td class="number">{packets}</td>
      <td class="number">{sizeOf(bytes)}</td>
      <td>{last === null ? <span class="fine">{say('sas.never')}</span> : <Age since={last} />}</td>
    </tr>
  );
}

function passedOf(childSa: ChildSa, way: 'In' | 'Out') {
  if (way === 'In') {
    const { InSpi: spi, InPackets: packets, InBytes: bytes, LastInAt: last } = childSa;
    return { spi, packets, bytes, last };
  }
  const { OutSpi: spi, OutPackets: packets, OutBytes: bytes, LastOutAt: last } = childSa;
  return { spi, packets, bytes, last };
}

function Selectors({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.map((selector) => (
        <code key={selector} class="line">
          {selector}
        </code>
      ))}
    </>
  );
}

function ChildFacts({ childSa }: { readonly childSa: ChildSa }) {
  const { Mode, Protocol, IsUdpEncapsulated, HasExtendedSequenceNumbers, Encryption, Integrity, PfsGroup } = childSa;
  const { InstalledAt, RekeyAt, EndAt } = childSa;
  const extras = [HasExtendedSequenceNumbers ? 'ESN' : null, PfsGroup === null ? null : `PFS ${PfsGroup}`];
  return (
    <dl class="facts">
      <Fact name={say('sas.algorithms')}>
        <code>
          {IsUdpEncapsulated ? `${Protocol} in UDP` : Protocol} {Mode}{' '}
          {[Encryption, Integrity, ...extras].filter(Boolean).join(' / ')}
        </code>{' '}
        {PfsGroup === null && <span class="fine">{say('sas.noGroup')}</span>}
      </Fact>
      {InstalledAt !== null && (
        <Fact name={say('sas.installed')}>
          <Age since={InstalledAt} />
        </Fact>
      )}
      {RekeyAt !== null && (
        <Fact name={say('sas.rekey')}>
          <Due at={RekeyAt} />
        </Fact>
      )}
      {EndAt !== null && (
        <Fact name={say('sas.end')}>
          <Due at={EndAt} />
        </Fact>
      )}
    </dl>
  );
}
