import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { tunnelSaActions, WireChildSa, WireIkeSa } from '@landbridge/catalogue/operator/tunnel-sas';
import { duration } from './duration.ts';

/** What DescribeTunnelSas answers. */
export type SasReply = ResponseOf<typeof tunnelSaActions.DescribeTunnelSas>;

/** Each IKE_SA with its CHILD_SAs: who speaks to whom, by what, what passed, and what is due when. */
export function saLines({ SeenAt, IkeSaSet, IkeSaCount, ChildSaCount }: SasReply): string[] {
  if (IkeSaCount === 0) return ['there is no SA'];
  const now = Date.parse(SeenAt);
  const shown = IkeSaSet.reduce((sum, { ChildSaSet }) => sum + ChildSaSet.length, 0);
  const isCut = IkeSaCount > IkeSaSet.length || ChildSaCount > shown;
  return [
    ...IkeSaSet.flatMap((ikeSa) => ikeSaLines(ikeSa, now)),
    ...(isCut ? [`the newest of ${IkeSaCount} IKE_SAs and ${ChildSaCount} CHILD_SAs`] : []),
  ];
}

function ikeSaLines(ikeSa: WireIkeSa, now: number): string[] {
  const { UniqueId, Version, State, Role, EstablishedAt, RekeyAt, ReauthAt } = ikeSa;
  const { Encryption, Integrity, Prf, DhGroup, InitiatorSpi, ResponderSpi } = ikeSa;
  const local = `${ikeSa.LocalAddress}[${ikeSa.LocalPort}] ${ikeSa.LocalIdentity}`;
  const remote = `${ikeSa.RemoteAddress}[${ikeSa.RemotePort}] ${ikeSa.RemoteIdentity}`;
  const begun = Role === 'initiator' ? 'begun here' : 'begun by the peer';
  return [
    `IKE_SA #${UniqueId}: ${State}, ${Version}, ${begun}, SPIs ${InitiatorSpi} (initiator) ${ResponderSpi} (responder)`,
    `  ${local} - ${remote}`,
    ...lineOf([Encryption, Integrity, Prf, DhGroup], '/'),
    ...lineOf([
      past('established', EstablishedAt, now),
      due('renewed', RekeyAt, now),
      due('proven anew', ReauthAt, now),
    ]),
    ...ikeSa.ChildSaSet.flatMap((childSa) => childSaLines(childSa, now).map((line) => `  ${line}`)),
  ];
}

function childSaLines(childSa: WireChildSa, now: number): string[] {
  const { UniqueId, Name, State, Mode, LocalSelectors, RemoteSelectors, Protocol, InSpi, OutSpi } = childSa;
  const { IsUdpEncapsulated, Encryption, Integrity, PfsGroup, InstalledAt, RekeyAt, EndAt } = childSa;
  const head = `CHILD_SA #${UniqueId} ${Name}: ${[State, Mode, Protocol].filter((word) => word !== null).join(', ')}`;
  const selectors = `  ${LocalSelectors.join(' ')} === ${RemoteSelectors.join(' ')}`;
  if (InSpi === null || OutSpi === null) return [head, selectors];
  return [
    `${head}${IsUdpEncapsulated ? ' in UDP' : ''}`,
    selectors,
    ...lineOf([Encryption, Integrity, PfsGroup === null ? null : `PFS ${PfsGroup}`], '/'),
    passedLine('in ', InSpi, childSa.InPackets, childSa.InBytes, childSa.LastInAt, now),
    passedLine('out', OutSpi, childSa.OutPackets, childSa.OutBytes, childSa.LastOutAt, now),
    ...lineOf([past('installed', InstalledAt, now), due('renewed', RekeyAt, now), due('ends', EndAt, now)]),
  ];
}

function passedLine(way: string, spi: string, packets: number, bytes: number, last: string | null, now: number) {
  const quiet = last === null ? '' : `, the last ${duration(now - Date.parse(last))} before`;
  return `  ${way} ${spi}: ${packets} packets, ${bytes} bytes${quiet}`;
}

function lineOf(parts: readonly (string | null)[], joint = ', '): string[] {
  const told = parts.filter((part) => part !== null);
  return told.length === 0 ? [] : [`  ${told.join(joint)}`];
}

function past(what: string, at: string | null, now: number): string | null {
  return at === null ? null : `${what} for ${duration(now - Date.parse(at))}`;
}

function due(what: string, at: string | null, now: number): string | null {
  if (at === null) return null;
  const ms = Date.parse(at) - now;
  return ms < 0 ? `${what} overdue for ${duration(-ms)}` : `${what} in ${duration(ms)}`;
}
