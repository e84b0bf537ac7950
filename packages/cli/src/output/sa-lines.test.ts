import { expect, it } from 'vitest';
import { saLines, type SasReply } from './sa-lines.ts';

const childSa: SasReply['IkeSaSet'][number]['ChildSaSet'][number] = {
  ...{ UniqueId: 12, Name: 'vpnx-00000001', State: 'INSTALLED', Mode: 'TUNNEL' },
  ...{ LocalSelectors: ['10.0.1.0/24'], RemoteSelectors: ['192.168.1.0/24', '192.168.2.0/24'] },
  ...{ Protocol: 'ESP', InSpi: '0000000a', OutSpi: 'c4f1a2b3', IsUdpEncapsulated: true },
  ...{ HasExtendedSequenceNumbers: false, Encryption: 'AES_GCM_16_256', Integrity: null, PfsGroup: 'MODP_2048' },
  ...{ InBytes: 840, InPackets: 10, LastInAt: '2026-11-22T11:59:58.000Z', OutBytes: 0, OutPackets: 0, LastOutAt: null },
  InstalledAt: '2026-11-22T11:00:00.000Z',
  ...{ RekeyAt: '2026-11-22T12:05:00.000Z', EndAt: '2026-11-22T12:20:00.000Z' },
};
const ikeSa: SasReply['IkeSaSet'][number] = {
  ...{ UniqueId: 3, Version: 'IKEV2', State: 'ESTABLISHED', Role: 'initiator' },
  ...{ InitiatorSpi: '1111111111111111', ResponderSpi: '2222222222222222' },
  ...{ LocalAddress: '203.0.113.1', LocalPort: 4500, LocalIdentity: '203.0.113.1' },
  ...{ RemoteAddress: '198.51.100.2', RemotePort: 4500, RemoteIdentity: 'office.example' },
  ...{ Encryption: 'AES_CBC_256', Integrity: 'HMAC_SHA2_256_128', Prf: 'PRF_HMAC_SHA2_256', DhGroup: 'MODP_2048' },
  ...{ EstablishedAt: '2026-11-22T09:00:00.000Z', RekeyAt: '2026-11-22T11:59:00.000Z', ReauthAt: null },
  ChildSaSet: [childSa],
};
const reply: SasReply = {
  ...{ VpnConnectionId: 'vpnx-00000001', SeenAt: '2026-11-22T12:00:00.000Z', IkeSaCount: 1, ChildSaCount: 1 },
  IkeSaSet: [ikeSa],
};

it('tells of each SA who speaks to whom, by what, what passed, and what is due', () => {
  expect(saLines(reply)).toEqual([
    'IKE_SA #3: ESTABLISHED, IKEV2, begun here, SPIs 1111111111111111 (initiator) 2222222222222222 (responder)',
    '  203.0.113.1[4500] 203.0.113.1 - 198.51.100.2[4500] office.example',
    '  AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048',
    '  established for 3 h 0 min, renewed overdue for 1 min 0 s',
    '  CHILD_SA #12 vpnx-00000001: INSTALLED, TUNNEL, ESP in UDP',
    '    10.0.1.0/24 === 192.168.1.0/24 192.168.2.0/24',
    '    AES_GCM_16_256/PFS MODP_2048',
    '    in  0000000a: 10 packets, 840 bytes, the last 2 s before',
    '    out c4f1a2b3: 0 packets, 0 bytes',
    '    installed for 1 h 0 min, renewed in 5 min 0 s, ends in 20 min 0 s',
  ]);
});

it('says that there is none, and where there are more than are shown', () => {
  expect(saLines({ ...reply, IkeSaSet: [], IkeSaCount: 0, ChildSaCount: 0 })).toEqual(['there is no SA']);
  const half = { ...childSa, State: 'CREATED', Mode: null, Protocol: null, InSpi: null, OutSpi: null };
  const opened = saLines({ ...reply, IkeSaSet: [{ ...ikeSa, ChildSaSet: [half] }], ChildSaCount: 500 });
  expect(opened.slice(4)).toEqual([
    '  CHILD_SA #12 vpnx-00000001: CREATED',
    '    10.0.1.0/24 === 192.168.1.0/24 192.168.2.0/24',
    'the newest of 1 IKE_SAs and 500 CHILD_SAs',
  ]);
});
