import { Ajv, type ValidateFunction } from 'ajv';
import { longestEvidence, longestValue, mostEvidence } from '../domain/diagnosis/finding.ts';
import { drillBounds } from '../domain/operator/failover-drill.ts';
import { longestMessage } from '../domain/operator/event.ts';
import { mostSeries } from '../domain/operator/history.ts';
import {
  captureBounds,
  captureProtocols,
  type CapturedId,
  type CaptureFilter,
  type CaptureProtocol,
} from '../domain/operator/packet-capture.ts';
import type { PathProof } from '../domain/operator/path-proof.ts';
import { saBounds } from '../domain/operator/tunnel-sas.ts';
import type { CaptureId, SubnetId, VpnConnectionId } from '../domain/resource-id.ts';
import type { PlanKey } from '../plan/plan.ts';
import type { SpokenVersions } from './versions.ts';
import { mostLinesOfPage } from '../domain/operator/timeline.ts';
import { Type, type Static, type TSchema } from 'typebox';

/**
 * What the two sides say to each other. Each side checks what it hears: whatever is not as it is here is no message, and ends the
 * connection. What the acting side says may hold more than is known here, and what the deciding side says may not (seam/versions.ts).
 */
export const spokenVersions: SpokenVersions = { oldest: 1, newest: 4 };
/** The versions since which questions are known that the first one does not have: nobody else is asked them. */
export const questionsSince = {
  ...{ timeline: 2, history: 2, capture: 2, proposals: 3 },
  ...{ proof: 4, drill: 4, sas: 4 },
} as const;

const closed = { additionalProperties: false };
const text = (maxLength: number) => Type.String({ maxLength });
const resourceId = () => Type.String({ pattern: '^[a-z]{2,6}-[0-9a-z]{8}$' });
const planKey = () => Type.Unsafe<PlanKey>({ type: 'string', pattern: '^(host|(vpc|vpngw|ccn|dcg)-[0-9a-z]{8})$' });
const ipAddress = () => Type.Unsafe<PathProof['source']>({ type: 'string', pattern: '^[0-9]{1,3}(\\.[0-9]{1,3}){3}$' });
const digest = () => Type.String({ pattern: '^[0-9a-f]{1,64}$' });
const count = () => Type.Integer({ minimum: -1 });
const ageMs = () => Type.Number({ minimum: 0 });
const total = () => Type.Number({ minimum: 0 });
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const message = <Kind extends string, P extends Record<string, TSchema>>(kind: Kind, properties: P) =>
  Type.Object({ kind: Type.Literal(kind), ...properties });
/** From a side that is done as it says: to the last word, or not at all. */
const order = <Kind extends string, P extends Record<string, TSchema>>(kind: Kind, properties: P) =>
  Type.Object({ kind: Type.Literal(kind), ...properties }, closed);

const condition = () => Type.Object({ name: text(200), ok: Type.Boolean(), message: Type.String() });

const load = () => Type.Object({ vpnGateways: total(), vpnConnections: total() });

/** What is known about something; what else the value holds is for the reader (domain/operator/observation.ts). */
const fact = <About extends string, P extends Record<string, TSchema>>(about: About, properties: P) =>
  Type.Object({ about: Type.Literal(about), key: text(100), value: nullable(Type.Object(properties)) });

/** The first message both ways, and the one that never changes (seam/versions.ts). */
const hello = message('hello', {
  program: text(100),
  contract: Type.Object({ oldest: Type.Integer(), newest: Type.Integer() }),
});
/** A question has a number, and no other message has; its answer bears it. */
const numbered = { number: count() };
const answer = message('answer', { number: count(), value: Type.Unknown(), error: nullable(text(4000)) });
/** Nothing else to say, and alive. */
const beat = message('beat', {});

/** As IkeSuite of domain/diagnosis/peer-proposals.ts; what it is called there. */
const ikeSuite = () =>
  Type.Object({ encryption: text(20), integrity: nullable(text(20)), prf: text(20), group: Type.Integer() });

/** What the acting side tells about. */
export const facts = [
  fact('outcome', {
    key: text(100),
    appliedGeneration: Type.Integer(),
    error: nullable(Type.String()),
    failures: Type.Array(Type.Tuple([resourceId(), Type.String()])),
    at: Type.Number(),
  }),
  fact('sas', { connected: Type.Boolean(), changedAt: Type.Number(), ageMs: ageMs() }),
  fact('usability', { fault: nullable(text(100)), agesMs: Type.Optional(Type.Record(text(40), nullable(ageMs()))) }),
  /** What has passed a tunnel: totals, and when something last did. */
  fact('traffic', {
    ...{ inBytes: total(), inPackets: total(), outBytes: total(), outPackets: total() },
    rekeys: total(),
    ...{ lastInAt: nullable(Type.Number()), lastOutAt: nullable(Type.Number()) },
    agesMs: Type.Record(text(40), nullable(ageMs())),
  }),
  fact('drops', { counts: Type.Array(Type.Object({ entrance: resourceId(), reason: text(40) })) }),
  /** What is wrong with a tunnel (domain/diagnosis/finding.ts). */
  fact('diagnosis', {
    findings: Type.Array(
      Type.Object({
        ...{
          code: text(100),
          object: resourceId(),
          ours: nullable(text(longestValue)),
          theirs: nullable(text(longestValue)),
        },
        /** Where the peer was asked; as from version 3 on. */
        accepts: Type.Optional(Type.Object({ verdict: text(20), offered: ikeSuite(), settable: nullable(ikeSuite()) })),
        evidence: Type.Array(text(longestEvidence), { maxItems: mostEvidence }),
        since: Type.Number(),
        ageMs: ageMs(),
      }),
      { maxItems: 50 },
    ),
  }),
  fact('findings', { findings: Type.Array(condition()) }),
  /** How much the host carries (domain/operator/host-capacity.ts). */
  fact('capacity', {
    ...{ measuredAt: Type.Number(), ageMs: ageMs(), measured: load() },
    resources: Type.Array(
      Type.Object({
        ...{ resource: text(100), limit: total(), kept: total(), used: total() },
        each: load(),
      }),
      { maxItems: 100 },
    ),
  }),
] as const;
export type Fact = Static<(typeof facts)[number]>;

/** The answer to `timeline`; instants with their age. What else a line has, and of which kind it is, is for its reader. */
export const recordedPage = Type.Object({
  lines: Type.Array(
    Type.Object({
      ...{ id: count(), subject: text(100), kind: text(40), at: Type.Number(), ageMs: Type.Number() },
      ...{ text: Type.String(), detail: Type.Optional(Type.Unknown()) },
    }),
    { maxItems: mostLinesOfPage },
  ),
  next: nullable(count()),
  isLast: Type.Boolean(),
  storySinceAgeMs: nullable(Type.Number()),
});

/** The answer to `proposals`: what the peer accepts, or why it was not asked. How long ago it was asked instead of when. */
export const proposalsAnswer = Type.Union([
  Type.Object({ refusal: text(40) }),
  Type.Object({
    verdict: text(20),
    ...{ offered: ikeSuite(), suite: nullable(ikeSuite()), settable: nullable(ikeSuite()) },
    also: Type.Object({
      ...{ encryption: Type.Array(text(20)), integrity: Type.Array(text(20)), prf: Type.Array(text(20)) },
      group: Type.Array(Type.Integer()),
    }),
    isComplete: Type.Boolean(),
    ...{ messages: count(), halfOpen: count(), ageMs: Type.Number() },
  }),
]);
export type ProposalsAnswer = Static<typeof proposalsAnswer>;

/** The answer to `proof`: what became of packets, or why none were sent. How long ago instead of when. */
export const proofAnswer = Type.Union([
  Type.Object({ refusal: text(40) }),
  Type.Object({
    ...{ source: ipAddress(), destination: ipAddress(), sent: count(), arrived: nullable(count()), answered: count() },
    delay: nullable(Type.Object({ leastMs: Type.Number(), meanMs: Type.Number(), mostMs: Type.Number() })),
    refusals: Type.Array(Type.Object({ from: ipAddress(), message: text(200), packets: count() }), { maxItems: 20 }),
    routers: Type.Array(nullable(ipAddress()), { maxItems: 40 }),
    ageMs: Type.Number(),
  }),
]);
export type ProofAnswer = Static<typeof proofAnswer>;

/** The answer to `drill`: what packets met, or why there was none. */
export const drillAnswer = Type.Union([
  Type.Object({ refusal: text(40) }),
  Type.Object({
    ...{ source: ipAddress(), destination: ipAddress() },
    ...{ sent: count(), answered: count(), longestLoss: count(), isWhole: Type.Boolean() },
  }),
]);
export type DrillAnswer = Static<typeof drillAnswer>;

const saEnd = () => Type.Object({ address: text(60), port: Type.Integer(), identity: text(saBounds.text) });
const saAlgorithms = { encryption: nullable(text(60)), integrity: nullable(text(60)), group: nullable(text(60)) };
const selectors = () => Type.Array(text(saBounds.text), { maxItems: saBounds.selectors });
const passed = () => Type.Object({ bytes: total(), packets: total(), quietSeconds: nullable(Type.Number()) });
const childSa = () =>
  Type.Object({
    ...{ uniqueId: total(), name: text(100), state: text(40), mode: nullable(text(40)) },
    ...{ localSelectors: selectors(), remoteSelectors: selectors() },
    installed: nullable(
      Type.Object({
        ...{ protocol: text(20), spiIn: text(8), spiOut: text(8) },
        ...{ isUdpEncapsulated: Type.Boolean(), isEsn: Type.Boolean() },
        ...{ algorithms: Type.Object(saAlgorithms), in: passed(), out: passed() },
        ...{ installedSeconds: Type.Number(), rekeySeconds: nullable(Type.Number()) },
        lifeSeconds: nullable(Type.Number()),
      }),
    ),
  });

/** The answer to `sas`: those of the tunnel (domain/operator/tunnel-sas.ts), or why they cannot be told. How long ago charon was asked instead of when. */
export const sasAnswer = Type.Union([
  Type.Object({ problem: text(4000) }),
  Type.Object({
    ageMs: Type.Number(),
    counts: Type.Object({ ikeSas: total(), childSas: total() }),
    ikeSas: Type.Array(
      Type.Object({
        ...{ uniqueId: total(), version: Type.Integer(), state: text(40) },
        role: Type.Union([Type.Literal('initiator'), Type.Literal('responder')]),
        ...{ initiatorSpi: text(16), responderSpi: text(16), local: saEnd(), remote: saEnd() },
        algorithms: Type.Object({ ...saAlgorithms, prf: nullable(text(60)) }),
        ...{ establishedSeconds: nullable(Type.Number()), rekeySeconds: nullable(Type.Number()) },
        reauthSeconds: nullable(Type.Number()),
        childSas: Type.Array(childSa(), { maxItems: saBounds.childSas }),
      }),
      { maxItems: saBounds.ikeSas },
    ),
  }),
]);
export type SeamSasAnswer = Static<typeof sasAnswer>;

/** Position of a store, which plans are made from. */
const positionSchema = Type.Object({ storeId: text(200), generation: count() }, closed);

/** What the acting side says. */
export const fromAgent = [
  hello,
  /** What it is. */
  message('self', {
    dataPlane: Type.Object({ name: text(20), reason: text(2000) }),
    /** Whose will it is that the host forwards. */
    forwarding: text(20),
  }),
  /** Plans that it has, by key and digest; `isLast`: there are no others. */
  message('holding', {
    plans: Type.Array(Type.Tuple([planKey(), digest()]), { maxItems: 10_000 }),
    isLast: Type.Boolean(),
  }),
  /** How it is with itself. */
  message('conditions', { conditions: Type.Array(condition(), { maxItems: 100 }) }),
  /** Newest values; null: none any more. Each is one of `facts`; about what else they are is not known here. */
  message('facts', {
    facts: Type.Unsafe<Fact[]>({ type: 'array', maxItems: 10_000 }),
    /** Whatever was not named since the hello is not known. */
    isComplete: Type.Boolean(),
  }),
  /** No others before these are kept. Those that come again have the same numbers. */
  message('events', {
    /** Changes where numbers begin anew. */
    series: text(100),
    events: Type.Array(
      Type.Object({
        number: count(),
        ageMs: ageMs(),
        event: Type.Object({
          resourceId: resourceId(),
          kind: text(40),
          message: text(longestMessage),
          at: Type.Integer(),
        }),
      }),
      { minItems: 1, maxItems: 1000 },
    ),
  }),
  /** Plans can come. */
  message('ready', {}),
  /** Nothing that this controller says is done: what it has is older than the network. */
  message('refuses', { why: text(4000) }),
  /** Whose will it is that the host forwards is something else now. */
  message('forwarding', { forwarding: text(20) }),
  /** A difference that was sent did not fit: the whole plan, please. */
  message('misfit', { key: planKey() }),
  /** The pre-shared key with that digest. Answer: the key; or null, where it is not that one any more. */
  message('secret', { ...numbered, id: resourceId(), digest: digest() }),
  answer,
  beat,
] as const;

const captureId = () => Type.Unsafe<CaptureId>({ type: 'string', pattern: '^pcap-[0-9a-z]{8}$' });
const capturedId = () => Type.Unsafe<CapturedId>({ type: 'string', pattern: '^(vpnx|vpngw|subnet)-[0-9a-z]{8}$' });
const captureRange = () =>
  nullable(Type.Unsafe<NonNullable<CaptureFilter['source']>>({ type: 'string', pattern: '^[0-9.]{7,15}/[0-9]{1,2}$' }));
const { snapLength, packets, seconds, bytes } = captureBounds;
const upTo = (most: number, least = 1) => Type.Integer({ minimum: least, maximum: most });
const captureOrder = Type.Object(
  {
    ...{ id: captureId(), accountId: text(100), resourceId: capturedId(), includesKeys: Type.Boolean() },
    filter: Type.Object(
      {
        protocol: nullable(Type.Unsafe<CaptureProtocol>({ type: 'string', enum: [...captureProtocols] })),
        ...{ source: captureRange(), destination: captureRange(), port: nullable(upTo(65_535)) },
      },
      closed,
    ),
    limits: Type.Object(
      {
        ...{ snapLength: upTo(snapLength.most, snapLength.least), packets: upTo(packets.most) },
        ...{ seconds: upTo(seconds.most), bytes: upTo(bytes.most, bytes.least) },
      },
      closed,
    ),
  },
  closed,
);
const captureQuestion = <What extends string, P extends Record<string, TSchema>>(what: What, properties: P) =>
  Type.Object({ what: Type.Literal(what), ...properties }, closed);
const captureQuestions = Type.Union([
  captureQuestion('start', { order: captureOrder }),
  captureQuestion('list', {}),
  captureQuestion('stop', { id: captureId() }),
  captureQuestion('keys', { id: captureId() }),
  captureQuestion('remove', { id: captureId() }),
  captureQuestion('read', { id: captureId(), offset: upTo(Number.MAX_SAFE_INTEGER, 0) }),
]);
const subnetId = () => Type.Unsafe<SubnetId>({ type: 'string', pattern: '^subnet-[0-9a-z]{8}$' });
/** As ProofOrder of domain/operator/path-proof.ts. */
const proofOrder = Type.Object(
  {
    ...{ accountId: text(100), from: subnetId() },
    to: Type.Union([
      Type.Object({ kind: Type.Literal('address'), address: ipAddress() }, closed),
      Type.Object({ kind: Type.Literal('subnet'), id: subnetId() }, closed),
    ]),
  },
  closed,
);

/** As DrillOrder of domain/operator/failover-drill.ts. */
const drillOrder = Type.Object(
  {
    ...{ accountId: text(100), from: subnetId(), to: ipAddress() },
    tunnel: Type.Unsafe<VpnConnectionId>({ type: 'string', pattern: '^vpnx-[0-9a-z]{8}$' }),
    seconds: upTo(drillBounds.seconds.most, drillBounds.seconds.least),
  },
  closed,
);

/** As PacketCapturing of domain/operator/packet-capture.ts has them. */
export type CaptureQuestion = Static<typeof captureQuestions>;

/** What the deciding side says. */
export const fromController = [
  hello,
  /** There is something to hand down, as of then. */
  order('offers', { madeFrom: positionSchema }),
  /** What the plan is now: the difference to the one with the digest `from`; null: to none. */
  order('plan', {
    key: planKey(),
    generation: count(),
    from: nullable(digest()),
    to: digest(),
    difference: Type.Unknown(),
  }),
  order('gone', { key: planKey() }),
  /** The plan cannot be made: what is in the network stays as it is. */
  order('unmade', { key: planKey(), why: text(4000) }),
  /** Whatever was not named since the hello is gone. */
  order('complete', {}),
  /** Events of the series up to this number are kept. */
  order('kept', { series: text(100), upTo: count() }),
  /** Answer: what the host itself has on the interface. */
  order('uses', { ...numbered, interfaceName: text(15) }),
  /** Answer: what an installation here has in the network. */
  order('standing', {
    ...numbered,
    what: Type.Union([Type.Literal('netns'), Type.Literal('gateways'), Type.Literal('madeFrom')]),
  }),
  /** Answer: what passed (`HistoryAnswer`). Instants are ages: by no clock of the day. */
  order('history', {
    ...numbered,
    series: Type.Array(Type.Object({ gateway: resourceId(), tunnel: nullable(resourceId()) }, closed), {
      maxItems: mostSeries,
    }),
    /** From then on, and before then; what is to come has negative ones. */
    fromAgeMs: Type.Number(),
    toAgeMs: Type.Number(),
    seconds: Type.Union([Type.Literal(10), Type.Literal(60), Type.Literal(300)]),
  }),
  /** Answer: a page of the flight recorder (recordedPage). */
  order('timeline', {
    ...numbered,
    subject: Type.Unsafe<string>({ type: 'string', pattern: '^(host|[a-z]{2,6}-[0-9a-z]{8})$' }),
    /** How long ago; null: without a bound. */
    fromAgeMs: nullable(Type.Number()),
    toAgeMs: nullable(Type.Number()),
    kinds: nullable(Type.Array(text(40), { maxItems: 40 })),
    order: Type.Union([Type.Literal('oldest-first'), Type.Literal('newest-first')]),
    after: nullable(count()),
    limit: Type.Integer({ minimum: 1, maximum: mostLinesOfPage }),
  }),
  /** Answer: what the peer of the tunnel would accept (proposalsAnswer); it is asked for that, which takes its time. */
  order('proposals', { ...numbered, tunnel: resourceId(), accountId: text(100) }),
  /** Answer: what became of packets that a host of ours sent from there (proofAnswer), which takes its time. */
  order('proof', { ...numbered, order: proofOrder }),
  /** Answer: what packets met while routes of a tunnel were taken out (drillAnswer), which takes its time. */
  order('drill', { ...numbered, order: drillOrder }),
  /** Answer: the SAs of the tunnel (sasAnswer). */
  order('sas', { ...numbered, tunnel: resourceId() }),
  /** Answer: what the member of that name resolves to. */
  order('capture', { ...numbered, question: captureQuestions }),
  answer,
  beat,
] as const;

/** One series for each that was asked for. */
export interface HistoryAnswer {
  /** By the clock there, when it was answered: steps begin at multiples of their length by it. */
  readonly now: number;
  /** When each step began by that clock, then the numbers in the order of `tallyFields`. */
  readonly series: readonly (readonly (readonly number[])[])[];
}

export type FromAgent = Static<(typeof fromAgent)[number]>;
export type FromController = Static<(typeof fromController)[number]>;
export type OfKind<M, Kind> = Extract<M, { readonly kind: Kind }>;

/** Null: it is about something that is not known here, and may be left out. Throws for whatever is no message. */
export type Check<M> = (heard: unknown) => M | null;

const ajv = new Ajv({ strict: false, code: { optimize: false } });

/**
 * By the value of one of its properties. ajv compiles a schema once, when it is wanted first: each side hears half of them, and a
 * start would wait for all.
 */
function validatorsBy(property: string, schemas: readonly TSchema[]): (value: unknown) => ValidateFunction | undefined {
  const byValue = new Map<unknown, TSchema>(
    schemas.map((schema) => {
      const { properties } = schema as unknown as { readonly properties: Readonly<Record<string, { const: string }>> };
      return [properties[property]?.const, schema];
    }),
  );
  return (value) => {
    const schema = byValue.get((value as Readonly<Record<string, unknown>> | null)?.[property]);
    return schema === undefined ? undefined : ajv.compile(schema);
  };
}

function checkOf<S extends TSchema>(schemas: readonly S[]): Check<Static<S>> {
  const validatorOf = validatorsBy('kind', schemas);
  return (heard) => {
    const kind = (heard as { readonly kind?: unknown } | null)?.kind;
    if (typeof kind !== 'string') throw new Error('no message of the seam: it has no kind');
    const validate = validatorOf(heard);
    if (validate === undefined) return null;
    if (!validate(heard)) throw new Error(`no message ${kind} of the seam: ${describe(validate)}`);
    return heard as Static<S>;
  };
}

const factValidatorOf = validatorsBy('about', facts);

function isKnownFact(heard: unknown): boolean {
  const validate = factValidatorOf(heard);
  if (validate === undefined) return false;
  if (!validate(heard)) throw new Error(`no fact of the seam: ${describe(validate)}`);
  return true;
}

function describe({ errors }: ValidateFunction): string {
  return (errors ?? []).map(({ instancePath, message: what = '' }) => `${instancePath} ${what}`).join('; ');
}

const checkMessageOfAgent = checkOf(fromAgent);
const checkOrder = checkOf(fromController);

/** More than is known here may be said: that is left out. */
export const checkFromAgent: Check<FromAgent> = (heard) => {
  const message = checkMessageOfAgent(heard);
  if (message?.kind !== 'facts') return message;
  return { ...message, facts: message.facts.filter(isKnownFact) };
};

/** Whatever is not known here is no message; a question alone can be left out, since its asker is told so. */
export const checkFromController: Check<FromController> = (heard) => {
  const message = checkOrder(heard);
  if (message === null && numberOf(heard) !== null) return null;
  if (message === null) throw new Error(`no message of the seam: ${JSON.stringify(heard).slice(0, 200)}`);
  return message;
};

/** Of a question, whatever it asks; null: it is none. */
export function numberOf(heard: unknown): number | null {
  const { number } = (heard ?? {}) as { readonly number?: unknown };
  return Number.isInteger(number) ? (number as number) : null;
}

/** Throws for what is no answer of that form, and says what it should have been. */
function answerCheck<S extends TSchema>(schema: S, what: string): (heard: unknown) => Static<S> {
  return (heard) => {
    const validate = ajv.compile(schema);
    if (!validate(heard)) throw new Error(`no ${what}: ${describe(validate)}`);
    return heard as Static<S>;
  };
}

export const checkProposalsAnswer = answerCheck(proposalsAnswer, 'answer about proposals');
export const checkProofAnswer = answerCheck(proofAnswer, 'answer about a path');
export const checkDrillAnswer = answerCheck(drillAnswer, 'answer about a drill');
export const checkSasAnswer = answerCheck(sasAnswer, 'answer about SAs');
export const checkRecordedPage = answerCheck(recordedPage, 'page of the flight recorder');
