const many = 1_000_000;

/** Settings of a server: no limit stands in the way of what is measured. Some actions have a limit of their own. */
export const noRateLimits = {
  default: many,
  actions: { CreateVpnConnection: many, ModifyVpnConnectionAttribute: many, DescribeVpnConnections: many },
};
