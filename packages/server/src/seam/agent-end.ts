import type { Duplex } from 'node:stream';
import type { Condition } from '../domain/operator/condition.ts';
import type { EventSink } from '../domain/operator/event.ts';
import type { PeerAsking } from '../domain/diagnosis/peer-proposals.ts';
import type { FailoverDrilling } from '../domain/operator/failover-drill.ts';
import type { PathProving } from '../domain/operator/path-proof.ts';
import type { HistoryQuestion, PackedSeries } from '../domain/operator/history.ts';
import type { PacketCapturing } from '../domain/operator/packet-capture.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { RecordedPage, RecordedSelection } from '../domain/operator/timeline.ts';
import type { AskSas } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import type { IssuedPlan, NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { StorePosition } from '../platform/network-record.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import {
  checkFromController,
  spokenVersions,
  type FromAgent,
  type FromController,
  type HistoryAnswer,
  type OfKind,
} from './contract.ts';
import { EventSender } from './event-sender.ts';
import { FactSender } from './fact-sender.ts';
import { historyAnswer, historyQuestion } from './history-message.ts';
import { KeyHolder } from './key-holder.ts';
import { AnsweredCaptures } from './capture-questions.ts';
import { Link } from './link.ts';
import { PlanFiles, type Folder } from './plan-files.ts';
import { PlanHolder } from './plan-holder.ts';
import type { Issue } from './issue.ts';
import { ReportedState } from './reported-state.ts';
import { answerDrill, answerProof } from './proof-question.ts';
import { answerProposals } from './proposals-question.ts';
import { answerSas } from './sas-question.ts';
import { answerTimeline } from './timeline-question.ts';
import { describeMisunderstanding } from './versions.ts';

export interface AgentEndOptions {
  /** For plans and events, of root alone. */
  readonly folder: Folder;
  /** For keys, below /run. */
  readonly keyFile: string;
  readonly program: string;
  readonly dataPlane: { readonly name: string; readonly reason: string };
  /** Whose will it is that the host forwards, as it is now. */
  readonly readForwarding: () => Promise<UplinkForwarding>;
  /** What the host itself has on an interface, for people. */
  readonly usesOf: (interfaceName: string) => Promise<readonly string[]>;
  /** What passed tunnels. Rejects where it cannot be told now. */
  readonly history: (question: HistoryQuestion) => Promise<readonly PackedSeries[]>;
  /** What this installation has in the network. */
  readonly standing: StandingNetwork;
  /** What the flight recorder keeps. */
  readonly recorded: (selection: RecordedSelection) => Promise<RecordedPage>;
  /** The SAs of a tunnel as they are. */
  readonly sas: AskSas;
  readonly captures: PacketCapturing;
  readonly peerQuestions: PeerAsking;
  readonly pathProving: PathProving;
  readonly drilling: FailoverDrilling;
  /** What the network is made from. */
  readonly note: (position: StorePosition) => void;
  /** Before a plan is handed out: what was noted outlives this process. */
  readonly keepNoted: () => void;
  /** Why the network is not that store's, for people; null when it is, or there is none. */
  readonly checkPosition: (position: StorePosition) => Promise<string | null>;
  /** How it is with the acting side itself. */
  readonly readConditions: () => readonly Condition[];
  /** Throws for what shall not be done here, whoever says so. */
  readonly check: (key: PlanKey, plan: unknown) => void;
  readonly onChanged: (keys: readonly PlanKey[]) => void;
  /** A name that was never used. */
  readonly series: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What an installation has in the network (hold/reason-to-hold.ts). */
export interface StandingNetwork {
  madeFrom(): Promise<StorePosition | null>;
  netns(): Promise<readonly string[]>;
  gateways(): Promise<readonly string[]>;
}

type Messages = Link<FromAgent, FromController>;
type Question = OfKind<
  FromController,
  'uses' | 'standing' | 'timeline' | 'history' | 'capture' | 'proposals' | 'proof' | 'drill' | 'sas'
>;
/** What is no question, nor about the connection itself. */
type Told = Exclude<FromController, OfKind<FromController, 'answer' | 'beat' | Question['kind']>>;

const mostQuestions = 16;
const conditionsMs = 500;
const secretWithinMs = 10_000;

/**
 * The acting side's end: plans, keys and observations, whether somebody is at the other end or not. Of several connections the newest
 * counts.
 */
export class AgentEnd {
  readonly #options: AgentEndOptions;
  readonly #plans: PlanHolder;
  readonly #keys: KeyHolder;
  readonly #events: EventSender;
  readonly #captures: AnsweredCaptures;
  readonly observed: ObservedState;
  readonly #reported: ReportedState;
  #facts: FactSender | null = null;
  #link: Messages | null = null;
  #hasSaidHello = false;
  /** The controller speaks a version that is spoken here. */
  #isUnderstood = false;
  /** What it offers is not older than the network: it may say plans. */
  #isHeard = false;
  /** As it was told over this connection. */
  #forwardingTold: UplinkForwarding | null = null;
  /** The newest of what it offered and what its plans were made from. */
  #madeFrom: StorePosition = { storeId: '', serial: 0 };
  /** That wait for an answer, of any connection. */
  #questions = 0;
  #lastAnswer: Promise<unknown> = Promise.resolve();

  constructor(options: AgentEndOptions) {
    const { folder, logger } = options;
    this.#options = options;
    this.#plans = new PlanHolder({ ...options, files: new PlanFiles(folder) });
    this.#keys = new KeyHolder(options.keyFile, logger);
    this.#events = new EventSender(options);
    this.#captures = new AnsweredCaptures(options.captures);
    this.#reported = new ReportedState(options.clock, (fact, isUrgent) => this.#facts?.note(fact, isUrgent));
    this.observed = this.#reported;
  }

  get record(): EventSink {
    return this.#events.record;
  }

  keys(): readonly PlanKey[] {
    return this.#plans.keys();
  }

  /** The gateway whose plan has the tunnel, as far as that is known without a look. */
  gatewayOf(tunnel: string): PlanKey | undefined {
    const known = this.#owners.get(tunnel as VpnConnectionId);
    if (known !== undefined || !this.#hasNewPlans) return known;
    this.#hasNewPlans = false;
    for (const { plan } of this.#plans.issues()) {
      for (const { id } of plan.charon?.connections ?? []) this.#owners.set(id, plan.key);
    }
    return this.#owners.get(tunnel as VpnConnectionId);
  }

  /** The plan that has the tunnel, as it is held now. */
  planOf(tunnel: string): NetnsPlan | undefined {
    const key = this.gatewayOf(tunnel);
    return key === undefined ? undefined : this.#plans.issue(key)?.plan;
  }

  issues(): readonly Issue[] {
    return this.#plans.issues();
  }

  /** Waits until there are plans, from before or because all were heard. */
  async listKeys(): Promise<readonly PlanKey[]> {
    await this.#plans.known;
    return this.#plans.keys();
  }

  /** The newest that was heard: nobody is asked, since a newer one says by itself that it is there (`onChanged`). */
  async planFor(key: PlanKey): Promise<IssuedPlan | undefined> {
    if (key === 'host') this.#tellForwarding(await this.#options.readForwarding());
    // Whoever applies it may be killed right after: the network would be newer than the record says.
    this.#options.keepNoted();
    return this.#plans.planFor(key);
  }

  async preSharedKeyDigest(id: VpnConnectionId): Promise<string> {
    return Promise.resolve(this.#digestOf(id));
  }

  async preSharedKey(id: VpnConnectionId): Promise<string> {
    const digest = this.#digestOf(id);
    const known = this.#keys.find(id, digest);
    if (known !== undefined) return known;
    if (this.#link === null) throw new Error(`the key of ${id} is not known here, and the controller is not there`);
    const key = await this.#link.ask({ kind: 'secret', id, digest }, secretWithinMs);
    if (typeof key !== 'string') throw new Error(`the key of ${id} has changed: a new plan follows`);
    this.#keys.put(id, { digest, key });
    return key;
  }

  /** Serves one connection, in place of any other, until it ends. */
  async serve(stream: Duplex): Promise<void> {
    const { logger } = this.#options;
    this.#link?.close();
    const link: Messages = new Link({
      stream,
      check: checkFromController,
      onMessage: (message) => this.#hear(link, message),
      onQuestion: (question) => this.#answer(question),
    });
    this.#link = link;
    this.#hasSaidHello = false;
    this.#isUnderstood = false;
    this.#isHeard = false;
    this.#plans.begin();
    const { program } = this.#options;
    link.send({ kind: 'hello', program, contract: spokenVersions });
    const why = await link.run();
    logger.info({ why }, 'the controller is gone; gateways go on');
    if (this.#link !== link) return;
    this.#link = null;
    this.#isHeard = false;
    this.#forwardingTold = null;
    this.#facts?.end();
    this.#facts = null;
    this.#events.end();
  }

  close(): void {
    this.#link?.close();
    this.#keys.flush();
    this.#events.flush();
  }

  /** One that is not understood is told nothing, and nothing that it says is done. */
  #begin(link: Messages, controller: OfKind<FromController, 'hello'>): void {
    const { program, logger } = this.#options;
    if (this.#hasSaidHello) throw new Error('the controller said hello twice');
    this.#hasSaidHello = true;
    const why = describeMisunderstanding({ program, contract: spokenVersions }, controller);
    this.#isUnderstood = why === null;
    if (why !== null) {
      logger.error({ why }, 'the controller is not listened to: everything is held');
      return;
    }
    logger.info({ program: controller.program }, 'the controller is there');
    this.#greet(link).catch((error: unknown) => {
      logger.warn({ error: describeError(error) }, 'the controller could not be greeted');
      link.close();
    });
  }

  /** Says what there is. */
  async #greet(link: Messages): Promise<void> {
    const { dataPlane, clock, readForwarding } = this.#options;
    const forwarding = await readForwarding();
    if (link !== this.#link) return;
    this.#facts?.end();
    this.#forwardingTold = forwarding;
    link.send({ kind: 'self', dataPlane, forwarding });
    this.#tellConditions(link);
    this.#facts = new FactSender(link, this.#reported.facts(), clock);
    const held = this.#plans.holding();
    const most = 1000;
    for (let start = 0; start === 0 || start < held.length; start += most) {
      const plans = held.slice(start, start + most);
      await link.drained();
      link.send({ kind: 'holding', plans, isLast: start + most >= held.length });
    }
  }

  /** As long as the connection stands, whenever they are others. */
  #tellConditions(link: Messages, before = ''): void {
    if (!link.isOpen) return;
    const conditions = [...this.#options.readConditions()];
    const now = JSON.stringify(conditions);
    if (now !== before && !link.isFull) link.send({ kind: 'conditions', conditions });
    new Later(() => this.#tellConditions(link, now)).in(conditionsMs);
  }

  #hear(link: Messages, message: Told): void {
    if (link !== this.#link) return;
    if (message.kind === 'hello') this.#begin(link, message);
    else if (!this.#isUnderstood) return;
    else if (message.kind === 'offers') void this.#meet(link, message);
    else if (this.#isHeard) this.#take(link, message);
  }

  #take(link: Messages, message: Exclude<Told, { readonly kind: 'hello' | 'offers' }>): void {
    switch (message.kind) {
      case 'plan':
        this.#noteGeneration(message.generation);
        this.#hasNewPlans = true;
        if (!this.#plans.take(message)) link.send({ kind: 'misfit', key: message.key });
        break;
      case 'gone':
        this.#plans.gone(message.key);
        break;
      case 'unmade':
        this.#plans.unmade(message.key, message.why);
        break;
      case 'complete':
        this.#plans.complete();
        this.#retainKeys();
        break;
      case 'kept':
        this.#events.kept(message.series, message.upTo);
        break;
    }
  }

  /** Most plans are older than the newest change: what they are made from is what was offered. */
  #noteGeneration(serial: number): void {
    if (serial <= this.#madeFrom.serial) return;
    this.#madeFrom = { ...this.#madeFrom, serial };
    this.#options.note(this.#madeFrom);
  }

  /** One that has an older database than the network was made from is not listened to. */
  async #meet(link: Messages, { madeFrom }: OfKind<FromController, 'offers'>): Promise<void> {
    const { checkPosition, note, logger } = this.#options;
    const position = { storeId: madeFrom.storeId, serial: madeFrom.generation };
    const why = await checkPosition(position);
    if (why !== null) {
      logger.error({ why }, 'the controller is not listened to: everything is held');
      link.send({ kind: 'refuses', why });
      return;
    }
    this.#madeFrom = position;
    this.#isHeard = true;
    note(position);
    link.send({ kind: 'ready' });
    this.#events.begin((events) => link.send(events));
  }

  /** One after the other, since processes are started for it; those that would wait for long are refused. */
  async #answer(question: Question): Promise<unknown> {
    // No process is started for these, and they have bounds of their own.
    if (question.kind === 'history') return this.#tellHistory(question);
    if (question.kind === 'timeline') return answerTimeline(question, this.#options.recorded, this.#options.clock);
    if (question.kind === 'sas') return answerSas(question, this.#options.sas, this.#options.clock);
    if (question.kind === 'capture') return this.#answerCapture(question);
    if (question.kind === 'proposals')
      return answerProposals(question, this.#options.peerQuestions, this.#options.clock);
    if (question.kind === 'proof' || question.kind === 'drill') return this.#answerWithPackets(question);
    if (this.#questions === mostQuestions) throw new Error('too many questions wait');
    this.#questions += 1;
    const answer = this.#lastAnswer.then(() => this.#answerOf(question));
    this.#lastAnswer = answer.catch(() => undefined);
    return answer.finally(() => (this.#questions -= 1));
  }

  async #answerCapture({ question }: OfKind<FromController, 'capture'>): Promise<unknown> {
    this.#expectHeard();
    return this.#captures.answer(question);
  }

  async #answerWithPackets(question: OfKind<FromController, 'proof' | 'drill'>): Promise<unknown> {
    this.#expectHeard();
    const { pathProving, drilling, clock } = this.#options;
    return question.kind === 'proof' ? answerProof(question, pathProving, clock) : answerDrill(question, drilling);
  }

  /** Whoever may say no plan starts and ends nothing else either. */
  #expectHeard(): void {
    if (!this.#isHeard) throw new Error('no controller is listened to that offers what the network is made from');
  }

  async #answerOf(question: OfKind<FromController, 'uses' | 'standing'>): Promise<unknown> {
    switch (question.kind) {
      case 'uses':
        return this.#options.usesOf(question.interfaceName);
      case 'standing':
        return this.#options.standing[question.what]();
    }
  }

  async #tellHistory(question: OfKind<FromController, 'history'>): Promise<HistoryAnswer> {
    const { history, clock } = this.#options;
    const series = await history(historyQuestion(question, clock.now()));
    return historyAnswer(series, clock.now());
  }

  /** The one thing that a plan depends on and only this side knows. */
  #tellForwarding(forwarding: UplinkForwarding): void {
    if (this.#forwardingTold === null || forwarding === this.#forwardingTold) return;
    this.#forwardingTold = forwarding;
    this.#link?.send({ kind: 'forwarding', forwarding });
  }

  #digestOf(id: VpnConnectionId): string {
    const owner = this.#owners.get(id);
    const known = owner === undefined ? undefined : this.#plans.issue(owner)?.keys[id];
    if (known !== undefined) return known;
    for (const key of this.#plans.keys()) {
      const digest = this.#plans.issue(key)?.keys[id];
      if (digest === undefined) continue;
      this.#owners.set(id, key);
      return digest;
    }
    throw new Error(`${id} is gone`);
  }

  /** Whose plan has the connection. */
  readonly #owners = new Map<VpnConnectionId, PlanKey>();
  /** Since owners were looked for last. */
  #hasNewPlans = true;

  #retainKeys(): void {
    const ids = this.#plans.issues().flatMap(({ keys }) => Object.keys(keys) as VpnConnectionId[]);
    this.#keys.retain(new Set(ids));
    const known = new Set(ids);
    for (const id of this.#owners.keys()) if (!known.has(id)) this.#owners.delete(id);
  }
}
