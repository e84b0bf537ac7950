import { describe, expect, it } from 'vitest';
import { acceptsAes128 } from '../../../testing/fake-peer-asking.ts';
import { withPeerProposals } from '../../diagnosis/accepted-proposals.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { PeerProposals } from '../../domain/diagnosis/peer-proposals.ts';
import { describeFinding, wireFindings } from './finding-wire.ts';

const finding = (code: Finding['code'], ours: string | null, theirs: string | null): Finding => ({
  ...{ code, object: 'vpnx-00000001', ours, theirs, evidence: [], since: 0 },
});
const words = (one: Finding, language: 'en-US' | 'zh-CN' = 'en-US') => wireFindings([one], language)[0]?.Summary;

it('an event tells each value once', () => {
  const differs = finding('remote-identity-differs', 'office.example', 'other.example');
  expect(describeFinding(differs)).toBe('The peer is other.example; this tunnel expects office.example.');
  const closed = finding('closed-by-peer', 'one', 'two');
  expect(describeFinding(closed)).toBe('The peer closed the tunnel, and did not say why. (here one, on the peer two)');
});

it('what the peer did not tell is said to be so, in both languages', () => {
  const untold = finding('rekeying-pfs-group-differs', '14 (MODP_2048)', null);
  expect(words(untold)).toContain('14 (MODP_2048) here, on the peer (not told).');
  expect(words(untold, 'zh-CN')).toContain('本端 14 (MODP_2048)，对端 （未告知）');
});

const refused: Finding = {
  ...{ code: 'ike-proposal-refused', object: 'vpnx-11111111', ours: 'ours', theirs: null, evidence: [], since: 1 },
};

function shown(changes: Partial<PeerProposals>, language: 'en-US' | 'zh-CN' = 'en-US') {
  const [finding] = wireFindings([withPeerProposals(refused, { ...acceptsAes128, ...changes })], language);
  if (finding === undefined) throw new Error('it is gone');
  return finding;
}

describe('a refusal whose peer was asked', () => {
  it('names the parameters and the values to set, in both languages, and no other cause', () => {
    const settings =
      'IKEOptionsSpecification.PropoEncryAlgorithm = AES-CBC-128, IKEOptionsSpecification.DhGroupName = GROUP19';
    expect(shown({})).toMatchObject({ FixHere: `Set ${settings}: the peer accepts that.`, Causes: [] });
    expect(shown({}, 'zh-CN').FixHere).toContain(settings);
    expect(shown({}).Theirs).toMatch(/^accepts: AES-CBC-128 /);
  });

  it('names none where no value of ours is accepted', () => {
    const { FixHere, FixThere } = shown({ settable: null });
    expect(FixHere).toMatch(/^No value of ours/);
    expect(FixThere).toContain('ours');
  });

  it('leaves version and address as causes where it accepts nothing', () => {
    const { Causes, Theirs } = shown({ verdict: 'nothing', suite: null, settable: null });
    expect(Causes.map(({ Field }) => Field)).toEqual([
      'IKEOptionsSpecification.IKEVersion, ExchangeMode',
      'CustomerGateway.IpAddress',
    ]);
    expect(Theirs).toBe('accepts: nothing that can be offered');
  });

  it('says that it was silent; and as before where its answers do not tell', () => {
    expect(shown({ verdict: 'silent', suite: null, settable: null }).Summary).toContain('did not answer');
    const [before] = wireFindings([refused], 'en-US');
    const { Summary, FixHere, Causes } = shown({ verdict: 'unclear', suite: null, settable: null });
    expect({ Summary, FixHere, Causes }).toEqual({
      ...{ Summary: before?.Summary, FixHere: before?.FixHere, Causes: before?.Causes },
    });
  });
});
