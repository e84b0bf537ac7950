/**
 * How halves of neighbouring versions meet. A hello is the one message that stays as it is for ever (more may be added to it): it says
 * which versions of the contract are spoken. The newest one that both speak is spoken; where there is none, both go on alone, and the
 * operator is told which half is behind.
 *
 * Within a version the acting side may tell more than the deciding side knows: that is left out. The other way round nothing is left
 * out, since a plan of which a part is not done is another plan: one that is not understood to the last word is refused, alone.
 */
export interface SpokenVersions {
  readonly oldest: number;
  readonly newest: number;
}

/** One half, as its hello says. */
export interface Half {
  /** Version of the program. */
  readonly program: string;
  readonly contract: SpokenVersions;
}

/** Null where there is none that both speak. */
export function commonVersion(one: SpokenVersions, other: SpokenVersions): number | null {
  const newest = Math.min(one.newest, other.newest);
  return newest >= Math.max(one.oldest, other.oldest) ? newest : null;
}

/** Why they do not understand each other, for people; null when they do. */
export function describeMisunderstanding(agent: Half, controller: Half): string | null {
  if (commonVersion(agent.contract, controller.contract) !== null) return null;
  const behind = agent.contract.newest < controller.contract.newest ? 'agent' : 'controller';
  return (
    `the agent ${agent.program} speaks ${describeVersions(agent.contract)} of the seam, ` +
    `the controller ${controller.program} ${describeVersions(controller.contract)}: update the ${behind}, or start it anew if that is done`
  );
}

/** Which half is of another version than the other, for people; empty when both are of the same. */
export function describeDifference(agentProgram: string, controllerProgram: string): string {
  if (agentProgram === controllerProgram) return '';
  const isAgentOlder = agentProgram.localeCompare(controllerProgram, 'en', { numeric: true }) < 0;
  const behind = isAgentOlder ? 'agent' : 'controller';
  return `the agent is of version ${agentProgram}, the controller of version ${controllerProgram}: start the ${behind} anew from what is installed`;
}

function describeVersions({ oldest, newest }: SpokenVersions): string {
  return oldest === newest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
}
