import { endings, hostTroubles, peerSilence } from '../diagnosis/why-down.ts';
import type { ChildPlan } from '../plan/plan.ts';

/** What a line of charon's log means for the people who run the tunnel; null for lines that explain nothing. */
export function explainLogLine(text: string): string | null {
  for (const [pattern, explain] of explanations) {
    const match = pattern.exec(text);
    if (match !== null) return explain(match);
  }
  return null;
}

/**
 * The same for a line that says only that an attempt is over: what was said before explains more. Without any, the tunnel was up
 * until then.
 */
export function explainEnd(text: string): string | null {
  return ends.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** What ended an earlier IKE_SA says nothing about the one that is there. */
export function isAboutEnd(reason: string): boolean {
  return reason === stoppedAnswering || reason === closed;
}

const mostNamed = 3;

/**
 * Why a part of a tunnel's CHILD_SAs is missing that only the peer opens. charon narrows what a peer offers to the first
 * child that fits (RFC 7296 section 2.9), and says nothing about what it left out.
 */
export function explainMissing(missing: readonly Pick<ChildPlan, 'localTs' | 'remoteTs'>[]): string {
  const named = missing.slice(0, mostNamed).map(({ localTs, remoteTs }) => `${localTs} (here) === ${remoteTs} (there)`);
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
  return (
    `The peer has not opened a CHILD_SA for ${named.join(', ')}${more}. Each mapping needs a CHILD_SA of its own: ` +
    'a peer that offers several ranges in one gets only the first; have it offer one pair of ranges each.'
  );
}

const { closed } = endings;
const stoppedAnswering = peerSilence.stopped;

const noMatch =
  'No tunnel matches the identities that the peer sent: check the remote and local identities on both ends.';

const ends: readonly (readonly [RegExp, string])[] = [
  [/^giving up after /, stoppedAnswering],
  [/^received DELETE for IKE_SA/, closed],
  // Why not, the line before says.
  [/^selected peer config '.*' (?:inacceptable|unacceptable)/, noMatch],
];

type Explain = (match: RegExpExecArray) => string;

/** Wording of strongSwan 5.9.8 and 6.0.1: src/libcharon/sa/ikev1 and ikev2 (tasks, authenticators), sa/ike_sa.c, config/backend_manager.c. */
const explanations: readonly (readonly [RegExp, Explain])[] = [
  [
    /received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built/,
    () => 'The peer chose no proposal: it accepts none of our IPsec algorithms (encryption, integrity, PFS group).',
  ],
  [
    /received NO_PROPOSAL_CHOSEN (?:notify error|error notify)/,
    () => 'The peer chose no proposal: algorithms, DH group or IKE version differ from its own.',
  ],
  [
    /received proposals unacceptable|no acceptable proposal found|no proposal found/,
    () => 'No proposal chosen: the peer offers none of the algorithms of this tunnel.',
  ],
  [/received INVALID_KE_PAYLOAD error notify/, () => 'The peer refused our DH group.'],
  [
    /received AUTHENTICATION_FAILED (?:notify error|error notify)/,
    () => 'Authentication failed: the peer refused our pre-shared key or our identity.',
  ],
  [
    /tried \d+ shared keys? for '(.*)' - '(.*)', but MAC mismatched/,
    ([, own, peer]) =>
      `Authentication failed: the peer's pre-shared key differs from ours (identities ${own} and ${peer}).`,
  ],
  [
    /calculated HASH does not match HASH payload|could not decrypt payloads|decryption failed\?/,
    () => 'Authentication failed: the pre-shared keys differ (what the peer sent cannot be decrypted).',
  ],
  [
    /no shared key found for '?(.*?)'?(?:\[.*\])? - '?(.*?)'?(?:\[.*\])?$/,
    ([, own, peer]) =>
      `No pre-shared key for the identities ${own} and ${peer}: the peer's identity is not the one expected.`,
  ],
  [
    // 6.0 names the kinds of both identities, and the one that came.
    /constraint check failed: identity '(.*)' \(ID_\w+\) required, not matched by '(.*)' \(ID_\w+\)/,
    ([, expected, received]) => `The peer's identity is ${received}, this tunnel expects ${expected}.`,
  ],
  [
    /(?:constraint check failed: identity|IDr? check failed: identity) '(.*)'(?: \(ID_\w+\))? required/,
    ([, expected]) => `The peer's identity is not ${expected}, which this tunnel expects.`,
  ],
  [
    /IDir '(.*)' does not match to '(.*)'/,
    ([, received, expected]) => `The peer's identity is ${received}, this tunnel expects ${expected}.`,
  ],
  [/no (?:matching )?peer config found/, () => noMatch],
  [/no IKE config found for /, () => 'The peer speaks another IKE version, or another IKEv1 mode, than this tunnel.'],
  [
    /Aggressive Mode PSK disabled|aggressive mode (?:not allowed|disabled)/i,
    () => 'One end uses IKEv1 aggressive mode, the other main mode.',
  ],
  [
    /received TS_UNACCEPTABLE notify|received INVALID_ID_INFORMATION error notify/,
    () =>
      'The peer found our traffic selectors unacceptable: its networks must mirror the SPD policies of this tunnel.',
  ],
  [/traffic selectors (.*) === (.*) unacceptable/, ([, own, peer]) => unacceptableSelectors(own, peer)],
  // IKEv1 names the peer's side first.
  [/no matching CHILD_SA config found for (.*) === (.*)/, ([, peer, own]) => unacceptableSelectors(own, peer)],
  // The first encrypted message of IKEv1's main mode. Libreswan answers one that it cannot read by repeating what it sent before.
  [
    /sending retransmit [2-9] of request message ID 0, seq 3/,
    () => 'The peer does not answer what is encrypted: the pre-shared keys differ, or UDP port 4500 is filtered.',
  ],
  // Before charon gives up, which tells nothing more.
  [/retransmit [2-9] of request/, () => peerSilence.never],
  [/DPD check timed out/, () => stoppedAnswering],
  [/unable to install .*(?:SAD|SA|policies|policy)/, () => hostTroubles.notInstalled],
  [/(?:error writing to socket: |sending packet failed: )(.*)/, ([, reason]) => `${hostTroubles.notSent}: ${reason}.`],
];

function unacceptableSelectors(own: string | undefined, peer: string | undefined): string {
  return `Traffic selectors unacceptable: the peer proposed ${own} (here) === ${peer} (there), which no SPD policy of this tunnel holds.`;
}
