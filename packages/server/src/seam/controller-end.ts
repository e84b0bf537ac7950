import type { Duplex } from 'node:stream';
import type { Condition } from '../domain/operator/condition.ts';
import type { NewEvent, NumberedEvents } from '../domain/operator/event.ts';
import type { HistoryQuestion, HistorySeries } from '../domain/operator/history.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { RecorderAnswer, RecordedSelection } from '../domain/operator/timeline.ts';
import type { AskSas } from '../domain/operator/tunnel-sas.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import { AskedCaptures } from './capture-questions.ts';
import { AskedProofs } from './proof-question.ts';
import { AskedProposals } from './proposals-question.ts';
import {
  checkFromAgent,
  questionsSince,
  spokenVersions,
  type FromAgent,
  type FromController,
  type HistoryAnswer,
  type OfKind,
} from './contract.ts';
import { historyMessage, historySeries } from './history-message.ts';
import { instantHere } from './instant.ts';
import { Link, NoAnswerError, silentAfterMs } from './link.ts';
import { ObservedFacts } from './observed-facts.ts';
import { PlanSender, type PlansToSend } from './plan-sender.ts';
import { askedSas } from './sas-question.ts';
import { readTimelineAnswer, timelineQuestion } from './timeline-question.ts';
import { commonVersion, describeDifference, describeMisunderstanding } from './versions.ts';
import type { StandingNetwork } from './agent-end.ts';
import type { StorePosition } from '../platform/network-record.ts';

export interface ControllerEndOptions {
  readonly program: string;
  /** A connection to the acting side; rejects where it is not there. */
  readonly connect: () => Promise<Duplex>;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is handed down, once there is a store to make it from. */
export interface Handed {
  readonly plans: PlansToSend;
  /** Undefined: there is no such VPN connection (any more). */
  readonly preSharedKey: (id: VpnConnectionId) => string | undefined;
  readonly digestOfKey: (id: VpnConnectionId) => string | undefined;
  readonly position: () => { readonly storeId: string; readonly generation: number };
  /** Each event once, however often it comes. Rejects where they cannot be written. */
  readonly keep: (events: NumberedEvents) => Promise<void>;
}

type Messages = Link<FromController, FromAgent>;
/** What is no question. */
type Said = Exclude<FromAgent, OfKind<FromAgent, 'answer' | 'beat' | 'secret'>>;

const againMs = 200;
const refusedMs = 1000;
const keepAgainMs = 1000;
/** A caller of the API waits for it. */
const usesWithinMs = 3000;
const standingWithinMs = 10_000;
/** A caller of the API waits for it. */
const historyWithinMs = 10_000;
const timelineWithinMs = 10_000;

/** The deciding side's end: finds the acting side, again and again, and tells it what is wanted. */
export class ControllerEnd {
  readonly #options: ControllerEndOptions;
  readonly #facts: ObservedFacts;
  #handed: Handed | null = null;
  #link: Messages | null = null;
  #sender: PlanSender | null = null;
  /** As last heard. */
  #agent: OfKind<FromAgent, 'hello'> | null = null;
  /** As last heard. */
  #self: OfKind<FromAgent, 'self'> | null = null;
  #holding = new Map<PlanKey, string>();
  #isAllHeard = false;
  /** The agent has said hello, and speaks a version that is spoken here. */
  #isUnderstood = false;
  /** Over this connection. */
  #isSelfHeard = false;
  #refusal = '';
  #conditions: readonly Condition[] = [];
  #forwarding: UplinkForwarding = 'ours';
  #goneAt = performance.now();
  #stop: AbortSignal | undefined;
  #greeted = Promise.withResolvers<undefined>();

  constructor(options: ControllerEndOptions) {
    this.#options = options;
    this.#facts = new ObservedFacts(options.observed, options.clock);
    this.proofs = new AskedProofs((question, withinMs) => this.#askListener(question, withinMs), options.clock);
    this.peerQuestions = new AskedProposals((question, withinMs) => this.#ask(question, withinMs), options.clock);
    this.sas = askedSas((question, withinMs) => this.#ask(question, withinMs), options.clock);
  }

  /** What carries packets; null until the acting side was heard. */
  get dataPlane(): { readonly name: string; readonly reason: string } | null {
    return this.#self?.dataPlane ?? null;
  }

  /** Plans reach the acting side, and what it knows comes from there. */
  get isHeard(): boolean {
    return this.#isUnderstood && this.#problem() === '';
  }

  /** As last heard. */
  get forwarding(): UplinkForwarding {
    return this.#forwarding;
  }

  /** Once the acting side was heard for the first time, or is known not to be understood. */
  get greeted(): Promise<unknown> {
    return this.#greeted.promise;
  }

  changed(keys: Iterable<PlanKey>): void {
    this.#sender?.changed(keys);
  }

  /** From now on there is something to hand down. */
  hand(handed: Handed): void {
    this.#handed = handed;
    this.#offer();
  }

  /** Null: the acting side cannot be asked now. */
  async usesOf(interfaceName: string): Promise<readonly string[] | null> {
    try {
      return (await this.#ask({ kind: 'uses', interfaceName }, usesWithinMs)) as readonly string[];
    } catch (error) {
      if (error instanceof NoAnswerError) return null;
      throw error;
    }
  }

  /** Null: the acting side cannot be asked now, or cannot tell. */
  async history(question: HistoryQuestion): Promise<readonly HistorySeries[] | null> {
    const { clock } = this.#options;
    const all: HistorySeries[] = [];
    try {
      // One after the other: a long answer is held against whoever waits for a failover there.
      for (const series of question.series) {
        const message = historyMessage({ ...question, series: [series] }, clock.now());
        const answer = await this.#ask(message, historyWithinMs);
        all.push(...historySeries(answer as HistoryAnswer, clock.now()));
      }
      return all;
    } catch {
      return null;
    }
  }

  /** What the flight recorder keeps, or why that cannot be told now. */
  async recorded(selection: RecordedSelection): Promise<RecorderAnswer> {
    const { clock } = this.#options;
    try {
      const answer = await this.#ask(timelineQuestion(selection, clock.now()), timelineWithinMs);
      return { page: readTimelineAnswer(answer, clock.now()) };
    } catch (error) {
      return { problem: describeError(error) };
    }
  }

  /** The SAs of a tunnel as they are, or why that cannot be told now. */
  readonly sas: AskSas;

  /** Packet captures of the acting side. */
  readonly captures = new AskedCaptures((question, withinMs) =>
    this.#askListener({ kind: 'capture', question }, withinMs),
  );

  /** What peers would accept, asked by the acting side. */
  readonly peerQuestions: AskedProposals;

  /** What becomes of packets, sent by the acting side. */
  readonly proofs: AskedProofs;

  /** Each question waits until the acting side is there and answers: nobody else knows. */
  readonly standing: StandingNetwork & { problem(): string | null } = {
    problem: () => this.#standingProblem(),
    madeFrom: async () => (await this.#askStanding('madeFrom')) as StorePosition | null,
    netns: async () => (await this.#askStanding('netns')) as readonly string[],
    gateways: async () => (await this.#askStanding('gateways')) as readonly string[],
  };

  /** Of the acting side: whether it is there, and how it is with itself. */
  readConditions(): readonly Condition[] {
    const problem = this.#problem();
    const difference = describeDifference(this.#agent?.program ?? this.#options.program, this.#options.program);
    return [
      { name: 'agent', ok: problem === '', message: problem },
      { name: 'versions', ok: difference === '', message: difference },
      ...this.#conditions,
    ];
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    this.#stop = signal;
    signal.addEventListener('abort', () => this.#link?.close());
    const isOver = () => signal.aborted;
    while (!isOver()) {
      const stream = await this.#options.connect().catch(() => null);
      if (stream !== null && !isOver()) await this.#serve(stream);
      stream?.destroy();
      await clock.delay(againMs, signal).catch(() => undefined);
    }
  }

  async #serve(stream: Duplex): Promise<void> {
    const link: Messages = new Link({
      stream,
      check: checkFromAgent,
      onMessage: (message) => this.#hear(link, message),
      onQuestion: (question) => this.#answer(question),
    });
    this.#link = link;
    this.#holding = new Map();
    this.#isAllHeard = false;
    this.#isUnderstood = false;
    this.#isSelfHeard = false;
    this.#facts.begin();
    link.send({ kind: 'hello', program: this.#options.program, contract: spokenVersions });
    const why = await link.run();
    this.#link = null;
    this.#sender = null;
    this.#goneAt = performance.now();
    if (this.#self !== null) this.#options.logger.warn({ why }, 'the agent is gone');
  }

  #hear(link: Messages, message: Said): void {
    if (message.kind === 'hello') this.#meet(message);
    else if (this.#isUnderstood) this.#listen(link, message);
  }

  #listen(link: Messages, message: Exclude<Said, { readonly kind: 'hello' }>): void {
    switch (message.kind) {
      case 'self':
        this.#knowSelf(message);
        break;
      case 'holding':
        for (const [key, digest] of message.plans) this.#holding.set(key, digest);
        if (message.isLast) this.#isAllHeard = true;
        this.#offer();
        break;
      case 'ready':
        this.#begin(link);
        break;
      case 'refuses':
        this.#beRefused(link, message.why);
        break;
      case 'facts':
        this.#facts.hear(message.facts, message.isComplete);
        break;
      case 'conditions':
        this.#conditions = message.conditions;
        break;
      case 'forwarding':
        this.#forwarding = message.forwarding as UplinkForwarding;
        this.#sender?.changed(['host']);
        break;
      case 'misfit':
        this.#sender?.misfit(message.key);
        break;
      case 'events':
        void this.#keep(link, message);
        break;
    }
  }

  /** Whatever ends it, the next connection finds out. */
  #beRefused(link: Messages, why: string): void {
    const { clock, logger } = this.#options;
    this.#refusal = why;
    logger.error({ why }, 'the agent holds everything');
    void clock.delay(refusedMs).then(() => link.close());
  }

  /** One that is not understood is there all the same, until either half is another one. */
  #meet(hello: OfKind<FromAgent, 'hello'>): void {
    const { program, logger } = this.#options;
    this.#agent = hello;
    this.#refusal = '';
    const why = describeMisunderstanding(hello, { program, contract: spokenVersions });
    this.#isUnderstood = why === null;
    if (why === null) return;
    this.#refusal = why;
    this.#greeted.resolve(undefined);
    logger.error({ why }, 'the agent is not listened to');
  }

  #knowSelf(self: OfKind<FromAgent, 'self'>): void {
    const { dataPlane, forwarding } = self;
    this.#self = self;
    this.#isSelfHeard = true;
    this.#forwarding = forwarding as UplinkForwarding;
    this.#greeted.resolve(undefined);
    this.#options.logger.info({ program: this.#agent?.program, dataPlane }, 'the agent is there');
  }

  /** Once all is heard that plans depend on, and there is something to hand down. */
  #offer(): void {
    if (this.#handed === null || this.#link === null || !this.#isAllHeard || this.#sender !== null) return;
    this.#link.send({ kind: 'offers', madeFrom: this.#handed.position() });
  }

  #begin(link: Messages): void {
    if (this.#handed === null || this.#sender !== null) return;
    this.#refusal = '';
    this.#sender = new PlanSender({ ...this.#handed, link, holding: this.#holding });
  }

  #answer({ id: asked, digest }: OfKind<FromAgent, 'secret'>): Promise<unknown> {
    if (this.#handed === null) return Promise.reject(new Error('there is nothing to hand down yet'));
    const id = asked as VpnConnectionId;
    return Promise.resolve(this.#handed.digestOfKey(id) === digest ? this.#handed.preSharedKey(id) : null);
  }

  /** Again and again, until they are: a disk may be full for a while. The acting side waits for it. */
  async #keep(link: Messages, { series, events }: OfKind<FromAgent, 'events'>): Promise<void> {
    const { clock, logger } = this.#options;
    const now = clock.now();
    const heard = events.map(({ number, ageMs, event }) => ({
      number,
      event: { ...event, at: instantHere({ at: event.at, ageMs }, now) } as NewEvent,
    }));
    let said = '';
    while (link.isOpen && this.#handed !== null) {
      try {
        await this.#handed.keep({ series, events: heard });
        link.send({ kind: 'kept', series, upTo: Math.max(...events.map(({ number }) => number)) });
        return;
      } catch (error) {
        const why = describeError(error);
        if (why !== said) logger.warn({ error: why }, 'events not written yet');
        said = why;
        await clock.delay(keepAgainMs, this.#stop).catch(() => undefined);
      }
    }
  }

  async #ask(
    question:
      | Omit<OfKind<FromController, 'standing'>, 'number'>
      | Omit<OfKind<FromController, 'uses'>, 'number'>
      | Omit<OfKind<FromController, 'history'>, 'number'>
      | Omit<OfKind<FromController, 'timeline'>, 'number'>
      | Omit<OfKind<FromController, 'capture'>, 'number'>
      | Omit<OfKind<FromController, 'proposals'>, 'number'>
      | Omit<OfKind<FromController, 'proof'>, 'number'>
      | Omit<OfKind<FromController, 'drill'>, 'number'>
      | Omit<OfKind<FromController, 'sas'>, 'number'>,
    withinMs: number,
  ): Promise<unknown> {
    if (this.#link === null) throw new NoAnswerError('the agent is not there');
    this.#checkKnown(question.kind);
    return this.#link.ask(question, withinMs);
  }

  /** It starts nothing for a controller that it takes no plans from. */
  async #askListener(
    question:
      | Omit<OfKind<FromController, 'capture'>, 'number'>
      | Omit<OfKind<FromController, 'proof'>, 'number'>
      | Omit<OfKind<FromController, 'drill'>, 'number'>,
    withinMs: number,
  ): Promise<unknown> {
    if (this.#sender === null) throw new NoAnswerError('the agent does not listen to this controller');
    return this.#ask(question, withinMs);
  }

  /** Nobody is asked what its version does not know, or before it has said which that is: it would take the connection for broken. */
  #checkKnown(question: string): void {
    const since = (questionsSince as Readonly<Record<string, number | undefined>>)[question];
    if (since === undefined) return;
    if (this.#agent === null || !this.#isUnderstood) throw new NoAnswerError('the agent is not there');
    const version = commonVersion(this.#agent.contract, spokenVersions) ?? 0;
    if (version < since)
      throw new NoAnswerError(`the agent ${this.#agent.program} knows no ${question} yet: update it`);
  }

  /** The same words for as long as it is the same. */
  #standingProblem(): string | null {
    if (this.#link !== null && this.#isSelfHeard) return null;
    return this.#refusal === '' ? 'the agent is not there' : this.#refusal;
  }

  async #askStanding(what: keyof StandingNetwork): Promise<unknown> {
    const { clock, logger } = this.#options;
    for (;;) {
      try {
        return await this.#ask({ kind: 'standing', what }, standingWithinMs);
      } catch (error) {
        if (!(error instanceof NoAnswerError)) throw error;
        logger.warn({ why: error.message }, 'what stands in the network is asked again');
        await clock.delay(againMs, this.#stop);
      }
    }
  }

  #problem(): string {
    if (this.#refusal !== '') return `the agent does not listen: ${this.#refusal}. Gateways go on, and changes wait`;
    const forSeconds = (ms: number) => `for ${Math.round(ms / 1000)} s: gateways go on, and changes wait`;
    if (this.#link === null) return `the agent is not there ${forSeconds(performance.now() - this.#goneAt)}`;
    const { silentMs } = this.#link;
    return silentMs > silentAfterMs ? `the agent does not answer ${forSeconds(silentMs)}` : '';
  }
}
