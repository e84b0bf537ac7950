import { Type, type Static } from 'typebox';
import { changes } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, count, orNull, time } from '../schema/response-schemas.ts';
import { direction } from './path-traces.ts';

/** Paths that packets prove (service landbridge). */

const verdict = oneOf('answered', 'some-answered', 'arrived', 'refused', 'silent');
export type WireProofVerdict = Static<typeof verdict>;

const milliseconds = () => Type.Number({ minimum: 0 });

export const pathProofActions = {
  ProvePath: changes({
    summary: {
      en: 'Proves a path with packets: for some seconds a host of this service stands in a subnet at an address that nobody has, sends ten pings, and says what became of them beside what TracePath says.',
      zh: '用真实报文验证路径：临时在子网的空闲地址上建立一台主机，发送十个 ping，并将结果与 TracePath 的推算对照。',
    },
    request: object({
      SourceSubnetId: about(idOf('subnet'), 'Where the packets are sent.'),
      DestinationSubnetId: maybe(
        about(idOf('subnet'), 'A subnet of yours that they are sent to: a host of this service stands there as well.'),
      ),
      DestinationAddress: maybe(
        about(
          text({ maxLength: 15 }),
          'Or an IPv4 address that they are sent to: in a subnet of yours, or behind a tunnel or line of yours. One of the two is needed.',
        ),
      ),
    }),
    response: object({
      Verdict: about(
        verdict,
        '`arrived`: at the other end, and no answer came back. `refused`: a router or the destination said so by ICMP. `silent`: nothing came back at all; where nobody has the address, nothing can.',
      ),
      SourceAddress: about(Type.String(), 'Of the host that sent.'),
      DestinationAddress: Type.String(),
      Sent: about(count(), 'Echo requests.'),
      Arrived: about(
        orNull(count()),
        'Of them at the other end; null: no host of this service stood there, so only answers tell.',
      ),
      Answered: count(),
      Delay: about(
        orNull(object({ LeastMs: milliseconds(), MeanMs: milliseconds(), MostMs: milliseconds() })),
        'There and back; null where nothing was answered.',
      ),
      Refusals: about(
        anyOf(
          object({
            From: about(Type.String(), 'The address of who said it.'),
            Message: about(Type.String(), 'What, such as `Destination Net Unreachable`.'),
            Packets: about(count(), 'To how many packets.'),
          }),
        ),
        'ICMP errors, by who sent them.',
      ),
      Routers: about(
        anyOf(
          object({
            Address: about(Type.String(), 'Who sent it back; empty: nobody did.'),
            ResourceId: about(Type.String(), 'The hop of `Forward` that stands there; empty where there is none.'),
            Name: Type.String(),
          }),
        ),
        'Who sent a packet back that may pass no router, one, two and so on: how far packets came.',
      ),
      Forward: about(direction, 'The way as TracePath tells it.'),
      Return: about(orNull(direction), 'That of the answer.'),
      ProvenTime: time(),
    }),
    errors: [
      'not-found',
      'address-at-no-place',
      'parameters-exclude-each-other',
      'proofs-away',
      'proof-not-there',
      'proof-no-free-address',
      'proof-under-way',
      'proofs-of-host',
      'proofs-of-account',
      'proof-failed',
    ],
  }),
};
