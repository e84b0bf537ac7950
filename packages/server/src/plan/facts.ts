/** Whose will it is that the host forwards what comes in by the uplink: the operator's, or only ours. */
export type UplinkForwarding = 'operator' | 'ours';
