import type { CharonEventOf } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { childSa, ikeSa, watched } from '../../testing/sample-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import { HandshakeLines } from './handshake-lines.ts';

const gateway = 'vpngw-gateway1';
const { id } = watched.plan;

function bench() {
  const lines: NewLine[] = [];
  const behind = new Map<number, VpnConnectionId[]>();
  const handshakes = new HandshakeLines({
    gateway,
    tunnelsOf: (thread) => behind.get(thread) ?? [],
    note: (line) => void lines.push(line),
  });
  const log = (text: string, more: Partial<CharonEventOf<'log'>> = {}) =>
    handshakes.hear({
      ...{ kind: 'log', group: 'IKE', level: 1, thread: 3, ikeSaName: undefined, ikeSaUniqueId: undefined, text },
      ...more,
    });
  const told = () => lines.splice(0).map(({ subject, kind, text }) => [subject, kind, text]);
  return { handshakes, log, told, behind };
}

describe('a line of charon', () => {
  it('is of the tunnel that it names', () => {
    const { log, told } = bench();
    log('received AUTHENTICATION_FAILED notify error', { ikeSaName: watched.name });
    expect(told()).toEqual([[id, 'ike', 'IKE received AUTHENTICATION_FAILED notify error']]);
  });

  it('without a name is of the tunnel whose peer’s packet the thread works on, else of the gateway', () => {
    const { log, told, behind } = bench();
    behind.set(3, [id]);
    log('no IKE config found');
    log('another thread', { thread: 4 });
    expect(told().map(([subject]) => subject)).toEqual([id, gateway]);
  });

  it('that several tunnels to one address could mean is told once, of the gateway', () => {
    const { log, told, behind } = bench();
    behind.set(3, [id, 'vpnx-another0']);
    log('no IKE config found');
    expect(told().map(([subject]) => subject)).toEqual([gateway]);
  });

  it('holds neither what could be a key nor what controls a terminal, and none of a level that prints them', () => {
    const { log, told } = bench();
    log(`secret ${'ab'.repeat(16)} and 0s${'k+/9'.repeat(8)}== here`);
    log('0000: 4B 65 79 20 6F 66 20 49 44 43 2D 31 20 61 6E 64  Key of IDC-1 and');
    log('identity \u001b[2Jevil\u0007');
    log('key is here', { level: 2 });
    expect(told().map(([, , text]) => text)).toEqual([
      'IKE secret [bytes] and [bytes] here',
      'IKE 0000: [bytes]',
      'IKE identity ?[2Jevil?',
    ]);
  });
});

it('SAs that come, go and are renewed are told with what they agreed on', () => {
  const { handshakes, told } = bench();
  const sa = ikeSa();
  const child = childSa({ localTs: ['10.0.0.0/16'], remoteTs: ['192.168.1.0/24'] });
  handshakes.hear({ kind: 'ike-updown', isUp: true, ikeSa: sa });
  handshakes.hear({ kind: 'child-updown', isUp: true, ikeSa: sa, childSa: child });
  handshakes.hear({ kind: 'child-rekey', ikeSa: sa, oldChildSa: child, newChildSa: { ...child, uniqueId: 2 } });
  handshakes.hear({ kind: 'ike-rekey', oldIkeSa: sa, newIkeSa: ikeSa({ uniqueId: 7 }) });
  handshakes.hear({ kind: 'child-updown', isUp: false, ikeSa: sa, childSa: child });
  handshakes.hear({ kind: 'ike-updown', isUp: false, ikeSa: ikeSa({ name: 'of somebody else' }) });
  const ike = '198.51.100.2[4500], 198.51.100.2, AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256';
  const esp = '10.0.0.0/16 === 192.168.1.0/24, ESP in UDP, AES_GCM_16_128';
  expect(told()).toEqual([
    [id, 'sa', `IKE_SA established with ${ike} (#1)`],
    [id, 'sa', `CHILD_SA installed: ${esp} (#1)`],
    [id, 'sa', `CHILD_SA renewed: ${esp} (#1 to #2)`],
    [id, 'sa', `IKE_SA renewed with ${ike} (#1 to #7)`],
    [id, 'sa', `CHILD_SA ends: ${child.name} (#1)`],
    [gateway, 'sa', 'IKE_SA ends (#1)'],
  ]);
});
