import type { ServiceName } from '@landbridge/catalogue/service-versions';
import type { previewActions } from '@landbridge/catalogue/operator/previews';
import type { Place } from '../../../derive/places.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Action, Handlers } from '../../action.ts';
import { splitCommon } from '../../common-parameters.ts';
import { reject } from '../../protocol/api-error.ts';
import { checkPermitted } from '../../protocol/check-permitted.ts';
import { namedResources } from '../../protocol/named-resources.ts';
import { validatorFor } from '../../wire/parameter-validator.ts';

/** The Action of that name, of any service. */
export type ActionSource = (service: ServiceName, name: string) => Action | undefined;

/** What a call would do to the network (service landbridge). */
export function previewHandlers(
  { previews, access }: Services,
  actionNamed: ActionSource,
): Handlers<typeof previewActions> {
  return {
    PreviewChanges: async (caller, { Service: service, Action: name, Parameters: given = {} }) => {
      const action = actionNamed(service, name);
      if (action?.definition.effect !== 'changes') return reject('preview-of-unknown', { action: name, service });
      const { parameters } = splitCommon(validatorFor(action.definition.request)(given, 'json'));
      const named = namedResources(action.definition.request, parameters);
      await checkPermitted(access.permits, caller.principal, { service, action, named });
      const { plans, tunnels, cells, areAllCells } = await previews.of(caller, (rehearsing) =>
        action.handle(rehearsing, parameters),
      );
      return {
        Plans: plans.map(({ key, change, parts }) => ({ ResourceId: key, Change: change, Parts: parts })),
        Tunnels: tunnels.map(({ id, effect, parts }) => ({ VpnConnectionId: id, Effect: effect, Parts: parts })),
        Reachability: cells.map(({ from, to, before, after }) => ({
          ...{ From: placeReply(from), To: placeReply(to), Before: before, After: after },
        })),
        ReachabilityComplete: areAllCells,
      };
    },
  };
}

function placeReply({ kind, id, range }: Place) {
  return { Kind: kind, Id: id, Range: range };
}
