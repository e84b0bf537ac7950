import type { ChildSa, IkeSa, InstalledChildSa } from '@landbridge/vici';
import { cutText } from '../domain/cut-text.ts';
import {
  saBounds,
  type ChildSaNow,
  type IkeSaNow,
  type InstalledChildSaNow,
  type SaAlgorithms,
  type TunnelSas,
} from '../domain/operator/tunnel-sas.ts';

/** What is told of charon's SAs of one tunnel, within bounds; charon lists none of their keys. */
export function toldSas(ikeSas: readonly IkeSa[], askedAt: number): TunnelSas {
  const shown = newestFirst(ikeSas).slice(0, saBounds.ikeSas);
  let left: number = saBounds.childSas;
  const told = shown.map((ikeSa) => {
    const childSas = newestFirst(ikeSa.childSas).slice(0, left);
    left -= childSas.length;
    return toldIkeSa(ikeSa, childSas);
  });
  const childSas = ikeSas.reduce((sum, each) => sum + each.childSas.length, 0);
  return { askedAt, ikeSas: told, counts: { ikeSas: ikeSas.length, childSas } };
}

/** charon counts them up. */
function newestFirst<Sa extends { readonly uniqueId: number }>(sas: readonly Sa[]): readonly Sa[] {
  return sas.toSorted((a, b) => b.uniqueId - a.uniqueId);
}

function toldIkeSa(ikeSa: IkeSa, childSas: readonly ChildSa[]): IkeSaNow {
  const { uniqueId, version, state, role, initiatorSpi, responderSpi } = ikeSa;
  return {
    ...{ uniqueId, version, state, role, initiatorSpi, responderSpi },
    local: { address: ikeSa.localHost, port: ikeSa.localPort, identity: text(ikeSa.localId) },
    remote: { address: ikeSa.remoteHost, port: ikeSa.remotePort, identity: text(ikeSa.remoteId) },
    algorithms: { ...algorithmsOf(ikeSa), prf: ikeSa.prfAlg ?? null },
    establishedSeconds: ikeSa.establishedSeconds ?? null,
    rekeySeconds: ikeSa.rekeyTimeSeconds ?? null,
    reauthSeconds: ikeSa.reauthTimeSeconds ?? null,
    childSas: childSas.map(toldChildSa),
  };
}

function toldChildSa({ uniqueId, name, state, mode, installed, localTs, remoteTs }: ChildSa): ChildSaNow {
  return {
    ...{ uniqueId, name, state, mode: mode ?? null },
    ...{ localSelectors: selectors(localTs), remoteSelectors: selectors(remoteTs) },
    installed: installed === undefined ? null : toldInstalled(installed),
  };
}

function toldInstalled(installed: InstalledChildSa): InstalledChildSaNow {
  const { protocol, isUdpEncapsulated, isEsn, spiIn, spiOut, bytesIn, packetsIn, bytesOut, packetsOut } = installed;
  return {
    ...{ protocol, isUdpEncapsulated, isEsn, spiIn: hex(spiIn), spiOut: hex(spiOut) },
    algorithms: algorithmsOf(installed),
    in: { bytes: bytesIn, packets: packetsIn, quietSeconds: installed.useInSeconds ?? null },
    out: { bytes: bytesOut, packets: packetsOut, quietSeconds: installed.useOutSeconds ?? null },
    installedSeconds: installed.installTimeSeconds,
    rekeySeconds: installed.rekeyTimeSeconds ?? null,
    lifeSeconds: installed.lifeTimeSeconds ?? null,
  };
}

function algorithmsOf({
  encrAlg,
  encrKeySizeBits,
  integAlg,
  dhGroup,
}: Pick<InstalledChildSa, 'encrAlg' | 'encrKeySizeBits' | 'integAlg' | 'dhGroup'>): SaAlgorithms {
  const size = encrKeySizeBits === undefined ? '' : `_${encrKeySizeBits}`;
  return {
    encryption: encrAlg === undefined ? null : `${encrAlg}${size}`,
    ...{ integrity: integAlg ?? null, group: dhGroup ?? null },
  };
}

function selectors(all: readonly string[]): readonly string[] {
  return all.slice(0, saBounds.selectors).map(text);
}

/** A peer chooses its own name, as long as it likes. */
function text(said: string): string {
  return cutText(said, saBounds.text);
}

function hex(spi: number): string {
  return spi.toString(16).padStart(8, '0');
}
