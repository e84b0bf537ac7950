import { cidrContains, type Cidr, type IpAddress } from '@landbridge/net';
import { subnetGatewayAddress, type Subnet } from '../domain/vpc/subnet.ts';
import { gatewaySideAddress } from '../plan/names.ts';
import type { AddressPlan } from '../plan/plan.ts';

/**
 * The address that ICMP errors of a gateway carry: the gateway address of a subnet within the given ranges. No host
 * can have it, and it passes the selectors of the tunnel. Null where no subnet fits.
 */
export function errorSource(subnets: readonly Subnet[], ranges: readonly Cidr[]): IpAddress | null {
  const fits = (address: IpAddress) => ranges.some((range) => cidrContains(range, address));
  return subnets.map(subnetGatewayAddress).find(fits) ?? null;
}

/** A device without an address would lend its errors any other device's; the link-local one keeps them from leaving. */
export function errorAddress(source: IpAddress | null): AddressPlan {
  return source === null
    ? { address: `${gatewaySideAddress}/32`, scope: 'link' }
    : { address: `${source}/32`, scope: 'global' };
}
