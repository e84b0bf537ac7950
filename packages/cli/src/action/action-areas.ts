import { allActions, services, type CataloguedAction, type ServiceDefinition } from '@landbridge/catalogue/services';
import { guessName } from '@landbridge/server/domain/guess-name';
import { kebabCase } from './kebab-case.ts';

/** What `landbridge <area>` has: the Actions of that area of every service. */
export interface ActionArea {
  readonly name: string;
  readonly title: string;
  readonly actions: readonly CataloguedAction[];
}

/** By name, in the order of the reference. */
export const actionAreas: ReadonlyMap<string, ActionArea> = new Map(
  [...new Set(allActions.map(({ area }) => area))].map((name) => {
    const titles = Object.values<ServiceDefinition>(services).flatMap(({ areas }) => areas[name]?.title.en ?? []);
    return [name, { name, title: titles.join('; '), actions: allActions.filter(({ area }) => area === name) }];
  }),
);

const byCommand: ReadonlyMap<string, CataloguedAction> = new Map(
  allActions.map((action) => [kebabCase(action.name), action]),
);

/** The Action that is called so, by its own name or as the command line writes it. Throws an error that says where it is instead. */
export function findAction(area: ActionArea, typed: string): CataloguedAction {
  const found = byCommand.get(kebabCase(typed));
  if (found?.area === area.name) return found;
  if (found !== undefined) throw new Error(`${typed} is in another area: ${commandOf(found)}`);
  const own = area.actions.map(({ name }) => kebabCase(name));
  const guess = guessName(kebabCase(typed), own) ?? guessName(kebabCase(typed), [...byCommand.keys()]);
  const hint = guess === undefined ? undefined : byCommand.get(guess);
  throw new Error(
    hint === undefined
      ? `there is no Action ${typed}; landbridge ${area.name} --help lists those of the area`
      : `there is no Action ${typed}; did you mean ${commandOf(hint)}?`,
  );
}

/** What somebody meant who left out the area; undefined: no Action. */
export function actionWithoutArea(typed: string): CataloguedAction | undefined {
  return byCommand.get(kebabCase(typed)) ?? byCommand.get(guessName(kebabCase(typed), [...byCommand.keys()]) ?? '');
}

/** `landbridge vpn create-vpn-connection`. */
export function commandOf({ area, name }: Pick<CataloguedAction, 'area' | 'name'>): string {
  return `landbridge ${area} ${kebabCase(name)}`;
}
