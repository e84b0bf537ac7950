/** What PreviewChanges answers of who reaches whom. */
export interface ReachabilityReply {
  readonly Reachability: readonly Cell[];
  /** False: other cells may change as well. */
  readonly ReachabilityComplete: boolean;
}

export interface Cell {
  readonly From: Place;
  readonly To: Place;
  readonly Before: string;
  readonly After: string;
}

export interface Place {
  readonly Kind: string;
  readonly Id: string;
  readonly Range: string;
}

/** A line for each cell, such as `10.0.1.0/24 (cloud/a) -> 192.168.1.0/24 (idc): no -> yes`, and whether these are all. */
export function cellLines(
  { Reachability: cells, ReachabilityComplete: areAll }: ReachabilityReply,
  nameOf: (place: Place) => string,
): string[] {
  const told = (place: Place) => `${place.Range} (${nameOf(place)})`;
  return [
    ...cells.map(({ From, To, Before, After }) => `${told(From)} -> ${told(To)}: ${Before} -> ${After}`),
    ...(areAll ? [] : ['not all that may change in who reaches whom was compared: there is too much of it']),
  ];
}
