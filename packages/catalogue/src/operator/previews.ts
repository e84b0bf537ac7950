import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import type { ErrorReason } from '../errors/error-registry.ts';
import { everyActionErrors } from '../errors/every-action-errors.ts';
import { protocolErrors } from '../errors/protocol-errors.ts';
import { refusalErrors } from '../errors/refusal-errors.ts';
import { about } from '../schema/about.ts';
import { maybe, object, oneOf, secret, text } from '../schema/request-schemas.ts';
import { anyOf, range } from '../schema/response-schemas.ts';

/** What a call would do to the network (service landbridge). */

const changedPlan = object({
  ResourceId: about(Type.String(), 'Whose network; `host` for that of the host itself.'),
  Change: oneOf('created', 'changed', 'removed'),
  Parts: about(anyOf(Type.String()), 'What differs in it: links, routes, filter, charon and others (DescribePlan).'),
});

const effect = object({
  VpnConnectionId: Type.String(),
  Effect: about(
    oneOf('none', 'rekey', 'interruption', 'new'),
    '`none`: its SAs stay. `rekey`: CHILD_SAs of mappings that come or go begin or end, the others stay. `interruption`: all its SAs end. `new`: it begins.',
  ),
  Parts: about(anyOf(Type.String()), 'What of it differs.'),
});

const place = object({
  Kind: oneOf('subnet', 'customer-gateway', 'direct-connect-gateway'),
  Id: Type.String(),
  Range: about(range(), 'Of the subnet, behind its tunnels or on its dedicated line; `0.0.0.0/0`: everywhere else.'),
});

const reach = () => oneOf('yes', 'some', 'no');

const cell = object({
  From: place,
  To: place,
  Before: about(reach(), '`some`: a multipath route leads there and elsewhere.'),
  After: reach(),
});

/** A preview neither tries once more nor is repeated, and these Actions read: services.test.ts compares with all that there are. */
const neverOfPreviews: readonly ErrorReason[] = [
  'dry-run',
  'address-at-several-places',
  'client-token-of-other-call',
  'peer-vendor-unknown',
  'peer-configuration-impossible',
  'peer-pair-of-two-devices',
  'peer-pair-of-one-gateway',
  'peer-dialect-unknown',
  'peer-file-unreadable',
  'capture-without-keys',
  'filter-unknown',
  'sas-not-told',
  'history-away',
  'history-busy',
  'timeline-not-there',
  'filter-not-object',
  'filter-values-not-list',
  'filter-incomplete',
  'resource-prefix-unknown',
  'service-type-unknown',
  'pagination-token-malformed',
];
const refusalsOfChanges = (Object.keys({ ...refusalErrors, ...protocolErrors }) as ErrorReason[]).filter(
  (reason) => !neverOfPreviews.includes(reason) && !everyActionErrors.includes(reason),
);

export const previewActions = {
  PreviewChanges: reads({
    summary: {
      en: 'Tells what a call would do to each tunnel, and who then reaches whom, without making it.',
      zh: '预览某次调用对各通道及网络可达性的影响，不做任何更改。',
    },
    request: object({
      Service: about(oneOf('vpc', 'landbridge', 'tag'), 'Whose Action it is.'),
      Action: about(text({ minLength: 1, maxLength: 80 }), 'One that changes something.'),
      Parameters: maybe(
        about(secret(Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' })), 'As the Action takes them.'),
      ),
    }),
    response: object({
      Plans: about(
        anyOf(changedPlan),
        'Networks that would come out different; none: the call changes names or the like.',
      ),
      Tunnels: about(anyOf(effect), 'Every tunnel of the VPN gateways among them.'),
      Reachability: about(
        anyOf(cell),
        'Who of your own subnets, ranges behind tunnels and dedicated lines reaches whom otherwise than before, one direction each: by the rows alone, with one host of each place, all tunnels taken as working.',
      ),
      ReachabilityComplete: about(
        Type.Boolean(),
        '`false`: there was more to compare than a preview may; other cells may change too.',
      ),
    }),
    // What the previewed Action refuses is answered as well.
    errors: refusalsOfChanges,
  }),
};
