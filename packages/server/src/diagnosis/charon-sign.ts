/** What a line of charon's log tells about a negotiation. Identities, algorithms and selectors are texts as charon writes them. */
export type CharonSign =
  /** We began, or the peer did. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'ike-established' }
  | { readonly kind: 'unanswered'; readonly message: 'first' | 'authentication' | 'later' }
  | { readonly kind: 'given-up' }
  | { readonly kind: 'closed-by-peer' }
  /** Or renewed by it, if another one is there. */
  | { readonly kind: 'child-closed-by-peer' }
  | { readonly kind: 'half-open-ended'; readonly remoteAddress: string }
  // What we refuse.
  | { readonly kind: 'proposals-unacceptable' }
  | { readonly kind: 'key-differs' }
  | { readonly kind: 'undecryptable' }
  /** @param received null: another one, which the line does not name. */
  | { readonly kind: 'peer-identity'; readonly expected: string | null; readonly received: string | null }
  | { readonly kind: 'no-peer-config' }
  | { readonly kind: 'no-ike-config'; readonly remoteAddress: string }
  | { readonly kind: 'mode-not-allowed'; readonly mode: 'MAIN' | 'AGGRESSIVE' }
  | { readonly kind: 'selectors-unacceptable'; readonly ours: string; readonly theirs: string }
  | { readonly kind: 'eap-wanted' }
  | { readonly kind: 'virtual-address-wanted' }
  // What the peer refuses.
  | { readonly kind: 'no-proposal-chosen' }
  | { readonly kind: 'no-child-proposal-chosen' }
  | { readonly kind: 'authentication-refused' }
  | { readonly kind: 'group-wanted'; readonly group: string }
  | { readonly kind: 'identity-refused' }
  | { readonly kind: 'selectors-refused' }
  | { readonly kind: 'syntax-refused' }
  // What this host does not do.
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'not-sent'; readonly reason: string };

/** Null for lines that explain nothing, and for those that nobody knows. */
export function readSign(text: string): CharonSign | null {
  for (const [pattern, sign] of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return typeof sign === 'function' ? sign(match) : sign;
  }
  return null;
}

type Reading = CharonSign | ((match: RegExpExecArray) => CharonSign);

/**
 * Wording of strongSwan 5.9.8 and 6.0.1: src/libcharon/sa/ikev1 and ikev2 (tasks, authenticators, task managers), sa/ike_sa.c,
 * processing/jobs/delete_ike_sa_job.c, config/backend_manager.c.
 */
const patterns: readonly (readonly [RegExp, Reading])[] = [
  [/^initiating (?:Main Mode |Aggressive Mode )?IKE_SA /, { kind: 'begun' }],
  [/ is initiating an? (?:(?:Main|Aggressive) Mode )?IKE_SA$/, { kind: 'begun' }],
  [/^IKE_SA \S+\[\d+\] (?:established|rekeyed) between /, { kind: 'ike-established' }],
  // A lost packet is nothing: the second time it is something.
  [/^retransmit [2-9] of request with message ID 0$/, { kind: 'unanswered', message: 'first' }],
  [/^retransmit [2-9] of request with message ID 1$/, { kind: 'unanswered', message: 'authentication' }],
  [/^retransmit [2-9] of request /, { kind: 'unanswered', message: 'later' }],
  [/^sending retransmit [2-9] of request message ID 0, seq 1$/, { kind: 'unanswered', message: 'first' }],
  [/^sending retransmit [2-9] of request message ID 0, seq 3$/, { kind: 'unanswered', message: 'authentication' }],
  // By aggressive mode the answering end authenticates first, and hears nothing where its peer does not like that.
  [/^sending retransmit [2-9] of response message ID 0, seq 1$/, { kind: 'unanswered', message: 'authentication' }],
  [/^sending retransmit [2-9] of request /, { kind: 'unanswered', message: 'later' }],
  [/^giving up after \d+ retransmits/, { kind: 'given-up' }],
  [/^DPD check timed out/, { kind: 'given-up' }],
  [/^received DELETE for IKE_SA /, { kind: 'closed-by-peer' }],
  [/^received DELETE for ESP CHILD_SA /, { kind: 'child-closed-by-peer' }],
  [
    /^deleting half open IKE_SA .*\bwith (\S+) after timeout/,
    ([, remoteAddress = '']) => ({ kind: 'half-open-ended', remoteAddress }),
  ],

  [/^received proposals unacceptable/, { kind: 'proposals-unacceptable' }],
  [/^no acceptable proposal found/, { kind: 'proposals-unacceptable' }],
  [/^no (?:matching )?proposal found(?:, sending |$)/, { kind: 'proposals-unacceptable' }],
  [/^tried \d+ shared keys? for .*, but MAC mismatched/, { kind: 'key-differs' }],
  [/^calculated HASH does not match HASH payload/, { kind: 'key-differs' }],
  [/^could not decrypt payloads/, { kind: 'undecryptable' }],
  [/payload length, decryption failed\?$/, { kind: 'undecryptable' }],
  [
    // 6.0 names the kinds of both identities, and the one that came.
    /^constraint check failed: identity '(.*)' \(ID_\w+\) required, not matched by '(.*)' \(ID_\w+\)/,
    ([, expected = null, received = null]) => ({ kind: 'peer-identity', expected, received }),
  ],
  [
    /^(?:constraint check failed: identity|IDr? check failed: identity) '(.*?)'(?: \(ID_\w+\))? required/,
    ([, expected = null]) => ({ kind: 'peer-identity', expected, received: null }),
  ],
  [
    /^IDir '(.*)' does not match to '(.*)'/,
    ([, received = null, expected = null]) => ({ kind: 'peer-identity', expected, received }),
  ],
  [
    /^received IDr (.*), but require (.*)$/,
    ([, received = null, expected = null]) => ({ kind: 'peer-identity', expected, received }),
  ],
  [
    /^no shared key found for '?.*?'?(?:\[.*?\])? - '?(.*?)'?(?:\[.*?\])?$/,
    ([, received = null]) => ({ kind: 'peer-identity', expected: null, received }),
  ],
  [/^no (?:matching )?peer config found/, { kind: 'no-peer-config' }],
  [/^no alternative config found/, { kind: 'no-peer-config' }],
  [
    /^no IKE config found for \S+\.\.\.(\S+?)(?:, |$)/,
    ([, remoteAddress = '']) => ({ kind: 'no-ike-config', remoteAddress }),
  ],
  [
    /^found \d+ matching configs?, but none allows .* using (Main|Aggressive) Mode/,
    ([, mode]) => ({ kind: 'mode-not-allowed', mode: mode === 'Main' ? 'MAIN' : 'AGGRESSIVE' }),
  ],
  [/^Aggressive Mode PSK disabled/, { kind: 'mode-not-allowed', mode: 'AGGRESSIVE' }],
  [
    /^traffic selectors (.*) === (.*) unacceptable/,
    ([, ours = '', theirs = '']) => ({ kind: 'selectors-unacceptable', ours, theirs }),
  ],
  // IKEv1 names the peer's side first.
  [
    /^no matching CHILD_SA config found for (.*) === (.*)/,
    ([, theirs = '', ours = '']) => ({ kind: 'selectors-unacceptable', ours, theirs }),
  ],
  [/^peer requested EAP, config unacceptable/, { kind: 'eap-wanted' }],
  [/^no virtual IP found, sending INTERNAL_ADDRESS_FAILURE/, { kind: 'virtual-address-wanted' }],

  [/^received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built/, { kind: 'no-child-proposal-chosen' }],
  [/^received NO_PROPOSAL_CHOSEN (?:notify error|error notify)/, { kind: 'no-proposal-chosen' }],
  [/^received AUTHENTICATION_FAILED (?:notify error|error notify)/, { kind: 'authentication-refused' }],
  [
    /^peer didn't accept (?:DH group|key exchange method) \w+, it requested (\w+)/,
    ([, group = '']) => ({ kind: 'group-wanted', group }),
  ],
  [/^received INVALID_ID_INFORMATION (?:notify error|error notify)/, { kind: 'identity-refused' }],
  [/^received TS_UNACCEPTABLE notify/, { kind: 'selectors-refused' }],
  [/^received (?:INVALID_SYNTAX|PAYLOAD_MALFORMED) (?:notify error|error notify)/, { kind: 'syntax-refused' }],

  [/^unable to install .*(?:SAD|SA|policies|policy)/, { kind: 'not-installed' }],
  [/^(?:error writing to socket: |sending packet failed: )(.*)/, ([, reason = '']) => ({ kind: 'not-sent', reason })],
];
