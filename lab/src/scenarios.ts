import type { Scenario } from './scenario.ts';
import { oneRoute } from './scenarios/1-route.ts';
import { oneSpd } from './scenarios/1-spd.ts';
import { twoRoute } from './scenarios/2-route.ts';
import { three } from './scenarios/3.ts';
import { fourRoute } from './scenarios/4-route.ts';
import { fourSpd } from './scenarios/4-spd.ts';
import { fiveCcn } from './scenarios/5-ccn.ts';
import { fiveVpc } from './scenarios/5-vpc.ts';
import { sixMixed } from './scenarios/6-mixed.ts';
import { sixRoute } from './scenarios/6-route.ts';
import { sixSpd } from './scenarios/6-spd.ts';

/** All scenarios, in the order in which they are shown. */
export const scenarios: readonly Scenario[] = [
  oneRoute,
  oneSpd,
  twoRoute,
  three,
  fourRoute,
  fourSpd,
  fiveVpc,
  fiveCcn,
  sixSpd,
  sixMixed,
  sixRoute,
];

class UnknownScenario extends Error {
  constructor(name: string) {
    super(`there is no scenario ${name}; there are ${scenarios.map((scenario) => scenario.name).join(', ')}`);
    this.name = 'UnknownScenario';
  }
}

/** Throws UnknownScenario. */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new UnknownScenario(name);
  return scenario;
}
