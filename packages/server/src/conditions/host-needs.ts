import type { Uplink } from '../domain/operator/uplink.ts';
import type { HostNeeds } from '../drivers/host-findings.ts';
import type { Rows } from '../image/rows.ts';

/** What these rows use of the host, so that its absence matters. */
export function hostNeeds(
  uplink: Uplink | null,
  { subnetInterfaces, directConnectLines, vpnConnections }: Rows,
): HostNeeds {
  const lines = directConnectLines.all().filter((line) => line.kind === 'interface');
  return {
    uplink,
    vlans: [...subnetInterfaces.all(), ...lines].some(({ vlanId }) => vlanId !== null),
    healthChecks: vpnConnections.all().some(({ healthCheck }) => healthCheck.enabled),
  };
}
