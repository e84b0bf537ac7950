/** Why a tunnel is down, for people, where nobody refused anything (gateway/reason.ts has the other reasons). */
export const peerSilence = {
  stopped: 'The peer stopped answering (dead peer detection).',
  never: 'The peer does not answer: it is down or unreachable, or UDP ports 500 and 4500 are filtered.',
} as const;

/** It is made anew. */
export const endings = {
  closed: 'The peer closed the tunnel.',
  restarted: 'The IKE daemon of this gateway was restarted.',
} as const;

/** What this host cannot do, as these sentences begin. */
export const hostTroubles = {
  notInstalled: 'The data plane of this host refused the SA or its policies.',
  notSent: 'IKE packets cannot be sent',
} as const;

export type DownBy = 'silence' | 'ending' | 'host' | 'refusal';

export function downBy(reason: string): DownBy {
  const isOf = (sentences: Readonly<Record<string, string>>) =>
    Object.values(sentences).some((sentence) => reason.startsWith(sentence));
  if (isOf(peerSilence)) return 'silence';
  if (isOf(endings)) return 'ending';
  return isOf(hostTroubles) ? 'host' : 'refusal';
}
