import type { Finding } from '../domain/diagnosis/finding.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ChildPlan, ConnectionPlan } from '../plan/plan.ts';
import { explainClue } from './explain-clue.ts';
import { told, type Explanation } from './explanation.ts';
import { isSameIdentity } from './identity-difference.ts';
import { PeerClosings } from './peer-closings.ts';
import { isEnd, Refusal, withLine, type Found } from './refusal.ts';
import { describeSelectors, narrowedSelectors, type AgreedSelectors } from './selectors.ts';
import { sentenceOf } from './sentence.ts';
import { SignReader, type Clue, type LogLine } from './sign-reader.ts';

/** A connection as charon has it; another form of it has another name. */
export interface DiagnosedConnection {
  readonly plan: ConnectionPlan;
  readonly name: string;
}

/** What a list of SAs says about one connection. */
export interface SeenConnection {
  /** All its children are there. */
  readonly isConnected: boolean;
  /** CHILD_SAs that carry packets. */
  readonly carrying: readonly AgreedSelectors[];
  /** Children that only the peer opens, and has not, though others are there. */
  readonly leftToPeer: readonly ChildPlan[];
}

/** An IKE_SA that has no connection yet. */
export interface HalfOpenIkeSa {
  readonly uniqueId: number;
  readonly remoteHost: string;
}

interface Patient {
  plan: ConnectionPlan;
  readonly name: string;
  readonly setAt: number;
  readonly closings: PeerClosings;
  refusal: Refusal;
  isEstablished: boolean;
  hasCarried: boolean;
  /** When it was seen whole last. */
  connectedAt: number;
  /** A packet came from its address since it has this form. */
  isHeard: boolean;
  seen: SeenConnection | null;
  /** What stays true of a tunnel that works. */
  readonly lasting: Map<Found['code'], Found>;
}

interface Stranger {
  readonly address: string;
  readonly since: number;
  readonly at: number;
  /** It asked before, not long ago. */
  readonly isInsisting: boolean;
  /** Of the peer of this tunnel; null: it did not come so far as to say. */
  readonly identityOf: VpnConnectionId | null;
}

/** A peer that has begun sends its second message within a moment. */
const halfOpenMs = 4000;
/** A peer that begins by itself has done so by then. */
const beginMs = 10_000;
const strangerMs = 120_000;
/** A peer that authenticates anew closes what there is before it begins; it has done so by then. */
const reopeningMs = 3000;

/**
 * What is wrong with the negotiations of one gateway's connections: lines of charon's log, and what its SAs say, become findings. Keeps
 * what it heard; decides nothing.
 */
export class NegotiationDiagnosis {
  readonly #elapsed: () => number;
  readonly #patients = new Map<VpnConnectionId, Patient>();
  #byAddress: ReadonlyMap<string, readonly Patient[]> = new Map();
  readonly #reader = new SignReader((address) => this.#hear(address));
  readonly #halfOpen = new Map<number, number>();
  #stranger: Stranger | null = null;

  /** @param elapsed milliseconds since some moment in the past, which nobody sets. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Those that are gone, or have another form now, are forgotten. */
  setConnections(connections: readonly DiagnosedConnection[]): void {
    const names = new Map(connections.map(({ plan, name }) => [plan.id, name]));
    for (const [id, { name }] of this.#patients) if (names.get(id) !== name) this.#patients.delete(id);
    for (const { plan, name } of connections) {
      const known = this.#patients.get(plan.id);
      if (known === undefined) this.#patients.set(plan.id, newPatient(plan, name, this.#elapsed()));
      else known.plan = plan;
    }
    this.#byAddress = Map.groupBy(this.#patients.values(), ({ plan }) => plan.remoteAddress);
  }

  /** True when a connection has a new reason for being down. */
  noteLine(line: LogLine): boolean {
    const clue = this.#reader.read(line);
    if (clue === null) return false;
    this.#noteStranger(clue);
    return this.#concerned(clue)
      .map((patient) => this.#noteClue(patient, clue))
      .some(Boolean);
  }

  /** Those whose peer has the address of the packet that a thread works on. */
  tunnelsOf(thread: number): readonly VpnConnectionId[] {
    const sender = this.#reader.senderOf(thread);
    const patients = sender === null ? [] : (this.#byAddress.get(sender) ?? []);
    return patients.map(({ plan }) => plan.id);
  }

  /** A CHILD_SA that carried packets is gone, and nothing replaced it. */
  noteChildDown(ikeSaName: string): void {
    this.#named(ikeSaName)?.closings.noteGone(this.#elapsed());
  }

  /** A CHILD_SA was renewed: what kept it from that is over. */
  noteChildRekeyed(ikeSaName: string): void {
    this.#named(ikeSaName)?.lasting.delete('rekeying-pfs-group-differs');
  }

  /** As a list of all SAs shows it. */
  noteSeen(id: VpnConnectionId, seen: SeenConnection): void {
    const patient = this.#patients.get(id);
    if (patient === undefined) return;
    patient.seen = seen;
    if (seen.carrying.length > 0) Object.assign(patient, { isEstablished: true, hasCarried: true });
    if (seen.isConnected) Object.assign(patient, { refusal: new Refusal(), connectedAt: this.#elapsed() });
    this.#setLasting(patient, 'selectors-narrowed', narrowedSelectors(patient.plan.children, seen.carrying));
    const isChurning = patient.closings.isChurning(this.#elapsed());
    this.#setLasting(patient, 'reopened-by-peer', isChurning ? told('reopened-by-peer') : null);
  }

  /** IKE_SAs that a peer began and has not finished, all of them: some wait for a message that does not arrive. */
  noteHalfOpen(ikeSas: readonly HalfOpenIkeSa[]): void {
    const now = this.#elapsed();
    const ids = new Set(ikeSas.map(({ uniqueId }) => uniqueId));
    for (const id of this.#halfOpen.keys()) if (!ids.has(id)) this.#halfOpen.delete(id);
    for (const { uniqueId, remoteHost } of ikeSas) {
      const since = this.#halfOpen.get(uniqueId) ?? now;
      this.#halfOpen.set(uniqueId, since);
      if (now - since < halfOpenMs) continue;
      const line = `IKE_SA [${uniqueId}] with ${remoteHost} is half open for ${Math.round((now - since) / 1000)} s`;
      for (const patient of this.#downAt(remoteHost)) {
        // What was begun and given up before the tunnel was up, or had this form, is nobody's fault any more.
        const isCurrent = !patient.isEstablished && since >= Math.max(patient.setAt, patient.connectedAt);
        if (isCurrent) patient.refusal.note(told('authentication-not-received'), line, now);
      }
    }
  }

  /** Why it is down, in a sentence; null where nothing is known. */
  reasonOf(id: VpnConnectionId): string | null {
    const patient = this.#patients.get(id);
    if (patient?.seen?.isConnected !== false) return null;
    const found = this.#notOpened(patient) ?? patient.refusal.found;
    return found === null ? null : sentenceOf(found);
  }

  /** The gravest first. @param origin what the clock of the day said when `elapsed` was 0. */
  findingsOf(id: VpnConnectionId, origin: number): readonly Finding[] {
    const patient = this.#patients.get(id);
    if (patient === undefined) return [];
    const ofDown = patient.seen?.isConnected === false ? this.#foundDown(patient) : [];
    return [...ofDown, ...patient.lasting.values()].map((found) => ({
      ...found,
      object: id,
      since: found.since + origin,
    }));
  }

  /** The IKE daemon is gone: nothing that it had said counts. */
  forgetSas(): void {
    for (const patient of this.#patients.values()) {
      Object.assign(patient, { isEstablished: false, hasCarried: false, refusal: new Refusal(), seen: null });
      patient.lasting.clear();
    }
  }

  #foundDown(patient: Patient): Found[] {
    const refusal = this.#notOpened(patient) ?? this.#refusalOf(patient);
    const others = [this.#neverBegan(patient), this.#callerElsewhere(patient, refusal)];
    return [refusal, ...others].filter((found) => found !== null);
  }

  /** Nothing is said of a peer that closed it, and may begin anew at once. */
  #refusalOf({ refusal: { found } }: Patient): Found | null {
    return found?.code === 'closed-by-peer' && this.#elapsed() - found.since < reopeningMs ? null : found;
  }

  /** What ended an earlier IKE_SA says nothing about the one that is there. */
  #notOpened({ seen, refusal, setAt }: Patient): Found | null {
    if (seen === null || seen.leftToPeer.length === 0) return null;
    if (refusal.found !== null && !isEnd(refusal.found.code)) return null;
    return { ...told('child-not-opened', describeSelectors(seen.leftToPeer)), since: setAt, evidence: [] };
  }

  #neverBegan({ plan, setAt, isHeard, refusal }: Patient): Found | null {
    if (plan.negotiation !== 'passive' || isHeard || refusal.found !== null) return null;
    if (this.#elapsed() - setAt < beginMs) return null;
    return { ...told('peer-never-began', plan.remoteAddress), since: setAt, evidence: [] };
  }

  /** Somebody who claims to be its peer; or, where nothing comes from there though it should, whoever asks again and again. */
  #callerElsewhere({ plan, isHeard }: Patient, refusal: Found | null): Found | null {
    const stranger = this.#stranger;
    if (stranger === null || this.#elapsed() - stranger.at > strangerMs) return null;
    if (refusal !== null && refusal.code !== 'peer-silent') return null;
    const isMissing = !isHeard && (refusal !== null || plan.negotiation === 'passive');
    const isMeant = stranger.identityOf === null ? isMissing && stranger.isInsisting : stranger.identityOf === plan.id;
    if (!isMeant) return null;
    const line = `an IKE_SA was asked for from ${stranger.address}`;
    const explanation = told('caller-from-other-address', plan.remoteAddress, stranger.address);
    return { ...explanation, since: stranger.since, evidence: [line] };
  }

  #noteClue(patient: Patient, clue: Clue): boolean {
    const { kind } = clue.sign;
    if (kind === 'begun') Object.assign(patient, { isEstablished: false, hasCarried: false });
    if (kind === 'ike-established') patient.isEstablished = true;
    const explanation = explainClue(patient.plan, clue, patient);
    if (kind === 'closed-by-peer' || kind === 'child-closed-by-peer') patient.closings.noteSaid(this.#elapsed());
    if (explanation === null) return false;
    if (explanation.code === 'rekeying-pfs-group-differs') {
      return this.#setLasting(patient, explanation.code, explanation, clue.line);
    }
    return patient.refusal.note(explanation, clue.line, this.#elapsed());
  }

  #setLasting({ lasting }: Patient, code: Found['code'], explanation: Explanation | null, line?: string): boolean {
    if (explanation === null) return lasting.delete(code);
    const before = lasting.get(code);
    const isSame = before?.ours === explanation.ours && before.theirs === explanation.theirs;
    const since = isSame ? before.since : this.#elapsed();
    const evidence = line === undefined ? (before?.evidence ?? []) : withLine(before?.evidence ?? [], line);
    lasting.set(code, { ...explanation, since, evidence });
    return !isSame;
  }

  /** By its name, or else by what the peer says that it is, or else whoever is at that address; those who are up are not meant. */
  #concerned({ ikeSaName, remoteAddress, packet }: Clue): readonly Patient[] {
    if (ikeSaName !== null) {
      const named = this.#named(ikeSaName);
      return named === null ? [] : [named];
    }
    if (remoteAddress === null) return [];
    const { peerIdentity } = packet;
    const isMeant = ({ plan }: Patient) => peerIdentity !== null && isSameIdentity(plan.remoteId, peerIdentity);
    const isNamed = this.#byAddress.get(remoteAddress)?.some(isMeant) === true;
    const down = this.#downAt(remoteAddress);
    return isNamed ? down.filter(isMeant) : down;
  }

  #downAt(address: string): readonly Patient[] {
    return (this.#byAddress.get(address) ?? []).filter(({ seen }) => seen?.isConnected !== true);
  }

  #named(ikeSaName: string): Patient | null {
    const id = ikeSaName.slice(0, ikeSaName.indexOf('@')) as VpnConnectionId;
    const patient = this.#patients.get(id);
    return patient?.name === ikeSaName ? patient : null;
  }

  #hear(address: string): void {
    for (const patient of this.#byAddress.get(address) ?? []) patient.isHeard = true;
  }

  /** Somebody at an address that no tunnel has, or that has another tunnel than the one whose peer it claims to be. */
  #noteStranger({ sign, remoteAddress, packet }: Clue): void {
    if (remoteAddress === null || (sign.kind !== 'no-ike-config' && sign.kind !== 'no-peer-config')) return;
    const identityOf = this.#whoseIdentity(packet.peerIdentity);
    const isKnown = this.#byAddress.has(remoteAddress);
    if (isKnown && (identityOf === null || identityOf.remoteAddress === remoteAddress)) return;
    const at = this.#elapsed();
    const before = this.#stranger;
    const isInsisting = before?.address === remoteAddress && at - before.at < strangerMs;
    const since = isInsisting ? before.since : at;
    this.#stranger = { address: remoteAddress, since, at, isInsisting, identityOf: identityOf?.id ?? null };
  }

  #whoseIdentity(identity: string | null): ConnectionPlan | null {
    if (identity === null) return null;
    for (const { plan } of this.#patients.values()) if (isSameIdentity(plan.remoteId, identity)) return plan;
    return null;
  }
}

function newPatient(plan: ConnectionPlan, name: string, now: number): Patient {
  return {
    ...{ plan, name, setAt: now, closings: new PeerClosings(), refusal: new Refusal() },
    ...{ isEstablished: false, hasCarried: false, isHeard: false, connectedAt: -Infinity, seen: null },
    lasting: new Map(),
  };
}
