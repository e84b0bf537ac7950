/** What keeps packets from passing a tunnel that is agreed upon. */
export const dataPlaneFindings = ['esp-not-received'] as const;
