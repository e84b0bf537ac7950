import { describe, expect, it } from 'vitest';
import { readSign } from './charon-sign.ts';

/** Lines of strongSwan 5.9.8 as they came from real failures between two charons; of 6.0.1, and from the sources, where noted. */
describe('readSign', () => {
  it.each<[string, object]>([
    ['initiating IKE_SA vpnx-00000001@0123456789ab[7] to 203.0.113.11', { kind: 'begun' }],
    ['initiating Main Mode IKE_SA vpnx-00000001@0123456789ab[8] to 203.0.113.12', { kind: 'begun' }],
    ['203.0.113.11 is initiating an IKE_SA', { kind: 'begun' }],
    ['203.0.113.16 is initiating a Aggressive Mode IKE_SA', { kind: 'begun' }],
    [
      'IKE_SA vpnx-00000001@0123456789ab[7] established between 203.0.113.128[203.0.113.128]...203.0.113.11[203.0.113.11]',
      { kind: 'ike-established' },
    ],
    ['received NO_PROPOSAL_CHOSEN notify error', { kind: 'no-proposal-chosen' }],
    ['received NO_PROPOSAL_CHOSEN error notify', { kind: 'no-proposal-chosen' }],
    ['received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built', { kind: 'no-child-proposal-chosen' }],
    ['received proposals unacceptable', { kind: 'proposals-unacceptable' }],
    ['no acceptable proposal found', { kind: 'proposals-unacceptable' }],
    ['no proposal found', { kind: 'proposals-unacceptable' }],
    ['no matching proposal found, sending NO_PROPOSAL_CHOSEN', { kind: 'proposals-unacceptable' }],
    ['received AUTHENTICATION_FAILED notify error', { kind: 'authentication-refused' }],
    ['received AUTHENTICATION_FAILED error notify', { kind: 'authentication-refused' }],
    ["tried 1 shared key for '203.0.113.1' - '198.51.100.2', but MAC mismatched", { kind: 'key-differs' }],
    ["tried 2 shared keys for '203.0.113.1' - '198.51.100.2', but MAC mismatched", { kind: 'key-differs' }],
    ['calculated HASH does not match HASH payload', { kind: 'key-differs' }],
    ['invalid ID_V1 payload length, decryption failed?', { kind: 'undecryptable' }],
    ['could not decrypt payloads', { kind: 'undecryptable' }],
    [
      "no shared key found for '203.0.113.1' - 'peer.example'",
      { kind: 'peer-identity', expected: null, received: 'peer.example' },
    ],
    [
      "IDir 'other.example' does not match to '203.0.113.12'",
      { kind: 'peer-identity', expected: '203.0.113.12', received: 'other.example' },
    ],
    [
      "constraint check failed: identity 'peer.example' required ",
      { kind: 'peer-identity', expected: 'peer.example', received: null },
    ],
    [
      // 6.0.1
      "constraint check failed: identity 'peer.example' (ID_FQDN) required, not matched by '198.51.100.2' (ID_IPV4_ADDR)",
      { kind: 'peer-identity', expected: 'peer.example', received: '198.51.100.2' },
    ],
    ['no matching peer config found', { kind: 'no-peer-config' }],
    ['no peer config found', { kind: 'no-peer-config' }],
    ['no alternative config found', { kind: 'no-peer-config' }],
    [
      'no IKE config found for 203.0.113.128...203.0.113.11, sending NO_PROPOSAL_CHOSEN',
      { kind: 'no-ike-config', remoteAddress: '203.0.113.11' },
    ],
    [
      'found 1 matching config, but none allows pre-shared key authentication using Main Mode',
      { kind: 'mode-not-allowed', mode: 'MAIN' },
    ],
    [
      'traffic selectors 10.0.0.0/24 === 10.8.0.0/24 unacceptable',
      { kind: 'selectors-unacceptable', ours: '10.0.0.0/24', theirs: '10.8.0.0/24' },
    ],
    [
      'no matching CHILD_SA config found for 10.8.0.0/24 === 10.0.0.0/24',
      { kind: 'selectors-unacceptable', ours: '10.0.0.0/24', theirs: '10.8.0.0/24' },
    ],
    ['received TS_UNACCEPTABLE notify, no CHILD_SA built', { kind: 'selectors-refused' }],
    ['received INVALID_ID_INFORMATION error notify', { kind: 'identity-refused' }],
    ['received INVALID_SYNTAX notify error', { kind: 'syntax-refused' }],
    ['peer requested EAP, config unacceptable', { kind: 'eap-wanted' }],
    ['no virtual IP found, sending INTERNAL_ADDRESS_FAILURE', { kind: 'virtual-address-wanted' }],
    // From the sources: 5.9.8, 6.0.1.
    ["peer didn't accept DH group MODP_2048, it requested MODP_3072", { kind: 'group-wanted', group: 'MODP_3072' }],
    [
      "peer didn't accept key exchange method ECP_256, it requested ECP_384",
      { kind: 'group-wanted', group: 'ECP_384' },
    ],
    ['retransmit 2 of request with message ID 0', { kind: 'unanswered', message: 'first' }],
    ['retransmit 2 of request with message ID 1', { kind: 'unanswered', message: 'authentication' }],
    ['sending retransmit 2 of request message ID 0, seq 1', { kind: 'unanswered', message: 'first' }],
    ['sending retransmit 2 of request message ID 0, seq 3', { kind: 'unanswered', message: 'authentication' }],
    ['sending retransmit 2 of response message ID 0, seq 1', { kind: 'unanswered', message: 'authentication' }],
    ['sending retransmit 2 of request message ID 3725609709, seq 4', { kind: 'unanswered', message: 'later' }],
    ['giving up after 3 retransmits', { kind: 'given-up' }],
    ['DPD check timed out, enforcing DPD action', { kind: 'given-up' }],
    ['received DELETE for IKE_SA vpnx-00000001@0123456789ab[1]', { kind: 'closed-by-peer' }],
    ['received DELETE for ESP CHILD_SA with SPI da4266db', { kind: 'child-closed-by-peer' }],
    [
      'deleting half open IKE_SA with 203.0.113.12 after timeout',
      { kind: 'half-open-ended', remoteAddress: '203.0.113.12' },
    ],
    [
      // From the sources of what comes after 6.0.1.
      'deleting half open IKE_SA vpnx-00000001@0123456789ab[3] with 203.0.113.12 after timeout',
      { kind: 'half-open-ended', remoteAddress: '203.0.113.12' },
    ],
    ['unable to install inbound and outbound IPsec SA (SAD) in kernel', { kind: 'not-installed' }],
    ['error writing to socket: Network is unreachable', { kind: 'not-sent', reason: 'Network is unreachable' }],
  ])('%s', (line, sign) => {
    expect(readSign(line)).toEqual(sign);
  });

  it.each([
    'retransmit 1 of request with message ID 0',
    'sending retransmit 1 of request message ID 0, seq 1',
    "selected peer config 'vpnx-00000001@0123456789ab' unacceptable: constraint checking failed",
    "selected peer config 'vpnx-00000001@0123456789ab'",
    'peer not responding, trying again (2/0)',
    "authentication of '198.51.100.2' with pre-shared key successful",
    'parsed IKE_AUTH response 1 [ N(AUTH_FAILED) ]',
    'failed to establish CHILD_SA, keeping IKE_SA',
    'selected proposal: ESP:AES_GCM_16_256/MODP_2048/NO_EXT_SEQ',
    'received 3960s lifetime, configured 3600s',
    'queueing INFORMATIONAL_V1 request as tasks still active',
    'a line of a charon to come, with NO_PROPOSAL_CHOSEN and AUTHENTICATION_FAILED in it',
  ])('nothing to explain: %s', (line) => {
    expect(readSign(line)).toBeNull();
  });
});
