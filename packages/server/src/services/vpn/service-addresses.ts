import type { IpAddress } from '@landbridge/net';
import { refuse } from '../../domain/refusal.ts';
import { isServiceAddress, type Uplink } from '../../domain/operator/uplink.ts';
import type { Rows } from '../../image/rows.ts';

/**
 * Refuses a peer's address that is this service's own: nobody would answer there, or we ourselves. A gateway of this service,
 * whoever's it is, may well be the peer of another one.
 * @param field what the caller named the address by.
 */
export function checkAddressIsNotOurs(rows: Rows, uplink: Uplink | null, address: IpAddress, field: string): void {
  if (uplink === null || !isServiceAddress(uplink, address)) return;
  // Behind the host's own address there is one gateway, which would be its own peer.
  const isGateway = uplink.mode !== 'nat' && rows.vpnGateways.of('publicAddress', address).length > 0;
  if (!isGateway) refuse('address-is-ours', { address, field });
}
