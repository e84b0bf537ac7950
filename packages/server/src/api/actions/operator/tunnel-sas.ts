import type { tunnelSaActions, WireChildSa, WireIkeSa } from '@landbridge/catalogue/operator/tunnel-sas';
import type { ChildSaNow, IkeSaNow, SaPassed } from '../../../domain/operator/tunnel-sas.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { wireInstant } from '../../wire/wire-values.ts';

/** The SAs of tunnels (service landbridge). */
export function tunnelSaHandlers({ tunnelSas }: Services): Handlers<typeof tunnelSaActions> {
  return {
    DescribeTunnelSas: async (caller, { VpnConnectionId }) => {
      const { askedAt, ikeSas, counts } = await tunnelSas.of(caller, VpnConnectionId);
      return {
        VpnConnectionId,
        SeenAt: wireInstant(askedAt),
        ...{ IkeSaCount: counts.ikeSas, ChildSaCount: counts.childSas },
        IkeSaSet: ikeSas.map((ikeSa) => wireIkeSa(ikeSa, askedAt)),
      };
    },
  };
}

function wireIkeSa(ikeSa: IkeSaNow, askedAt: number): WireIkeSa {
  const { uniqueId, version, state, role, initiatorSpi, responderSpi, local, remote, algorithms } = ikeSa;
  return {
    ...{ UniqueId: uniqueId, Version: version === 1 ? 'IKEV1' : 'IKEV2', State: state, Role: role },
    ...{ InitiatorSpi: initiatorSpi, ResponderSpi: responderSpi },
    ...{ LocalAddress: local.address, LocalPort: local.port, LocalIdentity: local.identity },
    ...{ RemoteAddress: remote.address, RemotePort: remote.port, RemoteIdentity: remote.identity },
    ...{ Encryption: algorithms.encryption, Integrity: algorithms.integrity },
    ...{ Prf: algorithms.prf, DhGroup: algorithms.group },
    EstablishedAt: before(askedAt, ikeSa.establishedSeconds),
    RekeyAt: after(askedAt, ikeSa.rekeySeconds),
    ReauthAt: after(askedAt, ikeSa.reauthSeconds),
    ChildSaSet: ikeSa.childSas.map((childSa) => wireChildSa(childSa, askedAt)),
  };
}

function wireChildSa(childSa: ChildSaNow, askedAt: number): WireChildSa {
  const { uniqueId, name, state, mode, localSelectors, remoteSelectors, installed } = childSa;
  return {
    ...{ UniqueId: uniqueId, Name: name, State: state, Mode: mode },
    ...{ LocalSelectors: localSelectors, RemoteSelectors: remoteSelectors },
    ...(installed === null ? notInstalled : wireInstalled(installed, askedAt)),
  };
}

type WireInstalled = Omit<WireChildSa, 'UniqueId' | 'Name' | 'State' | 'Mode' | 'LocalSelectors' | 'RemoteSelectors'>;

function wireInstalled(installed: NonNullable<ChildSaNow['installed']>, askedAt: number): WireInstalled {
  const { protocol, spiIn, spiOut, isUdpEncapsulated, isEsn, algorithms } = installed;
  return {
    ...{ Protocol: protocol, InSpi: spiIn, OutSpi: spiOut },
    ...{ IsUdpEncapsulated: isUdpEncapsulated, HasExtendedSequenceNumbers: isEsn },
    ...{ Encryption: algorithms.encryption, Integrity: algorithms.integrity, PfsGroup: algorithms.group },
    ...wirePassed('In', installed.in, askedAt),
    ...wirePassed('Out', installed.out, askedAt),
    InstalledAt: before(askedAt, installed.installedSeconds),
    RekeyAt: after(askedAt, installed.rekeySeconds),
    EndAt: after(askedAt, installed.lifeSeconds),
  };
}

const nothing: SaPassed = { bytes: 0, packets: 0, quietSeconds: null };
const notInstalled: WireInstalled = {
  ...{ Protocol: null, InSpi: null, OutSpi: null, IsUdpEncapsulated: false, HasExtendedSequenceNumbers: false },
  ...{ Encryption: null, Integrity: null, PfsGroup: null },
  ...wirePassed('In', nothing, 0),
  ...wirePassed('Out', nothing, 0),
  ...{ InstalledAt: null, RekeyAt: null, EndAt: null },
};

function wirePassed<Way extends 'In' | 'Out'>(way: Way, { bytes, packets, quietSeconds }: SaPassed, askedAt: number) {
  return {
    [`${way}Bytes`]: bytes,
    [`${way}Packets`]: packets,
    [`Last${way}At`]: before(askedAt, quietSeconds),
  } as Pick<WireChildSa, `${Way}Bytes` | `${Way}Packets` | `Last${Way}At`>;
}

/** charon counts in whole seconds. */
function before(at: number, seconds: number | null): string | null {
  return seconds === null ? null : wireInstant(at - seconds * 1000);
}

function after(at: number, seconds: number | null): string | null {
  return seconds === null ? null : wireInstant(at + seconds * 1000);
}
