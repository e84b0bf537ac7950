/** Calls a second for one account and one Action. */
export interface RateLimits {
  readonly default: number;
  /** Exceptions by Action. */
  readonly actions: Readonly<Record<string, number>>;
}

/** docs/spec/protocol.md section 8. */
export const defaultRateLimits: RateLimits = {
  default: 20,
  actions: { CreateVpnConnection: 100, ModifyVpnConnectionAttribute: 100, DescribeVpnConnections: 100 },
};
