export interface PlannedGateway {
  readonly VpnGatewayId: string;
  readonly Generation: number;
  readonly Applied: number;
}

/** Its newest plan is not in the network yet. */
export function isWaiting({ Generation, Applied }: PlannedGateway): boolean {
  return Applied < Generation;
}

/** Since when plans were seen to wait: for so long at least they have. */
export class WaitingSince {
  #since = new Map<string, number>();

  /** @param at milliseconds of this machine's clock. */
  note(gateways: readonly PlannedGateway[], at: number): void {
    const waiting = gateways.filter(isWaiting);
    this.#since = new Map(waiting.map(({ VpnGatewayId: id }) => [id, this.#since.get(id) ?? at]));
  }

  /** Undefined: it does not wait. */
  of(id: string): number | undefined {
    return this.#since.get(id);
  }
}
