import { Ajv, type ValidateFunction } from 'ajv';
import type { PlanKey } from '../plan/plan.ts';
import { Type, type Static, type TSchema } from 'typebox';

/**
 * What the two sides say to each other. Each side checks what it hears: whatever is not here is no message, and ends the connection.
 * A side that meets a contract of another number says so and goes on alone.
 */
export const contractVersion = 1;

const closed = { additionalProperties: false };
const text = (maxLength: number) => Type.String({ maxLength });
const resourceId = () => Type.String({ pattern: '^[a-z]{2,6}-[0-9a-z]{8}$' });
const planKey = () => Type.Unsafe<PlanKey>({ type: 'string', pattern: '^(host|(vpc|vpngw|ccn|dcg)-[0-9a-z]{8})$' });
const digest = () => Type.String({ pattern: '^[0-9a-f]{1,64}$' });
const count = () => Type.Integer({ minimum: -1 });
const ageMs = () => Type.Number({ minimum: 0 });
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const message = <Kind extends string, P extends Record<string, TSchema>>(kind: Kind, properties: P) =>
  Type.Object({ kind: Type.Literal(kind), ...properties }, closed);

const condition = () => Type.Object({ name: text(200), ok: Type.Boolean(), message: Type.String() }, closed);

/** What is known about something; what else the value holds is for the reader (domain/operator/observation.ts). */
const fact = <About extends string, P extends Record<string, TSchema>>(about: About, properties: P) =>
  Type.Object({ about: Type.Literal(about), key: text(100), value: nullable(Type.Object(properties)) }, closed);

/** A question has a number, and no other message has; its answer bears it. */
const ask = <What extends string, P extends Record<string, TSchema>>(what: What, properties: P) =>
  message(what, { number: count(), ...properties });
const answer = message('answer', { number: count(), value: Type.Unknown(), error: nullable(text(4000)) });
/** Nothing else to say, and alive. */
const beat = message('beat', {});

/** Position of a store, which plans are made from. */
const positionSchema = Type.Object({ storeId: text(200), generation: count() }, closed);

/** What the acting side says. */
export const fromAgent = [
  message('hello', {
    program: text(100),
    contract: Type.Integer(),
    dataPlane: Type.Object({ name: text(20), reason: text(2000) }, closed),
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
  /** Newest values; null: none any more. */
  message('facts', {
    facts: Type.Array(
      Type.Union([
        fact('outcome', {
          key: text(100),
          appliedGeneration: Type.Integer(),
          error: nullable(Type.String()),
          failures: Type.Array(Type.Tuple([resourceId(), Type.String()])),
          at: Type.Number(),
        }),
        fact('sas', { connected: Type.Boolean(), changedAt: Type.Number(), ageMs: ageMs() }),
        fact('usability', { fault: nullable(text(100)) }),
        fact('drops', { counts: Type.Array(Type.Object({ entrance: resourceId(), reason: text(40) })) }),
        fact('findings', { findings: Type.Array(condition()) }),
      ]),
      { maxItems: 10_000 },
    ),
    /** Whatever was not named since the hello is not known. */
    isComplete: Type.Boolean(),
  }),
  /** No others before these are kept. Those that come again have the same numbers. */
  message('events', {
    /** Changes where numbers begin anew. */
    series: text(100),
    events: Type.Array(
      Type.Object(
        {
          number: count(),
          ageMs: ageMs(),
          event: Type.Object(
            { resourceId: resourceId(), kind: text(40), message: text(4000), at: Type.Integer() },
            closed,
          ),
        },
        closed,
      ),
      { maxItems: 1000 },
    ),
  }),
  /** Plans can come. */
  message('ready', {}),
  /** Nothing that this controller says is done: what it has is older than the network, or another version's. */
  message('refuses', { why: text(4000) }),
  /** Whose will it is that the host forwards is something else now. */
  message('forwarding', { forwarding: text(20) }),
  /** A difference that was sent did not fit: the whole plan, please. */
  message('misfit', { key: planKey() }),
  /** The pre-shared key with that digest. Answer: the key; or null, where it is not that one any more. */
  ask('secret', { id: resourceId(), digest: digest() }),
  answer,
  beat,
] as const;

/** What the deciding side says. */
export const fromController = [
  message('hello', { program: text(100), contract: Type.Integer(), madeFrom: positionSchema }),
  /** What the plan is now: the difference to the one with the digest `from`; null: to none. */
  message('plan', {
    key: planKey(),
    generation: count(),
    from: nullable(digest()),
    to: digest(),
    difference: Type.Unknown(),
  }),
  message('gone', { key: planKey() }),
  /** The plan cannot be made: what is in the network stays as it is. */
  message('unmade', { key: planKey(), why: text(4000) }),
  /** Whatever was not named since the hello is gone. */
  message('complete', {}),
  /** Events of the series up to this number are kept. */
  message('kept', { series: text(100), upTo: count() }),
  /** Answer: what the host itself has on the interface. */
  ask('uses', { interfaceName: text(15) }),
  /** Answer: what an installation here has in the network. */
  ask('standing', { what: Type.Union([Type.Literal('netns'), Type.Literal('gateways'), Type.Literal('madeFrom')]) }),
  answer,
  beat,
] as const;

export type FromAgent = Static<(typeof fromAgent)[number]>;
export type FromController = Static<(typeof fromController)[number]>;
export type Fact = OfKind<FromAgent, 'facts'>['facts'][number];
export type OfKind<M, Kind> = Extract<M, { readonly kind: Kind }>;

export type Check<M> = (heard: unknown) => M;

/** Throws for whatever is none of these messages. */
export function checkOf<M>(schemas: readonly TSchema[]): Check<M> {
  const ajv = new Ajv({ strict: false });
  const validators = new Map<unknown, ValidateFunction>(
    schemas.map((schema) => {
      const { properties } = schema as unknown as {
        readonly properties: { readonly kind: { readonly const: string } };
      };
      return [properties.kind.const, ajv.compile(schema)];
    }),
  );
  return (heard) => {
    const kind = (heard as { readonly kind?: unknown } | null)?.kind;
    const validate = validators.get(kind);
    if (validate === undefined) throw new Error(`no message of the seam: ${JSON.stringify(kind ?? null)}`);
    if (!validate(heard)) throw new Error(`no message ${String(kind)} of the seam: ${ajv.errorsText(validate.errors)}`);
    return heard as M;
  };
}

export const checkFromAgent: Check<FromAgent> = checkOf(fromAgent);
export const checkFromController: Check<FromController> = checkOf(fromController);
