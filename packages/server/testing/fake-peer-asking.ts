import type { AskRefusal, PeerAsking, PeerProposals } from '../src/domain/diagnosis/peer-proposals.ts';

export const acceptsAes128: PeerProposals = {
  ...{ verdict: 'other', isComplete: true, messages: 7, halfOpen: 1, askedAt: 1_700_000_000_000 },
  offered: { encryption: 'aes256', integrity: 'sha256', prf: 'sha256', group: 14 },
  suite: { encryption: 'aes128', integrity: 'sha256', prf: 'sha256', group: 19 },
  settable: { encryption: 'aes128', integrity: 'sha256', prf: 'sha256', group: 19 },
  also: { encryption: ['aes192'], integrity: [], prf: ['sha512'], group: [20] },
};

/** For tests only: an acting side that always has the same answer. */
export class FakePeerAsking implements PeerAsking {
  readonly asked: (readonly [tunnel: string, accountId: string])[] = [];
  answer: PeerProposals | AskRefusal | Error = acceptsAes128;

  ask(tunnel: string, accountId: string): Promise<PeerProposals | AskRefusal> {
    this.asked.push([tunnel, accountId]);
    const { answer } = this;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
}
