import { parseCidr } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import { ReasonBook } from './reason-book.ts';
import { explainLogLine, explainMissing } from './reason.ts';

/** Lines of strongSwan 5.9.8 as they came from real failures between two charons (and from its source, where noted). */
describe('explainLogLine', () => {
  it.each([
    ['received NO_PROPOSAL_CHOSEN notify error', /peer chose no proposal/],
    ['received NO_PROPOSAL_CHOSEN error notify', /peer chose no proposal/],
    ['received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built', /none of our IPsec algorithms/],
    ['received proposals unacceptable', /No proposal chosen: the peer offers none/],
    ['no acceptable proposal found', /No proposal chosen: the peer offers none/],
    ['received AUTHENTICATION_FAILED notify error', /Authentication failed: the peer refused/],
    [
      "tried 1 shared key for '203.0.113.1' - '198.51.100.2', but MAC mismatched",
      /pre-shared key differs from ours \(identities 203\.0\.113\.1 and 198\.51\.100\.2\)/,
    ],
    [
      "no shared key found for '203.0.113.1' - 'peer.example'",
      /No pre-shared key for the identities 203\.0\.113\.1 and peer\.example:/,
    ],
    ['invalid HASH_V1 payload length, decryption failed?', /pre-shared keys differ/],
    ['no matching peer config found', /No tunnel matches the identities/],
    ['no IKE config found for 203.0.113.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN', /another IKE version/],
    ['received TS_UNACCEPTABLE notify, no CHILD_SA built', /traffic selectors unacceptable/],
    ['received INVALID_ID_INFORMATION error notify', /traffic selectors unacceptable/],
    [
      'traffic selectors 10.0.0.0/24 === 10.8.0.0/24 unacceptable',
      /proposed 10\.0\.0\.0\/24 \(here\) === 10\.8\.0\.0\/24 \(there\)/,
    ],
    [
      'no matching CHILD_SA config found for 10.8.0.0/24 === 10.0.0.0/24',
      /proposed 10\.0\.0\.0\/24 \(here\) === 10\.8\.0\.0\/24 \(there\)/,
    ],
    ['retransmit 2 of request with message ID 0', /does not answer/],
    ['sending retransmit 2 of request message ID 0, seq 1', /does not answer/],
    // To a Libreswan with another key: it says nothing, but repeats what it sent before.
    ['sending retransmit 2 of request message ID 0, seq 3', /pre-shared keys differ, or UDP port 4500 is filtered/],
    ['sending retransmit 2 of request message ID 3725609709, seq 4', /does not answer/],
    // From such a Libreswan.
    ['invalid ID_V1 payload length, decryption failed?', /pre-shared keys differ/],
    ['DPD check timed out, enforcing DPD action', /dead peer detection/],
    ['unable to install inbound and outbound IPsec SA (SAD) in kernel', /data plane of this host refused/],
    ['error writing to socket: Network is unreachable', /cannot be sent: Network is unreachable\./],
    [
      "constraint check failed: identity 'peer.example' required ",
      /identity is not peer\.example, which this tunnel expects/,
    ],
    // 6.0.1
    [
      "constraint check failed: identity 'peer.example' (ID_FQDN) required, not matched by '198.51.100.2' (ID_IPV4_ADDR)",
      /identity is 198\.51\.100\.2, this tunnel expects peer\.example\./,
    ],
    [
      "constraint check failed: identity 'peer.example' (ID_FQDN) required",
      /identity is not peer\.example, which this tunnel expects/,
    ],
  ])('%s', (line, explanation) => {
    expect(explainLogLine(line)).toMatch(explanation);
  });

  it.each([
    'retransmit 1 of request with message ID 0',
    'giving up after 3 retransmits',
    'received DELETE for IKE_SA vpnx-00000001@0123456789ab[1]',
    "selected peer config 'vpnx-00000001@0123456789ab' unacceptable: constraint checking failed",
    "selected peer config 'vpnx-00000001@0123456789ab'",
    'peer not responding, trying again (2/0)',
    'initiating IKE_SA vpnx-00000001@0123456789ab[1] to 198.51.100.2',
    "authentication of '198.51.100.2' with pre-shared key successful",
    'parsed IKE_AUTH response 1 [ IDr AUTH SA TSi TSr ]',
  ])('nothing to explain: %s', (line) => {
    expect(explainLogLine(line)).toBeNull();
  });
});

describe('explainMissing', () => {
  it('names the pairs of ranges, not hundreds of them', () => {
    const pairs = Array.from({ length: 200 }, (_, n) => ({
      localTs: parseCidr(`10.0.${n}.0/24`),
      remoteTs: parseCidr('192.168.1.0/24'),
    }));
    expect(explainMissing(pairs.slice(0, 1))).toMatch(
      /for 10\.0\.0\.0\/24 \(here\) === 192\.168\.1\.0\/24 \(there\)\. Each/,
    );
    expect(explainMissing(pairs)).toMatch(/10\.0\.2\.0\/24 .* and 197 more\./);
    expect(explainMissing(pairs).length).toBeLessThan(500);
  });
});

describe('ReasonBook', () => {
  const book = () =>
    new ReasonBook((address) => (address === '198.51.100.2' ? ['vpnx-00000001', 'vpnx-00000002'] : []));
  const line = (text: string, ikeSaName?: string, thread = 5) => ({ thread, text, ikeSaName });

  it('takes the name of the IKE_SA', () => {
    const reasons = book();
    expect(reasons.note(line('retransmit 2 of request with message ID 0', 'vpnx-00000002@0123456789ab'))).toBe(true);
    expect(reasons.note(line('retransmit 2 of request with message ID 0', 'vpnx-00000002@0123456789ab'))).toBe(false);
    expect(reasons.get('vpnx-00000002')).toMatch(/does not answer/);
    expect(reasons.get('vpnx-00000001')).toBeNull();
    reasons.clear('vpnx-00000002');
    expect(reasons.get('vpnx-00000002')).toBeNull();
  });

  it.each([
    ['sending retransmit 2 of request message ID 0, seq 3', 'giving up after 5 retransmits', /stopped answering/],
    [
      'unable to install outbound IPsec SA (SAD) in kernel',
      'received DELETE for IKE_SA vpnx-00000002@0123456789ab[7]',
      /closed the tunnel/,
    ],
    [
      "constraint check failed: identity 'peer.example' required ",
      "selected peer config 'vpnx-00000002@0123456789ab' unacceptable: constraint checking failed",
      /No tunnel matches the identities/,
    ],
  ])('after "%s", "%s" tells nothing more; alone it does', (better, end, alone) => {
    const reasons = book();
    const name = 'vpnx-00000002@0123456789ab';
    reasons.note(line(better, name));
    const first = reasons.get('vpnx-00000002');
    expect(reasons.note(line(end, name))).toBe(false);
    expect(reasons.get('vpnx-00000002')).toBe(first);
    expect(first).not.toMatch(alone);
    reasons.clear('vpnx-00000002');
    expect(reasons.note(line(end, name))).toBe(true);
    expect(reasons.get('vpnx-00000002')).toMatch(alone);
  });

  it('a chosen peer config explains nothing', () => {
    const reasons = book();
    const name = 'vpnx-00000002@0123456789ab';
    expect(reasons.note(line(`selected peer config '${name}'`, name))).toBe(false);
    expect(reasons.get('vpnx-00000002')).toBeNull();
  });

  it('takes the sender of the packet while the IKE_SA has no name, and adds both proposal lists', () => {
    const reasons = book();
    reasons.note(line('received packet: from 198.51.100.2[500] to 203.0.113.1[500] (240 bytes)'));
    reasons.note(line('received packet: from 192.0.2.66[500] to 203.0.113.1[500] (240 bytes)', undefined, 6));
    reasons.note(line('received proposals: IKE:AES_CBC_256/MODP_2048'));
    reasons.note(line('configured proposals: IKE:AES_CBC_128/ECP_256'));
    expect(reasons.note(line('received proposals unacceptable'))).toBe(true);
    const expected =
      'No proposal chosen: the peer offers none of the algorithms of this tunnel. ' +
      'It offers IKE:AES_CBC_256/MODP_2048; we accept IKE:AES_CBC_128/ECP_256.';
    expect(reasons.get('vpnx-00000001')).toBe(expected);
    expect(reasons.get('vpnx-00000002')).toBe(expected);
    expect(reasons.note(line('no matching peer config found', undefined, 6))).toBe(false);
  });
});
