import { Ajv } from 'ajv';
import Type, { type Static } from 'typebox';

const count = Type.Integer({ minimum: 0 });

const PathMtu = Type.Object(
  {
    verdict: Type.Union([
      Type.Literal('unknown'),
      Type.Literal('passes'),
      Type.Literal('told'),
      Type.Literal('hole'),
      Type.Literal('unanswered'),
    ]),
    largest: Type.Union([count, Type.Null()]),
  },
  { additionalProperties: false },
);

const State = Type.Object(
  {
    name: Type.String({ maxLength: 128 }),
    answers: Type.Boolean(),
    run: count,
    since_loss_ms: Type.Union([count, Type.Null()]),
    sent: count,
    lost: count,
    unsent: count,
    mean_delay_us: Type.Union([count, Type.Null()]),
    path_mtu: PathMtu,
  },
  { additionalProperties: false },
);

/** What uxprobe writes, one JSON object a line (packages/uxfrm/README.md, "The prober"). */
const Line = Type.Union([
  Type.Object({ event: Type.Literal('ready') }, { additionalProperties: false }),
  Type.Object({ event: Type.Literal('refused'), reason: Type.String() }, { additionalProperties: false }),
  Type.Object(
    { event: Type.Literal('states'), states: Type.Array(State, { maxItems: 1000 }) },
    { additionalProperties: false },
  ),
]);

export type ProberState = Static<typeof State>;
export type ProberLine = Static<typeof Line>;

const isLine = new Ajv({ code: { optimize: false } }).compile<ProberLine>(Line);

/** Null for anything that is no line of uxprobe's. */
export function parseProberLine(text: string): ProberLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : null;
  } catch {
    return null;
  }
}
