import type { Told } from '../diagnosis/told.ts';
import { ignoresPolicies } from './forwarding-mode.ts';
import type { VpnConnection } from './vpn-connection.ts';
import type { VpnGateway } from './vpn-gateway.ts';
import { weakOptions } from './weak-algorithm.ts';

/** Until charon gives up a question that nobody answers, seconds (drivers/strongswan-conf.ts). */
const retransmissionSeconds = 16.25;
/** What is left of a lifetime when it is renewed (planner/connection.ts); less where we leave an IKEv1 SA to the peer. */
const [rekeyMargin, lateRekeyMargin] = [0.1, 0.03];
/** A new CHILD_SA takes so long, with a retransmission of nobody. */
const rekeyingSeconds = 1;

/** What the options of a tunnel tell by themselves. */
export function optionFindings(connection: VpnConnection, gateway: Pick<VpnGateway, 'bandwidthMbps'>): Told[] {
  return [...weakFindings(connection), ...lifetimeFindings(connection, gateway), ...policyFindings(connection)];
}

function weakFindings({ ike, esp }: VpnConnection): Told[] {
  return weakOptions({ ike, esp }).map((option): Told => {
    switch (option) {
      case 'ike.encryption':
        return { code: 'weak-ike-encryption', ours: ike.encryption };
      case 'ike.integrity':
        return { code: 'weak-ike-integrity', ours: ike.integrity };
      case 'ike.dhGroup':
        return { code: 'weak-ike-dh-group', ours: `group ${ike.dhGroup}` };
      case 'ike.aggressive':
        return { code: 'aggressive-mode' };
      case 'esp.encryption':
        return { code: 'weak-esp-encryption', ours: esp.encryption };
      case 'esp.integrity':
        return { code: esp.integrity === 'sha1' ? 'sha1-esp-integrity' : 'weak-esp-integrity', ours: esp.integrity };
      case 'esp.pfsGroup':
        return { code: 'weak-pfs-group', ours: `group ${esp.pfsGroup}` };
    }
  });
}

function lifetimeFindings(
  { ike, esp, negotiation }: VpnConnection,
  { bandwidthMbps }: Pick<VpnGateway, 'bandwidthMbps'>,
) {
  const ikeMargin = ike.version === 1 && negotiation === 'passive' ? lateRekeyMargin : rekeyMargin;
  const lastKilobits = esp.lifetimeKilobytes * 8 * rekeyMargin;
  const found: (Told | false)[] = [
    ike.lifetimeSeconds * ikeMargin < retransmissionSeconds && {
      code: 'ike-lifetime-short',
      ours: `${ike.lifetimeSeconds} s`,
    },
    esp.lifetimeSeconds * rekeyMargin < retransmissionSeconds && {
      code: 'esp-lifetime-short',
      ours: `${esp.lifetimeSeconds} s`,
    },
    lastKilobits < bandwidthMbps * 1000 * rekeyingSeconds && {
      code: 'esp-traffic-lifetime-short',
      ours: `${esp.lifetimeKilobytes} KB`,
    },
  ];
  return found.filter((told) => told !== false);
}

/** What is as it was asked for and may all the same not be what was meant. */
function policyFindings(connection: VpnConnection): Told[] {
  return ignoresPolicies(connection) ? [{ code: 'policies-ignored' }] : [];
}
