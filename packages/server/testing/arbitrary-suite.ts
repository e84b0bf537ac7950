import fc from 'fast-check';
import type { IkeSuite } from '../src/domain/diagnosis/peer-proposals.ts';
import { askedEncryptions, groups, hashes, isAead } from '../src/peer-questions/transform-ids.ts';

/** Any suite that a peer may be asked about. */
export const arbitrarySuite: fc.Arbitrary<IkeSuite> = fc
  .record({
    encryption: fc.constantFrom(...askedEncryptions),
    integrity: fc.constantFrom(...hashes),
    prf: fc.constantFrom(...hashes),
    group: fc.constantFrom(...groups),
  })
  .map((suite) => ({ ...suite, integrity: isAead(suite.encryption) ? null : suite.integrity }));
