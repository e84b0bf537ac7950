import type { ServiceName } from '@landbridge/catalogue/service-versions';
import { services as catalogue, type Area, type ServiceDefinition } from '@landbridge/catalogue/services';
import { vendorActions } from '@landbridge/catalogue/vendor-actions';
import { actionsOf, type Action, type Handler } from '../action.ts';

/** A service of API 3.0: a name, a version and its Actions. */
export interface WireService extends Pick<ServiceDefinition, 'version' | 'signsTheWholeCall'> {
  readonly name: string;
  readonly actions: readonly Action[];
  /** Actions that the vendor has and we have not. */
  readonly unbuilt: ReadonlySet<string>;
}

/** Whatever service has it. */
export function actionNamed(
  handlers: Readonly<Record<string, Handler<never>>>,
  service: ServiceName,
  name: string,
): Action | undefined {
  const areas = Object.values<Area>(catalogue[service].areas);
  return areas.flatMap((area) => actionsOf(area.actions, handlers)).find((action) => action.name === name);
}

/** Everything on this door. A version and an Action tell the services apart (docs/spec/protocol.md section 3). */
export function wireServices(handlers: Readonly<Record<string, Handler<never>>>): readonly WireService[] {
  return Object.entries<ServiceDefinition>(catalogue).map(([name, { areas, ...service }]) => {
    const actions = Object.values(areas).flatMap((area) => actionsOf(area.actions, handlers));
    const built = new Set(actions.map((action) => action.name));
    const unbuilt = name === 'vpc' ? vendorActions().filter((action) => !built.has(action)) : [];
    return { name, ...service, actions, unbuilt: new Set(unbuilt) };
  });
}
