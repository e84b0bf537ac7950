import type { IkeSuite, PeerProposals, PeerVerdict } from '../domain/diagnosis/peer-proposals.ts';
import type { DhGroup, Integrity } from '../domain/vpn/vpn-connection.ts';
import type { InitResponse, Offer } from './ike-message.ts';
import { settableSuites } from './settable-suites.ts';
import { askedEncryptions, groups, hashes, isAead } from './transform-ids.ts';

export interface Question {
  readonly offer: Offer;
  /** Of the public value that comes with it. */
  readonly group: DhGroup;
}

export type Answer = Exclude<InitResponse, { readonly kind: 'cookie' }> | { readonly kind: 'silent' };

/** What is known so far. */
export type Findings = Omit<PeerProposals, 'messages' | 'halfOpen' | 'askedAt'>;

type Asking<Result> = Generator<Question, Result, Answer>;
type Type = keyof IkeSuite;

/** So many combinations that nothing proves are tried. */
const mostTried = 3;
/** Rarely accepted by anybody comes first. */
const unlikely: readonly DhGroup[] = [1, 24, 2, 5, 21, 16, 15, 20, 19, 14];

/**
 * Which question comes next, given the answers so far: first what the tunnel offers; then everything, of which the peer's choice names
 * what it accepts; then what else, one type of transform after the other. Pure.
 *
 * Where something of an offer is acceptable, but not the group of its public value, a peer says so (INVALID_KE_PAYLOAD) and keeps
 * nothing: once a group is known that it refuses, public values are of that one, and no further question leaves a half-open IKE_SA.
 */
export class Interview {
  readonly #ours: IkeSuite;
  readonly #asking: Asking<void>;
  #next: Question | null;
  #isAnswered = false;
  #verdict: PeerVerdict | null = null;
  #suite: IkeSuite | null = null;
  #settable: IkeSuite | null = null;
  #isComplete = false;
  readonly #also = {
    encryption: new Set<IkeSuite['encryption']>(),
    integrity: new Set<Integrity>(),
    prf: new Set<Integrity>(),
    group: new Set<DhGroup>(),
  };

  constructor(ours: IkeSuite) {
    this.#ours = ours;
    this.#asking = this.#ask();
    this.#next = this.#asking.next().value ?? null;
  }

  /** Null: there is nothing more to ask. */
  get question(): Question | null {
    return this.#next;
  }

  /** The answer to `question`, which is the next one then. */
  note(said: Answer): void {
    if (this.#next === null) return;
    const answer = checked(this.#next, said);
    if (answer.kind !== 'silent') this.#isAnswered = true;
    this.#next = this.#asking.next(answer).value ?? null;
  }

  get findings(): Findings {
    const suite = this.#suite;
    const also = this.#alternatives();
    const proven = suite === null ? [] : settableSuites(this.#ours, suite, also).filter(({ isProven }) => isProven);
    return {
      verdict: this.#verdict ?? (this.#isAnswered ? 'unclear' : 'silent'),
      ...{ offered: this.#ours, suite, also },
      settable: this.#settable ?? proven[0]?.suite ?? null,
      isComplete: this.#isComplete,
    };
  }

  #alternatives(): Findings['also'] {
    const { encryption, integrity, prf, group } = this.#also;
    return { encryption: [...encryption], integrity: [...integrity], prf: [...prf], group: [...group] };
  }

  *#ask(): Asking<void> {
    const first = yield { offer: only(this.#ours), group: this.#ours.group };
    const suite = first.kind === 'accepted' ? this.#ours : yield* this.#chooseOfAll();
    if (suite === null) return;
    if (isSame(suite, this.#ours)) {
      this.#conclude('ours');
      return;
    }
    this.#verdict = 'other';
    this.#suite = suite;
    const isAnswered = yield* this.#findAlternatives(suite);
    if (!isAnswered) return;
    yield* this.#findSettable(suite);
    this.#isComplete = true;
  }

  #conclude(verdict: PeerVerdict): void {
    this.#verdict = verdict;
    this.#isComplete = true;
  }

  /** Of what is nearest to ours first. Null: nothing, or that cannot be told. */
  *#chooseOfAll(): Asking<IkeSuite | null> {
    const isOwnAead = isAead(this.#ours.encryption);
    for (const isOfAead of [isOwnAead, !isOwnAead]) {
      const offer = everything(isOfAead);
      const answer = yield* this.#choose(offer);
      if (answer.kind === 'accepted') return answer.suite;
      if (answer.kind !== 'refused') return null;
    }
    this.#conclude('nothing');
    return null;
  }

  *#choose(offer: Offer): Asking<Answer> {
    const answer = yield { offer, group: this.#ours.group };
    // It has said which one.
    if (answer.kind === 'group-wanted') return yield { offer, group: answer.group as DhGroup };
    return answer;
  }

  /** False where the peer stopped answering. */
  *#findAlternatives(suite: IkeSuite): Asking<boolean> {
    return (
      (yield* this.#findGroups(suite)) &&
      (yield* this.#vary(suite, 'encryption', ofSameKind(suite.encryption))) &&
      (suite.integrity === null || (yield* this.#vary(suite, 'integrity', hashes))) &&
      (yield* this.#vary(suite, 'prf', hashes))
    );
  }

  /** Each that it asks for is one. In the end there is one that it refuses, unless it takes all. */
  *#findGroups(suite: IkeSuite): Asking<boolean> {
    for (;;) {
      const group = this.#notAccepted(suite);
      const decoy = this.#decoy(suite);
      if (decoy === null) return true;
      const answer = yield { offer: { ...only(suite), group }, group: decoy };
      if (answer.kind === 'refused') return true;
      if (answer.kind === 'accepted') this.#also.group.add(answer.suite.group);
      else if (answer.kind === 'group-wanted') this.#also.group.add(answer.group as DhGroup);
      else return false;
    }
  }

  /** All at once; and each by itself, where there is any. */
  *#vary<T extends Exclude<Type, 'group'>>(
    suite: IkeSuite,
    type: T,
    all: readonly NonNullable<IkeSuite[T]>[],
  ): Asking<boolean> {
    const others = all.filter((value) => value !== suite[type]);
    const any = yield* this.#accepts(suite, { [type]: others });
    if (any === false) return true;
    if (any === null) return false;
    for (const value of others) {
      const isAccepted = yield* this.#accepts(suite, { [type]: [value] });
      if (isAccepted === null) return false;
      if (isAccepted) (this.#also[type] as Set<unknown>).add(value);
    }
    return true;
  }

  /** The nearest to ours of what a tunnel can be set to. */
  *#findSettable(suite: IkeSuite): Asking<void> {
    let tried = 0;
    for (const { suite: candidate, isProven } of settableSuites(this.#ours, suite, this.#alternatives())) {
      if (!isProven && ++tried > mostTried) return;
      const isAccepted = isProven || (yield* this.#accepts(candidate, {}));
      if (isAccepted === null) return;
      if (!isAccepted) continue;
      this.#settable = candidate;
      return;
    }
  }

  /** The suite with some of it replaced. Null: it did not say. */
  *#accepts(suite: IkeSuite, replaced: Partial<Offer>): Asking<boolean | null> {
    const decoy = this.#decoy(suite);
    const offer = { ...only(suite), ...replaced };
    const masked = decoy === null ? null : yield { offer: { ...offer, group: [suite.group, decoy] }, group: decoy };
    // Beside what was replaced it takes the other group as well: whether it takes the one that is meant has to be asked for by itself.
    const answer = masked === null || masked.kind === 'accepted' ? yield { offer, group: suite.group } : masked;
    if (answer.kind === 'refused') return false;
    return answer.kind === 'accepted' || answer.kind === 'group-wanted' ? true : null;
  }

  /** A group that it probably refuses. */
  #decoy(suite: IkeSuite): DhGroup | null {
    const left = this.#notAccepted(suite);
    return unlikely.find((group) => left.includes(group)) ?? null;
  }

  #notAccepted({ group: chosen }: IkeSuite): DhGroup[] {
    return groups.filter((group) => group !== chosen && group !== this.#suite?.group && !this.#also.group.has(group));
  }
}

/** What was not offered is no answer. */
function checked({ offer, group }: Question, answer: Answer): Answer {
  if (answer.kind === 'accepted') return isOf(answer.suite, offer) && answer.suite.group === group ? answer : unclear;
  if (answer.kind !== 'group-wanted') return answer;
  const isOffered = offer.group.some((offered) => offered === answer.group);
  return isOffered && answer.group !== group ? answer : unclear;
}

const unclear = { kind: 'unclear' } as const;

function isOf({ encryption, integrity, prf, group }: IkeSuite, offer: Offer): boolean {
  const hasIntegrity = integrity === null ? offer.integrity.length === 0 : offer.integrity.includes(integrity);
  return (
    hasIntegrity && offer.encryption.includes(encryption) && offer.prf.includes(prf) && offer.group.includes(group)
  );
}

function isSame(one: IkeSuite, other: IkeSuite): boolean {
  return isOf(one, only(other));
}

function only({ encryption, integrity, prf, group }: IkeSuite): Offer {
  return { encryption: [encryption], integrity: integrity === null ? [] : [integrity], prf: [prf], group: [group] };
}

function everything(isOfAead: boolean): Offer {
  const encryption = askedEncryptions.filter((name) => isAead(name) === isOfAead);
  return { encryption, integrity: isOfAead ? [] : hashes, prf: hashes, group: groups };
}

function ofSameKind(encryption: IkeSuite['encryption']): readonly IkeSuite['encryption'][] {
  return askedEncryptions.filter((name) => isAead(name) === isAead(encryption));
}
