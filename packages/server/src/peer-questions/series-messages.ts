import { Ajv } from 'ajv';
import { Type, type TSchema } from 'typebox';
import { peerVerdicts, type IkeSuite, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';

/** What is said to the process that asks, and what it says: a line of JSON each. */
export interface SeriesOrder {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly ours: IkeSuite;
}

const closed = { additionalProperties: false };
const word = () => Type.String({ pattern: '^[0-9a-z]{1,20}$' });
const group = () => Type.Integer({ minimum: 1, maximum: 65_535 });
const list = (of: TSchema) => Type.Array(of, { maxItems: 20 });
const suite = () =>
  Type.Object(
    { encryption: word(), integrity: Type.Union([word(), Type.Null()]), prf: word(), group: group() },
    closed,
  );
const maybeSuite = () => Type.Union([Type.Null(), suite()]);

const proposals = Type.Object(
  {
    verdict: Type.Union(peerVerdicts.map((verdict) => Type.Literal(verdict))),
    ...{ offered: suite(), suite: maybeSuite(), settable: maybeSuite() },
    also: Type.Object(
      { encryption: list(word()), integrity: list(word()), prf: list(word()), group: list(group()) },
      closed,
    ),
    isComplete: Type.Boolean(),
    ...{ messages: Type.Integer({ minimum: 0 }), halfOpen: Type.Integer({ minimum: 0 }), askedAt: Type.Number() },
  },
  closed,
);

const check = new Ajv({ strict: false, code: { optimize: false } }).compile<PeerProposals>(proposals);

/** Throws for what is no answer: whoever wrote the line reads what strangers send. */
export function readProposals(line: string): PeerProposals {
  const value: unknown = JSON.parse(line);
  if (!check(value)) throw new Error('the process that asks a peer gave no answer');
  return value;
}
