import { strongNegotiation } from '../lab/src/negotiation.ts';
import type { IdcSite } from '../lab/src/idc-site.ts';
import type { PeerChild, PeerConnection } from '../lab/src/swanctl-configuration.ts';

/** One end of a tunnel between two devices, as an administrator configures it by hand: IKEv2, AES-256-GCM. */
export function handMadeConnection(local: IdcSite, remote: IdcSite, child: PeerChild): PeerConnection {
  return {
    name: remote.name,
    localAddress: local.publicAddress,
    remoteAddress: remote.publicAddress,
    preSharedKey: 'bench',
    version: 2,
    ikeProposals: strongNegotiation.ikeProposals,
    espProposals: strongNegotiation.espProposals,
    children: [child],
  };
}
