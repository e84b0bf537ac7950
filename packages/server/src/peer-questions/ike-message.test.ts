import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrarySuite } from '../../testing/arbitrary-suite.ts';
import { chosenProposal, FakeIkePeer, reply } from '../../testing/fake-ike-peer.ts';
import type { IkeSuite } from '../domain/diagnosis/peer-proposals.ts';
import { encodeRequest, readResponse, type InitRequest } from './ike-message.ts';

const spi = Buffer.from('0102030405060708', 'hex');

function requestFor({ encryption, integrity, prf, group }: IkeSuite, cookie: Uint8Array | null = null): InitRequest {
  const offer = {
    encryption: [encryption],
    integrity: integrity === null ? [] : [integrity],
    prf: [prf],
    group: [group],
  };
  return { spi, offer, group, publicValue: Buffer.alloc(64, 7), nonce: Buffer.alloc(32, 9), cookie };
}

const aes: IkeSuite = { encryption: 'aes256', integrity: 'sha256', prf: 'sha256', group: 14 };

describe('IKE_SA_INIT', () => {
  it('is, to the byte, what RFC 7296 section 3 says', () => {
    expect(
      encodeRequest({
        ...requestFor(aes),
        publicValue: Buffer.from('aabb', 'hex'),
        nonce: Buffer.from('cc', 'hex'),
      }).toString('hex'),
    ).toBe(
      [
        // SPIs, SA first, version 2.0, exchange 34, initiator, message 0, 91 bytes
        '0102030405060708' + '0000000000000000' + '21202208' + '00000000' + '0000005b',
        // SA, KE follows; proposal 1 of IKE with four transforms
        '22000030' + '0000002c' + '01010004',
        '0300000c' + '0100000c' + '800e0100',
        '03000008' + '0300000c',
        '03000008' + '02000005',
        '00000008' + '0400000e',
        // KE of group 14, the nonce follows
        '2800000a' + '000e0000' + 'aabb',
        '00000005' + 'cc',
      ].join(''),
    );
  });

  it('is understood by a responder, whose choice is read back, for every suite', () => {
    fc.assert(
      fc.property(arbitrarySuite, (suite) => {
        const peer = new FakeIkePeer({ accepts: [suite] });
        const answer = peer.answer(encodeRequest(requestFor(suite)));
        expect(answer && readResponse(answer, spi)).toEqual({ kind: 'accepted', suite });
      }),
    );
  });

  it('says what was refused, wanted or demanded, and carries the cookie first', () => {
    const answerOf = (peer: FakeIkePeer, request: InitRequest) => {
      const answer = peer.answer(encodeRequest(request));
      return answer && readResponse(answer, spi);
    };
    expect(answerOf(new FakeIkePeer({ accepts: [] }), requestFor(aes))).toEqual({ kind: 'refused' });
    const both = { ...requestFor(aes).offer, group: [14, 19] as const };
    const other = new FakeIkePeer({ accepts: [{ ...aes, group: 19 }] });
    expect(answerOf(other, { ...requestFor(aes), offer: both })).toEqual({ kind: 'group-wanted', group: 19 });
    const careful = new FakeIkePeer({ accepts: [aes], demandsCookies: true });
    const demanded = answerOf(careful, requestFor(aes));
    expect(demanded).toEqual({ kind: 'cookie', cookie: Uint8Array.from(Buffer.from('a cookie')) });
    expect(answerOf(careful, requestFor(aes, Buffer.from('a cookie')))).toMatchObject({ kind: 'accepted' });
    expect(careful.requests.at(-1)?.cookie?.toString()).toBe('a cookie');
  });

  it('passes over what only informs, and does not take an unknown error for a choice', () => {
    const notify = (type: number) => [41, Buffer.from([0, 0, type >> 8, type & 255, 1, 2, 3])] as const;
    expect(readResponse(reply({ spi }, notify(16_388), chosenProposal(aes)), spi)).toMatchObject({ kind: 'accepted' });
    expect(readResponse(reply({ spi }, [99, Buffer.alloc(5)], chosenProposal(aes)), spi)).toMatchObject({
      kind: 'accepted',
    });
    expect(readResponse(reply({ spi }, notify(7)), spi)).toEqual({ kind: 'unclear' });
    expect(readResponse(reply({ spi }, chosenProposal(aes), notify(7)), spi)).toEqual({ kind: 'unclear' });
    expect(readResponse(reply({ spi }), spi)).toEqual({ kind: 'unclear' });
  });

  it('hears nobody but the responder of that request', () => {
    const answer = reply({ spi }, chosenProposal(aes));
    expect(readResponse(answer, Buffer.alloc(8))).toBeNull();
    expect(readResponse(encodeRequest(requestFor(aes)), spi)).toBeNull();
    const ofV1 = Buffer.from(answer);
    ofV1[17] = 0x10;
    expect(readResponse(ofV1, spi)).toBeNull();
  });

  it('takes no two transforms of a type, no key of another length, and no cookie without an end for an answer', () => {
    const [, body] = chosenProposal(aes);
    const twice = Buffer.from(body);
    twice[24] = 1;
    expect(readResponse(reply({ spi }, [33, twice]), spi)).toEqual({ kind: 'unclear' });
    const odd = Buffer.from(body);
    odd.writeUInt16BE(257, 18);
    expect(readResponse(reply({ spi }, [33, odd]), spi)).toEqual({ kind: 'unclear' });
    const cookie = Buffer.concat([Buffer.from([0, 0, 0x40, 0x06]), Buffer.alloc(65)]);
    expect(readResponse(reply({ spi }, [41, cookie]), spi)).toEqual({ kind: 'unclear' });
  });

  it('throws at nothing that a hostile peer can send', () => {
    const isAnswer = (bytes: Uint8Array) => {
      const response = readResponse(bytes, spi);
      const kinds = ['accepted', 'group-wanted', 'refused', 'cookie', 'unclear'];
      return response === null || kinds.includes(response.kind);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), isAnswer), { numRuns: 500 });
    const withHeader = fc
      .uint8Array({ maxLength: 500 })
      .chain((rest) => fc.record({ first: fc.integer({ min: 0, max: 255 }), rest: fc.constant(rest) }));
    const headed = withHeader.map(({ first, rest }) => {
      const header = Buffer.alloc(28);
      header.set(spi);
      header.set([first, 0x20, 34, 0x20], 16);
      header.writeUInt32BE(28 + rest.length, 24);
      return Buffer.concat([header, rest]);
    });
    fc.assert(fc.property(headed, isAnswer), { numRuns: 1000 });
    const bent = fc.record({
      suite: arbitrarySuite,
      changes: fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      length: fc.nat(200),
    });
    const damaged = bent.map(({ suite, changes, length }) => {
      const bytes = reply({ spi }, [41, Buffer.from([0, 0, 64, 4, 1])], chosenProposal(suite));
      for (const [at, value] of changes) if (at >= 28 && at < bytes.length) bytes[at] = value;
      const kept = bytes.subarray(0, Math.max(28, length));
      kept.writeUInt32BE(kept.length, 24);
      return kept;
    });
    fc.assert(fc.property(damaged, isAnswer), { numRuns: 2000 });
  });
});
