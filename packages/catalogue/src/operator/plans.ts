import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { maybe, object, text } from '../schema/request-schemas.ts';
import { anyOf, orNull } from '../schema/response-schemas.ts';

/** What the acting side is told (service landbridge). */

/** A piece of a plan, as the acting side of the same version understands it. */
const piece = () => Type.Unsafe<object>({ type: 'object' });
const values = <T>(type: string) =>
  Type.Unsafe<Readonly<Record<string, T>>>({ type: 'object', additionalProperties: { type } });

const plan = object({
  key: about(Type.String(), '`host`, or the id of the resource whose namespace it is.'),
  netns: about(orNull(Type.String()), 'The network namespace; null: the host’s own.'),
  sysctls: about(values<string>('string'), 'Name and value.'),
  sysctlMinima: maybe(about(values<number>('number'), 'Name and least value.')),
  links: anyOf(piece()),
  rules: anyOf(piece()),
  routes: about(anyOf(piece()), 'Whatever tunnels do: each names what its next hops need.'),
  candidates: maybe(about(anyOf(piece()), 'Of a CCN: what it may lead where.')),
  proxies: anyOf(piece()),
  filter: about(orNull(piece()), 'The nft table `inet landbridge`, if there is one.'),
  neighbourBound: maybe(about(piece(), 'The nft table `inet landbridge-neighbours`.')),
  charon: about(orNull(piece()), 'Connections of the IKE daemon, without keys.'),
  watches: maybe(about(anyOf(piece()), 'Tunnels whose routes are used only while they work.')),
  switching: maybe(about(piece(), 'Who hears of it when routes move.')),
  cablesFrom: maybe(about(anyOf(Type.String()), 'Kinds of neighbours that make their cables to here.')),
  generation: about(Type.Integer(), 'Of the state of the service that it was made from.'),
});

export const planActions = {
  DescribePlan: reads({
    summary: {
      en: 'Shows how the network of a resource, or of all of them, shall look: for people and for support.',
      zh: '查询某个资源或全部资源的网络规划，供运维人员查看与排障。',
    },
    request: object({
      ResourceId: maybe(
        about(
          text({ maxLength: 40 }),
          'A VPC, VPN gateway, CCN or Direct Connect gateway, or `host` for administrators; all unless given.',
        ),
      ),
    }),
    response: object({ Plans: anyOf(plan) }),
    errors: ['not-found'],
  }),
};
